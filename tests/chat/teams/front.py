"""Teams with a desk that says what it is told to, reached by activities signed as Microsoft signs them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.connect import Teams, connect
from bot.core.errors import Refused
from bot.core.messages import Card, Response
from bot.core.places import Place
from bot.core.replies import Address, Command, MessageRef, Reply
from bot.web import asgi
from tests.chat.hours import at_leisure
from tests.chat.played import PlayedDesk
from tests.chat.teams.fake import BOARD, ISSUER, JO, TEAM, FakeTeams, Json, Person, ToDoor, direct, fake_teams
from tests.chat.teams.trial import identity_from, no_places, settings_of


@dataclass
class TeamsDesk(PlayedDesk):
    """Knows which messages are cards of the outbox, and which are answers; says first what is in `then`."""

    cards: frozenset[MessageRef] = frozenset()
    then: list[Response | Exception] = field(default_factory=list)

    def card(self, who: Address, at: MessageRef) -> Card:
        if at not in self.cards:
            raise Refused("This message is not yours to open.")
        return super().card(who, at)

    def _answer(self, what: Reply | Command) -> Response:
        usual = self.says
        self.says = self.then.pop(0) if self.then else usual
        try:
            return super()._answer(what)
        finally:
            self.says = usual


@dataclass(kw_only=True)
class Front:
    """A running bot, the Teams it speaks to, and Jo, who has Bookend in her chat and is in the team."""

    desk: TeamsDesk
    teams: FakeTeams
    connected: Teams
    door: ToDoor
    jo: Person

    async def stands(self, card: Card, to: Address | None = None) -> Json:
        """Let the outbox post a card, and return the message."""
        there = to or Address(platform=PLATFORM, account=JO)
        ref = await self.connected.chat.send(card, there, once="a")
        self.desk.cards |= {ref}
        self.desk.stands = card
        return next(each for each in self.teams.cards(ref.channel) if each["id"] == ref.message)

    def ref(self, message: Json) -> MessageRef:
        """Where a message of Jo's chat stands."""
        return MessageRef(platform=PLATFORM, channel=direct("jo"), message=message["id"])

    def person(self, name: str, **more: object) -> Person:
        """Somebody else with Teams."""
        self.teams.join(name, **more)
        return Person(teams=self.teams, name=name, way=self.door)

    async def settled(self) -> None:
        """Wait for what Bookend does after its answer."""
        await self.connected._errands.finish()


@asynccontextmanager
async def front(desk: TeamsDesk | None = None, *, alone: bool = True) -> AsyncIterator[Front]:
    """Connect a bot, and open its door."""
    async with fake_teams() as teams:
        with identity_from(teams):
            kept, played = no_places(), desk or TeamsDesk()
            told = {"platform": PLATFORM, "service": teams.service}
            kept.keep(Place(name=JO, conversation=direct("jo"), member="29:jo", **told))
            kept.keep(Place(name=BOARD, conversation=BOARD, team=TEAM, **told))
            connected = await connect(
                settings_of(teams.service),
                played,
                asyncio.to_thread,
                kept,
                pace=at_leisure(TeamsLimits()),
                alone=alone,
                metadata_url=teams.metadata_url,
                issuer=ISSUER,
            )
            app = asgi([*connected.routes])
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="https://door.invalid")
            try:
                await connected.start()
                door = ToDoor(door=http, keys=teams.keys)
                jo = Person(teams=teams, name="jo", way=door)
                yield Front(desk=played, teams=teams, connected=connected, door=door, jo=jo)
            finally:
                await http.aclose()
                await connected.stop()
