"""Coverage: booked sessions of the next days which need somebody of a role while nobody is on duty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core import wording
from bot.core.asking import VISIT
from bot.core.case import Session, TaskStatus
from bot.core.course import Course
from bot.core.instants import own
from bot.core.people import Clinic, Role
from bot.core.times import Closed

#: How many days ahead a roster is held against what is booked.
AHEAD = 7
#: When on the open day before the manager is told.
TOLD_AT = time(14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Uncovered:
    """A part of a day in which booked sessions need somebody of a role, and nobody is on duty.

    `codes` are their cases; `procedures` how many there are of each, by the playbook's name.
    """

    day: date
    role: Role
    starts: datetime
    ends: datetime
    codes: tuple[str, ...]
    procedures: tuple[tuple[str, int], ...]

    @property
    def key(self) -> str:
        """Name it: a day and a role are told once, whoever is booked then."""
        return f"{self.day}:{self.role}"


def coverage(clinic: Clinic, courses: Iterable[Course], now: datetime) -> tuple[Uncovered, ...]:
    """Return what of the next days nobody is there for, the soonest first."""
    until = clinic.calendar.day(now) + timedelta(days=AHEAD)
    missing: dict[tuple[date, Role], list[tuple[datetime, Course]]] = defaultdict(list)
    for course in courses:
        for session in _coming(course, now, until):
            for role, at in _alone(clinic, course, session):
                missing[clinic.calendar.day(at), role].append((at, course))
    found = [_uncovered(day, role, its) for (day, role), its in missing.items()]
    return tuple(sorted(found, key=lambda each: (each.starts, each.role)))


def _coming(course: Course, now: datetime, until: date) -> Iterator[Session]:
    for session in course.case.sessions:
        gone = session.cancelled or session.started or session.finished or session.start <= now
        if not gone and course.calendar.day(session.start) <= until:
            yield session


def _alone(clinic: Clinic, course: Course, session: Session) -> Iterator[tuple[Role, datetime]]:
    """Yield when a session needs a role that nobody has then; before opening those of the day come early."""
    day = clinic.calendar.day(session.start)
    begins, ends = (clinic.calendar.instant(each, time()) for each in (day, day + timedelta(days=1)))
    for task in course.tasks:
        needed = task.session == session.number and task.status is TaskStatus.OPEN
        # a look goes through thousands of tasks: what is cheap to know is asked first
        if needed and begins <= task.due < ends:
            step = course.step(task)
            if step.phase in VISIT and not _there(clinic, step.role, task.due):
                yield step.role, task.due


def _there(clinic: Clinic, role: Role, at: datetime) -> bool:
    if clinic.on_duty(role, at):
        return True
    closed = clinic.calendar.working_moment(at) != at
    return closed and bool(clinic.rostered(role, clinic.calendar.day(at)))


def _uncovered(day: date, role: Role, its: Sequence[tuple[datetime, Course]]) -> Uncovered:
    moments = [at for at, _ in its]
    courses = {course.case.code: course for _, course in its}
    named = Counter(course.playbook.called for course in courses.values())
    return Uncovered(
        day=day,
        role=role,
        starts=min(moments),
        ends=max(moments),
        codes=tuple(courses),
        procedures=tuple(named.items()),
    )


def uncovered_words(gap: Uncovered, clinic: Clinic, now: datetime) -> str:
    """Say "Tomorrow 14:00-17:00: 3 CO₂ resurfacing cases, no nurse on duty"."""
    calendar = clinic.calendar
    away = (gap.day - calendar.day(now)).days
    day = {0: "Today", 1: "Tomorrow"}.get(away, wording.day_words(gap.day))
    # the clinic's hours, as in its roster: "Tomorrow" is no moment that could be another day elsewhere
    when = own(f"{day} {wording.hours(gap.starts, gap.ends, calendar)}")
    number = sum(count for _, count in gap.procedures)
    what = f"{gap.procedures[0][0]} case" if len(gap.procedures) == 1 else "case"
    return f"{when}: {wording.count(number, what)}, no {wording.plain(gap.role)} on duty"


def told_from(gap: Uncovered, clinic: Clinic) -> datetime:
    """Return from when on the manager is told: 14:00 of the open day before."""
    before = clinic.calendar.open_day(gap.day - timedelta(days=1), Closed.PREVIOUS)
    return clinic.calendar.instant(before, TOLD_AT)
