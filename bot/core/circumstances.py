"""What a playbook reads of one session of a case: its facts, its place in the course, its day, its arrival.

Worked out once; whoever plans, dates and judges a case asks for the same of each of its items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, combinations, product
from math import prod

from bot.core.case import Case, Session
from bot.core.conditions import ALWAYS, Value, Values, holds, names
from bot.core.facts import PREVIOUS
from bot.core.playbook import Arrival, Step
from bot.core.times import Calendar

#: So many ways to read what is disputed are all looked at.
MOST_READINGS = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """A session as a playbook reads it: `facts` are the case's and the session's place in its course, `day`
    is the clinic's, `arrival` is when the patient is planned to come.
    """

    case: Case
    session: Session
    calendar: Calendar
    facts: Values
    day: date
    arrival: datetime

    def readings(self, reader: Step | Arrival) -> Iterable[Values]:
        """Return what its conditions may read: the facts, then every way to take what is disputed."""
        return chain((self.facts,), _disputed(self.case, self.facts, reader))

    def asks(self, step: Step) -> bool:
        """Say whether a step applies, with the facts as they are or may be."""
        if step.when is ALWAYS or holds(step.when, self.facts, self.day):
            return True
        return any(holds(step.when, facts, self.day) for facts in _disputed(self.case, self.facts, step))


def circumstances(case: Case, session: Session, calendar: Calendar, arrives: Arrival) -> Circumstances:
    """Work out what a playbook reads of a session; patients come earlier when something may need its time."""
    facts, day = {**case.facts, **_place(case, session, calendar)}, calendar.day(session.start)
    ways = chain((facts,), _disputed(case, facts, arrives))
    early = max(arrives.before(each, day) for each in ways)
    return Circumstances(
        case=case, session=session, calendar=calendar, facts=facts, day=day, arrival=session.start - early
    )


def _disputed(case: Case, facts: Values, reader: Step | Arrival) -> Iterable[Values]:
    return _otherwise(case, facts, reader) if case.disputed else ()


def _otherwise(case: Case, facts: Values, reader: Step | Arrival) -> Iterator[Values]:
    about = [name for name in case.disputed if name in _read_by(reader)]
    for some in _together({name: len(case.values_of(name)) for name in about}):
        for values in product(*(case.values_of(name) for name in some)):
            reading = {**facts, **dict(zip(some, values, strict=True))}
            if reading != facts:
                yield reading


def _together(ways: Mapping[str, int]) -> Iterable[tuple[str, ...]]:
    # a dozen facts in dispute have more readings than a clinic can wait for: then any two of them at a time
    if prod(ways.values()) <= MOST_READINGS:
        return [tuple(ways)] if ways else []
    return combinations(ways, 2)


def _read_by(reader: Step | Arrival) -> frozenset[str]:
    if isinstance(reader, Arrival):
        return frozenset[str]().union(*(names(when) for _, when in reader.earlier))
    step = reader
    conditions = (each for each in (step.when, step.stops.hard, step.stops.md) if each is not None)
    return frozenset[str]().union(*map(names, conditions), *(field.sets for field in step.ask))


def _place(case: Case, session: Session, calendar: Calendar) -> dict[str, Value]:
    # a cancelled session is no part of the course: those after it move up, and the one before may be the last
    others = [each for each in case.sessions if not each.cancelled and each.number != session.number]
    first = case.facts.get("session_no")
    number = sum(each.number < session.number for each in others) + (
        first if isinstance(first, int | float) else 1
    )
    last = "no" if any(each.number > session.number for each in others) else "yes"
    before = case.before(session)
    return {
        "session_no": float(number),
        "last_session": case.facts.get("last_session", last) if len(case.sessions) == 1 else last,
        PREVIOUS: calendar.day(before.started or before.start) if before else None,
    }
