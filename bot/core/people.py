"""Who works in a clinic, and what the clinic is: people, roles, rooms, channels, ladders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.core.conditions import Values
from bot.core.errors import NotFound
from bot.core.keeping import Keep
from bot.core.times import Calendar


class Role(StrEnum):
    """What a person may answer and decide."""

    #: books, confirms, receives and checks out the patient
    FRONT_DESK = "front_desk"
    #: nurse or medical assistant
    NURSE = "nurse"
    #: operates the device and holds its safety duties
    OPERATOR = "operator"
    #: consults, prescribes, decides on stops
    PHYSICIAN = "physician"
    #: watches the board and is told when something slips
    MANAGER = "manager"
    #: owns and signs the playbooks
    MEDICAL_DIRECTOR = "medical_director"


#: Whom a step can ask; a manager and a medical director answer none.
ASKED_ROLES = (Role.FRONT_DESK, Role.NURSE, Role.OPERATOR, Role.PHYSICIAN)
#: Who decides on stops, overrides, manages or signs: a group of a platform makes nobody one of them, unless
#: the clinic's file says so.
DECIDING_ROLES = (Role.PHYSICIAN, Role.MANAGER, Role.MEDICAL_DIRECTOR)

#: Minutes after asking: reminders, and last the moment the role's lead or the manager is told.
LADDERS: Mapping[str, tuple[int, ...]] = {
    "routine": (120, 240),
    "important": (30, 60, 90),
    "urgent": (5, 10, 15),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A member of staff; `accounts` maps a platform ("slack", "teams", "local") to their id there, in a file
    also to their e-mail address (`core.staffing`).

    `hours` are theirs on every day for which the roster names none. `zone` is for whoever lives in another
    than the clinic's: their quiet hours are in it. Shifts are in the clinic's, and so are the times that they
    are shown, but where a platform knows its reader's own zone.
    """

    id: str
    name: str
    roles: frozenset[Role]
    accounts: Mapping[str, str] = field(default_factory=dict)
    quiet: tuple[time, time] | None = None
    hours: tuple[time, time] | None = None
    zone: ZoneInfo | None = None

    def may(self, *roles: Role) -> bool:
        """Say whether the person holds any of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shift:
    """Whom a roster names, from when until when by the clinic's wall time; the end is no longer of it."""

    person: str
    starts: time
    ends: time


#: Who works: by role, the first of a list is asked first; a name alone works their own or the opening hours.
Duty = Mapping[Role, tuple[str | Shift, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """One clinic as its `clinic.yaml` says; `channels` is platform -> {"board": id, "escalations": id}, and
    the channel of a role under its name. `groups` is platform -> role -> the group whose members have it.

    `roster` maps a weekday (0 is Monday) to who works on it while the clinic is open that day;
    `roster_changes` does so for single dates, open or not, and only for the roles it names; `on_call` is
    role -> person ids. What starts before `go_live` stays on paper. `defaults` are playbook -> what is usual
    of its facts here. `overlays` are the files with its own changes of the playbooks; `huddle` is when the
    channel's message of the day is posted, `None` for a quarter of an hour before opening. `names_on` are the
    platforms that may show whom a code stands for (`privacy: full`); nowhere else does a name enter chat.
    `sheet` is when the next day's paper sheet is made, `None` for closing time.
    """

    id: str
    title: str
    calendar: Calendar
    people: Mapping[str, Person]
    roster: Mapping[int, Duty] = field(default_factory=dict)
    roster_changes: Mapping[date, Duty] = field(default_factory=dict)
    on_call: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    rooms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    groups: Mapping[str, Mapping[Role, str]] = field(default_factory=dict)
    ladders: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    names_on: frozenset[str] = frozenset()
    go_live: date | None = None
    playbooks: tuple[str, ...] = ()
    defaults: Mapping[str, Values] = field(default_factory=dict)
    overlays: tuple[str, ...] = ()
    huddle: time | None = None
    sheet: time | None = None
    keep: Keep = field(default_factory=Keep)
    _shifts: dict[tuple[Role, date], tuple[Shift, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def person(self, person_id: str) -> Person:
        """Return the person, or say which names are near."""
        try:
            return self.people[person_id]
        except KeyError:
            raise NotFound("person", person_id, self.people) from None

    def account(self, platform: str, account: str) -> Person | None:
        """Return whose account on a platform this is, if anybody's."""
        return next((p for p in self.people.values() if p.accounts.get(platform) == account), None)

    def shifts(self, role: Role, day: date) -> tuple[Shift, ...]:
        """Return who works in a role on a local date and from when until when, in the roster's order."""
        found = self._shifts.get((role, day))
        if found is None:
            # a board asks a thousand times who works today
            found = self._shifts[role, day] = self._roster_of(role, day)
        return found

    def _roster_of(self, role: Role, day: date) -> tuple[Shift, ...]:
        usual = self.roster.get(day.weekday(), {}) if self.calendar.is_open(day) else {}
        named = self.roster_changes.get(day, {}).get(role, usual.get(role, ()))
        return tuple(each if isinstance(each, Shift) else self._shift(each, day) for each in named)

    def _shift(self, name: str, day: date) -> Shift:
        person = self.people.get(name)
        starts, ends = (person.hours if person else None) or self.calendar.opening(day)
        return Shift(person=name, starts=starts, ends=ends)

    def rostered(self, role: Role, day: date) -> tuple[str, ...]:
        """Return who works in a role at any time of a local date, each once, in the roster's order."""
        return tuple(dict.fromkeys(shift.person for shift in self.shifts(role, day)))

    def on_duty(self, role: Role, moment: datetime) -> tuple[str, ...]:
        """Return who works in a role at that very moment, in the roster's order."""
        here = self.calendar.local(moment)
        now = here.time()
        found = (each.person for each in self.shifts(role, here.date()) if each.starts <= now < each.ends)
        return tuple(dict.fromkeys(found))

    def zone_of(self, person_id: str) -> ZoneInfo:
        """Return in which zone a person lives: the clinic's, where they name no other."""
        person = self.people.get(person_id)
        return (person.zone if person else None) or self.calendar.zone
