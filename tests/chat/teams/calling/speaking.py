"""Bookend's client on trial against a tenant of our own, over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.chat.pace import Pace
from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.client import TeamsClient, client
from bot.chat.teams.calling.pace import TeamsLimits
from bot.core.places import Place
from tests.chat.hours import at_leisure
from tests.chat.teams.fake import BOARD, JO, FakeTeams, direct, fake_teams
from tests.chat.teams.trial import settings_of

HELLO = {"type": "message", "text": "Nd:YAG for Blanche"}
#: A text that must not stand in any log or error.
SAID = HELLO["text"]


@dataclass(kw_only=True)
class Speaking:
    """The client, the tenant it speaks to, and where people are reached there."""

    client: TeamsClient
    teams: FakeTeams

    @property
    def jo(self) -> Place:
        return self.place(direct("jo"), JO)

    @property
    def board(self) -> Place:
        return self.place(BOARD, BOARD)

    def place(self, conversation: str, name: str = JO, service: str = "") -> Place:
        at = service or self.teams.service
        return Place(platform=PLATFORM, name=name, conversation=conversation, service=at)


@asynccontextmanager
async def speaking(pace: Pace | None = None, *, identity: bool = False) -> AsyncIterator[Speaking]:
    """Serve a tenant and speak to it, by a token only where this machine has an `identity`."""
    async with fake_teams() as teams:
        teams.strict = identity
        speaker = client(settings_of(teams.service, identity=identity), pace or at_leisure(TeamsLimits()))
        try:
            yield Speaking(client=speaker, teams=teams)
        finally:
            await speaker.close()
