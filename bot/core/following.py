"""What follows when facts or dates are no longer what they were: items come, leave, return, are judged again.

A cancelled session asks nothing more, except what came with the cancelling or after it, and what the course
still needs for its other sessions.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.case import Session, Task, TaskStatus
from bot.core.contradictions import settled_anew
from bot.core.course import Course
from bot.core.kinds import Anchor, Phase, Scope
from bot.core.lifecycle import Change, turned
from bot.core.plan import HAPPENING, due_of, planned_for
from bot.core.playbook import Step
from bot.core.postponing import waiting


def refreshed(course: Course, *, now: datetime) -> Course:
    """Add what now applies, let go what no longer does, redate arrivals, and judge every answer again."""
    course = course.with_tasks(_conditional(course, now=now))
    course = course.with_tasks(settled_anew(course, now=now))
    course = course.with_tasks(_arrivals(course))
    course = course.with_tasks(_rejudged(course, now=now))
    return course.with_tasks(waiting(course, now=now))


def over(course: Course, session: Session, step: Step, since: datetime | None = None) -> bool:
    """Say whether a step went with its cancelled session; `since` is the moment of its event or move."""
    if session.cancelled is None or step.phase is Phase.CANCEL:
        return False
    if step.scope is Scope.COURSE and course.case.cancelled is None:
        return False
    return since is None or since <= session.cancelled


def _conditional(course: Course, *, now: datetime) -> Iterator[Task]:
    known = {(task.step, task.session) for task in course.tasks if task.occurrence == 1}
    happened = any(task.anchored for task in course.tasks)
    for session in course.case.sessions:
        yield from _planned(course, session, known, floor=now)
        for phase in HAPPENING if happened else ():
            for task in _since_then(course, phase, session, floor=now):
                if task.key not in course.by_key:
                    yield task
    for task in course.tasks:
        if task.waits or task.status is TaskStatus.VOID:
            yield from _kept_or_left(course, task, now=now)


def _planned(
    course: Course, session: Session, known: Container[tuple[str, int]], *, floor: datetime
) -> Iterator[Task]:
    for step in course.playbook.steps:
        if (step.id, session.number) in known:
            continue
        asked = planned_for(step, course.case, session) and not over(course, session, step)
        if asked and course.applies(step, session):
            yield course.planned(step, session, floor=floor)


def _since_then(course: Course, phase: Phase, session: Session, *, floor: datetime) -> Iterator[Task]:
    last = latest(course, phase, session)
    if last and last.anchored and not _superseded(course, last):
        for task in tasks_of(
            course, phase, session, anchored=last.anchored, occurrence=last.occurrence, floor=floor
        ):
            if not over(course, session, course.step(task), task.anchored):
                yield task


def latest(course: Course, phase: Phase, session: Session) -> Task | None:
    """Return a task of the last event, cancel or move of a session, if there was one."""
    of_phase = [t for t in course.tasks if t.session == session.number and course.step(t).phase is phase]
    return max(of_phase, key=lambda task: task.occurrence, default=None)


def _superseded(course: Course, task: Task) -> bool:
    # an older event keeps its items whatever the newest one is about, be it in another session
    phase = course.step(task).phase
    if task.anchored is None or phase not in HAPPENING:
        return False
    return any(
        (other.anchored, other.occurrence) > (task.anchored, task.occurrence)
        for other in course.tasks
        if other.anchored and course.step(other).phase is phase
        if phase is Phase.EVENT or other.session == task.session
    )


def tasks_of(
    course: Course,
    phase: Phase,
    session: Session,
    *,
    anchored: datetime,
    occurrence: int,
    floor: datetime,
) -> Iterator[Task]:
    """Yield the tasks that an event, cancel or move at `anchored` asks for, with the facts as they are."""
    for step in course.playbook.steps:
        if step.phase is phase and course.applies(step, session):
            yield course.planned(step, session, floor=floor, anchored=anchored, occurrence=occurrence)


def _kept_or_left(course: Course, task: Task, *, now: datetime) -> Iterator[Task]:
    session = course.case.session(task.session)
    step = course.step(task)
    if step.own or over(course, session, step, task.anchored) or _superseded(course, task):
        return
    holds = course.applies(step, session)
    if task.waits and not holds:
        yield turned(task, Change.LEFT, now=now)
    elif task.status is TaskStatus.VOID and holds:
        back = replace(turned(task, Change.RETURNED, now=now), answer=None, first=None, decision=None)
        yield dated(course, back, session, floor=now)


def _arrivals(course: Course) -> Iterator[Task]:
    for task in course.tasks:
        if task.status is TaskStatus.OPEN and course.step(task).due.anchor is Anchor.ARRIVE:
            arrives = dated(course, task, course.case.session(task.session), floor=task.floor)
            if arrives is not task:
                yield arrives


def _rejudged(course: Course, *, now: datetime) -> Iterator[Task]:
    for task in course.tasks:
        if task.answer is None or task.status not in (TaskStatus.DONE, TaskStatus.BLOCKED):
            continue
        stops = course.verdict(task).stops
        if stops is (task.status is TaskStatus.BLOCKED):
            continue
        session, step = course.case.session(task.session), course.step(task)
        # an answer to what no longer applies stops nothing
        if over(course, session, step, task.anchored) or not course.applies(step, session):
            continue
        if stops:
            yield turned(task, Change.STOPPED, now=now)
        else:
            # what was put off because of it is put off no longer
            standing = None if task.postponed else task.decision
            yield replace(turned(task, Change.CLEARED, now=now), decision=standing)


def dated(course: Course, task: Task, session: Session, *, floor: datetime) -> Task:
    """Return an open task due by the rules; once something was said, a new date is a new round of asking."""
    found = course.circumstances(session)
    due, late, on_call = due_of(course.step(task), found, floor=floor, anchored=task.anchored)
    if (due, late, on_call) == (task.due, task.late, task.on_call):
        # what a real moment released, or lets wait, stays so
        if task.rung or (task.floor == floor and task.next_prompt_at):
            return task
        return replace(task, floor=floor, next_prompt_at=task.next_prompt_at or due)
    asking = task.asking + 1 if task.rung else task.asking
    return replace(
        task, due=due, late=late, on_call=on_call, floor=floor, asking=asking, rung=0, next_prompt_at=due
    )
