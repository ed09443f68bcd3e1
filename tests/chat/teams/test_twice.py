"""What Teams delivers twice changes the case once and is answered the same: press, form, line and command,
one after the other, both at once, or with another id, with the real desk and its store.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bot.chat.teams.reaching.once import WINDOW
from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.fake import Answer, Json, Way
from tests.chat.teams.hands import Hands
from tests.service.clinic import CODE, FRAN, SAM

pytestmark = pytest.mark.anyio

STEPS = ("g.medicines", "g.allergies")


@dataclass
class Repeated:
    """A way on which everything comes twice; `answers` are what Teams was told, `states` what was so then."""

    on: AtWork
    way: Way
    answers: list[Answer] = field(default_factory=list)
    states: list[object] = field(default_factory=list)

    async def deliver(self, activity: Json) -> Answer:
        for each in (activity, self.again(activity)):
            self.answers.append(await self.way.deliver(each))
            self.states.append(self.on.state())
        return self.answers[0]

    def again(self, activity: Json) -> Json:
        """The same, as Teams repeats what it takes for lost."""
        return activity


class WithAnotherId(Repeated):
    """As Teams' clients repeat a press: as another activity."""

    def again(self, activity: Json) -> Json:
        return activity | {"id": f"f:{uuid.uuid4()}"}


class BothAtOnce(Repeated):
    """Neither has been answered when the other comes."""

    async def deliver(self, activity: Json) -> Answer:
        self.answers = list(await asyncio.gather(*(self.way.deliver(activity) for _ in range(2))))
        self.states += [self.on.state()] * 2
        return self.answers[0]


#: What somebody does, with which delivery comes twice.
Deed = Callable[[AtWork, Repeated], Awaitable[Answer]]


async def press(on: AtWork, way: Repeated) -> Answer:
    sam = on.person(SAM, way)
    return await sam.press(sam.card("Medication disclosure"), "In 20 min")


async def form(on: AtWork, way: Repeated) -> Answer:
    hands = Hands(on)
    sam, device = hands.people[SAM], on.person(SAM, way)
    card = sam.card("Medication disclosure")
    await sam.press(card, "Answer all 2")
    values = hands.usual(sam, card)
    sam.way = device.way
    return await sam.press(card, "Confirm", **values)


async def line(on: AtWork, way: Repeated) -> Answer:
    sam = on.person(SAM, way)
    return await sam.say("2 problem she feels unwell", quoted=sam.card("Medication disclosure"))


async def command(on: AtWork, way: Repeated) -> Answer:
    return await on.person(FRAN, way).say(f"cancel {CODE} patient is ill")


@pytest.mark.parametrize("deed", [press, form, line, command])
@pytest.mark.parametrize("kind", [Repeated, BothAtOnce])
async def test_what_comes_twice_changes_the_case_once(kind: type[Repeated], deed: Deed) -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:01")
        way, before = kind(on, on.way()), on.state()
        said = len(on.teams.cards(SAM)), len(on.teams.cards(FRAN))

        await deed(on, way)

        once, twice = way.states
        assert before != once == twice
        first, second = way.answers
        assert first.taken and first == second
        assert len(on.teams.cards(SAM)) - said[0] <= 1 and len(on.teams.cards(FRAN)) - said[1] <= 1


@pytest.mark.parametrize("deed", [press, form])
async def test_a_client_that_presses_again_by_itself_is_told_the_same(deed: Deed) -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:01")
        way, before = WithAnotherId(on, on.way()), on.state()

        await deed(on, way)

        assert before != way.states[0] == way.states[1]
        assert way.answers[0] == way.answers[1]


@pytest.mark.parametrize("deed", [press, form])
async def test_what_comes_again_much_later_is_refused_or_known_by_the_desk(
    deed: Deed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.teams.reaching.once.WINDOW", -WINDOW)
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:01")
        way = WithAnotherId(on, on.way())

        await deed(on, way)

        assert [each.status for each in way.answers] == [200, 200]
        assert on.riverside.statuses() and way.states[0] == way.states[1]
