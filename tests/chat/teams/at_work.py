"""Riverside in Teams: the real service on SQLite, our own connector, and people whose deeds are signed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.chat.pace import Pace
from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.connect import Teams, connect
from bot.clock import VirtualClock
from bot.core.conditions import Value
from bot.core.errors import Undeliverable
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Role
from bot.core.playbook import Playbook
from bot.core.staffing import Look
from bot.serve import LOST_SIGHT
from bot.service.deliver import Delivery
from bot.service.desk import ClinicDesk
from bot.service.office import ClinicOffice
from bot.service.places import KeptPlaces
from bot.service.tick import tick
from bot.web import asgi
from tests.chat.hours import at_leisure
from tests.chat.teams.fake import BOARD, FakeTeams, Json, Person, ToDoor, Way, account, fake_teams
from tests.chat.teams.trial import identity_from, settings_of
from tests.service.clinic import JO, RIVERSIDE, SAM, here, london
from tests.service.riverside import Riverside

NURSES, ESCALATIONS = "19:nurses@thread.tacv2", "19:escalations@thread.tacv2"
MAIL = "sam@clinic.example"
#: Riverside in Teams; of the nurses Sam is asked first, who is named by e-mail, then Jo.
CLINIC: Clinic = replace(
    RIVERSIDE,
    people={
        name: replace(each, accounts={PLATFORM: MAIL if name == SAM else account(name)})
        for name, each in RIVERSIDE.people.items()
    },
    roster={day: {**duty, Role.NURSE: (SAM, JO)} for day, duty in RIVERSIDE.roster.items()},
    on_call={},
    channels={PLATFORM: {"board": BOARD, "nurse": NURSES, "escalations": ESCALATIONS}},
)


@dataclass
class AtWork:
    """The clinic at work in Teams: time passes, people do things, and eyes look into its conversations."""

    teams: FakeTeams
    riverside: Riverside
    connected: Teams
    door: httpx.AsyncClient
    office: ClinicOffice
    looks: asyncio.Queue[Look] = field(default_factory=asyncio.Queue)

    def __post_init__(self) -> None:
        chats = {PLATFORM: self.connected.chat}
        self.delivery = Delivery(self.office.practice, chats, here, refused=self._refused)
        self.loop = asyncio.get_running_loop()

    def person(self, name: str, way: Way | None = None) -> Person:
        """Somebody on a device of theirs; `way` is another than straight to the door."""
        return Person(teams=self.teams, name=name, way=way or self.way())

    def way(self, **claims: object) -> ToDoor:
        """A way to the door, with a token that says otherwise where that is told."""
        return ToDoor(door=self.door, keys=self.teams.keys, claims=claims)

    async def until(self, wall: str) -> None:
        """Let time pass up to a moment, look by look, and say what is due on the way."""
        while (moment := self.riverside.next_moment()) is not None and moment <= london(wall):
            await self.at(moment)
        await self.at(london(wall))

    async def at(self, moment: datetime) -> None:
        """Let it be so late, unless it is later, and say what is due."""
        self.riverside.clock.advance(max(moment, self.riverside.clock.now()))
        await self.speak()

    async def speak(self) -> None:
        """Ask, and deliver what waits."""
        tick(self.office.practice)
        await self.delivery.all()

    async def after_a_look(self) -> None:
        """Return once Bookend has looked who is there one more time, and said what follows."""
        async with asyncio.timeout(5):
            await self.looks.get()
        await self.speak()

    def take(self, look: Look) -> None:
        self.office.look(look)
        self.loop.call_soon_threadsafe(self.looks.put_nowait, look)

    def stands(self, where: str) -> list[str]:
        """What stands in a conversation, each message with all its words; the oldest first."""
        eyes = self.person(JO)
        return [eyes.reads(each) for each in self.teams.cards(where)]

    def boards(self) -> list[str]:
        """The boards in their channel, the newest last, without the threads under them."""
        eyes = self.person(JO)
        return [eyes.reads(each) for each in self.teams.cards(BOARD) if "thread" not in each]

    def sent(self) -> list[Json]:
        """Everything that Bookend ever posted or edited."""
        return [call.body for call in self.teams.calls if call.what in ("post", "edit")]

    def state(self) -> tuple[Any, ...]:
        """All that an answer may change."""
        return self.riverside.history(), self.riverside.statuses()

    def _refused(self, posting: Posting, trouble: Undeliverable) -> None:
        if trouble.reason in LOST_SIGHT:
            self.connected.look_again(posting.to)


@asynccontextmanager
async def at_work(
    *steps: str,
    clinic: Clinic = CLINIC,
    book: Playbook | None = None,
    paced: bool = False,
    **facts: Value,
) -> AsyncIterator[AtWork]:
    """Open Riverside in Teams, with a case that was booked this Tuesday; everybody has Bookend.

    `paced` keeps to what Teams allows by the clinic's own clock; else nobody waits.
    """
    riverside = Riverside(*steps, clinic=clinic, book=book).book(**facts)
    practice = replace(riverside.practice, platforms=(PLATFORM,))
    office = ClinicOffice(practice=practice, staff=riverside.office.staff)
    async with fake_teams() as teams:
        teams.now = riverside.clock.now
        for name in RIVERSIDE.people:
            teams.join(name)
        for name in (NURSES, ESCALATIONS):
            teams.open_channel(name)
        with identity_from(teams):
            connected = await connect(
                settings_of(teams.service),
                ClinicDesk(practice=practice),
                asyncio.to_thread,
                KeptPlaces(practice=practice),
                pace=in_time(riverside.clock) if paced else at_leisure(TeamsLimits()),
                metadata_url=teams.metadata_url,
            )
            transport = httpx.ASGITransport(app=asgi(connected.routes))
            async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
                on = AtWork(teams, riverside, connected, door, office)
                try:
                    await connected.start()
                    await opened(on)
                    await connected.attend(office.staff.written.values(), on.take)
                    # the first, and one for all that happened before it
                    await on.after_a_look()
                    await on.after_a_look()
                    yield on
                finally:
                    await connected.stop()


def in_time(clock: VirtualClock) -> Pace:
    """The pace of Teams on the clinic's clock: who waits for a turn lets that time pass."""

    async def sleep(seconds: float) -> None:
        clock.advance(clock.now() + timedelta(seconds=seconds))

    return Pace(TeamsLimits(), time=lambda: clock.now().timestamp(), sleep=sleep)


async def opened(on: AtWork) -> None:
    """Let Bookend be put into the team, and into everybody's chat."""
    await on.person(JO).install_in_team()
    for name in RIVERSIDE.people:
        await on.person(name).install()
