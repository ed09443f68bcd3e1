"""Riverside in Teams: the real service on SQLite, a connector of our own, and what people do, signed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import httpx

from bot.chat.teams import PLATFORM
from bot.chat.teams.connect import Teams, connect
from bot.core.errors import Undeliverable
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Role
from bot.core.staffing import Look
from bot.serve import LOST_SIGHT
from bot.service.deliver import Delivery
from bot.service.desk import ClinicDesk
from bot.service.office import ClinicOffice
from bot.service.places import KeptPlaces
from bot.service.tick import tick
from bot.web import asgi
from tests.chat.teams.fake import (
    BOARD,
    GENERAL,
    ISSUER,
    Conversation,
    FakeTeams,
    Person,
    ToDoor,
    account,
    content,
    fake_teams,
    words,
)
from tests.chat.teams.trial import at_leisure, identity_from, settings_of
from tests.service.clinic import JO, RIVERSIDE, SAM, here, london
from tests.service.riverside import Riverside

NURSES = "19:nurses@thread.tacv2"
MAIL = "sam@clinic.example"
#: Riverside in Teams; Sam is asked first, and named by e-mail.
CLINIC: Clinic = replace(
    RIVERSIDE,
    people={
        name: replace(each, accounts={PLATFORM: MAIL if name == SAM else account(name)})
        for name, each in RIVERSIDE.people.items()
    },
    roster={day: {**duty, Role.NURSE: (SAM, JO)} for day, duty in RIVERSIDE.roster.items()},
    on_call={},
    channels={PLATFORM: {"board": BOARD, "nurse": NURSES, "escalations": GENERAL}},
)


@dataclass
class InOffice:
    """The clinic at work in Teams: time passes, people do things, and eyes look into its conversations."""

    teams: FakeTeams
    riverside: Riverside
    connected: Teams
    way: ToDoor
    office: ClinicOffice
    looks: asyncio.Queue[Look] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        self.delivery = Delivery(
            self.office.practice, {PLATFORM: self.connected.chat}, here, refused=self._refused
        )
        self.loop = asyncio.get_running_loop()

    def _refused(self, posting: Posting, trouble: Undeliverable) -> None:
        if trouble.reason in LOST_SIGHT:
            self.connected.look_again(posting.to)

    def take(self, look: Look) -> None:
        self.office.look(look)
        self.loop.call_soon_threadsafe(self.looks.put_nowait, look)

    def person(self, name: str) -> Person:
        return Person(teams=self.teams, name=name, way=self.way)

    async def until(self, wall: str) -> None:
        """Let time pass up to a moment, look by look, and say what is due on the way."""
        while (moment := self.riverside.next_moment()) is not None and moment <= london(wall):
            self.riverside.clock.advance(max(moment, self.riverside.clock.now()))
            await self.speak()
        self.riverside.clock.advance(london(wall))
        await self.speak()

    async def speak(self) -> None:
        tick(self.office.practice)
        await self.delivery.all()

    async def after_a_look(self) -> None:
        """Return once Bookend has looked who is there, and said what follows."""
        async with asyncio.timeout(5):
            await self.looks.get()
        await self.speak()

    def stands(self, where: str) -> list[str]:
        """What stands in somebody's conversation or a channel, each with all its words; the oldest first."""
        return ["\n".join(words(content(each))) for each in self.teams.cards(where)]


@asynccontextmanager
async def in_office(*steps: str, clinic: Clinic = CLINIC) -> AsyncIterator[InOffice]:
    """Open Riverside in Teams, with a case that was booked this Tuesday; everybody has opened Bookend."""
    riverside = Riverside(*steps, clinic=clinic).book()
    practice = replace(riverside.practice, platforms=(PLATFORM,))
    office = ClinicOffice(practice=practice, staff=riverside.office.staff)
    async with fake_teams() as teams:
        teams.conversations[NURSES] = Conversation(id=NURSES, name="nurses", team=GENERAL)
        for name in RIVERSIDE.people:
            teams.join(name)
        with identity_from(teams):
            connected = await connect(
                settings_of(teams),
                ClinicDesk(practice=practice),
                asyncio.to_thread,
                KeptPlaces(practice=practice),
                pace=at_leisure(),
                metadata_url=teams.metadata_url,
                issuer=ISSUER,
            )
            http = httpx.AsyncClient(
                transport=httpx.ASGITransport(app=asgi([*connected.routes])), base_url="https://door.invalid"
            )
            try:
                await connected.start()
                way = ToDoor(door=http, keys=teams.keys)
                at_work = InOffice(teams, riverside, connected, way, office)
                for name in RIVERSIDE.people:
                    await at_work.person(name).install()
                await at_work.person(SAM).install_in_team()
                await connected.attend(office.staff.written.values(), at_work.take)
                # the first, and one for all that happened before it
                await at_work.after_a_look()
                await at_work.after_a_look()
                yield at_work
            finally:
                await http.aclose()
                await connected.stop()
