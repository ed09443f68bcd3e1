"""Teams fails, over real HTTP and through the outbox: what surely did not arrive is said again, what may have
arrived once more at most, for nobody may ask Teams what stands there.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.chat.teams import PLATFORM
from bot.clock import VirtualClock
from bot.core.outgoing import Posting, Verb
from bot.service import cases
from bot.service.deliver import Delivery
from bot.service.practice import Practice
from bot.service.tick import tick
from tests.chat.teams.fake import account
from tests.chat.teams.trial import TeamsTrial, is_line, teams_trial
from tests.service.clinic import ALI, FRAN, abl, booking, here, london, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

TASK = "K7Q2:g.skin_exam:1:1"
MINUTE = timedelta(minutes=1)


def in_teams(works: Practice) -> Practice:
    """The same installation with everybody in Teams."""
    clinics = {
        name: replace(
            each,
            people={
                id: replace(person, accounts={PLATFORM: account(id)}) for id, person in each.people.items()
            },
        )
        for name, each in works.clinics.items()
    }
    return replace(works, clinics=clinics, platforms=(PLATFORM,))


class Clinic:
    """A case whose first question is due, and Teams behind a network that may fail."""

    def __init__(self, on: TeamsTrial) -> None:
        self.teams = on.teams
        self.clock = VirtualClock(london("2027-01-12 15:00"))
        book = abl("g.skin_exam")
        self.works = in_teams(practice(memory_store(), self.clock, book, unsigned_may_ask=True))
        self.delivery = Delivery(self.works, {PLATFORM: on.chat}, here)
        (clinic,) = self.works.clinics
        with self.works.store.writing() as tx:
            cases.open_case(self.works, tx, booking(), clinic=clinic, by=FRAN, code="K7Q2")

    async def deliver(self, *, after: timedelta = timedelta()) -> None:
        """Ask and deliver, and once more when what went wrong is tried again."""
        self.clock.advance(self.clock.now() + after)
        tick(self.works)
        await self.delivery.all()

    def queue(self, verb: Verb, text: str = "") -> None:
        """Queue a line under the card, or drawing it anew."""
        with self.works.store.writing() as tx:
            (card,) = tx.postings_of([TASK])[TASK]
            tx.queue(card.key, verb, key=f"once more {text}", at=self.clock.now(), text=text)

    def posting(self) -> Posting:
        with self.works.store.reading() as reading:
            (card,) = reading.postings_of([TASK])[TASK]
        return card

    def messages(self, *, lines: bool = False) -> int:
        """How many cards, or lines below them, she sees."""
        return sum(is_line(each) is lines for each in self.teams.cards("ali"))

    def edits(self) -> int:
        """How often the card that stands first was edited."""
        return int(self.teams.cards("ali")[0]["edits"])


@asynccontextmanager
async def clinic() -> AsyncIterator[Clinic]:
    async with teams_trial() as on:
        await on.meet(ALI)
        yield Clinic(on)


@pytest.mark.parametrize("trouble", ["429", "412", "503", "307:http://127.0.0.1:9/v3/", "401"])
async def test_what_surely_did_not_arrive_is_sent_until_it_does(trouble: str) -> None:
    async with clinic() as on:
        on.teams.troubles["post"] += [trouble] * 2
        for _ in range(5):
            await on.deliver(after=MINUTE)

        assert (on.messages(), on.teams.count("post")) == (1, 3)


@pytest.mark.parametrize("trouble", ["lose", "after:500", "after:502", "after:504", "empty", "list"])
async def test_a_card_of_which_nobody_knows_is_sent_once_more_and_no_oftener(trouble: str) -> None:
    async with clinic() as on:
        on.teams.troubles["post"] += [trouble] * 9
        for _ in range(6):
            await on.deliver(after=2 * MINUTE)

        assert on.messages() == 2


async def test_a_card_that_was_lost_on_its_way_there_stands_there_once() -> None:
    async with clinic() as on:
        on.teams.troubles["post"].append("drop")
        await on.deliver()

        await on.deliver(after=MINUTE)

        assert (on.messages(), on.teams.count("post")) == (1, 2)
        assert on.posting().ref is not None


async def test_what_a_program_sent_as_it_was_killed_is_repeated_once_by_the_next() -> None:
    async with clinic() as on:
        on.teams.troubles["post"].append("hang")
        killed = asyncio.create_task(on.deliver())
        await on.teams.until_called("post")
        for lane in on.delivery._lanes.values():
            lane[1].cancel()
        await asyncio.wait({killed})
        on.teams.patience.set()

        on.delivery = Delivery(on.works, on.delivery._chats, here)
        for _ in range(4):
            await on.deliver(after=2 * MINUTE)

        assert on.teams.count("post") == 2 and on.posting().ref is not None


async def test_a_pause_that_teams_asks_for_is_kept() -> None:
    async with clinic() as on:
        on.teams.troubles["post"].append("429:300")
        await on.deliver()
        for _ in range(4):
            await on.deliver(after=MINUTE)
        meanwhile = on.teams.count("post")

        for _ in range(4):
            await on.deliver(after=2 * MINUTE)

        assert (meanwhile, on.teams.count("post"), on.messages()) == (1, 2, 1)


async def test_a_line_of_which_nobody_knows_is_said_twice_at_most() -> None:
    async with clinic() as on:
        await on.deliver()
        on.queue(Verb.NUDGE, "Still open.")
        on.teams.troubles["post"] += ["lose"] * 9
        for _ in range(6):
            await on.deliver(after=2 * MINUTE)

        assert 1 <= on.messages(lines=True) <= 2


@pytest.mark.parametrize("trouble", ["lose", "after:502", "empty", "list", "500", "504", "429", "412"])
async def test_an_edit_that_was_lost_is_simply_made_again(trouble: str) -> None:
    async with clinic() as on:
        await on.deliver()
        on.queue(Verb.DRAW)
        on.teams.troubles["edit"].append(trouble)
        await on.deliver()

        await on.deliver(after=MINUTE)

        assert (on.messages(), on.edits() >= 1) == (1, True)


async def test_a_card_that_is_gone_stands_there_again_after_the_next_edit() -> None:
    async with clinic() as on:
        await on.deliver()
        on.teams.conversations["a:1-ali"].messages.clear()
        on.queue(Verb.DRAW)
        await on.deliver()

        await on.deliver(after=MINUTE)

        assert on.messages() == 1


@pytest.mark.parametrize("trouble", ["403", "older:MessageWritesBlocked", "413", "404"])
async def test_what_teams_refuses_for_good_is_not_tried_for_ever(trouble: str) -> None:
    async with clinic() as on:
        on.teams.troubles["post"] += [trouble] * 99
        for _ in range(10):
            await on.deliver(after=MINUTE)

        assert on.messages() == 0
        assert on.teams.count("post") <= 2
