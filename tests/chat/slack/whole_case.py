"""Run by test_whole_case.py where only loopback exists: a case from booking to the day-7 visit, in Slack."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tests.alone import wait_until
from tests.chat.slack.clinic_bot import START
from tests.chat.slack.staff import CHANNELS, STAFF, Staff, bot
from tests.slack_standin import Json, workspace

ANTIVIRAL_DUE = START - timedelta(days=1) + timedelta(minutes=30)
DAY_7 = START + timedelta(days=7, hours=1)
ALI, JO, MAX, KIT, BOARD = "U0ALI", "U0JO", "U0MAX", "U0KIT", "C0BOARD"


@contextmanager
def clinic(program: Path, folder: Path, *, port: int = 0) -> Iterator[Staff]:
    """A workspace, the bot in it, and the staff; Socket Mode without a port."""
    url = f"http://127.0.0.1:{port}/slack/events" if port else None
    with (
        workspace(program, people=STAFF, channels=CHANNELS, events_url=url) as slack,
        bot(slack, folder, port=port) as running,
    ):
        yield Staff(slack, running, folder)


def until(staff: Staff, end: datetime) -> list[str]:
    """Let the days pass while everybody answers what is due; return what the board said on the way."""
    boards, now = [], staff.bot.tell("settle")
    while now < end:
        staff.answer_everything(now)
        boards.append(staff.board())
        now = staff.bot.tell(f"next {end}")
    return [*boards, staff.board()]


def test_a_whole_case(need_slack_standin: Path, tmp_path: Path) -> None:
    with clinic(need_slack_standin, tmp_path) as staff:
        staff.bot.tell("open")

        before = until(staff, ANTIVIRAL_DUE)
        a_stop_is_decided(staff)
        ready = until(staff, START)
        until(staff, START + timedelta(minutes=60))
        finished = staff.press(*staff.button(MAX, "Finish"))
        after = until(staff, DAY_7)

        assert any("on track:* K7Q2" in board for board in before)
        assert any("cleared:* K7Q2" in board and "Nothing needs you." in board for board in ready)
        assert finished == "Finished: K7Q2, noted."
        assert "1 in aftercare" in after[-1]
        assert staff.waiting(DAY_7 - timedelta(minutes=1)) == []
        headings = [card["blocks"][0]["text"]["text"] for card in staff.cards(BOARD)]
        assert sorted(set(headings)) == sorted(headings), "one board a day, edited in place"


def a_stop_is_decided(staff: Staff) -> None:
    """She did not take the antiviral: the physician is asked, and says go on, with a reason."""
    told = staff.press(*staff.button(JO, "Answer", "First antiviral dose"), first_dose_taken="no")
    assert "needs the physician" in told.lower()
    assert "First antiviral dose taken: no · up to *Dr Ali Example*" in staff.board()

    decided = staff.press(*staff.button(ALI, "Proceed"), reason="Takes it this evening.")

    assert "proceed" in decided
    assert "Nothing needs you." in staff.board()


def test_signed_requests(need_slack_standin: Path, tmp_path: Path) -> None:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    with clinic(need_slack_standin, tmp_path, port=port) as staff:
        now = staff.bot.tell("open")

        until(staff, now + timedelta(hours=2))
        staff.slack.command(JO, "/bookend", "case K7Q2", channel=BOARD)

        assert staff.waiting(now + timedelta(hours=1)) == []
        assert "K7Q2" in staff.slack.messages(BOARD)[-1]["text"]


def test_what_else_people_do(need_slack_standin: Path, tmp_path: Path) -> None:
    with clinic(need_slack_standin, tmp_path) as staff:
        staff.bot.tell("open")
        staff.bot.tell(f"next {START}")

        a_mistake_stands_at_its_field(staff)
        a_thread_answers_its_card(staff)
        a_command_is_answered_for_one_person_alone(staff)


def a_mistake_stands_at_its_field(staff: Staff) -> None:
    staff.press(*staff.button(ALI, "Answer", "Goals and expectations"), unrealistic_expectation="yes")
    view = staff.open(*staff.button(ALI, "Proceed"))
    assert view is not None

    mistakes = staff.slack.submit(ALI, staff.usual(view, reason="Agreed, call 07700 900123"))

    assert list(mistakes) == ["K7Q2:g.expectations:1:1/reason"]
    assert "phone" in mistakes["K7Q2:g.expectations:1:1/reason"]
    with staff.told(ALI) as told:
        assert staff.slack.submit(ALI, staff.usual(view, reason="Talked it through.")) == {}
    assert told().startswith("Goals and expectations: proceed")


def a_thread_answers_its_card(staff: Staff) -> None:
    card = staff.card(JO, "Consultation")

    said = [reply(staff, "done", card), reply(staff, "5 na none so far", card), reply(staff, "undo", card)]

    assert "Lines 1, 2, 3, 4, 5 are open" in said[0]
    assert said[1].startswith("Earlier cosmetic treatments: not applicable")
    assert said[2].startswith("Taken back: Earlier cosmetic treatments")


def reply(staff: Staff, text: str, card: Json) -> str:
    with staff.told(JO) as told:
        staff.slack.say(JO, text, thread=card)
    return told()


def a_command_is_answered_for_one_person_alone(staff: Staff) -> None:
    before = len(staff.slack.messages(BOARD))

    staff.slack.command(KIT, "/bookend", "status", channel=BOARD)

    *_, told = staff.slack.messages(BOARD)
    assert len(staff.slack.messages(BOARD)) == before + 1
    assert told["ephemeral_to"] == KIT
    assert "K7Q2" in str(told["blocks"])


def test_a_kill(need_slack_standin: Path, tmp_path: Path) -> None:
    with workspace(need_slack_standin, people=STAFF, channels=CHANNELS) as slack:
        with bot(slack, tmp_path) as first:
            now = first.tell("open")
            first.say(f"next {START}")
            wait_until(lambda: len(slack.calls("chat.postMessage")) > 1, what="the first card")
            first.process.kill()
            first.process.wait(timeout=10)

        with bot(slack, tmp_path) as second:
            staff = Staff(slack, second, tmp_path)
            # what the killed one had taken in hand is free again when its lease has run out
            now = second.tell(f"next {now + timedelta(hours=1, minutes=20)}")
            now = second.tell(f"next {now + timedelta(minutes=2)}")

            cards = {
                account: [card["text"].split(",")[0] for card in staff.cards(account)] for account in STAFF
            }
            assert cards[ALI] == cards[JO] == ["Consultation"]
            assert len(staff.cards(BOARD)) == 1
            staff.answer_everything(now)
            assert staff.waiting(now) == []
