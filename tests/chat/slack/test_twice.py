"""What Slack delivers twice changes the case once and is shown once more at most: a line, a press, a form, a
command; over the same way or over both, with the real desk and its store.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.chat.slack import PLATFORM
from bot.service.deliver import delivered
from bot.service.desk import ClinicDesk
from bot.service.tick import tick
from tests.chat.slack.fake import (
    Answer,
    FakeSlack,
    Json,
    OverSocket,
    Person,
    ToDoor,
    Twice,
    Way,
    fake_slack,
    user,
)
from tests.chat.slack.front import reached
from tests.service.clinic import CODE, RIVERSIDE, here, london
from tests.service.consultation import HISTORY, MEDICINES
from tests.service.riverside import Riverside

pytestmark = pytest.mark.anyio

NURSE, CLERK = "U0JO", "U0FRAN"
#: The people of Riverside, each with an account in Slack and no other.
IN_SLACK = replace(
    RIVERSIDE,
    people={
        name: replace(each, accounts={PLATFORM: f"U0{name.upper()}"})
        for name, each in RIVERSIDE.people.items()
    },
)


@dataclass
class Noting:
    """A way after which somebody looks."""

    way: Way
    look: Callable[[], None]

    async def deliver(self, kind: str, payload: Json) -> Answer:
        answer = await self.way.deliver(kind, payload)
        self.look()
        return answer


@dataclass(kw_only=True)
class AtWork:
    """A clinic whose cards stand in Slack; two of its people, and two ways by which Bookend hears of them."""

    clinic: Riverside
    slack: FakeSlack
    door: Way
    socket: Way

    @property
    def card(self) -> Json:
        """What the nurse was sent."""
        return self.slack.messages["D0JO"][0]

    def person(self, account: str, *ways: Way) -> Person:
        return Person(slack=self.slack, account=account, way=Twice(ways=ways))

    def shown(self, account: str) -> list[str]:
        """What somebody alone was told."""
        return [str(each["text"]) for each in self.slack.whispers if each["user"] == account]

    def state(self) -> tuple[Any, ...]:
        """All that an answer may change."""
        return self.clinic.history(), self.clinic.statuses(), self.clinic.woken


@pytest.fixture
def clinic() -> Riverside:
    """A case whose consultation is about to begin."""
    made = Riverside(HISTORY, MEDICINES, clinic=IN_SLACK).book()
    made.practice = replace(made.practice, platforms=(PLATFORM,))
    made.clock.advance(london("2027-01-12 15:00"))
    return made


@asynccontextmanager
async def at_work(clinic: Riverside) -> AsyncIterator[AtWork]:
    """Two instances of Bookend with one store, as while IT changes from the one way to the other."""
    desk = ClinicDesk(practice=clinic.practice, wake=clinic.desk.wake)
    async with (
        fake_slack() as slack,
        reached(slack, desk, socket=False) as (_, door),
        reached(slack, desk, socket=True) as (connected, _),
    ):
        slack.users |= {each: user(each) for each in (NURSE, CLERK, "U0SAM", "U0MAX", "U0ALI", "U0KIT")}
        slack.clock.wall = int(clinic.clock.now().timestamp())
        tick(clinic.practice)
        await delivered(clinic.practice, {PLATFORM: connected.chat}, here)
        yield AtWork(
            clinic=clinic, slack=slack, door=ToDoor(door=door), socket=OverSocket(sockets=slack.sockets)
        )


#: What somebody does.
Deed = Callable[[AtWork, Person], Awaitable[Answer]]
WAYS: dict[str, Callable[[AtWork], tuple[Way, ...]]] = {
    "twice over the socket": lambda on: (on.socket, on.socket),
    "twice to the door": lambda on: (on.door, on.door),
    "to the door, then over the socket": lambda on: (on.door, on.socket),
    "over the socket, then to the door": lambda on: (on.socket, on.door),
}
over = pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)


async def press(on: AtWork, who: Person) -> Answer:
    return await who.press(on.card, "In 20 min")


async def line(on: AtWork, who: Person) -> Answer:
    return await who.say("2 problem she feels unwell", thread=on.card["ts"])


async def form(on: AtWork, who: Person) -> Answer:
    return await who.submit(first_of_each(who.form))


async def command(on: AtWork, who: Person) -> Answer:
    return await who.command(f"cancel {CODE} patient is ill")


def first_of_each(view: Json) -> dict[str, str]:
    """What the first choice of each field is: nothing was found."""
    inputs = [block for block in view["blocks"] if block["type"] == "input" and not block.get("optional")]
    return {
        block["block_id"]: block["element"]["options"][0]["value"] if "options" in block["element"] else "1"
        for block in inputs
    }


@over
@pytest.mark.parametrize("deed", [press, line, form, command])
async def test_what_comes_twice_changes_the_case_once(
    clinic: Riverside, deed: Deed, ways: Callable[[AtWork], tuple[Way, ...]]
) -> None:
    async with at_work(clinic) as on:
        account = CLERK if deed is command else NURSE
        if deed is form:
            await opened(on)
        before = on.state()
        states: list[object] = []

        who = on.person(account, *(Noting(way, lambda: states.append(on.state())) for way in ways(on)))
        answer = await deed(on, who)

    # what was still on its way to Slack has arrived when Bookend ended
    once, twice = states
    assert answer.taken
    assert before != once == twice
    assert 1 <= len(on.shown(account)) <= 2
    assert len({text.split(" To press")[0] for text in on.shown(account)}) == 1


@over
async def test_a_press_that_comes_twice_opens_one_form(
    clinic: Riverside, ways: Callable[[AtWork], tuple[Way, ...]]
) -> None:
    async with at_work(clinic) as on:
        answer = await on.person(NURSE, *ways(on)).press(on.card, "Answer")

    assert answer.taken
    assert len(on.slack.opened) == 1
    assert on.slack.whispers == []


async def opened(on: AtWork) -> None:
    await on.person(NURSE, on.door).press(on.card, "Answer")
    await on.slack.until_said()
