"""Outages: whoever must know hears once what did not go out, and once that it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.boards import Board
from bot.core.messages import Notice
from bot.core.people import Clinic
from bot.service.outages import WARN, look_back, watch
from bot.service.watchdog import last_check
from tests.service.clinic import KIT, RIVERSIDE, london
from tests.service.riverside import Riverside
from tests.service.serving import away, off, turn, turns
from tests.service.workspace import PLATFORM, Message
from tests.store.memory import raw

BOARD, ESCALATIONS = "#procedures", "#escalations"
TOLD = ("Not everything goes out in time", "After an outage")


def channels(**named: str) -> Clinic:
    return replace(RIVERSIDE, channels={PLATFORM: named})


class Serving(Riverside):
    """Riverside, with words for what `tests.service.serving` does to it."""

    def turns(self, until: str) -> "Serving":
        turns(self, until)
        return self

    def off(self, until: str) -> "Serving":
        off(self, until)
        return self

    def board(self) -> Board:
        card = self.workspace.of(BOARD)[-1].card
        assert isinstance(card, Board)
        return card


def serving(*starts: str, now: str = "2027-01-12 14:50", clinic: Clinic | None = None) -> Serving:
    wanted = clinic or channels(board=BOARD, escalations=ESCALATIONS)
    made = Serving("g.skin_exam", "g.photo_consent", clinic=wanted)
    made.book(*(starts or ("2027-02-18 09:30",)))
    made.clock.advance(london(now))
    turn(made)
    return made


def told(clinic: Riverside, who: str) -> list[tuple[Message, Notice]]:
    found = [(each, each.card) for each in clinic.workspace.of(who)]
    return [(each, card) for each, card in found if isinstance(card, Notice) and card.heading in TOLD]


def test_while_all_goes_out_nobody_hears_of_the_watchdog() -> None:
    clinic = serving().turns("2027-01-12 15:40")

    assert [*told(clinic, KIT), *told(clinic, ESCALATIONS)] == []


def test_after_a_stop_a_manager_and_the_channel_read_one_report_of_what_was_late_and_who_comes_next() -> None:
    clinic = serving("2027-01-12 16:20").off("2027-01-12 15:31").turns("2027-01-12 15:45")

    for who in (KIT, ESCALATIONS):
        ((message, card),) = told(clinic, who)
        assert (card.heading, card.text) == (
            "After an outage",
            "From 14:50 to 15:31 Bookend did not run. What was late has gone out now. What somebody pressed "
            "meanwhile may have to be pressed again.",
        )
        assert card.lines == (
            "Starts soon, 16:20 · K7Q2 · CO₂ / Er:YAG resurfacing: on track, 1 item left before 15:35.",
            "Late since 15:00, K7Q2: Consent to photographs, Skin exam.",
        )
        assert message.thread == []


def test_a_platform_that_was_away_is_reported_once_and_rings_once() -> None:
    clinic = serving()
    clinic.chat.passing = away
    clinic.turns("2027-01-12 15:31")
    clinic.chat.passing = lambda point: None
    clinic.turns("2027-01-12 15:40")

    for who in (KIT, ESCALATIONS):
        ((message, card),) = told(clinic, who)
        assert (card.heading, message.thread) == ("After an outage", [])
        assert card.text.startswith("From 14:55 to 15:32 messages for Workspace did not go out.")
        assert card.lines == ("Late since 15:00, K7Q2: Consent to photographs, Skin exam.",)


def lose_the_next_word(clinic: Riverside) -> None:
    """What no sweep finds: an item that nobody is to be asked for."""
    raw(clinic.store).execute("UPDATE tasks SET next_prompt_at = NULL WHERE step = 'g.skin_exam'")


def test_what_stays_unsent_is_a_warning_that_becomes_the_report_and_says_so_with_one_line() -> None:
    clinic = serving()
    lose_the_next_word(clinic)
    clinic.turns("2027-01-12 15:09")
    too_soon = told(clinic, KIT)
    clinic.turns("2027-01-12 15:30")
    ((message, warning),) = told(clinic, KIT)
    raw(clinic.store).execute("UPDATE tasks SET next_prompt_at = due WHERE next_prompt_at IS NULL")
    clinic.turns("2027-01-12 15:35")

    ((_, report),) = told(clinic, KIT)

    assert too_soon == []
    assert (warning.heading, warning.tone) == ("Not everything goes out in time", "bad")
    assert warning.text.startswith("Late, since 15:00: 1 item to ask.")
    assert warning.lines == ("Late since 15:00, K7Q2: Skin exam.",)
    assert report.text == "From 15:00 to 15:31 not everything went out. What was late has gone out now."
    assert message.thread == ["Over since 15:31: see above."]


def test_more_that_is_late_is_added_to_the_warning_and_rings_nobody() -> None:
    clinic = serving()
    lose_the_next_word(clinic)
    clinic.turns("2027-01-12 15:15")
    heard = len(clinic.buzzes)
    clinic.book("2027-02-18 11:30", code="M3PX")
    lose_the_next_word(clinic)
    raw(clinic.store).execute("UPDATE tasks SET next_prompt_at = NULL WHERE code = 'M3PX'")

    clinic.turns("2027-01-12 15:25")

    ((message, card),) = told(clinic, KIT)
    assert card.lines[0] == "Late since 15:00, K7Q2: Skin exam."
    assert card.lines[1].startswith("Late since 15:00, M3PX: ")
    assert message.thread == []
    assert [each for each in clinic.buzzes[heard:] if each[1] == ESCALATIONS] == []


def test_a_stop_in_the_night_in_which_nothing_was_late_is_told_to_nobody() -> None:
    clinic = serving(now="2027-01-12 20:00").off("2027-01-13 04:00").turns("2027-01-13 04:05")

    assert [*told(clinic, KIT), *told(clinic, ESCALATIONS)] == []


def test_a_stop_while_people_work_is_told_although_nothing_was_late() -> None:
    clinic = serving(now="2027-01-12 14:00").off("2027-01-12 14:20")

    ((_, card),) = told(clinic, KIT)

    assert card.text.startswith("From 14:00 to 14:20 Bookend did not run. Nothing was late by it.")


@pytest.mark.parametrize("named", [{}, {"board": BOARD}])
def test_without_a_channel_for_it_the_manager_alone_is_told(named: dict[str, str]) -> None:
    clinic = serving(clinic=channels(**named)).off("2027-01-12 15:31")

    assert (len(told(clinic, KIT)), told(clinic, BOARD)) == (1, [])


def test_two_programs_that_look_at_once_tell_it_once() -> None:
    clinic = serving()
    clinic.clock.advance(london("2027-01-12 15:31"))

    for _ in range(2):
        look_back(clinic.practice)
    clinic.speak()
    for _ in range(2):
        watch(clinic.practice)
    clinic.speak()

    assert (len(told(clinic, KIT)), len(told(clinic, ESCALATIONS))) == (1, 1)


def test_the_board_says_when_somebody_looked_last() -> None:
    clinic = serving(now="2027-01-12 14:00").turns("2027-01-12 14:06")

    with clinic.store.reading() as reading:
        last = last_check(reading, clinic.clinic)

    assert last is not None and last.at == london("2027-01-12 14:06")
    assert (clinic.board().checked, clinic.board().notes) == ("14:04", ())


def test_a_board_that_nobody_could_check_does_not_look_fresh() -> None:
    clinic = serving(now="2027-01-12 14:00")
    clinic.clock.advance(london("2027-01-12 14:30"))
    clinic.speak()

    board = clinic.board()

    assert board.checked == "14:00"
    assert board.notes == (
        "Nobody looked whether everything goes out since 14:00: what fell due may not be asked.",
    )


def test_the_board_says_at_once_what_does_not_go_out_and_no_more_when_it_is_over() -> None:
    clinic = serving()
    lose_the_next_word(clinic)
    clinic.turns("2027-01-12 15:07")
    bad = clinic.board().notes
    raw(clinic.store).execute("UPDATE tasks SET next_prompt_at = due WHERE next_prompt_at IS NULL")
    clinic.turns("2027-01-12 15:09")

    assert bad == ("Late, since 15:00: 1 item to ask.",)
    assert clinic.board().notes == ()


def test_a_warning_waits_until_it_is_worth_one() -> None:
    assert timedelta(minutes=10) == WARN


def test_where_another_platform_works_the_warning_comes_on_it() -> None:
    kit = replace(RIVERSIDE.people[KIT], accounts={PLATFORM: KIT, "pager": "P1"})
    clinic = serving(clinic=replace(RIVERSIDE, people={**RIVERSIDE.people, KIT: kit}))
    clinic.practice = replace(clinic.practice, platforms=(PLATFORM, "pager"))
    clinic.chat.passing = away

    clinic.turns("2027-01-12 15:20")

    with clinic.store.reading() as reading:
        (outage,) = reading.arrangements("riverside", "outage")
        (card,) = reading.postings(outage.detail["cards"]).values()
    assert (card.to.platform, card.to.account) == ("pager", "P1")
