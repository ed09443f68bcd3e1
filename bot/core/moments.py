"""Real moments that nobody pressed: who is asked about them and when, and what waits until they are.

No due time moves by it. Arrived releases Prep, which is asked without it twenty-five minutes after the
planned arrival: that is in time for numbing cream. What needs a patient who is not here is not reminded of:
the desk is asked about them instead, and of a patient who is late the day's cards wait as long. Finish
releases Record and After, which are asked without it from a quarter of an hour after the planned end. While
nobody says that a procedure has begun, what comes after it waits: until the clinic is about to close,
because nothing is ever forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core import wording
from bot.core.case import Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.kinds import Anchor, CardKind, Phase
from bot.core.people import Role
from bot.core.playbook import Step
from bot.core.postponing import put_off

#: How long after the planned arrival the desk is asked whether the patient has come.
ARRIVAL = timedelta(minutes=10)
#: How long after the planned arrival what needs the patient is asked, or reminded of, without an Arrived.
PATIENCE = timedelta(minutes=25)
#: How long after an Arrived what waited for it is reminded of.
SOON = timedelta(minutes=5)
#: How long before the start the nurse is asked, too.
DOOR = timedelta(minutes=20)
#: How long after the planned start the desk is asked whether the procedure has begun.
START = timedelta(minutes=30)
#: How long after the planned end Record and After are asked without a Finish.
END = timedelta(minutes=15)
#: What waits for a start that nobody pressed is asked at last so long before the clinic closes.
BEFORE_CLOSING = timedelta(hours=1)
#: A question that could not be asked within this time is not asked any more.
STALE = timedelta(hours=4)

_UNTIL_IT_BEGINS = (CardKind.DOCTOR, CardKind.ROOM, CardKind.TIMEOUT)
_AFTERWARDS = (CardKind.RECORD, CardKind.AFTER)


class Question(StrEnum):
    """What is asked about a session."""

    #: is the patient here, late, or not coming?
    ARRIVAL = "arrival"
    #: has the procedure begun?
    START = "start"


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A question about a session: at which moment, and of which role."""

    question: Question
    session: int
    at: datetime
    role: Role


def expected(session: Session, planned: datetime) -> datetime:
    """Return when a planned moment of a session is expected, as far as anybody has said."""
    return planned + timedelta(minutes=session.delay)


def askings(course: Course, session: Session) -> Iterator[Asking]:
    """Yield what is asked about a session unless somebody presses its moments before."""
    gone = session.cancelled or session.started or session.finished
    if gone or course.case.cancelled or session.number in put_off(course):
        return
    number = session.number
    if session.arrived is None:
        at = expected(session, course.arrival(session)) + ARRIVAL
        yield Asking(question=Question.ARRIVAL, session=number, at=at, role=Role.FRONT_DESK)
    if session.arrived is None and not session.delay:
        at = session.start - DOOR
        yield Asking(question=Question.ARRIVAL, session=number, at=at, role=Role.NURSE)
    # nobody wonders why what is on hold has not begun
    if not session.held:
        at = expected(session, session.start) + START
        yield Asking(question=Question.START, session=number, at=at, role=Role.FRONT_DESK)


def _all(course: Course) -> Iterator[Asking]:
    for session in course.case.sessions:
        # what was over when the case was opened stays on paper
        yield from (each for each in askings(course, session) if each.at > course.case.opened)


def next_asking(course: Course, since: datetime) -> datetime | None:
    """Return when the next question is due, at or after a moment; `None` where there is none."""
    if course.case.shadow:
        return None
    return min((each.at for each in _all(course) if each.at >= since), default=None)


def due_askings(course: Course, now: datetime) -> tuple[Asking, ...]:
    """Return the questions whose moment has come and is not long past."""
    return tuple(each for each in _all(course) if now - STALE < each.at <= now)


def comes_today(course: Course, number: int, now: datetime) -> None:
    """Refuse an arrival or a delay on another day than the planned one: the button stands in a case's view
    weeks before, and would ask for all of Prep at once.
    """
    start, calendar = course.case.session(number).start, course.calendar
    if calendar.day(start) != calendar.day(now):
        at = wording.moment(start, calendar)
        raise Refused(f"{course.case.code} is planned for {at}, not for today. Nothing was recorded.")


def delayed(course: Course, number: int, minutes: int) -> Course:
    """Return the course with a session that is so many minutes late; the day's cards wait as long."""
    sessions = tuple(replace(s, delay=minutes) if s.number == number else s for s in course.case.sessions)
    waits = timedelta(minutes=minutes)
    return replace(course, case=replace(course.case, sessions=sessions)).with_tasks(
        replace(
            task, next_prompt_at=max(task.next_prompt_at, task.due + waits) if task.rung else task.due + waits
        )
        for task in course.tasks
        if task.session == number and task.status is TaskStatus.OPEN and task.next_prompt_at is not None
        if course.step(task).card in _UNTIL_IT_BEGINS
    )


def released(course: Course, now: datetime) -> Course:
    """Return the course with everything that hangs on a real moment to be asked when it may be."""
    return course.with_tasks(
        replace(task, next_prompt_at=at)
        for task in course.tasks
        if task.status is TaskStatus.OPEN and task.next_prompt_at is not None
        if (at := _asked_at(course, task, task.next_prompt_at, now)) != task.next_prompt_at
    )


def _asked_at(course: Course, task: Task, planned: datetime, now: datetime) -> datetime:
    session, step = course.case.session(task.session), course.step(task)
    if step.card in _AFTERWARDS and task.rung == 0 and session.finished is None:
        return max(task.due, _unfinished(course, session, now))
    here = session.arrived or session.started
    if here or step.phase is not Phase.DAY or not _needs_arrival(step):
        return planned
    arrival = expected(session, course.arrival(session))
    if step.card is CardKind.PREP and task.rung == 0:
        return max(task.due, arrival + PATIENCE)
    asked_about = session.delay or now >= arrival + ARRIVAL
    return max(planned, arrival + PATIENCE if task.rung else arrival) if asked_about else planned


def reminded_from(course: Course, task: Task, now: datetime) -> datetime | None:
    """Return until when nobody is reminded of what needs a patient who is not here; `None` for all else."""
    if not task.rung or not _needs_arrival(course.step(task)):
        return None
    session = course.case.session(task.session)
    if session.arrived or session.started:
        return None
    until = expected(session, course.arrival(session)) + PATIENCE
    return until if now < until else None


def resumed(course: Course, number: int, now: datetime) -> Course:
    """Return the course of a patient who is here now: what waited for them is reminded of again soon, and of
    one who is early the desk has its lines at once, not when it has turned to something else.
    """
    return course.with_tasks(
        replace(task, next_prompt_at=min(task.next_prompt_at, now + SOON if task.rung else now))
        for task in course.tasks
        if task.session == number and task.status is TaskStatus.OPEN and task.next_prompt_at
        if _needs_arrival(step := course.step(task)) and (task.rung or step.card is CardKind.DESK)
    )


def _needs_arrival(step: Step) -> bool:
    return step.card is CardKind.PREP or (step.card is CardKind.DESK and step.due.anchor is Anchor.ARRIVE)


def _unfinished(course: Course, session: Session, now: datetime) -> datetime:
    planned = session.end + END
    if session.started is not None:
        return planned
    planned = expected(session, planned)
    if now < expected(session, session.start) + START:
        return planned
    day = course.calendar.day(session.start)
    closing = course.calendar.instant(day, course.calendar.opening(day)[1])
    return max(planned, closing - BEFORE_CLOSING)
