"""What Teams counts in one conversation: however much happens, the requests that come keep its limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.chat.pace import Urgency, hurry
from bot.chat.teams.calling.pace import TeamsLimits
from bot.core.errors import Paced
from bot.core.usual import usual_values
from bot.service.answer import Given, give
from tests.chat.hours import Hours, most_in
from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.calling.speaking import HELLO, speaking
from tests.chat.teams.fake import BOARD, Call
from tests.examples import every_proof, some
from tests.service.clinic import ALI, SAM, london

pytestmark = pytest.mark.anyio

#: What Microsoft allows in one conversation: messages in so many seconds.
ALLOWED = {1: 7, 2: 8, 30: 60, 3600: 1800}
STEPS = {"g.skin_exam": ALI, "g.medicines": SAM}
CASES, SPAN = 50, timedelta(seconds=10)


def written(calls: list[Call], conversation: str) -> list[float]:
    """When Bookend posted or edited something in a conversation."""
    there = [each for each in calls if each.what in ("post", "edit") and conversation in each.path]
    return [each.at.timestamp() for each in there]


async def test_a_hundred_answers_edit_the_board_every_four_seconds_and_the_last_state_stands() -> None:
    async with at_work(*STEPS, paced=True) as on:
        codes = [f"K{number:03}" for number in range(CASES)]
        for code in codes:
            on.riverside.book("2027-01-14 09:30", code=code)
        await on.until("2027-01-12 15:01")
        first = on.boards()

        for number, key in enumerate(questions(on, codes), start=1):
            answer(on, key)
            await on.at(london("2027-01-12 15:01") + number * SPAN / (2 * CASES))
        await on.until("2027-01-12 15:02")

        (before,), (board,) = first, on.boards()
        assert "51 coming, on track" in before and "1 coming, on track: K7Q2" in board
        edits = written(on.teams.calls, BOARD)[1:]
        assert len(edits) > 2 and all(later - before >= 4 for before, later in pairwise(edits))
        for span, most in ALLOWED.items():
            assert most_in(written(on.teams.calls, BOARD), span) <= most


def questions(on: AtWork, codes: list[str]) -> list[str]:
    with on.riverside.store.reading() as reading:
        return [task.key for its in reading.tasks_of(codes).values() for task in its]


def answer(on: AtWork, key: str) -> None:
    """Answer a question as usual, without a press that would be counted with the rest."""
    practice, clinic = on.office.practice, on.riverside.clinic
    with practice.store.writing() as tx:
        task = tx.task(key)
        values = usual_values(practice.course(tx, task.case), task)
        give(practice, tx, clinic, clinic.person(STEPS[task.step]), Given(task=key, values=values))


async def test_whoever_writes_as_fast_as_bookend_lets_them_keeps_every_limit_for_more_than_an_hour() -> None:
    hours = Hours(limits=TeamsLimits())
    async with speaking(hours.pace) as on:
        on.teams.now = lambda: datetime.fromtimestamp(hours.now, UTC)
        end = hours.now + some(3700)
        message = await on.client.post(on.board, HELLO)

        while hours.now < end:
            try:
                with hurry(Urgency.PERSON):
                    await on.client.edit(on.board, message, HELLO)
            except Paced as pause:
                hours.now += pause.after.total_seconds()

        counted = {span: most_in(written(on.teams.calls, BOARD), span) for span in ALLOWED}

    assert all(counted[span] <= most for span, most in ALLOWED.items()), counted
    # nobody is kept waiting for nothing
    longest = 3600 if every_proof() else 30
    assert counted[longest] > 0.95 * ALLOWED[longest]
