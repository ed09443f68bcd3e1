"""Slack and Teams beside each other: one that is away, or refuses us, keeps nobody from the other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from pydantic import SecretStr

from bot.clock import VirtualClock
from bot.config import Settings
from bot.core.errors import BookendError, Mistakes
from bot.platforms import Joining, Platforms
from bot.ports import Chat
from bot.service.desk import ClinicDesk
from bot.service.office import ClinicOffice
from bot.service.staff import Staff
from tests.chat.slack.fake import APP_TOKEN, SECRET, TOKEN, FakeSlack, fake_slack, user
from tests.chat.teams.fake import BOT, TENANT, FakeTeams, account, fake_teams
from tests.chat.teams.trial import identity_from
from tests.service.clinic import JO, OPENED, RIVERSIDE
from tests.service.clinic import practice as practice_of
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

#: Jo works on both.
BOTH = replace(
    RIVERSIDE,
    people={JO: replace(RIVERSIDE.people[JO], accounts={"slack": "U0JO", "teams": account(JO)})},
    roster={},
    on_call={},
    channels={},
)


@dataclass
class Beginning:
    """A clinic about to begin on both platforms; `said` is what whoever runs it is told."""

    slack: FakeSlack
    teams: FakeTeams
    said: list[str] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    routes: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        kept = practice_of(memory_store(), VirtualClock(OPENED), clinic=BOTH, signed=False)
        staff = Staff(kept.clinics)
        practice = replace(kept, clinics=staff, platforms=("slack", "teams"))
        settings = Settings(
            slack_bot_token=TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=self.slack.url,
            teams_client_id=BOT,
            teams_tenant_id=TENANT,
            teams_managed_identity=True,
            teams_service_url=self.teams.service,
        )
        desk, office = ClinicDesk(practice=practice), ClinicOffice(practice=practice, staff=staff)
        joining = Joining(settings=settings, practice=practice, staff=staff, desk=desk)
        self.platforms = Platforms(joining, office, self.routes, self.say, again=0.01)

    def say(self, line: str) -> None:
        self.said.append(line)
        self.heard.set()

    async def until_said(self, words: str) -> None:
        async with asyncio.timeout(5):
            while not any(words in line for line in self.said):
                self.heard.clear()
                await self.heard.wait()


@asynccontextmanager
async def beginning() -> AsyncIterator[Beginning]:
    async with fake_slack() as slack, fake_teams() as teams:
        slack.users["U0JO"] = user("U0JO")
        teams.join(JO)
        with identity_from(teams):
            on = Beginning(slack, teams)
            try:
                yield on
            finally:
                await on.platforms.end()


async def test_a_slack_that_refuses_us_is_tried_until_it_lets_us_in_and_teams_begins_meanwhile() -> None:
    async with beginning() as on:
        on.slack.troubles["auth.test"] += ["refuse:internal_error"] * 3

        await on.platforms.begin()
        first, routes = [*on.platforms.chats], len(on.routes)
        await on.until_said("Slack is joined.")

        assert (first, sorted(on.platforms.chats)) == (["teams"], ["slack", "teams"])
        assert len(on.routes) > routes
        assert any(line.startswith("Slack is not joined, and Bookend goes on trying.") for line in on.said)


async def test_a_clinic_begins_while_microsoft_gives_no_token_and_says_so() -> None:
    async with beginning() as on:
        on.teams.troubles["msi"] += ["500"] * 200

        await on.platforms.begin()

        assert [*on.platforms.chats] == ["slack", "teams"]
        assert any("Nobody is asked in Teams yet" in line and "token" in line for line in on.said)


async def test_nobody_begins_where_no_platform_lets_us_in() -> None:
    async with beginning() as on:
        on.slack.troubles["auth.test"].append("refuse:invalid_auth")
        on.platforms._joining.settings.teams_moved_to = "8f0e0000-0000-0000-0000-00000000000f"

        with pytest.raises(BookendError, match="invalid_auth"):
            await on.platforms.begin()

        assert on.platforms.chats == {}


async def test_a_setting_that_is_wrong_in_itself_is_put_right_first() -> None:
    async with beginning() as on:
        on.platforms._joining.settings.slack_bot_token = SecretStr("xoxp-somebody")

        with pytest.raises(Mistakes, match="BOOKEND_SLACK_BOT_TOKEN"):
            await on.platforms.begin()


async def test_an_accident_as_one_platform_is_left_keeps_none_of_the_others() -> None:
    async with beginning() as on:
        await on.platforms.begin()
        slack, teams = (on.platforms.joined[each] for each in ("slack", "teams"))
        on.platforms.joined["slack"] = Dead(chat=slack.chat)

        await on.platforms.end()
        await slack.stop()

        assert teams._client._http.http.is_closed


@dataclass
class Dead:
    """A platform that cannot even be left."""

    chat: Chat

    async def stop(self) -> None:
        raise OSError("the line is dead")


@pytest.mark.parametrize("hears", [True, False])
async def test_only_whoever_hears_is_reached_over_slacks_socket_and_by_requests(hears: bool) -> None:
    async with beginning() as on:
        settings = on.platforms._joining.settings
        settings.slack_signing_secret, settings.slack_app_token = None, SecretStr(APP_TOKEN)
        on.platforms._hears = hears

        await on.platforms.begin()

        assert sorted(on.platforms.chats) == ["slack", "teams"]
        assert (on.slack.count("apps.connections.open") > 0, len(on.routes) > 0) == (hears, hears)
