"""Bookend's door with an invented tenant before it, whose keys are those by which it lets people in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from bot.chat.teams.reaching.door import PATH, routes
from bot.chat.teams.reaching.intake import Intake
from bot.chat.teams.reaching.tokens_in import Inbound, inbound
from bot.chat.teams.settings import TeamsSettings
from bot.web import asgi
from tests.chat.teams.fake import BOT, ISSUER, TENANT, FakeTeams, fake_teams
from tests.chat.teams.reaching.test_once import Counting
from tests.chat.teams.reaching.told import SERVICE

SETTINGS = TeamsSettings(client_id=BOT, tenant_id=TENANT, secret="invented-secret")


@dataclass(frozen=True, kw_only=True)
class AtDoor:
    """Who knocks, who looks at their tokens, and what is heard within."""

    teams: FakeTeams
    inbound: Inbound
    desk: Counting
    door: httpx.AsyncClient

    async def knock(self, body: object, token: str | None = "", **headers: str) -> httpx.Response:
        """Send a body, bytes as they are, with a good token unless there is another one or `None`."""
        if token is not None:
            headers = {"authorization": f"Bearer {token or self.teams.keys.signed(SERVICE)}"} | headers
        sent: Any = {"content": body} if isinstance(body, bytes) else {"json": body}
        return await self.door.post(PATH, headers=headers, **sent)


@asynccontextmanager
async def at_door(settings: TeamsSettings = SETTINGS) -> AsyncIterator[AtDoor]:
    async with fake_teams() as teams:
        asked = inbound(settings, metadata_url=teams.metadata_url, issuer=ISSUER)
        desk = Counting()
        app = asgi(routes(Intake(desk.take), asked))
        over = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=over, base_url="http://bookend.example") as door:
            try:
                yield AtDoor(teams=teams, inbound=asked, desk=desk, door=door)
            finally:
                await asked.stop()
