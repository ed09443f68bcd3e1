"""The part of Bookend that knows people and places, in an invented tenant: it hears whatever people do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.chat.attendance import Attendance
from bot.chat.teams.calling.client import TeamsClient, client
from bot.chat.teams.people.happenings import Happenings
from bot.chat.teams.people.members import Members
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.people.rollcall import Roll
from bot.chat.teams.reaching.normal import activity
from bot.core.people import Clinic, Person, Role
from bot.core.staffing import Look
from bot.service.places import KeptPlaces
from tests.chat.teams.fake import TENANT, Answer, FakeTeams, Json, fake_teams
from tests.chat.teams.fake import Person as Somebody
from tests.chat.teams.trial import no_places, settings_of
from tests.service.clinic import WITH_BOARD, here


def clinic(**people: str) -> Clinic:
    """A clinic of these people, by name and as its file names their accounts."""
    named = {name: person(name, account) for name, account in people.items()}
    return replace(WITH_BOARD, people=named, roster={}, roster_changes={}, on_call={}, channels={})


def person(name: str, account: str) -> Person:
    return Person(id=name, name=name.title(), roles=frozenset([Role.NURSE]), accounts={"teams": account})


def with_channels(there: Clinic, **channels: str) -> Clinic:
    return replace(there, channels={"teams": channels})


@dataclass(kw_only=True)
class Meeting:
    """Bookend in a tenant. It is a way of the fake: what people do is heard, and answered with nothing."""

    teams: FakeTeams
    port: KeptPlaces
    client: TeamsClient
    places: KnownPlaces
    members: Members
    roll: Roll
    attendance: Attendance
    happenings: Happenings
    looks: list[Look] = field(default_factory=list)

    async def deliver(self, said: Json) -> Answer:
        await self.happenings.heard(activity(said))
        return Answer(status=200)

    def person(self, name: str) -> Somebody:
        return Somebody(teams=self.teams, name=name, way=self)

    async def attend(self, clinics: Collection[Clinic]) -> Look:
        """Begin to tell who is there; return the first look."""
        await self.attendance.begin(clinics, self.looks.append)
        return self.looks[-1]


def beside(teams: FakeTeams, port: KeptPlaces) -> Meeting:
    """A program on the same database."""
    asked = client(settings_of(teams.service, identity=False))
    places = KnownPlaces(port, here, own_service=teams.service)
    members = Members(asked, places, tenant=TENANT)
    roll = Roll(members, places)
    attendance = Attendance(members, roll, here)
    return Meeting(
        teams=teams,
        port=port,
        client=asked,
        places=places,
        members=members,
        roll=roll,
        attendance=attendance,
        happenings=Happenings(places, members, attendance),
    )


@asynccontextmanager
async def meeting() -> AsyncIterator[Meeting]:
    """Bookend in an invented tenant, where nobody was met yet."""
    async with fake_teams() as teams:
        teams.strict = False
        met = beside(teams, no_places())
        try:
            yield met
        finally:
            await met.attendance.end()
            await met.client.close()
