"""What happens to a case when something changes: a fact, a date, a cancellation, an event, an answer that
grew old.

Each function takes a case with all its tasks and the moment, and returns the new case and the tasks that are
new or
changed; nothing else is touched and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.case import Answer, Choice, Decision, Session, Task, TaskStatus
from bot.core.conditions import Values
from bot.core.course import Course
from bot.core.errors import Refused, Settled
from bot.core.lifecycle import Change, next_status
from bot.core.plan import applies, due_of, known_facts, plan_task, planned_for
from bot.core.playbook import Anchor, Level, Phase, Scope, Step
from bot.core.stops import decided_by_answer, facts_set


def answered(course: Course, task: Task, answer: Answer, *, now: datetime) -> Course:
    """Take an answer: facts it sets, its stop or its rest, and everything that follows from the changed
    facts.
    """
    step = course.step(task)
    set_here = facts_set(step, answer.values)
    case = replace(course.case, facts={**course.case.facts, **set_here})
    course = replace(course, case=case)
    session = case.session(task.session)
    start = course.calendar.day(session.start)
    decision = decided_by_answer(step, answer, known_facts(case, session), start)
    standing = replace(task, answer=answer, decision=decision, reopened=False)
    course = course.with_tasks([_settle(course, standing, now=now)])
    return refreshed(course, now=now)


def _settle(course: Course, task: Task, *, now: datetime) -> Task:
    stopped = course.verdict(task).stops
    if task.status is TaskStatus.BLOCKED:
        change = Change.STOPPED if stopped else Change.CLEARED
    else:
        change = Change.STOPPED if stopped else Change.ANSWERED
    return _changed(task, change, now=now)


def decided(course: Course, task: Task, decision: Decision, *, now: datetime) -> Course:
    """Take a physician's decision on a stop; it covers the reasons that stand now. A hard stop offers only
    postpone.
    """
    if task.status is not TaskStatus.BLOCKED:
        raise Settled(f"{course.step(task).title} is {task.status.value}: there is no stop to decide on.")
    verdict = course.verdict(replace(task, decision=None))
    if verdict.level is Level.HARD and decision.choice is not Choice.POSTPONE:
        raise Refused("This is a hard stop: postpone, or correct the facts. It has no go-ahead.")
    standing = _settle(course, replace(task, decision=replace(decision, covers=verdict.reasons)), now=now)
    if standing.status is TaskStatus.BLOCKED:
        standing = replace(standing, next_prompt_at=None)
    return course.with_tasks([standing])


def undone(course: Course, task: Task, *, now: datetime) -> Course:
    """Take an answer back: the task is open again and asked anew."""
    session = course.case.session(task.session)
    opened = _changed(replace(task, answer=None, decision=None), Change.UNDONE, now=now)
    return course.with_tasks([_dated(course, opened, session, floor=opened.floor)])


def fact_set(course: Course, facts: Values, *, now: datetime) -> Course:
    """Change facts: the plan follows at once and every stored answer is judged again."""
    case = replace(course.case, facts={**course.case.facts, **facts})
    return refreshed(replace(course, case=case), now=now)


def refreshed(course: Course, *, now: datetime) -> Course:
    """Bring the tasks in line with the facts: add, void and return, redate arrivals, judge stored answers
    again.
    """
    course = course.with_tasks(_conditional(course, now=now))
    course = course.with_tasks(_arrivals(course))
    return course.with_tasks(_rejudged(course, now=now))


def _conditional(course: Course, *, now: datetime) -> Iterator[Task]:
    known = {task.key for task in course.tasks}
    for session in course.case.sessions:
        if not session.cancelled:
            planned = (s for s in course.playbook.steps if planned_for(s, course.case, session))
            yield from _missing(course, session, planned, known, floor=now)
        for phase in (Phase.EVENT, Phase.CANCEL, Phase.MOVE):
            yield from _missing_since(course, phase, session, known, floor=now)
    for task in course.tasks:
        yield from _kept_or_left(course, task, now=now)


def _missing(
    course: Course, session: Session, steps: Iterable[Step], known: set[str], *, floor: datetime
) -> Iterator[Task]:
    for step in steps:
        if applies(step, course.case, session, course.calendar):
            task = plan_task(step, course.case, session, course.calendar, floor=floor)
            if task.key not in known:
                yield task


def _missing_since(
    course: Course, phase: Phase, session: Session, known: set[str], *, floor: datetime
) -> Iterator[Task]:
    last = _latest(course, phase, session)
    if last is not None:
        for task in _steps_of(
            course, phase, session, anchored=last.anchored, occurrence=last.occurrence, floor=floor
        ):
            if task.key not in known:
                yield task


def _latest(course: Course, phase: Phase, session: Session) -> Task | None:
    of_phase = [t for t in course.tasks if t.session == session.number and course.step(t).phase is phase]
    return max(of_phase, key=lambda task: task.occurrence, default=None)


def _kept_or_left(course: Course, task: Task, *, now: datetime) -> Iterator[Task]:
    session = course.case.session(task.session)
    step = course.step(task)
    latest = _latest(course, step.phase, session)
    # an older event keeps its items whatever the newest one is about
    if (session.cancelled and step.phase is not Phase.CANCEL) or (
        latest and latest.occurrence > task.occurrence
    ):
        return
    holds = applies(step, course.case, session, course.calendar)
    if task.status in (TaskStatus.OPEN, TaskStatus.BLOCKED) and not holds:
        yield _changed(task, Change.LEFT, now=now)
    elif task.status is TaskStatus.VOID and holds:
        back = replace(_changed(task, Change.RETURNED, now=now), answer=None, decision=None)
        yield _dated(course, back, session, floor=now)


def _arrivals(course: Course) -> Iterator[Task]:
    for task in course.tasks:
        if task.status is TaskStatus.OPEN and course.step(task).due.anchor is Anchor.ARRIVE:
            yield _dated(course, task, course.case.session(task.session), floor=task.floor)


def _rejudged(course: Course, *, now: datetime) -> Iterator[Task]:
    for task in course.tasks:
        if task.answer is None or task.status not in (TaskStatus.DONE, TaskStatus.BLOCKED):
            continue
        stops = course.verdict(task).stops
        if stops and task.status is TaskStatus.DONE:
            yield _changed(task, Change.STOPPED, now=now)
        elif not stops and task.status is TaskStatus.BLOCKED:
            yield _changed(task, Change.CLEARED, now=now)


def moved(course: Course, number: int, start: datetime, *, now: datetime) -> Course:
    """Move a session: redate what is open, reopen what will be too old, add the move's own steps, judge
    again.
    """
    session = replace(course.case.session(number), start=start, arrived=None, started=None, finished=None)
    sessions = tuple(session if each.number == number else each for each in course.case.sessions)
    before, course = course, replace(course, case=replace(course.case, sessions=sessions))
    old_day = course.calendar.day(before.case.session(number).start)
    redated = [
        _moved_task(course, task, session, now=now, new_day=course.calendar.day(start) != old_day)
        for task in course.tasks
        if task.session == number
    ]
    course = course.with_tasks(redated)
    course = course.with_tasks(_added(course, Phase.MOVE, session, anchored=now))
    return refreshed(course, now=now)


def _moved_task(course: Course, task: Task, session: Session, *, now: datetime, new_day: bool) -> Task:
    step = course.step(task)
    floor = now if step.due.anchor in (Anchor.START, Anchor.ARRIVE, Anchor.END) else task.floor
    if task.decision and task.decision.choice is Choice.POSTPONE:
        task = replace(task, decision=None)
    if task.status is TaskStatus.OPEN and floor is now:
        return _dated(course, task, session, floor=now)
    if _too_old(course, task, session) or (new_day and step.phase is Phase.DAY and task.answer):
        # an answer given at the bedside holds for the day it was given on, even where the table names no
        # validity
        fresh = replace(_changed(task, Change.EXPIRED, now=now), answer=None, decision=None, reopened=True)
        return _dated(course, fresh, session, floor=now)
    return task


def _too_old(course: Course, task: Task, session: Session) -> bool:
    valid = course.step(task).valid_days
    if valid is None or task.answer is None or task.status not in (TaskStatus.DONE, TaskStatus.BLOCKED):
        return False
    age = course.calendar.day(session.start) - course.calendar.day(task.answer.at)
    return age > timedelta(days=valid)


def cancelled(course: Course, number: int | None, *, now: datetime) -> Course:
    """Cancel a session, or the whole case: what is not done is never asked again, the cancel's own steps
    are added.
    """
    hit = [s for s in course.case.sessions if not s.cancelled and number in (None, s.number)]
    if not hit:
        raise Settled(f"{course.case.code} is cancelled already; nothing was changed.")
    gone = tuple(replace(s, cancelled=now) if s in hit else s for s in course.case.sessions)
    whole = all(session.cancelled for session in gone)
    case = replace(course.case, sessions=gone, cancelled=now if whole else None)
    numbers = {session.number for session in hit}
    waiting = (TaskStatus.OPEN, TaskStatus.BLOCKED)
    voided = [
        _changed(task, Change.CANCELLED, now=now)
        for task in course.tasks
        if task.session in numbers and task.status in waiting
    ]
    course = replace(course, case=case).with_tasks(voided)
    for session in hit if not whole else hit[:1]:
        course = course.with_tasks(_added(course, Phase.CANCEL, session, anchored=now))
    return course


def event(course: Course, number: int, urgency: str, *, now: datetime) -> Course:
    """Report a complication after a session: the event's steps are added; the normal follow-ups stay."""
    case = replace(course.case, facts={**course.case.facts, "event_urgency": urgency})
    course = replace(course, case=case)
    course = course.with_tasks(_added(course, Phase.EVENT, case.session(number), anchored=now))
    return refreshed(course, now=now)


def _added(course: Course, phase: Phase, session: Session, *, anchored: datetime) -> Iterator[Task]:
    last = _latest(course, phase, session)
    occurrence = last.occurrence + 1 if last else 1
    yield from _steps_of(course, phase, session, anchored=anchored, occurrence=occurrence, floor=anchored)


def _steps_of(
    course: Course,
    phase: Phase,
    session: Session,
    *,
    anchored: datetime | None,
    occurrence: int,
    floor: datetime,
) -> Iterator[Task]:
    for step in course.playbook.steps:
        if step.phase is phase and applies(step, course.case, session, course.calendar):
            yield plan_task(
                step,
                course.case,
                session,
                course.calendar,
                floor=floor,
                anchored=anchored,
                occurrence=occurrence,
            )


def marked(course: Course, session: Session, *, now: datetime) -> Course:
    """Take a real moment of a session; the true end redates what counts from it."""
    sessions = tuple(session if each.number == session.number else each for each in course.case.sessions)
    course = replace(course, case=replace(course.case, sessions=sessions))
    from_end = [
        _dated(course, task, session, floor=task.floor)
        for task in course.tasks
        if task.session == session.number
        and task.status is TaskStatus.OPEN
        and course.step(task).due.anchor is Anchor.END
    ]
    return course.with_tasks(from_end)


def renewed(course: Course, *, now: datetime) -> Course:
    """Ask a course item again for every later session for which its answer will be too old (rule 1.7)."""
    again = [
        plan_task(step, course.case, session, course.calendar, floor=now)
        for session in course.case.sessions[1:]
        if not session.cancelled
        for step in course.playbook.steps
        if step.scope is Scope.COURSE and step.valid_days is not None
        if course.task(step.id, session.number) is None and _expires_before(course, step, session)
    ]
    return course.with_tasks(again)


def _expires_before(course: Course, step: Step, session: Session) -> bool:
    given = [task for task in course.tasks if task.step == step.id and task.status is TaskStatus.DONE]
    return bool(given) and all(_too_old(course, task, session) for task in given)


def _dated(course: Course, task: Task, session: Session, *, floor: datetime) -> Task:
    step = course.step(task)
    due, late, on_call = due_of(
        step, course.case, session, course.calendar, floor=floor, anchored=task.anchored
    )
    if (due, late, on_call) == (task.due, task.late, task.on_call):
        return task if task.rung else replace(task, floor=floor, next_prompt_at=due)
    # a new date is a new round of asking, unless nothing was said yet
    asking = task.asking + 1 if task.rung else task.asking
    return replace(
        task, due=due, late=late, on_call=on_call, floor=floor, asking=asking, rung=0, next_prompt_at=due
    )


def _changed(task: Task, change: Change, *, now: datetime) -> Task:
    status = next_status(task.status, change)
    asked_again = {TaskStatus.OPEN: task.due, TaskStatus.BLOCKED: now}
    if status is task.status:
        return task
    return replace(
        task, status=status, asking=task.asking + 1, rung=0, next_prompt_at=asked_again.get(status)
    )
