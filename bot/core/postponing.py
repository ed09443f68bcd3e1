"""A session that a physician put off: the front desk is asked for a new date, and its items wait.

It is put off while a stop before it stands that was decided with "postpone". What a course asks once puts off
the first session that is still to come. A new date, or the stop taken back, asks for everything again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.case import Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import BEFORE, Phase, Scope
from bot.core.lifecycle import Change, turned
from bot.core.playbook import NEW_DATE

#: What waits with it.
WAITS = frozenset({Phase.PRE, Phase.DAY, Phase.POST, Phase.FOLLOW_UP})


def puts_off(course: Course, task: Task) -> int:
    """Return the number of the session that a task's stop has put off, 0 for none."""
    step = course.step(task)
    if not (task.status is TaskStatus.BLOCKED and task.postponed and step.phase in BEFORE) or step.own:
        return 0
    if step.scope is Scope.SESSION:
        return task.session if _to_come(course.case.session(task.session)) else 0
    ahead = (each.number for each in course.case.sessions if _to_come(each) and each.number >= task.session)
    return min(ahead, default=0)


def _to_come(session: Session) -> bool:
    return not (session.cancelled or session.started or session.finished)


def put_off(course: Course) -> frozenset[int]:
    """Return the numbers of the sessions that wait for a new date."""
    return frozenset(puts_off(course, task) for task in course.tasks if task.postponed) - {0}


def waits_for_date(course: Course, task: Task) -> bool:
    """Say whether nobody is asked for a task before its session has a new date."""
    step = course.step(task)
    belongs = task.status is TaskStatus.OPEN and step.phase in WAITS and not step.own
    return belongs and task.session in put_off(course)


def waits_for_release(course: Course, task: Task) -> bool:
    """Say whether nobody is asked for a gate because what its session needs must not be used."""
    held = bool(course.case.session(task.session).held) and task.status is TaskStatus.OPEN
    return held and bool(course.step(task).gate)


def must_wait(course: Course, task: Task) -> bool:
    """Say whether nobody is asked for an open task, whatever its time."""
    return waits_for_date(course, task) or waits_for_release(course, task)


def waiting(course: Course, *, now: datetime) -> Iterator[Task]:
    """Yield what changes when sessions are put off or have their date: who is asked for it, what waits."""
    numbers = put_off(course)
    dates = [task for task in course.tasks if task.step == NEW_DATE.id]
    for task in dates:
        if task.status is TaskStatus.OPEN and task.session not in numbers:
            yield turned(task, Change.LEFT, now=now)
    for number in sorted(numbers):
        its = [task for task in dates if task.session == number]
        if not any(task.waits for task in its):
            session = course.case.session(number)
            yield course.planned(NEW_DATE, session, floor=now, anchored=now, occurrence=len(its) + 1)
    for task in course.tasks:
        if task.status is TaskStatus.OPEN and task.step != NEW_DATE.id:
            yield from _silent_or_not(course, task, waits=task.session in numbers)
        elif task.status is TaskStatus.BLOCKED and not task.postponed:
            yield from _past_deciding_or_not(course, task, now=now)


def is_over(course: Course, task: Task) -> bool:
    """Say whether the procedure that a task was asked before is over: there is nothing left to decide."""
    step, sessions = course.step(task), course.case.sessions
    if step.phase not in BEFORE:
        return False
    if step.scope is Scope.COURSE:
        return all(each.finished or each.cancelled for each in sessions)
    return course.case.session(task.session).finished is not None


def _past_deciding_or_not(course: Course, task: Task, *, now: datetime) -> Iterator[Task]:
    # the stop stays as it was; a later session of the course puts it to the physician again
    if is_over(course, task):
        if task.rung and task.next_prompt_at:
            yield replace(task, next_prompt_at=None)
    elif task.next_prompt_at is None and not course.case.shadow:
        yield replace(task, asking=task.asking + 1, rung=0, next_prompt_at=now)


def _silent_or_not(course: Course, task: Task, *, waits: bool) -> Iterator[Task]:
    step = course.step(task)
    silent = task.next_prompt_at is None
    if (waits and step.phase in WAITS and not step.own) or waits_for_release(course, task):
        if not silent:
            yield replace(task, next_prompt_at=None)
    elif silent and not course.case.shadow:
        asking = task.asking + 1 if task.rung else task.asking
        yield replace(task, asking=asking, rung=0, next_prompt_at=task.due)
