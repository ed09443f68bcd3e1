"""Delivery: never lost, never twice, whatever the platform does with what it was given."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.errors import ChatTrouble, Never, Paced, TryLater, Undeliverable, Unsure
from bot.core.messages import Card
from bot.core.outgoing import Verb
from bot.core.replies import Address, MessageRef
from bot.ports import Chat, Runner
from bot.service.deliver import LEASE, OUTAGE, TRIES, Delivery, delivered
from bot.service.draw import draw
from bot.service.tick import tick
from tests.service.clinic import ALI, JO, WITH_BOARD, here, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, WorkspaceChat

SECOND = timedelta(seconds=1)


def due(*steps: str) -> Riverside:
    """Consultation forms lie in the outbox and are not sent yet."""
    clinic = Riverside(*(steps or ("g.skin_exam",))).book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    return clinic


async def sent_once(clinic: Riverside, chats: Mapping[str, Chat], run: Runner = here) -> int:
    """Send what may go now, and not what follows from it; return how many parcels that was."""
    return len(await Delivery(clinic.practice, chats, run).once())


def go(clinic: Riverside) -> int:
    return asyncio.run(sent_once(clinic, {PLATFORM: clinic.chat}))


def failing(error: Exception, point: str, times: int = 1) -> Callable[[str], None]:
    """Let something go wrong the first times it comes to this point."""
    left = [error] * times

    def passing(where: str) -> None:
        if where == point and left:
            raise left.pop()

    return passing


def later(clinic: Riverside, by: timedelta) -> int:
    clinic.clock.advance(clinic.clock.now() + by)
    return go(clinic)


class Crash(Exception):
    """The process ends here."""


# --- lost replies


def test_when_the_reply_to_a_send_is_lost_the_platform_is_asked_before_anything_is_sent_again() -> None:
    clinic = due()
    clinic.chat.passing = failing(Unsure("the connection was cut"), "send after")
    go(clinic)

    later(clinic, timedelta(minutes=5))
    clinic.answer(ALI, "Skin exam")
    later(clinic, SECOND)

    (message,) = clinic.workspace.of(ALI)
    assert message.card.closed


def test_what_never_arrived_is_sent_again() -> None:
    clinic = due()
    clinic.chat.passing = failing(Unsure("the connection was cut"), "send before")
    go(clinic)
    nothing = len(clinic.workspace.messages)

    later(clinic, timedelta(minutes=5))

    assert (nothing, len(clinic.workspace.messages)) == (0, 1)


def test_a_doubt_is_kept_when_the_platform_then_asks_us_to_come_back() -> None:
    clinic = due()
    clinic.chat.passing = failing(Unsure("cut"), "send after")
    go(clinic)
    clinic.chat.passing = failing(TryLater("busy", timedelta(seconds=30)), "find before")
    later(clinic, timedelta(minutes=1))

    later(clinic, timedelta(minutes=1))

    assert len(clinic.workspace.messages) == 1
    assert later(clinic, timedelta(hours=1)) == 0


def test_where_nobody_can_tell_whether_it_arrived_a_card_is_sent_once_more_and_no_oftener() -> None:
    def cut(point: str) -> None:
        if point in ("send after", "find before"):
            raise Unsure("the connection was cut")

    clinic = due()
    clinic.chat.passing = cut
    go(clinic)

    for _ in range(6):
        later(clinic, timedelta(minutes=2))

    assert len(clinic.workspace.messages) == 2


def test_a_lost_reply_to_an_edit_or_a_line_in_the_thread_says_nothing_twice() -> None:
    clinic = due()
    go(clinic)
    clinic.chat.passing = failing(Unsure("cut"), "nudge after")
    clinic.until("2027-01-12 15:31")
    clinic.chat.passing = failing(Unsure("cut"), "update after")
    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-01-12 15:40")

    (message,) = clinic.workspace.of(ALI)
    assert message.thread == ["Still open: Skin exam · K7Q2."]
    assert message.card.closed


def test_a_line_about_a_card_that_was_given_up_in_doubt_is_said_by_the_card_itself() -> None:
    lost, away = Unsure("the connection was cut"), TryLater("away", SECOND)
    troubles: dict[str, list[ChatTrouble]] = {"send before": [lost, away, lost], "find before": [lost] * 3}

    def passing(point: str) -> None:
        if troubles.get(point):
            raise troubles[point].pop(0)

    clinic = due()
    clinic.chat.passing = passing
    go(clinic)
    later(clinic, timedelta(seconds=2))
    with clinic.store.writing() as tx:
        (card,) = tx.postings_of(["K7Q2:g.skin_exam:1:1"])["K7Q2:g.skin_exam:1:1"]
        tx.queue(card.key, Verb.NUDGE, key="line", at=clinic.clock.now(), text="Still open.")
    for _ in range(3):
        later(clinic, timedelta(minutes=1))

    (message,) = clinic.workspace.of(ALI)
    assert not any(troubles.values()) and not message.thread
    assert [line.title for line in message.card.lines] == ["Skin exam"]


# --- a process that dies


@pytest.mark.parametrize("point", ["send before", "send after"])
def test_a_process_that_dies_while_it_sends_is_followed_by_one_that_asks_first(point: str) -> None:
    clinic = due()
    clinic.chat.passing = failing(Crash(), point)
    with pytest.raises(Crash):
        go(clinic)

    at_once = go(clinic)
    later(clinic, LEASE + SECOND)

    assert at_once == 0
    assert len(clinic.workspace.messages) == 1


def test_a_fault_of_our_own_with_one_card_does_not_keep_the_others_waiting() -> None:
    clinic = due("g.skin_exam", "g.medicines")
    clinic.chat.passing = failing(RuntimeError("a card that cannot be drawn"), "send before")

    with pytest.raises(RuntimeError):
        go(clinic)

    assert len(clinic.workspace.messages) == 1


# --- a platform that says no


def test_what_the_platform_wants_later_is_sent_then_and_not_before() -> None:
    clinic = due()
    clinic.chat.passing = failing(TryLater("too many", timedelta(seconds=90)), "send before")
    go(clinic)

    before = later(clinic, timedelta(seconds=89))
    after = later(clinic, SECOND)

    assert (before, after) == (0, 1)
    assert len(clinic.workspace.messages) == 1


def test_what_the_platform_will_never_take_is_given_up_and_stops_nobody_else() -> None:
    clinic = due("g.skin_exam", "g.medicines")
    clinic.chat.passing = failing(Undeliverable("no such person"), "send before")
    go(clinic)

    again = later(clinic, timedelta(days=1))

    assert again == 0
    assert len(clinic.workspace.messages) == 1


def test_what_could_not_be_delivered_is_still_escalated() -> None:
    clinic = due()
    clinic.chat.passing = failing(Undeliverable("no such person"), "send before")

    clinic.until("2027-01-12 16:31")

    assert "kit" in [to for to, _ in clinic.told]


def test_a_platform_that_stays_away_is_tried_for_hours_with_longer_pauses_and_then_given_up() -> None:
    clinic = due()
    clinic.chat.passing = failing(ChatTrouble("away"), "send before", times=1000)
    tries, began = 0, clinic.clock.now()
    while go(clinic):
        tries += 1
        with clinic.store.reading() as reading:
            moment = reading.next_moment()
        clinic.clock.advance(moment or clinic.clock.now())
        if moment == clinic.task("g.skin_exam").next_prompt_at:
            clinic.clock.advance(clinic.clock.now() + timedelta(hours=2))

    assert tries > TRIES
    assert clinic.clock.now() - began > OUTAGE
    assert clinic.workspace.messages == []


@pytest.mark.parametrize("apart", [timedelta(minutes=1), timedelta(minutes=20)])
def test_what_a_platform_would_take_later_waits_through_its_outage(apart: timedelta) -> None:
    clinic = due()
    clinic.chat.passing = failing(TryLater("away", SECOND), "send before", times=2 * TRIES)
    for _ in range(2 * TRIES):
        later(clinic, apart)
    meanwhile = len(clinic.workspace.messages)

    later(clinic, apart)

    assert (meanwhile, len(clinic.workspace.messages)) == (0, 1)


@pytest.mark.parametrize("trouble", [Unsure("broke off"), ChatTrouble("odd")])
def test_what_waited_through_an_outage_is_not_given_up_for_the_first_other_trouble(
    trouble: ChatTrouble,
) -> None:
    left = [TryLater("away", SECOND)] * 2 * TRIES + [trouble]

    def passing(point: str) -> None:
        if left and point == "send before":
            raise left.pop(0)

    clinic = due()
    clinic.chat.passing = passing
    for _ in range(2 * TRIES + 1):
        later(clinic, SECOND)
    meanwhile = len(clinic.workspace.messages)

    later(clinic, timedelta(hours=1))

    assert (left, meanwhile, len(clinic.workspace.messages)) == ([], 0, 1)


def test_the_first_doubt_after_an_outage_makes_nobody_wait() -> None:
    left = [TryLater("away", SECOND)] * 2 * TRIES + [Unsure("broke off")]

    def passing(point: str) -> None:
        if left and point == "send before":
            raise left.pop(0)

    clinic = due()
    clinic.chat.passing = passing
    for _ in range(2 * TRIES + 1):
        later(clinic, SECOND)

    later(clinic, 5 * SECOND)

    assert len(clinic.workspace.messages) == 1


def test_what_a_platform_would_take_later_is_given_up_in_the_end() -> None:
    clinic = due()
    clinic.chat.passing = failing(TryLater("away", SECOND), "send before", times=1000)

    tried = [later(clinic, timedelta(hours=1)) for _ in range(3 * TRIES)]

    assert sum(tried) == TRIES + 1 and tried[-1] == 0


def test_a_platform_that_is_not_running_gets_its_messages_when_it_runs() -> None:
    clinic = due()
    asyncio.run(sent_once(clinic, {}))

    later(clinic, timedelta(minutes=5))

    assert len(clinic.workspace.messages) == 1


# --- order


def test_a_line_in_the_thread_waits_for_its_card() -> None:
    clinic = due()
    clinic.chat.passing = failing(TryLater("too many", timedelta(minutes=40)), "send before")
    go(clinic)
    clinic.clock.advance(london("2027-01-12 15:30"))
    clinic.speak()
    nothing = len(clinic.workspace.messages)

    clinic.until("2027-01-12 15:45")

    (message,) = clinic.workspace.messages
    assert nothing == 0
    assert message.thread == ["Still open: Skin exam · K7Q2."]


def test_a_card_is_drawn_from_state_at_the_moment_it_goes_out() -> None:
    clinic = due()
    clinic.early(ALI, "g.skin_exam")

    go(clinic)

    (message,) = clinic.workspace.messages
    assert message.drawings[0].text.endswith("all answered.")


def test_a_card_whose_case_is_cancelled_before_it_goes_out_is_never_sent() -> None:
    clinic = due()
    clinic.command("fran", "cancel K7Q2 patient is ill")

    clinic.until("2027-01-12 18:00")

    assert clinic.workspace.of(ALI) == []


def test_many_changes_of_a_card_that_waits_are_one_drawing() -> None:
    clinic = Riverside("g.skin_exam", "g.medicines", "g.allergies", clinic=WITH_BOARD).book()
    clinic.until("2027-01-12 15:00")
    (board,) = clinic.workspace.of("#procedures")
    before = len(board.drawings)
    clinic.answer(ALI, "Skin exam")
    clinic.answer(JO, "Medication disclosure")
    clinic.answer(JO, "Allergies")

    go(clinic)

    assert len(board.drawings) == before + 1


class Slow(WorkspaceChat):
    """Takes its time with Jo until Ali's card has come."""

    def __init__(self, clinic: Riverside) -> None:
        super().__init__(clinic.workspace, clinic.clock)
        self.ali_has_it = asyncio.Event()

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        if to.account == JO:
            await self.ali_has_it.wait()
        ref = await super().send(card, to, once=once)
        if to.account == ALI:
            self.ali_has_it.set()
        return ref


def test_nobody_waits_for_somebody_elses_slow_message() -> None:
    clinic = due("g.medicines", "g.skin_exam")

    async def both() -> None:
        chat = Slow(clinic)
        await asyncio.wait_for(sent_once(clinic, {PLATFORM: chat}), timeout=5)

    asyncio.run(both())

    assert {message.to for message in clinic.workspace.messages} == {ALI, JO}


def test_work_runs_where_the_runner_puts_it() -> None:
    clinic = due()
    ran: list[str] = []

    async def noted(function: Callable[..., object], *args: object) -> object:
        ran.append(function.__name__)
        return function(*args)

    asyncio.run(sent_once(clinic, {PLATFORM: clinic.chat}, noted))

    assert ran == ["_claim", "draw", "_begun", "_sent"]


def test_boards_are_drawn_one_after_the_other_and_hold_up_no_card() -> None:
    twin = replace(WITH_BOARD, id="hillside", channels={PLATFORM: {"board": "#hillside"}})
    clinic = Riverside("g.skin_exam", clinic=WITH_BOARD, twins=(twin,)).book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    drawn: list[str] = []

    async def noted(function: Callable[..., object], *args: object) -> object:
        if function is draw:
            drawn.append(str(args[1]))
            # whoever else may draw begins now
            await asyncio.sleep(0)
            drawn.append(str(args[1]))
        return function(*args)

    asyncio.run(sent_once(clinic, {PLATFORM: clinic.chat}, noted))

    boards = [each for each in drawn if "kind='board'" in each]
    assert len(boards) == 4 and boards[::2] == boards[1::2]
    assert "kind='consult'" in drawn[1]


def test_all_that_waits_goes_and_the_outbox_is_asked_no_more_often_than_that_takes() -> None:
    clinic = due()
    asked: list[str] = []

    async def noted(function: Callable[..., object], *args: object) -> object:
        asked.append(function.__name__)
        return function(*args)

    alone = asyncio.run(delivered(clinic.practice, {PLATFORM: clinic.chat}, noted))
    with clinic.practice.store.writing() as tx:
        (card,) = tx.postings_of(["K7Q2:g.skin_exam:1:1"])["K7Q2:g.skin_exam:1:1"]
        for number in range(3):
            tx.queue(card.key, Verb.NUDGE, key=f"{number}", at=clinic.clock.now(), text="Still open.")
    three = asyncio.run(delivered(clinic.practice, {PLATFORM: clinic.chat}, noted))

    assert (alone, three) == (1, 3)
    assert asked.count("_claim") == 1 + 3


# --- what is none of the platform's doing


BUSY, AWAY = Paced("busy", SECOND), TryLater("away", SECOND)


@pytest.mark.parametrize("troubles", [[BUSY] * 2 * TRIES + [AWAY], [AWAY] * TRIES + [BUSY] * 3])
def test_what_had_to_wait_its_turn_was_no_try(troubles: list[ChatTrouble]) -> None:
    left = list(troubles)

    def passing(point: str) -> None:
        if left:
            raise left.pop(0)

    clinic = due()
    clinic.chat.passing = passing

    for _ in range(len(troubles) + 1):
        later(clinic, SECOND)

    assert len(clinic.workspace.messages) == 1


def test_nothing_is_asked_of_a_platform_about_what_was_never_in_doubt() -> None:
    points: list[str] = []
    clinic = due()
    clinic.chat.passing = points.append

    clinic.until("2027-01-12 15:31")

    assert {"send after", "nudge after"} <= set(points)
    assert "find before" not in points


def test_waiting_its_turn_takes_nothing_from_the_one_repeat_of_a_card_in_doubt() -> None:
    troubles: list[ChatTrouble] = [
        TryLater("busy", SECOND),
        Unsure("cut"),
        Paced("busy", SECOND),
        TryLater("busy", SECOND),
    ]

    def passing(point: str) -> None:
        if point == "find before":
            raise Unsure("it will not say")
        if point == "send before" and troubles:
            raise troubles.pop(0)

    clinic = due()
    clinic.chat.passing = passing
    go(clinic)

    for _ in range(6):
        later(clinic, timedelta(minutes=2))

    assert len(clinic.workspace.messages) == 1


def test_a_line_that_nobody_can_ask_for_is_said_once_more_and_no_oftener() -> None:
    def cut(point: str) -> None:
        if point in ("nudge after", "find before"):
            raise Unsure("the connection was cut")

    clinic = due()
    go(clinic)
    clinic.chat.passing = cut
    clinic.until("2027-01-12 15:50")

    (message,) = clinic.workspace.of(ALI)
    assert message.thread == ["Still open: Skin exam · K7Q2."] * 2


# --- messages that somebody deleted


def delete_all(clinic: Riverside) -> None:
    """Somebody deletes what stands there: nobody sees it, and it cannot be edited."""
    for message in clinic.workspace.messages:
        message.ref = replace(message.ref, channel="deleted")


def test_an_open_card_that_somebody_deleted_is_posted_anew() -> None:
    clinic = due("g.medicines", "g.allergies")
    go(clinic)
    delete_all(clinic)

    clinic.early(JO, "g.medicines")
    go(clinic)
    clinic.answer(JO, "Allergies")
    go(clinic)

    (message,) = clinic.workspace.of(JO)
    assert [drawing.closed for drawing in message.drawings] == [False, True]


def test_a_closed_card_that_somebody_deleted_is_left_so() -> None:
    clinic = due()
    go(clinic)
    delete_all(clinic)

    clinic.early(ALI, "g.skin_exam")

    assert (go(clinic), later(clinic, timedelta(hours=1))) == (1, 0)
    assert clinic.workspace.of(ALI) == []


def test_a_reminder_on_a_deleted_card_posts_the_card_anew() -> None:
    clinic = due()
    go(clinic)
    delete_all(clinic)
    with clinic.practice.store.writing() as tx:
        (card,) = tx.postings_of(["K7Q2:g.skin_exam:1:1"])["K7Q2:g.skin_exam:1:1"]
        tx.queue(card.key, Verb.NUDGE, key="1", at=clinic.clock.now(), text="Still open.")

    go(clinic)
    clinic.answer(ALI, "Skin exam")
    go(clinic)

    (message,) = clinic.workspace.of(ALI)
    assert [drawing.closed for drawing in message.drawings] == [False, True]
    assert message.thread == []


def test_a_card_that_is_still_found_but_gone_is_posted_anew() -> None:
    clinic = due()
    clinic.chat.passing = failing(Unsure("cut"), "send after")
    go(clinic)
    clinic.chat.passing = failing(Undeliverable("gone", Never.MESSAGE_GONE), "update before")

    later(clinic, timedelta(minutes=1))

    assert len(clinic.workspace.of(ALI)) == 2


@pytest.mark.parametrize("last", ["g.allergies", "g.skin_exam"])
def test_a_deleted_card_whose_second_posting_was_lost_is_looked_for_and_drawn_there(last: str) -> None:
    clinic = due("g.medicines", "g.allergies", "g.skin_exam")
    go(clinic)
    delete_all(clinic)
    clinic.early(JO, "g.medicines")
    clinic.chat.passing = failing(Unsure("cut"), "send after")
    go(clinic)

    clinic.early(JO if last == "g.allergies" else ALI, last)
    later(clinic, timedelta(minutes=1))

    (message,) = clinic.workspace.of(JO)
    assert message.card.closed is (last == "g.allergies")
    assert len(message.drawings) == 2
