"""A fleet hold: a device or a room that must not be used; every session on it waits until it is released.

A hold is lifted, never overridden. A session whose room has the device and others besides may be on it: it is
held, too. One of which neither room nor device is known is not held, and whoever holds is told of it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core import wording
from bot.core.case import Case, Session
from bot.core.instants import own
from bot.core.people import Clinic


def typed_name(text: str) -> str:
    """Return a name as a keyboard has it: nobody can type the small 2 of CO₂."""
    return unicodedata.normalize("NFKC", text)


class On(StrEnum):
    """What is held."""

    #: a device, in whatever room it stands
    DEVICE = "device"
    #: a room with all that is in it
    ROOM = "room"


class Hit(StrEnum):
    """Whether a hold is about a session."""

    #: it is on that device, or in that room
    SURE = "sure"
    #: its room has the device and others: nobody said which
    MAYBE = "maybe"
    #: nobody said in which room or on which device it is
    UNKNOWN = "unknown"
    #: it is on another
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """A device or a room by its name in the clinic's file."""

    on: On
    name: str

    @property
    def called(self) -> str:
        """Return its name as people say it."""
        return wording.room_name(self.name) if self.on is On.ROOM else self.name

    def hits(self, session: Session, clinic: Clinic) -> Hit:
        """Say whether a session is on this device or in this room."""
        if self.on is On.ROOM:
            return _known(session.room, self.name)
        devices = clinic.rooms.get(session.room, ())
        if session.device or not session.room:
            return _known(session.device, self.name)
        if not any(_same(self.name, each) for each in devices):
            return Hit.NONE
        return Hit.SURE if len(devices) == 1 else Hit.MAYBE


def _known(said: str, wanted: str) -> Hit:
    if not said:
        return Hit.UNKNOWN
    return Hit.SURE if _same(said, wanted) else Hit.NONE


def _same(one: str, other: str) -> bool:
    # where the clinic's file lists no devices, each booking was typed by somebody
    return typed_name(one).casefold() == typed_name(other).casefold()


@dataclass(frozen=True, kw_only=True, slots=True)
class Hold:
    """A hold that stands: `key` names it for ever, `by` is who put it on."""

    key: str
    thing: Thing
    reason: str
    by: str
    at: datetime

    def stops(self, session: Session, clinic: Clinic) -> bool:
        """Say whether a session that is still to come waits for this to be released."""
        held_by_then = clinic.calendar.day(self.at) <= clinic.calendar.day(session.start)
        on_it = self.thing.hits(session, clinic) in (Hit.SURE, Hit.MAYBE)
        return can_wait(session) and held_by_then and on_it

    def words(self, day: datetime, clinic: Clinic) -> str:
        """Return "Laser B, fault reported 08:10" as it is read on the day of a session."""
        return f"{self.thing.called}, {own(self.reason)} {wording.when(self.at, day, clinic.calendar)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """A session that a hold is about, with its case."""

    case: Case
    session: Session
    hit: Hit

    @property
    def key(self) -> str:
        """Name the session."""
        return f"{self.case.code}:{self.session.number}"


def can_wait(session: Session) -> bool:
    """Say whether a session has not begun: nothing is held that is on the table already."""
    return not (session.started or session.finished or session.cancelled)


def affected(thing: Thing, cases: Iterable[Case], clinic: Clinic, now: datetime) -> tuple[Affected, ...]:
    """Return the sessions still to come that a hold is about, or may be, by their start."""
    found = [
        Affected(case=case, session=session, hit=hit)
        for case in cases
        for session in case.sessions
        if can_wait(session) and clinic.calendar.day(session.start) >= clinic.calendar.day(now)
        if (hit := thing.hits(session, clinic)) is not Hit.NONE
    ]
    return tuple(sorted(found, key=lambda each: (each.session.start, each.key)))


def running(thing: Thing, cases: Iterable[Case], clinic: Clinic) -> tuple[Case, ...]:
    """Return the cases that are on it at this moment: somebody must tell the room."""
    return tuple(
        case
        for case in cases
        for session in case.sessions
        if session.started and not session.finished and not session.cancelled
        if thing.hits(session, clinic) in (Hit.SURE, Hit.MAYBE)
    )


def held(case: Case, holds: Sequence[Hold], clinic: Clinic) -> Case:
    """Return a case whose sessions say which of these holds stop them, and no other."""
    sessions = tuple(
        replace(each, held=why) if (why := _why(each, holds, clinic)) != each.held else each
        for each in case.sessions
    )
    return case if sessions == case.sessions else replace(case, sessions=sessions)


def _why(session: Session, holds: Sequence[Hold], clinic: Clinic) -> str:
    return "; ".join(each.words(session.start, clinic) for each in holds if each.stops(session, clinic))


def by_day(found: Iterable[Affected], clinic: Clinic) -> Iterator[str]:
    """Yield a line for each day: "Tue 16 Feb (3): 09:30 K7Q2, 11:00 M4XD (maybe)"."""
    days: dict[str, list[Affected]] = {}
    for each in found:
        days.setdefault(wording.day_words(clinic.calendar.day(each.session.start)), []).append(each)
    for day, its in days.items():
        yield f"{day} ({len(its)}): {', '.join(_short(each, clinic) for each in its)}"


def _short(each: Affected, clinic: Clinic) -> str:
    maybe = " (maybe)" if each.hit is Hit.MAYBE else ""
    return f"{wording.clock(each.session.start, clinic.calendar)} {each.case.code}{maybe}"


def things(clinic: Clinic, cases: Iterable[Case]) -> tuple[Thing, ...]:
    """Return every device and room that a clinic's file or a booking names."""
    sessions = [session for case in cases for session in case.sessions]
    devices = [*(device for its in clinic.rooms.values() for device in its), *(s.device for s in sessions)]
    rooms = [*clinic.rooms, *(session.room for session in sessions)]
    return (
        *(Thing(on=On.DEVICE, name=name) for name in dict.fromkeys(devices) if name),
        *(Thing(on=On.ROOM, name=name) for name in dict.fromkeys(rooms) if name),
    )
