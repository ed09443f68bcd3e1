"""A rehearsal script: a booking and what people do with it, line by line; a case can be exported as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.case import Booking, Choice, Moment, Outcome
from bot.core.conditions import Value, Values
from bot.core.people import Role

#: The invented staff of every rehearsal.
CAST: Mapping[str, Role] = {
    "desk": Role.FRONT_DESK,
    "desk2": Role.FRONT_DESK,
    "nurse": Role.NURSE,
    "nurse2": Role.NURSE,
    "operator": Role.OPERATOR,
    "operator2": Role.OPERATOR,
    "physician": Role.PHYSICIAN,
    "physician2": Role.PHYSICIAN,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerWhenDue:
    """Everything due up to and with `until` is answered normally at its due time, by its role."""

    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Nothing:
    """Time passes up to `until`, and nobody answers."""

    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Somebody of the task's role answers, or whom `by` names of the cast. `task` is a step id; `session`
    None is the next one.
    """

    at: datetime
    task: str
    session: int | None = None
    occurrence: int = 1
    values: Values = field(default_factory=dict)
    outcome: Outcome = Outcome.CONFIRMED
    note: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Amend:
    """Somebody of the task's role corrects what was answered; the rest as in `Answer`."""

    at: datetime
    task: str
    session: int | None = None
    occurrence: int = 1
    values: Values = field(default_factory=dict)
    outcome: Outcome = Outcome.CONFIRMED
    note: str = ""
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decide:
    """A physician decides on a stop. `task` and `session` as in `Answer`."""

    at: datetime
    task: str
    session: int | None = None
    occurrence: int = 1
    choice: Choice
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Undo:
    """Whoever answered takes it back, within ten minutes. `task` and `session` as in `Answer`."""

    at: datetime
    task: str
    session: int | None = None
    occurrence: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class SetFact:
    """Something else is known of the patient from now on; a physician says so unless `by` names another."""

    at: datetime
    fact: str
    value: Value
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """A session is moved to `start`; `session` None is the next one."""

    at: datetime
    start: datetime
    session: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AddSession:
    """One more session is planned, after the last one."""

    at: datetime
    start: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Cancel:
    """A session is cancelled, or the whole case where `session` is None."""

    at: datetime
    reason: str = ""
    session: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A complication is reported; `session` None is the last one that was started."""

    at: datetime
    urgency: str
    symptoms: tuple[str, ...] = ()
    note: str = ""
    session: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A real moment is pressed: Arrived, Started or Finish."""

    at: datetime
    moment: Moment
    session: int | None = None


ScriptLine = (AnswerWhenDue | Nothing | Answer | Amend | Decide | Undo) | (
    SetFact | Move | AddSession | Cancel | Event | Mark
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """What `rehearse` plays: the lines stand in the order of time."""

    booking: Booking
    lines: tuple[ScriptLine, ...] = ()


def moment_of(line: ScriptLine) -> datetime:
    """Return when a line happens, or up to when it lasts."""
    return line.until if isinstance(line, AnswerWhenDue | Nothing) else line.at
