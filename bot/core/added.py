"""One question more in cases that are booked already, such as about a medicine that is new.

It is kept with the case as somebody wrote it, and becomes a step of its playbook like any other: asked,
answered, judged, and in the way of a gate. Cases keep the version of the playbook they were planned with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core.conditions import ALWAYS, Bounds, Is
from bot.core.errors import Unclear
from bot.core.kinds import Anchor, CardKind, FieldKind, Level, Phase
from bot.core.people import Role
from bot.core.playbook import Due, Field, Playbook, Step, Stops
from bot.core.times import Closed
from bot.core.written import read_time

#: What the ids of such steps begin with; no file may use it.
ADDED = "added."
#: The name of its one field, and what can be answered.
ANSWER, CHOICES = "answer", ("yes", "no")
#: When it is asked where nobody says.
USUAL_DUE = "start - 1 day at 10:00"
#: No question is longer: it must fit on a card.
LONGEST = 150

#: The last gate is so many minutes before the start: what is asked later could stop nobody.
LATEST = 5

_DUE = re.compile(r"start\s*[-–−]\s*(\d{1,3})\s*(days?|weeks?|min|minutes?|hours?|h)(?:\s+at\s+(\S+))?")
_MINUTES = {"m": 1, "h": 60}
_DAYS = {"d": 1, "w": 7}
_CARDS = {
    Role.FRONT_DESK: CardKind.DESK,
    Role.NURSE: CardKind.PREP,
    Role.OPERATOR: CardKind.ROOM,
    Role.PHYSICIAN: CardKind.DOCTOR,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Added:
    """A question as it was asked for: `stops` is the answer that stops ("" is none), by its `level`.

    `first` is the number in its course of the first session in which it is asked.
    """

    key: str
    title: str
    role: Role
    due: str
    by: str
    at: datetime
    level: Level = Level.NONE
    stops: str = ""
    first: int = 1

    @property
    def step(self) -> Step:
        """Return it as a step of a playbook."""
        due = due_of(self.due)
        stop = Is(name=ANSWER, words=(self.stops,)) if self.level is not Level.NONE else None
        usual = next(each for each in CHOICES if each != self.stops) if stop else None
        asked = Field(name=ANSWER, label="Answer", kind=FieldKind.CHOICE, choices=CHOICES, normal=usual)
        return Step(
            id=f"{ADDED}{self.key}",
            phase=Phase.PRE if due.days is not None else Phase.DAY,
            title=self.title,
            why="Asked in every case that was booked when it became known.",
            role=self.role,
            due=due,
            card=_card(self.role, due),
            when=ALWAYS if self.first == 1 else Bounds(name="session_no", at_least=self.first),
            ask=(asked,),
            stops=Stops(
                level=self.level,
                hard=stop if self.level is Level.HARD else None,
                md=stop if self.level is Level.MD else None,
            ),
            ladder="routine" if stop is None else "important" if due.days is not None else "urgent",
        )


def _card(role: Role, due: Due) -> CardKind:
    before_the_day = due.days is not None and role is not Role.FRONT_DESK
    return CardKind.WORKLIST if before_the_day else _CARDS[role]


def due_of(text: str) -> Due:
    """Read "start - 1 day at 10:00" or "start - 15 min"; on a closed day it is asked the open day before."""
    found = _DUE.fullmatch(text.strip().lower())
    if found is None:
        raise Unclear(f"When? Write it like `{USUAL_DUE}` or `start - 30 min`, not {text[:40]!r}.")
    count, unit = int(found[1]), found[2][0]
    if not count:
        raise Unclear(f"That is no time before the start. Write it like `{USUAL_DUE}` or `start - 30 min`.")
    if unit in _MINUTES:
        if count * _MINUTES[unit] < LATEST:
            raise Unclear(f"Patients must be ready {LATEST} minutes before the start: ask by then.")
        return Due(anchor=Anchor.START, minutes=-count * _MINUTES[unit])
    if found[3] is None:
        raise Unclear(f"At what time of day? Write it like `{USUAL_DUE}`.")
    try:
        at = read_time(found[3])
    except ValueError as wrong:
        raise Unclear(str(wrong)) from None
    return Due(anchor=Anchor.START, days=-count * _DAYS[unit], at=at, closed=Closed.PREVIOUS)


def with_added(playbook: Playbook, added: Iterable[Added]) -> Playbook:
    """Return a playbook with what was added to a case; its digest stays that of its text."""
    steps = tuple(each.step for each in added)
    return replace(playbook, steps=(*playbook.steps, *steps)) if steps else playbook


def still_on(until: date | None, today: date) -> bool:
    """Say whether new bookings still get it."""
    return until is None or today <= until
