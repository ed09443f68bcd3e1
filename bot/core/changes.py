"""What happens to a case: an answer, a decision, an undo, a fact, a move, a cancel, an event, a real moment.

Each function takes a case with all its tasks and the moment, and returns the new case with the tasks that are
new or changed; nothing else is touched and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.core.case import Answer, Choice, Decision, Outcome, Session, Task, TaskStatus
from bot.core.conditions import Values
from bot.core.contradictions import told, untold
from bot.core.course import Course
from bot.core.errors import Refused, Settled
from bot.core.facts import URGENCY
from bot.core.following import dated, latest, over, refreshed, tasks_of
from bot.core.kinds import Anchor, Level, Phase, Scope
from bot.core.lifecycle import Change, asked_anew, turned
from bot.core.people import Role
from bot.core.plan import due_rule
from bot.core.playbook import NEW_DATE, Step
from bot.core.postponing import puts_off, waiting
from bot.core.reaching import falls_away, tried, unbooked
from bot.core.said import Said
from bot.core.second import mismatch, with_first, without_first
from bot.core.stops import decided_by_answer, facts_set
from bot.core.times import aware

#: How far ahead a session may be booked or moved: a year with a slip in it would silence every reminder.
FURTHEST = timedelta(days=3660)
#: Anchors that move with their session.
OF_THE_SESSION = (Anchor.START, Anchor.ARRIVE, Anchor.END)


def answered(course: Course, task: Task, answer: Answer, *, now: datetime) -> Course:
    """Take an answer: facts it sets, its stop or its rest, and all that follows from the changed facts."""
    if answer.outcome is Outcome.UNREACHED and (again := tried(course, task, now)):
        return course.with_tasks([again])
    if not course.step(task).double:
        return _taken(course, task, answer, now=now)
    if task.status is TaskStatus.BLOCKED and answer.role is Role.PHYSICIAN:
        return _taken(course, replace(task, first=None), answer, now=now)
    return _of_two(course, task, answer, now=now)


def _of_two(course: Course, task: Task, answer: Answer, *, now: datetime) -> Course:
    if task.first is None or task.status is TaskStatus.BLOCKED:
        anew = without_first(task, now) if task.status is TaskStatus.BLOCKED else task
        alone = _taken(course.with_tasks([anew]), anew, answer, now=now)
        found = alone.task(task.step, task.session, task.occurrence)
        # whoever finds a stop needs nobody else to stop
        stops = found is not None and found.status is TaskStatus.BLOCKED
        return alone if stops else course.with_tasks([with_first(anew, answer, now)])
    both = replace(task, answer=answer)
    if mismatch(course.step(task), both):
        return course.with_tasks([turned(both, Change.STOPPED, now=now)])
    return _taken(course, task, answer, now=now)


def _taken(course: Course, task: Task, answer: Answer, *, now: datetime) -> Course:
    step = course.step(task)
    word = Said(value=None, by=answer.by, at=answer.at, where=step.id, settles=answer.role is Role.PHYSICIAN)
    before, facts = course, facts_set(step, answer.values)
    course = course.with_case(told(course.case, facts, word, course.playbook.facts))
    decision = _decided(course, course.case.session(task.session), step, answer)
    standing = replace(task, answer=answer, decision=decision, reopened=False)
    course = course.with_tasks([_put_off(_settle(course, standing, now=now))])
    if step.id == NEW_DATE.id and answer.outcome in (Outcome.CONFIRMED, Outcome.CAUGHT):
        return moved(course, task.session, _agreed(course, answer, now), now=now)
    return _grown_asked(before, refreshed(course, now=now), now=now)


def _agreed(course: Course, answer: Answer, now: datetime) -> datetime:
    day, at = answer.values.get("on"), answer.values.get("at")
    if not (isinstance(day, date) and isinstance(at, time)):
        raise Refused("To when? Give the new date and the time.")
    start = course.calendar.instant(day, at)
    if start <= now:
        raise Refused("That moment has passed already. Give a start in the future.")
    return not_too_far(start, now)


def not_too_far(start: datetime, now: datetime) -> datetime:
    """Return the start, or raise Refused where it lies further ahead than anybody plans."""
    if start - now > FURTHEST:
        raise Refused("That is more than ten years ahead. Is the year right?")
    return start


def _decided(course: Course, session: Session, step: Step, answer: Answer) -> Decision | None:
    read = course.circumstances(session)
    found = [decided_by_answer(step, answer, facts, read.day) for facts in read.readings(step)]
    covers = dict.fromkeys(reason for each in found if each for reason in each.covers)
    return replace(found[0], covers=tuple(covers)) if found[0] else None


def _grown_asked(before: Course, after: Course, *, now: datetime) -> Course:
    """Put a stop that has more reasons than it had to the physician anew."""
    old = before.by_key
    return after.with_tasks(
        asked_anew(task, now)
        for task in after.tasks
        if task.status is TaskStatus.BLOCKED is old.get(task.key, task).status and not task.postponed
        if old.get(task.key, task).asking == task.asking
        if not set(after.verdict(task).reasons) <= set(before.verdict(old.get(task.key, task)).reasons)
    )


def _settle(course: Course, task: Task, *, now: datetime) -> Task:
    # a done task stops when facts or dates change, but never by a second answer
    if course.verdict(task).stops and task.status is not TaskStatus.DONE:
        return turned(task, Change.STOPPED, now=now)
    lifted = Change.CLEARED if task.status is TaskStatus.BLOCKED else Change.ANSWERED
    return turned(task, lifted, now=now)


def decided(course: Course, task: Task, decision: Decision, *, now: datetime) -> Course:
    """Take a decision on a stop; it covers the reasons that stand now. A hard stop offers only postpone."""
    if task.status is not TaskStatus.BLOCKED:
        raise Settled(f"{course.step(task).title} is {task.status.value}: there is no stop to decide on.")
    verdict = course.verdict(replace(task, decision=None))
    if verdict.level is Level.HARD and decision.choice is not Choice.POSTPONE:
        raise Refused("This is a hard stop: postpone, or correct the facts. It has no go-ahead.")
    standing = _settle(course, replace(task, decision=replace(decision, covers=verdict.reasons)), now=now)
    return refreshed(course.with_tasks([_put_off(standing)]), now=now)


def _put_off(task: Task) -> Task:
    # the physician has said what is to be said: nobody asks for it again on this date
    silent = task.status is TaskStatus.BLOCKED and task.postponed
    return replace(task, next_prompt_at=None) if silent else task


def undone(course: Course, task: Task, *, now: datetime) -> Course:
    """Take an answer back: the task is open again and asked anew, if it still applies. Of facts it set, what
    others said of them counts again; those of which nobody else spoke stay.
    """
    session = course.case.session(task.session)
    if over(course, session, course.step(task), task.anchored):
        raise Settled(f"{course.case.code} is cancelled: nothing is asked again and nothing was changed.")
    if task.answer is not None:
        course = course.with_case(untold(course.case, task.step, task.answer))
    opened = turned(replace(task, answer=None, decision=None), Change.UNDONE, now=now)
    course = course.with_tasks([dated(course, opened, session, floor=opened.floor)])
    return refreshed(course, now=now)


def fact_set(course: Course, facts: Values, *, now: datetime, word: Said | None = None) -> Course:
    """Change facts: the plan follows at once and every stored answer is judged again. `word` is who says so,
    `None` where a fact becomes again what it was.
    """
    case = replace(course.case, facts={**course.case.facts, **facts})
    if word is not None:
        case = told(course.case, facts, word, course.playbook.facts)
    return _grown_asked(course, refreshed(course.with_case(case), now=now), now=now)


def moved(course: Course, number: int, start: datetime, *, now: datetime) -> Course:
    """Move a session: redate what is open, reopen what is too old, add the move's own steps, judge again."""
    before = course.case.session(number)
    if before.cancelled:
        raise Settled(f"This session of {course.case.code} is cancelled; nothing was changed.")
    if before.finished:
        raise Settled(f"This session of {course.case.code} is over; nothing was changed.")
    session = replace(before, start=aware(start), arrived=None, started=None, delay=0)
    course = _with_session(course, session)
    new_day = course.calendar.day(session.start) != course.calendar.day(before.start)
    redated = [
        _moved_task(course, task, session, now=now, new_day=new_day)
        for task in course.tasks
        if task.session == number
    ]
    put_off = [task for task in course.tasks if task.session != number and puts_off(course, task) == number]
    course = course.with_tasks([*redated, *(_on_again(task, now) for task in put_off)])
    course = course.with_tasks(_added(course, Phase.MOVE, session, anchored=now))
    return renewed(refreshed(course, now=now), now=now)


def _with_session(course: Course, session: Session) -> Course:
    sessions = tuple(session if each.number == session.number else each for each in course.case.sessions)
    return course.with_case(replace(course.case, sessions=sessions))


def _moved_task(course: Course, task: Task, session: Session, *, now: datetime, new_day: bool) -> Task:
    step = course.step(task)
    if task.status is TaskStatus.OPEN:
        # what one of two saw on another day is no check of this one
        task = replace(task, first=None, tried=0) if new_day else task
        moves = due_rule(step, course.case, session).anchor in OF_THE_SESSION
        return dated(course, task, session, floor=now) if moves else task
    # an answer given at the bedside holds for the day it was given on, even where the table names no validity
    seen_another_day = new_day and step.phase is Phase.DAY and task.status is not TaskStatus.VOID
    if seen_another_day or _too_old(course, task, session):
        fresh = turned(replace(task, answer=None, first=None, decision=None), Change.EXPIRED, now=now)
        fresh = replace(fresh, reopened=True)
        return dated(course, fresh, session, floor=now)
    if task.status is TaskStatus.BLOCKED and task.postponed:
        return _on_again(task, now)
    return unbooked(task, now) if falls_away(course, task) else task


def _on_again(task: Task, now: datetime) -> Task:
    # postponed to this date: what still stops on it is the physician's again
    return turned(replace(task, decision=None), Change.STOPPED, now=now)


def _too_old(course: Course, task: Task, session: Session) -> bool:
    return task.status in (TaskStatus.DONE, TaskStatus.BLOCKED) and course.too_old(task, session)


def cancelled(course: Course, number: int | None, *, now: datetime) -> Course:
    """Cancel a session, or the whole case: what is not done is never asked again, the cancel's own steps
    are added. What the course still needs for its other sessions stays.
    """
    wanted = course.case.sessions if number is None else (course.case.session(number),)
    left = [session for session in wanted if not session.cancelled]
    # of a course, what was treated keeps its aftercare; a case of one session is cancelled whatever was done
    hit = [session for session in left if not (session.started or session.finished)] or left
    if not hit:
        raise Settled(f"{course.case.code} is cancelled already; nothing was changed.")
    gone = tuple(replace(s, cancelled=now) if s in hit else s for s in course.case.sessions)
    whole = all(session.cancelled for session in gone)
    course = course.with_case(replace(course.case, sessions=gone, cancelled=now if whole else None))
    course = course.with_tasks(_voided(course, now=now))
    course = course.with_tasks(_added(course, Phase.CANCEL, hit[0], anchored=now))
    return renewed(refreshed(course, now=now), now=now)


def _voided(course: Course, *, now: datetime) -> Iterator[Task]:
    for task in course.tasks:
        session = course.case.session(task.session)
        if task.waits and over(course, session, course.step(task), task.anchored):
            yield turned(task, Change.CANCELLED, now=now)


def event(course: Course, number: int, urgency: str, *, now: datetime) -> Course:
    """Report a complication after a session: the event's steps are added; the normal follow-ups stay."""
    case = replace(course.case, facts={**course.case.facts, URGENCY: urgency})
    course = course.with_case(case)
    course = course.with_tasks(_added(course, Phase.EVENT, case.session(number), anchored=now))
    return refreshed(course, now=now)


def _added(course: Course, phase: Phase, session: Session, *, anchored: datetime) -> Iterator[Task]:
    last = latest(course, phase, session)
    occurrence = last.occurrence + 1 if last else 1
    yield from tasks_of(course, phase, session, anchored=anchored, occurrence=occurrence, floor=anchored)


def marked(course: Course, session: Session, *, now: datetime) -> Course:
    """Take a real moment of a session; the true end redates what counts from it, and the true date is what
    intervals count from.
    """
    course = _with_session(course, session)
    from_end = [
        dated(course, task, session, floor=task.floor)
        for task in course.tasks
        if task.session == session.number
        and task.status is TaskStatus.OPEN
        and course.step(task).due.anchor is Anchor.END
    ]
    return refreshed(course.with_tasks(from_end), now=now)


def renewed(course: Course, *, now: datetime) -> Course:
    """Ask a course item again for every later session for which its answer will be too old (rule 1.7)."""
    for session in course.case.sessions[1:]:
        if not (session.cancelled or session.finished):
            course = course.with_tasks(_again(course, session, now=now))
    return course.with_tasks(waiting(course, now=now))


def _again(course: Course, session: Session, *, now: datetime) -> Iterator[Task]:
    for step in course.playbook.steps:
        expires = step.scope is Scope.COURSE and step.valid_days is not None
        if expires and course.task(step.id, session.number) is None and _gone_by(course, step, session):
            yield course.planned(step, session, floor=now)


def _gone_by(course: Course, step: Step, session: Session) -> bool:
    # while an earlier session still waits for a fresh answer, that answer may serve this one, too
    asked = [t for t in course.tasks if t.step == step.id and t.status is not TaskStatus.VOID]
    expired = all(_too_old(course, task, session) for task in asked)
    return bool(asked) and expired and course.applies(step, session)
