"""Promises: "I'm on it" and "later", what each of them stops and for how long.

Whoever is on it holds the item and is not reminded. The deadline stays: if nothing is answered by the next
gate, or by the time that a complication allows, the role's lead or the manager is told after all; what has no
deadline that soon is asked again the next morning. Later moves one word once, by two hours at most, and never
past a gate or the procedure itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.asking import is_paged
from bot.core.case import Task
from bot.core.course import Course
from bot.core.due import ladder_of
from bot.core.errors import Refused, Settled
from bot.core.kinds import BEFORE, Gate, Level
from bot.core.people import Clinic
from bot.core.readiness import gate_moment

#: How far a word can be put off.
LATEST = timedelta(hours=2)
#: How long an overdue complication may take whoever is on it.
STILL_ON_IT = timedelta(hours=1)
#: Less than this is not worth putting off.
SHORTEST = timedelta(minutes=5)


def on_it(course: Course, task: Task, person: str, clinic: Clinic, now: datetime) -> Task:
    """Return a task that somebody is at: no reminder comes; after its deadline others are told, else it is
    asked again the next morning.
    """
    ladder = ladder_of(task, course.step(task), clinic)
    words = len(ladder) + 1
    last = (task.rung - 1) // words * words + len(ladder)
    deadline, morning = _deadline(course, task, now), _next_morning(course, now)
    told = deadline is not None and deadline <= morning
    return replace(
        task,
        holder=person,
        acknowledged=now,
        rung=max(task.rung, last if told else last + 1),
        next_prompt_at=deadline if told else morning,
    )


def _deadline(course: Course, task: Task, now: datetime) -> datetime | None:
    step = course.step(task)
    if step.is_deadline:
        return task.due if task.due > now else now + STILL_ON_IT
    stops = step.stops.level is not Level.NONE
    return min(_limits(course, task, now), default=None) if stops else None


def _next_morning(course: Course, now: datetime) -> datetime:
    calendar = course.calendar
    tomorrow = calendar.day(now) + timedelta(days=1)
    return calendar.working_moment(calendar.instant(tomorrow, calendar.opening(tomorrow)[0]))


def _limits(course: Course, task: Task, now: datetime) -> Iterator[datetime]:
    session, step = course.case.session(task.session), course.step(task)
    if step.phase in BEFORE:
        stops = step.stops.level is not Level.NONE
        gates = [gate_moment(gate, course, session) for gate in Gate] if stops else []
        yield from (moment for moment in (*gates, session.start) if moment > now)


def later(course: Course, task: Task, clinic: Clinic, now: datetime, minutes: int) -> Task:
    """Return a task whose next word comes in so many minutes; raise Refused with what is possible."""
    title = course.step(task).title
    if task.snoozed:
        raise Settled(f"{title} was put off once already. Answer it, write `on it`, or hand it over.")
    if task.acknowledged is not None:
        raise Settled(f"{title}: somebody is on it, so no reminder comes. Nothing was changed.")
    if is_paged(course.step(task), course.case):
        raise Refused(f"{title} cannot wait. Answer it, or write `on it`.")
    most = min((now + LATEST, *_limits(course, task, now)))
    if now + timedelta(minutes=minutes) > most:
        left = most - now
        if left < SHORTEST:
            at = wording.when(most, now, clinic.calendar)
            raise Refused(f"{title} cannot wait any more: it is needed at {at}.")
        raise Refused(f"{title}: `later {left // timedelta(minutes=1)}m` is the most. Nothing was changed.")
    moment = now + timedelta(minutes=minutes)
    return replace(task, snoozed=True, next_prompt_at=moment, rung=_reminder(course, task, clinic))


def _reminder(course: Course, task: Task, clinic: Clinic) -> int:
    # what was put off comes as a reminder to whoever put it off, whatever the next word would have been
    rungs = len(ladder_of(task, course.step(task), clinic))
    begun = (task.rung - 1) // (rungs + 1) * (rungs + 1)
    return begun + max(1, min(task.rung - begun, rungs - 1))
