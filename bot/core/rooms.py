"""Rooms of a day: who of a role has which room, and whose patient is in it now.

Where two are on duty for a role, a patient's cards of the day must not jump between them: a room is one
person's for the day. The manager says whose on the huddle; a room that nobody gave away goes to whoever has
the fewest cards that day. A case without a room, and a consultation, is a place of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.core.case import Case, Session
from bot.core.people import Clinic, Role

#: How long after its planned end a procedure still counts as running when nobody pressed Finish.
UNPRESSED = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomDuties:
    """Who has which room on a local date: (room, role) -> person."""

    day: date = date.min
    who: Mapping[tuple[str, Role], str] = field(default_factory=dict)

    def person(self, role: Role, case: Case, session: Session, clinic: Clinic) -> str:
        """Return who of a role has the place of a session that day, "" where nobody was named."""
        return self.who.get((self.place(case, session, clinic), role), "") if self.who else ""

    def place(self, case: Case, session: Session, clinic: Clinic) -> str:
        """Name where a session is that day: its room, else the case itself, as at a consultation."""
        there = clinic.calendar.day(session.start) == self.day
        return (session.room if there else "") or case.code

    def given(self, place: str, role: Role, person: str) -> RoomDuties:
        """Return the duties with one room more given away."""
        return replace(self, who={**self.who, (place, role): person})


#: Of a day on which no room was given to anybody.
NO_ROOMS = RoomDuties()


#: How many cards a patient's day has for one role, and how many lists the first on duty has besides.
CARDS, LISTS = 2, 2


def assigned_for_room(
    role: Role, place: str, duties: RoomDuties, on_duty: Sequence[str], load: Mapping[str, int]
) -> str:
    """Return whose a place is: whoever has it, else who of those on duty has the fewest cards; `load` is how
    many sessions of the day each room has.
    """
    kept = duties.who.get((place, role), "")
    if kept in on_duty or not on_duty:
        return kept
    has: Counter[str] = Counter()
    for (room, of), whose in duties.who.items():
        has[whose] += (CARDS * load.get(room, 0) or 1) if of is role else 0
    has[on_duty[0]] += LISTS if has[on_duty[0]] else 0
    return min(on_duty, key=lambda person: has[person])


@dataclass(frozen=True, kw_only=True, slots=True)
class InRoom:
    """A procedure that runs: whose it is, and until when it counts as running if nobody presses Finish."""

    case: str
    session: int
    room: str
    people: frozenset[str]
    until: datetime


def in_room(person: str, running: Iterable[InRoom], now: datetime) -> InRoom | None:
    """Return the procedure in which a person's hands are, the one that ends last."""
    theirs = (each for each in running if person in each.people and each.until > now)
    return max(theirs, key=lambda each: each.until, default=None)
