"""The moments of a case, as a page puts them side by side, and which steps belong to each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import groupby

from bot.core.conditions import ALWAYS, Values
from bot.core.facts import URGENCY, nothing_found
from bot.core.kinds import Anchor, Gate
from bot.core.narrowing import NEVER, Known, known_of, settled
from bot.core.people import Role
from bot.core.playbook import Due, Playbook, Step
from bot.core.sentences import Glossary, condition_words, span
from bot.core.wording import count
from bot.paper.brief import brief_words

#: The roles in the order in which a patient meets them.
ROLES: Mapping[Role, str] = {
    Role.FRONT_DESK: "Front desk",
    Role.NURSE: "Nurse",
    Role.OPERATOR: "Operator",
    Role.PHYSICIAN: "Physician",
}


class Moment(StrEnum):
    """A part of a case between two moments of readiness."""

    BOOKING = "Booking"
    CONSULT = "Consultation"
    WEEKS = "Weeks before"
    DAYS = "Days before"
    EVE = "The day before"
    ARRIVAL = "Arrival"
    START = "Before the start"
    AFTER = "Before going home"
    NEXT_DAYS = "First days after"
    LATER = "Weeks and months after"
    EVENT = "A complication"
    CANCEL = "Cancelled"
    MOVE = "Moved"


#: What is asked only when something happens.
HAPPENING = (Moment.EVENT, Moment.CANCEL, Moment.MOVE)

#: The moments of readiness that lie at the end of a part, each with its time.
GATES: Mapping[Moment, tuple[tuple[Gate, str], ...]] = {
    Moment.WEEKS: ((Gate.WEEK, "7 days, 10:00"),),
    Moment.DAYS: ((Gate.COME, "2 days, 15:00"),),
    Moment.EVE: ((Gate.HUDDLE, ""), (Gate.ARRIVAL, "")),
    Moment.START: ((Gate.START, "5 min before"),),
}

_ONCE: Mapping[Anchor, Moment] = {
    Anchor.BOOKED: Moment.BOOKING,
    Anchor.CONSULT: Moment.CONSULT,
    Anchor.ARRIVE: Moment.ARRIVAL,
    Anchor.EVENT: Moment.EVENT,
    Anchor.CANCEL: Moment.CANCEL,
    Anchor.MOVE: Moment.MOVE,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A step where it is asked; `when` says of whom, empty for everybody, `brief` so in few words."""

    step: Step
    when: str = ""
    brief: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """Steps of one role that are due at the same time."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a case: what each role is asked in it, in the order of time."""

    moment: Moment
    roles: Mapping[Role, tuple[Slot, ...]]

    @property
    def lines(self) -> list[Line]:
        """Return all of its steps, role by role."""
        return [line for slots in self.roles.values() for slot in slots for line in slot.lines]


def parts(playbook: Playbook, known: Glossary, facts: Values | None, start: date) -> tuple[Part, ...]:
    """Return the parts of a case that ask something; with `facts` only what that patient would be asked."""
    lines = [
        Line(step=step, when=condition_words(step.when, known), brief=brief_words(step.when, known))
        if step.when != ALWAYS
        else Line(step=step)
        for step in asked(playbook, facts, start)
    ]
    by_moment = {moment: [line for line in lines if moment_of(line.step.due) is moment] for moment in Moment}
    return tuple(
        Part(moment=moment, roles={role: tuple(_slots(some, role)) for role in ROLES})
        for moment, some in by_moment.items()
        if some
    )


def asked(playbook: Playbook, facts: Values | None, start: date) -> list[Step]:
    """Return the steps that can be asked, without what is settled in their conditions."""
    by_itself = known_of(playbook)
    known = Known(words=by_itself.words, values=_sure(playbook, facts), start=start)
    found = [settled(step, known, by_itself) for step in playbook.steps]
    return [step for step in found if step.when != NEVER]


def _sure(playbook: Playbook, facts: Values | None) -> Values:
    """Return what is sure of a patient: what was given, and of the rest that nothing was found."""
    if facts is None:
        return {}
    # what only something later makes true, a complication or a prescription, is sure of nobody
    now = [fact for fact in playbook.facts.values() if not fact.starts and fact.name != URGENCY]
    return {**nothing_found(now, playbook.narrowed), **facts, "playbook": playbook.id}


def moment_of(due: Due) -> Moment:
    """Return the part of a case in which something is due."""
    if due.anchor in _ONCE:
        return _ONCE[due.anchor]
    if due.days is None:
        before = due.anchor is Anchor.START and due.minutes <= 0
        return Moment.START if before else Moment.AFTER
    last = {-7: Moment.WEEKS, -2: Moment.DAYS, 0: Moment.EVE, 13: Moment.NEXT_DAYS}
    return next((moment for day, moment in last.items() if due.days <= day), Moment.LATER)


def _slots(lines: Iterable[Line], role: Role) -> Iterator[Slot]:
    mine = sorted((line for line in lines if line.step.role is role), key=lambda line: order(line.step.due))
    for _, some in groupby(mine, key=lambda line: order(line.step.due)):
        same = tuple(some)
        yield Slot(label=short_due(same[0].step.due), lines=same)


def order(due: Due) -> tuple[int, time, int]:
    """Return what sorts due moments within a part."""
    return due.days or 0, due.at or time(), due.minutes


_NOW: Mapping[Anchor, str] = {
    Anchor.START: "at the start",
    Anchor.END: "at the end",
    Anchor.ARRIVE: "on arrival",
    Anchor.CONSULT: "at its start",
    Anchor.BOOKED: "at once",
    Anchor.EVENT: "at once",
    Anchor.CANCEL: "at once",
    Anchor.MOVE: "at once",
}
_FROM: Mapping[Anchor, str] = {
    Anchor.START: "start",
    Anchor.END: "the end",
    Anchor.ARRIVE: "arrival",
    Anchor.CONSULT: "its start",
}


def short_due(due: Due) -> str:
    """Return a due moment in few words: "14 days before, 09:00", "15 min before start", "day 7, 10:00"."""
    if due.days is not None:
        at = f", {due.at:%H:%M}" if due.at else ""
        if due.days > 0:
            return f"day {due.days}{at}"
        return (f"{count(-due.days, 'day')} before" if due.days else "the same day") + at
    if not due.minutes:
        return _NOW[due.anchor]
    side = "before" if due.minutes < 0 else "after"
    far = span(abs(due.minutes)).replace("minutes", "min").replace("minute", "min")
    return f"{far} {side} {_FROM[due.anchor]}" if due.anchor in _FROM else f"within {far}"


def tiny_due(due: Due) -> str:
    """Return a due moment as it stands before a line on paper: "−14 d 09:00", "+10 min", or nothing."""
    if due.days is not None:
        at = f" {due.at:%H:%M}" if due.at else ""
        return f"{_signed(due.days)} d{at}"
    hours, rest = divmod(abs(due.minutes), 60)
    if hours and not rest:
        return f"{_signed(due.minutes // 60)} h"
    return f"{_signed(due.minutes)} min" if due.minutes else ""


def _signed(offset: int) -> str:
    return f"{'−' if offset < 0 else '+'}{abs(offset)}"
