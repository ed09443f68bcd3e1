"""The catch-up list: what was late already when a clinic's book was imported is asked a few cases a day.

Soonest procedure first, ten cases a working day, on the lists that people have anyway. What must be settled
before a procedure waits for no list: with fewer than two days left it is asked at once, and no stop waits
past that day. Nothing is waived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.core.case import Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import Anchor, Level
from bot.core.times import Calendar, Closed

#: So many cases are caught up with on a day.
CASES_A_DAY = 10
#: So long before its procedure a stop waits for its turn no longer.
AT_ONCE = timedelta(days=2)


def next_turn(taken: Mapping[date, int], calendar: Calendar, now: datetime) -> date:
    """Return the first working day from now on that is not full yet."""
    # days fill in their order: whatever lies before the last one is full
    day = max(calendar.day(calendar.working_moment(now)), max(taken, default=date.min))
    while taken.get(day, 0) >= CASES_A_DAY:
        day = calendar.open_day(day + timedelta(days=1), Closed.NEXT)
    return day


def is_late(course: Course) -> bool:
    """Say whether anything of a case was late when it was taken in."""
    return any(_waits(task, course) for task in course.tasks)


def caught_up(course: Course, day: date, now: datetime) -> Course:
    """Let the late items of a case be asked on its day, but never too late for its procedure."""
    late = [task for task in course.tasks if _waits(task, course)]
    return course.with_tasks(replace(task, next_prompt_at=_asked_at(task, course, day, now)) for task in late)


def _waits(task: Task, course: Course) -> bool:
    # it was booked and talked over before anybody could be asked; when, the clinic's book does not say
    late = task.late or course.step(task).due.anchor in (Anchor.BOOKED, Anchor.CONSULT)
    return late and task.status is TaskStatus.OPEN and task.next_prompt_at is not None


def _asked_at(task: Task, course: Course, day: date, now: datetime) -> datetime:
    calendar, start = course.calendar, course.case.session(task.session).start
    turn = max(calendar.instant(day, calendar.opening(day)[0]), calendar.working_moment(now))
    if course.step(task).stops.level is Level.NONE:
        return max(now, min(turn, start))
    last = calendar.open_day(calendar.day(start - AT_ONCE), Closed.PREVIOUS)
    return max(now, min(turn, calendar.instant(last, calendar.opening(last)[0])))
