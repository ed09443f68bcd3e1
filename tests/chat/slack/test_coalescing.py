"""A channel's board is edited every few seconds however much happens, and at the end it says what is so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.slack import PLATFORM
from bot.chat.slack.drawing.render import drawn
from bot.clock import VirtualClock
from bot.core.case import Booking
from bot.core.usual import usual_values
from bot.ports import Transaction
from bot.service import cases
from bot.service.answer import Given, give
from bot.service.deliver import Delivery
from bot.service.draw import draw
from bot.service.practice import boards_of
from bot.service.tick import tick
from tests.chat.slack import limits
from tests.chat.slack.at_once import in_slack, slack_of
from tests.chat.slack.fake import BOARD
from tests.service.clinic import ALI, FRAN, JO, abl, booking, here, london, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

ANSWERS, SPAN = 100, timedelta(seconds=10)
STEPS = {"g.skin_exam": ALI, "g.medicines": JO}
#: When the questions of the consultations are asked.
ASKED = london("2027-01-12 15:00")
SOON = london("2027-01-14 09:30")


class Busy:
    """A clinic in Slack: fifty cases whose questions are answered early, and one of which they are asked."""

    def __init__(self) -> None:
        self.clock = VirtualClock(ASKED - SPAN / 2)
        self.store = memory_store()
        self.works = in_slack(practice(self.store, self.clock, abl(*STEPS), unsigned_may_ask=True))
        (self.clinic,) = self.works.clinics.values()
        self.slack, self.chat = slack_of(self.works, self.clock)
        self.delivery = Delivery(self.works, {PLATFORM: self.chat}, here)
        codes = [f"K{number:03}" for number in range(ANSWERS // len(STEPS))]
        with self.store.writing() as tx:
            for code in codes:
                self._open(tx, code, replace(booking(SOON), consult=ASKED + timedelta(hours=1)))
            self._open(tx, "WAIT", booking(SOON))
        with self.store.reading() as reading:
            self.questions = [task.key for its in reading.tasks_of(codes).values() for task in its]

    def _open(self, tx: Transaction, code: str, booked: Booking) -> None:
        cases.open_case(self.works, tx, booked, clinic=self.clinic.id, by=FRAN, code=code)

    def answer(self, key: str) -> None:
        with self.store.writing() as tx:
            task = tx.task(key)
            values = usual_values(self.works.course(tx, task.case), task)
            give(
                self.works,
                tx,
                self.clinic,
                self.clinic.person(STEPS[task.step]),
                Given(task=key, values=values),
            )

    async def turn(self) -> int:
        """Ask and deliver as `serve` does; return how many prompts that was."""
        asked = tick(self.works)
        await self.delivery.all()
        return asked

    def board(self) -> list[str]:
        """What the board says now, as it would be drawn."""
        (key,) = boards_of(self.works, self.clinic, ASKED.date())
        with self.store.reading() as reading:
            posting = reading.posting(key)
        card = posting and draw(self.works, posting)
        assert card is not None
        return limits.words(drawn(card).json())

    def edits(self) -> int:
        return sum(method == "chat.update" and args["channel"] == BOARD for method, args in self.slack.calls)


async def test_a_hundred_answers_in_ten_seconds_are_a_handful_of_edits_and_the_last_state_stands() -> None:
    on = Busy()
    await on.turn()
    first, late = on.board(), 0

    for key in on.questions[:ANSWERS]:
        on.answer(key)
        on.clock.advance(on.clock.now() + SPAN / ANSWERS)
        before = on.slack.count("chat.postMessage")
        asked = await on.turn()
        late += asked > 0 and on.slack.count("chat.postMessage") == before
    busy = on.edits()
    for _ in range(40):
        on.clock.advance(on.clock.now() + SPAN / ANSWERS)
        await on.turn()

    (board,) = on.slack.messages[BOARD]
    assert limits.words(board["blocks"]) == on.board() != first
    assert (busy, on.edits()) == (4, 5)
    # nobody's prompt waited for the board
    assert (len(on.slack.messages["D0ALI"]), len(on.slack.messages["D0JO"]), late) == (1, 1, 0)


async def test_what_one_case_becomes_is_on_the_board_at_once() -> None:
    on = Busy()
    await on.turn()

    for key in on.questions[: len(STEPS)]:
        on.answer(key)
    await on.turn()

    assert on.edits() == 1
