"""Two invented clinics of the same house: one person per role, and a day of bookings over all playbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from bot.clock import VirtualClock
from bot.core.case import Booking
from bot.core.conditions import Value
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Playbook
from bot.core.times import Calendar, Closed
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks
from bot.ports import Store
from bot.service.practice import Practice
from tests.service.clinic import Shelf
from tests.service.workspace import PLATFORM

CALENDAR = Calendar(zone=ZoneInfo("Europe/London"))
#: A Wednesday in the middle of nowhere: no holiday and no change of the clocks is near.
DAY = date(2027, 2, 17)
#: A patient comes every half hour, to one room and the other in turn.
FIRST, EVERY, MINUTES = time(8, 45), timedelta(minutes=30), 25
ROOMS = ("Room 1", "Room 2")
STAFF: Mapping[str, tuple[str, tuple[Role, ...]]] = {
    "fran": ("Fran Draft", (Role.FRONT_DESK,)),
    "jo": ("Jo Sample", (Role.NURSE,)),
    "max": ("Max Model", (Role.OPERATOR,)),
    "ali": ("Dr Ali", (Role.PHYSICIAN, Role.MEDICAL_DIRECTOR)),
    "kit": ("Kit Pattern", (Role.MANAGER,)),
}
SECOND_NURSE: Mapping[str, tuple[str, tuple[Role, ...]]] = {"sam": ("Sam Specimen", (Role.NURSE,))}
#: How many cases have their procedure so many working days from the day.
AROUND: Mapping[int, int] = {-10: 4, -5: 4, -3: 4, -1: 4, 2: 18, 5: 4, 10: 4}


def clinic(staff: Mapping[str, tuple[str, tuple[Role, ...]]] = STAFF) -> Clinic:
    """Return a clinic in which these people are on duty every working day."""
    people = {
        id: Person(id=id, name=name, roles=frozenset(roles), accounts={PLATFORM: id})
        for id, (name, roles) in staff.items()
    }
    duty = {role: tuple(id for id, (_, roles) in staff.items() if role in roles) for role in Role}
    return Clinic(
        id="harbour",
        title="Harbour",
        calendar=CALENDAR,
        people=people,
        roster=dict.fromkeys(range(5), duty),
        on_call={Role.NURSE: duty[Role.NURSE], Role.PHYSICIAN: duty[Role.PHYSICIAN]},
        rooms=dict.fromkeys(ROOMS, ()),
    )


@cache
def books() -> tuple[Playbook, ...]:
    """Return the seven shipped playbooks."""
    return tuple(load_playbooks(shipped_playbooks()).values())


def practice(store: Store, clock: VirtualClock, clinic: Clinic) -> Practice:
    """Return an installation of one clinic, whose playbooks need no signature."""
    return Practice(
        store=store,
        shelf=Shelf(books()),
        clock=clock,
        clinics={clinic.id: clinic},
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )


def at(day: date, wall: time) -> datetime:
    """Return a wall time of the clinic."""
    return CALENDAR.instant(day, wall)


def working_day(days: int) -> date:
    """Return the working day that is so many working days from the day."""
    day, step = DAY, timedelta(days=1 if days > 0 else -1)
    for _ in range(abs(days)):
        day = CALENDAR.open_day(day + step, Closed.NEXT if days > 0 else Closed.PREVIOUS)
    return day


@dataclass(slots=True)
class Bookings:
    """Bookings that nobody made: every playbook in turn, patients as they come."""

    random: Random
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(100, 999)))

    def code(self) -> str:
        """Return a case code that no other has."""
        return f"Q{next(self.numbers)}"

    def booking(self, playbook: Playbook, start: datetime, consult: datetime, room: str) -> Booking:
        """Return a booking of a patient who was seen some time before."""
        return Booking(
            playbook=playbook.id,
            calendar=CALENDAR,
            opened=consult - timedelta(minutes=15),
            consult=consult,
            booked=consult + timedelta(minutes=45),
            starts=(start,),
            minutes=MINUTES,
            facts=self._facts(playbook),
            room=room,
        )

    def _facts(self, playbook: Playbook) -> dict[str, Value]:
        facts: dict[str, Value] = {"anaesthesia": self.random.choice(["none", "topical", "none", "injected"])}
        for name in ("smoker", "hsv_history", "childbearing", "area_face"):
            facts[name] = "yes" if self.random.random() < 0.1 else "no"
        return {name: value for name, value in facts.items() if name in playbook.facts}
