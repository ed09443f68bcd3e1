"""The clinic of a seed: its zone and weeks, who works there, its playbooks, and the patients who come."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from bot.core.case import Booking
from bot.core.conditions import Value
from bot.core.kinds import CardKind, Phase
from bot.core.people import Clinic, Duty, Person, Role, Shift
from bot.core.playbook import Playbook, Step
from bot.core.times import Calendar, Closed
from tests.noise.clinic import books

#: Two platforms: one tells whether a message stands there, the other cannot be asked.
ASKED, UNASKED = "slack", "teams"
PLATFORMS = (ASKED, UNASKED)
#: A zone, and a Monday in its year: most weeks have a change of the clocks in their midst.
WEEKS: tuple[tuple[str, date], ...] = (
    ("Europe/London", date(2027, 3, 22)),
    ("Europe/London", date(2027, 10, 25)),
    ("America/Chicago", date(2027, 3, 8)),
    ("America/Chicago", date(2027, 11, 1)),
    ("Australia/Sydney", date(2027, 3, 29)),
    ("Australia/Lord_Howe", date(2027, 9, 27)),
    ("Asia/Kolkata", date(2027, 6, 7)),
    ("Europe/London", date(2027, 2, 15)),
)
#: How many steps of each phase a playbook of the house keeps: enough for each card, few enough to be quick.
KEPT: Mapping[Phase, int] = {
    Phase.BOOKING: 1,
    Phase.CONSULT: 2,
    Phase.PRE: 1,
    Phase.DAY: 2,
    Phase.POST: 1,
    Phase.FOLLOW_UP: 1,
    Phase.EVENT: 2,
    Phase.CANCEL: 1,
    Phase.MOVE: 1,
}
_STAFF: Mapping[str, tuple[Role, ...]] = {
    "fran": (Role.FRONT_DESK,),
    "jo": (Role.NURSE,),
    "sam": (Role.NURSE,),
    "max": (Role.OPERATOR,),
    "ali": (Role.PHYSICIAN, Role.MEDICAL_DIRECTOR),
    "pia": (Role.PHYSICIAN,),
    "kit": (Role.MANAGER,),
}
_FACTS = ("smoker", "hsv_history", "childbearing", "area_face")
ROOMS = ("Room 1", "Room 2")


@dataclass(frozen=True, kw_only=True, slots=True)
class Patient:
    """A case to come: when the desk opens it, and what is booked."""

    code: str
    at: datetime
    booking: Booking


@dataclass(frozen=True, kw_only=True, slots=True)
class House:
    """What a seed made up."""

    clinic: Clinic
    books: tuple[Playbook, ...]
    patients: tuple[Patient, ...]
    begins: datetime
    ends: datetime
    days: int


def drawn(seed: int, days: int, cases: int | None = None) -> House:
    """Make up the house of a seed that is open for so many days; `cases` are those kept of its patients."""
    random = Random(f"{seed} house")
    zone, monday = random.choice(WEEKS)
    calendar = Calendar(zone=ZoneInfo(zone))
    monday += timedelta(days=random.choice((0, 0, 4)))
    kept = tuple(_kept(random, book) for book in random.sample(books(), 3))
    opened = [monday]
    while len(opened) < days:
        opened.append(calendar.open_day(opened[-1] + timedelta(days=1), Closed.NEXT))
    clinic = _clinic(random, calendar, opened)
    patients = tuple(sorted(_patients(random, calendar, kept, opened), key=lambda each: each.at))
    return House(
        clinic=clinic,
        books=kept,
        patients=patients[:cases],
        begins=calendar.instant(opened[0], time(7)),
        ends=calendar.instant(opened[-1], time(19, 30)),
        days=days,
    )


def _kept(random: Random, book: Playbook) -> Playbook:
    chosen: list[Step] = []
    for phase, many in KEPT.items():
        its = [step for step in book.steps if step.phase is phase and not step.shared]
        chosen += random.sample(its, min(many, len(its)))
    gates = [step for step in book.steps if step.card in (CardKind.TIMEOUT, CardKind.CLEARANCE)]
    chosen += [step for step in gates if step not in chosen]
    names = {step.id for step in chosen}
    return _only(book.id, frozenset(names))


@cache
def _only(book_id: str, names: frozenset[str]) -> Playbook:
    book = next(each for each in books() if each.id == book_id)
    steps = tuple(step for step in book.steps if step.id in names)
    digest = hashlib.sha256(" ".join((book.id, *sorted(names))).encode()).hexdigest()
    return replace(book, steps=steps, digest=digest)


def _clinic(random: Random, calendar: Calendar, opened: list[date]) -> Clinic:
    people = {
        id: Person(
            id=id,
            name=f"{id.capitalize()} Sample",
            roles=frozenset(roles),
            accounts={random.choice(PLATFORMS): id},
            quiet=(time(19), time(7)) if random.random() < 0.3 else None,
        )
        for id, roles in _STAFF.items()
    }
    duty = {role: tuple(id for id, roles in _STAFF.items() if role in roles) for role in Role}
    alone = Shift(person="jo", starts=time(8), ends=time(13))
    holes: tuple[Duty, ...] = ({Role.NURSE: ()}, {Role.NURSE: (alone,)}, {Role.PHYSICIAN: ()})
    return Clinic(
        id="harbour",
        title="Harbour",
        calendar=calendar,
        people=people,
        roster=dict.fromkeys(range(5), duty),
        roster_changes={random.choice(opened): random.choice(holes)} if random.random() < 0.5 else {},
        on_call={Role.NURSE: ("jo", "sam"), Role.PHYSICIAN: ("ali", "pia")},
        rooms=dict.fromkeys(ROOMS, ()),
        channels=_channels(random),
    )


def _channels(random: Random) -> dict[str, dict[str, str]]:
    helped = {name: {"escalations": f"help-{name}"} for name in PLATFORMS}
    chosen = random.choice(PLATFORMS)
    return helped | {chosen: helped[chosen] | {"board": f"board-{chosen}"}}


def _patients(
    random: Random, calendar: Calendar, kept: tuple[Playbook, ...], opened: list[date]
) -> Iterator[Patient]:
    numbers: dict[date, int] = defaultdict(int)
    for index, day in enumerate(opened):
        for _ in range(random.randint(2, 4)):
            before = opened[max(0, index - random.randint(0, 4))]
            wall = random.randint(8 * 60, 10 * 60)
            consult = calendar.instant(before, time(wall // 60, wall % 60))
            slot = 11 * 60 + numbers[day] * 75
            start = calendar.instant(day, time(slot // 60, slot % 60))
            numbers[day] += 1
            code = f"Q{opened.index(day):02}{numbers[day]}"
            booking = _booking(random, calendar, random.choice(kept), start, consult, ROOMS[numbers[day] % 2])
            yield Patient(code=code, at=consult, booking=booking)


def _booking(
    random: Random, calendar: Calendar, book: Playbook, start: datetime, consult: datetime, room: str
) -> Booking:
    facts: dict[str, Value] = {"anaesthesia": random.choice(("none", "none", "topical", "injected"))}
    facts |= {name: "yes" if random.random() < 0.1 else "no" for name in _FACTS}
    return Booking(
        playbook=book.id,
        calendar=calendar,
        opened=consult,
        consult=consult + timedelta(minutes=10),
        booked=consult + timedelta(minutes=40),
        starts=(start,),
        minutes=25,
        facts={name: value for name, value in facts.items() if name in book.facts},
        room=room,
    )
