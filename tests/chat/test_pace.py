"""How fast any platform may be asked, on a clock that only these tests move."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.chat.pace import MOST, Allowance, Counted, Pace, Urgency, hurry
from bot.core.errors import Paced
from tests.chat.hours import Hours

EDIT = "edit"
OFTEN = Allowance(a_minute=50, burst=10)


class ByPlace:
    """A platform with one allowance for each kind of call in each place."""

    platform = "Elsewhere"

    def of(self, kind: str, where: str, urgency: Urgency) -> Sequence[tuple[Counted, Allowance]]:
        return [((kind, where), OFTEN)]

    def held(self, kind: str, where: str) -> Counted:
        return kind, where


def test_each_that_is_sent_away_is_told_a_moment_of_its_own() -> None:
    hours = Hours(limits=ByPlace())
    told = []
    for _ in range(40):
        try:
            with hurry(Urgency.CARD):
                hours.pace.book(EDIT)
        except Paced as later:
            told.append(later.after.total_seconds())

    assert len(told) > 20
    assert min(after - before for before, after in pairwise(told)) >= OFTEN.apart - 1e-6
    hours.now += told[-1]
    assert hours.try_to(EDIT, Urgency.CARD) is not None


def test_whom_nobody_waits_for_any_more_keeps_nobody_waiting() -> None:
    hours = Hours(limits=ByPlace())
    for _ in range(1000):
        hours.try_to(EDIT, Urgency.PERSON)
    hours.now += Urgency.PERSON.longest
    while hours.try_to(EDIT, Urgency.PERSON) is not None:
        pass

    with pytest.raises(Paced) as later:
        hours.pace.book(EDIT)

    assert later.value.after.total_seconds() <= Urgency.PERSON.longest


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    hours = Hours(limits=ByPlace())
    hours.pace.pause(EDIT, "", timedelta(seconds=30))
    hours.pace.pause(EDIT, "", timedelta(seconds=1))
    hours.now += 20

    assert hours.try_to(EDIT, Urgency.PERSON) is None


@pytest.mark.anyio
async def test_a_call_waits_its_turn_where_that_is_soon() -> None:
    hours = Hours(limits=ByPlace())
    for _ in range(OFTEN.burst):
        await hours.pace.turn(EDIT)

    before = hours.now
    await hours.pace.turn(EDIT)

    assert hours.now - before == pytest.approx(OFTEN.apart)


def test_a_look_counts_nothing_and_sends_away_whom_a_call_would() -> None:
    hours = Hours(limits=ByPlace())

    with hurry(Urgency.CARD):
        for _ in range(100):
            hours.pace.look(EDIT)
    while hours.try_to(EDIT, Urgency.CARD) is not None:
        pass

    with hurry(Urgency.CARD), pytest.raises(Paced) as later:
        hours.pace.look(EDIT)
    assert hours.went and later.value.after > timedelta()


@pytest.mark.anyio
async def test_a_pause_that_begins_while_a_call_waits_sends_it_away() -> None:
    hours = Hours(limits=ByPlace())

    async def asleep(seconds: float) -> None:
        hours.now += seconds
        hours.pace.pause(EDIT, "", timedelta(seconds=9))

    pace = hours.pace = Pace(ByPlace(), time=lambda: hours.now, sleep=asleep)
    for _ in range(OFTEN.burst):
        await pace.turn(EDIT)

    with pytest.raises(Paced):
        await pace.turn(EDIT)


@pytest.mark.anyio
async def test_how_urgent_one_task_is_says_nothing_of_another_and_goes_along_to_what_it_begins() -> None:
    hours, within, over = Hours(limits=ByPlace()), asyncio.Event(), asyncio.Event()
    while hours.try_to(EDIT, Urgency.CARD) == 0:
        pass

    async def begun_by_a_card() -> None:
        with pytest.raises(Paced):
            hours.pace.book(EDIT)

    async def card() -> None:
        with hurry(Urgency.CARD):
            begun = asyncio.create_task(begun_by_a_card())
            within.set()
            await over.wait()
        await begun

    async def person() -> float:
        await within.wait()
        wait = hours.pace.book(EDIT)
        over.set()
        return wait

    assert (await asyncio.gather(person(), card()))[0] == 0


def test_places_that_rest_are_forgotten() -> None:
    hours = Hours(limits=ByPlace())
    for number in range(3 * MOST):
        hours.now += 1
        hours.try_to(EDIT, Urgency.CARD, f"D{number}")

    assert len(hours.pace._buckets) <= MOST
