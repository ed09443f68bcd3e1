"""Is this patient ready? Always for a gate, worked out from the tasks and the time, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.core.asking import asked_role
from bot.core.case import Override, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import BEFORE, Gate, Level, Scope
from bot.core.people import Role
from bot.core.stops import Verdict
from bot.core.times import Calendar, Closed


class Ready(StrEnum):
    """What readiness says."""

    #: every hard and md item due by the gate is answered, valid and unblocked
    READY = "ready"
    #: not so, but a second authorised person said go, with a reason
    OVERRIDE = "ready_with_override"
    #: a stop, or such an item is missing
    NOT_READY = "not_ready"


@dataclass(frozen=True, kw_only=True, slots=True)
class Blocker:
    """One thing that stands between a patient and a gate, and the role that owns it."""

    task: Task
    title: str
    level: Level
    role: Role
    verdict: Verdict

    @property
    def stops(self) -> bool:
        """Say whether it is an answer that stops, rather than an answer that is missing."""
        return self.task.status is TaskStatus.BLOCKED


@dataclass(frozen=True, kw_only=True, slots=True)
class Readiness:
    """Whether a session is ready for a gate at `at`, what blocks it, and who said go although.

    `held` says why its device or room must not be used: that is lifted, and nobody's go-ahead covers it.
    """

    gate: Gate
    at: datetime
    state: Ready
    blockers: tuple[Blocker, ...] = ()
    override: Override | None = None
    held: str = ""


def gate_moment(gate: Gate, course: Course, session: Session) -> datetime:
    """Return when a gate of a session is."""
    match gate:
        case Gate.WEEK:
            return _days_before(session, 7, time(10), course.calendar)
        case Gate.COME:
            return _days_before(session, 2, time(15), course.calendar)
        case Gate.HUDDLE:
            day = course.calendar.day(session.start)
            return course.calendar.instant(day, course.calendar.opening(day)[0])
        case Gate.ARRIVAL:
            return course.arrival(session)
        case Gate.START:
            return session.start - timedelta(minutes=5)


def _days_before(session: Session, days: int, at: time, calendar: Calendar) -> datetime:
    wished = calendar.day(session.start) - timedelta(days=days)
    return calendar.instant(calendar.open_day(wished, Closed.PREVIOUS), at)


def readiness(gate: Gate, course: Course, session: Session, overrides: Iterable[Override] = ()) -> Readiness:
    """Say whether a session is ready for a gate, and name everything that blocks it."""
    at = gate_moment(gate, course, session)
    blockers = tuple(_blockers(gate, course, session))
    if session.held:
        return Readiness(gate=gate, at=at, state=Ready.NOT_READY, blockers=blockers, held=session.held)
    mine = [o for o in overrides if (o.session, o.gate) == (session.number, gate.value)]
    override = next((o for o in mine if all(_overridden(each, session, o) for each in blockers)), None)
    if override and blockers:
        return Readiness(gate=gate, at=at, state=Ready.OVERRIDE, blockers=blockers, override=override)
    state = Ready.NOT_READY if blockers else Ready.READY
    return Readiness(gate=gate, at=at, state=state, blockers=blockers)


def _overridden(blocker: Blocker, session: Session, override: Override) -> bool:
    # a hard stop has no override, and what stops, was added or moved since then was not known to them
    hard = blocker.stops and blocker.verdict.level is Level.HARD
    return not hard and cover(blocker, session) in override.covers


def cover(blocker: Blocker, session: Session) -> str:
    """Name what blocks so exactly that another answer, another date or another start is not the same."""
    reasons = "; ".join(blocker.verdict.reasons) if blocker.stops else "no answer"
    return f"{blocker.task.key} {blocker.task.due.isoformat()} {session.start.isoformat()} {reasons}"


def next_gate(course: Course, session: Session, now: datetime) -> Gate:
    """Return the first gate that is still ahead, else the last."""
    return next((gate for gate in Gate if gate_moment(gate, course, session) > now), Gate.START)


def _blockers(gate: Gate, course: Course, session: Session) -> Iterator[Blocker]:
    at = gate_moment(gate, course, session)
    for task in sorted(course.tasks, key=lambda task: (task.due, task.step)):
        step = course.step(task)
        mine = task.session == session.number or step.scope is Scope.COURSE
        counts = mine and step.phase in BEFORE and step.stops.level is not Level.NONE
        reported = mine and step.phase in BEFORE and task.status is TaskStatus.BLOCKED
        # what is late was due before it could be asked: booked or changed at the last minute, it still counts
        by = session.start if task.late and gate is Gate.START else at
        missing = counts and task.due <= by and not _answered(course, task, session)
        if reported or (missing and task.status is not TaskStatus.VOID):
            verdict = course.verdict(task)
            level = verdict.level if verdict.stops else step.stops.level
            yield Blocker(
                task=task, title=step.title, level=level, role=asked_role(task, step), verdict=verdict
            )


def _answered(course: Course, task: Task, session: Session) -> bool:
    # a course item that was renewed for a later session is answered by any of its tasks
    shared = task.session != session.number and not course.step(task).own
    same = (t for t in course.tasks if t.step == task.step) if shared else (task,)
    return any(answered_for(course, each, session) for each in same)


def answered_for(course: Course, task: Task, session: Session) -> bool:
    """Say whether a task's answer stands and is still valid at a session's start."""
    if task.status is not TaskStatus.DONE or task.answer is None:
        return False
    # asked on Friday for Tuesday, an answer is older than its step allows, and could not be younger
    in_time = task.session == session.number and task.answer.at >= task.due
    return not course.too_old(task, session) or (in_time and course.step(task).scope is Scope.SESSION)
