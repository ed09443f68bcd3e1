"""Sessions of a course: one more added to an open case, and how far apart the playbook wants them.

A new session comes after the last one. Its session items are planned at once, items of the course only where
their answer will be too old by then. How far apart sessions lie is judged on the dates of the case itself,
before anybody answers: a step asks for a date that is `known: previous_session`, and its stop says "within".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core import wording
from bot.core.case import Case, Session, TaskStatus
from bot.core.changes import renewed
from bot.core.conditions import first_allowed
from bot.core.course import Course
from bot.core.errors import Refused, Settled
from bot.core.following import refreshed
from bot.core.kinds import Level
from bot.core.playbook import Step
from bot.core.stops import known_values
from bot.core.times import aware


def session_added(course: Course, start: datetime, *, now: datetime) -> Course:
    """Add a session after the last one; raise Refused, in one sentence, where there can be none."""
    case, start = course.case, aware(start)
    _room_for(course, start, now)
    last = case.sessions[-1]
    new = Session(
        number=last.number + 1,
        start=start,
        minutes=last.minutes,
        room=last.room,
        device=last.device,
        booked=now,
    )
    # which one is the last follows from the sessions from now on
    facts = {name: value for name, value in case.facts.items() if name != "last_session"}
    course = replace(course, case=replace(case, sessions=(*case.sessions, new), facts=facts))
    return renewed(refreshed(course, now=now), now=now)


def _room_for(course: Course, start: datetime, now: datetime) -> None:
    case, calendar = course.case, course.calendar
    if case.cancelled:
        raise Settled(
            f"{case.code} was cancelled {wording.moment(case.cancelled, calendar)}: open a new case."
        )
    if start <= now:
        raise Refused("That moment has passed already. Give a start in the future.")
    for each in case.sessions:
        at = f"session {each.number} of {case.code} is on {wording.moment(each.start, calendar)}"
        if not each.cancelled and calendar.day(each.start) == calendar.day(start):
            raise Refused(f"That is the same day: {at}. Give another day.")
        if not each.cancelled and each.start > start:
            raise Refused(
                f"A new session comes after the others: {at}. Give a later start, or move that one."
            )


def spacing(course: Course) -> tuple[str, ...]:
    """Say of each session still to come where it lies too close to the one before, or even before that."""
    ahead = (s for s in course.case.sessions if not (s.cancelled or s.started))
    return tuple(
        line for session in ahead for line in (*_order(course.case, session), *_gaps(course, session))
    )


def _order(case: Case, session: Session) -> Iterator[str]:
    for each in case.sessions:
        if each.number < session.number and not each.cancelled and each.start >= session.start:
            yield f"Session {session.number} is not after session {each.number} any more."


def _gaps(course: Course, session: Session) -> Iterator[str]:
    for step in course.playbook.steps:
        task = course.task(step.id, session.number)
        settled = task is not None and task.status is TaskStatus.DONE
        if not settled and any(field.known for field in step.ask):
            yield from _gap(course, session, step)


def _gap(course: Course, session: Session, step: Step) -> Iterator[str]:
    before, start = course.case.before(session), course.calendar.day(session.start)
    if before is None or not course.applies(step, session):
        return
    last, allowed = (
        course.calendar.day(before.started or before.start),
        _allowed(course, session, step, start),
    )
    if allowed is not None:
        yield (
            f"Session {session.number} is {wording.count((start - last).days, 'day')} after session "
            f"{before.number}; the playbook wants {(allowed - last).days}: "
            f"first allowed date {allowed.isoformat()}."
        )


def _allowed(course: Course, session: Session, step: Step, start: date) -> date | None:
    known = known_values(step, {}, course.facts(session))
    conditions = (step.stops.of(level) for level in (Level.HARD, Level.MD))
    days = [first_allowed(each, known, start) for each in conditions if each is not None]
    return max((day for day in days if day is not None and day > start), default=None)


def spoken_of(course: Course, now: datetime, near: timedelta) -> Session:
    """Return the session that a look at a case is about: the next one, unless that is further ahead than what
    is `near` and another one lies no further back. Who was treated in the morning is not gone when the next
    date is booked at noon.
    """
    ahead = course.case.next_session(now)
    begun = (s for s in course.case.sessions if not s.cancelled and (s.started or s.start <= now))
    past = [session for session in begun if session.start >= now - near]
    return max(past, key=lambda s: s.start) if past and ahead.start > now + near else ahead
