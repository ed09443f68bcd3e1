"""Rooms of a day: who of a role has which room, and whose patient is in it now.

Where two are on duty for a role, a patient's cards of the day must not jump between them: a room is one
person's for the day. The manager says whose on the huddle; a room that nobody gave away goes to whoever has
the fewest patients that day. A case without a room is a room of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.core.case import Case, Session
from bot.core.people import Role

#: How long after its planned end a procedure still counts as running when nobody pressed Finish.
UNPRESSED = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomDuties:
    """Who has which room on a local date: (room, role) -> person."""

    day: date = date.min
    who: Mapping[tuple[str, Role], str] = field(default_factory=dict)

    def person(self, role: Role, case: Case, session: Session) -> str:
        """Return who of a role has the room of a session, "" where nobody was named."""
        return self.who.get((place_of(case, session), role), "")

    def given(self, place: str, role: Role, person: str) -> RoomDuties:
        """Return the duties with one room more given away."""
        return replace(self, who={**self.who, (place, role): person})


def place_of(case: Case, session: Session) -> str:
    """Name where a session is: its room, else the case itself."""
    return session.room or case.code


def assigned_for_room(
    role: Role, place: str, duties: RoomDuties, on_duty: Sequence[str], load: Mapping[str, int]
) -> str:
    """Return whose a room is: whoever has it, else who of those on duty has the fewest patients; `load` is
    how many sessions of the day each place has.
    """
    kept = duties.who.get((place, role), "")
    if kept in on_duty or not on_duty:
        return kept
    has: Counter[str] = Counter()
    for (room, of), whose in duties.who.items():
        has[whose] += load.get(room, 0) if of is role else 0
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
