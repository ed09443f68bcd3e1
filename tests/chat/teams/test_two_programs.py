"""Two programs on one database, each with what it heard of Teams by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.chat.teams import PLATFORM
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.reaching.normal import activity
from bot.core.errors import Paced, Undeliverable
from bot.core.messages import Notice
from bot.core.replies import Address
from bot.core.staffing import BLOCKED
from tests.chat import samples
from tests.chat.teams.fake import JO, account, direct
from tests.chat.teams.reaching.told import told
from tests.chat.teams.trial import TeamsTrial, no_places, teams_trial
from tests.service.clinic import here

pytestmark = pytest.mark.anyio


SAM_THERE = Address(platform=PLATFORM, account=account("sam"))


@asynccontextmanager
async def both() -> AsyncIterator[tuple[TeamsTrial, TeamsTrial]]:
    """One that began before Sam was met, and one that met him since."""
    async with teams_trial() as knows:
        before = TeamsTrial(teams=knows.teams, client=knows.client, kept=knows.kept)
        await before.open()
        await knows.meet("sam")
        yield before, knows


async def test_a_card_that_one_posted_is_drawn_anew_by_the_other_and_not_posted_again() -> None:
    async with both() as (before, knows):
        ref = await knows.chat.send(samples.PREP, SAM_THERE, once="a")

        await before.chat.update(ref, replace(samples.PREP, text="Two are left."))

        assert (knows.teams.count("post"), knows.teams.count("edit")) == (1, 1)


async def test_whoever_came_back_to_one_is_asked_by_the_other_as_well() -> None:
    async with both() as (before, knows):
        sam = knows.place_of(SAM_THERE.account, direct("sam"), member="29:sam")
        knows.kept.keep(replace(sam, refused=BLOCKED))
        with pytest.raises(Undeliverable):
            await before.chat.send(samples.PREP, SAM_THERE, once="a")
        knows.kept.keep(sam)

        await before.chat.send(samples.PREP, SAM_THERE, once="b")

        assert len(knows.teams.cards("sam")) == 1


async def test_what_one_heard_is_not_lost_when_the_other_hears_something_else() -> None:
    port = no_places()
    late, early = KnownPlaces(port, here), KnownPlaces(port, here)
    await late.learn(activity(told()))
    await early.load()
    await late.refuse(JO, BLOCKED)

    await early.learn(activity(told() | {"serviceUrl": "https://smba.trafficmanager.net/apac"}))

    again = KnownPlaces(port, here)
    await again.load()
    assert again.refused(JO) == BLOCKED


async def test_a_form_that_one_opened_is_not_drawn_over_by_the_other() -> None:
    async with both() as (draws, hears):
        ref = await hears.chat.send(samples.PREP, SAM_THERE, once="a")
        await hears.holding.fills(ref)
        with pytest.raises(Paced):
            await draws.chat.update(ref, replace(samples.PREP, heading="Two are left."))
        await hears.holding.ended(ref)

        await draws.chat.update(ref, replace(samples.PREP, heading="One is left."))

        assert "One is left." in (await draws.seen(ref)).words


async def test_what_one_said_on_a_card_stays_there_when_the_other_draws_it() -> None:
    async with both() as (draws, hears):
        ref = await hears.chat.send(samples.PREP, SAM_THERE, once="a")
        await hears.holding.tell(ref, Notice(text="Confirmed: skin exam."))

        await draws.chat.update(ref, replace(samples.PREP, heading="Two are left."))

        seen = (await draws.seen(ref)).words
        assert "Confirmed: skin exam." in seen and "Two are left." in seen
