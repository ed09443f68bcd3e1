"""The evening's paper sheet: all of a day's cases, for the day on which nothing else works.

It shows codes and never a name. What nobody answered yet is a box; what was answered before is ticked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.core import wording
from bot.core.asking import asked_person, asked_role
from bot.core.boards import RowState
from bot.core.case import Case, Override, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import Anchor, Phase
from bot.core.people import ASKED_ROLES, Clinic, Role
from bot.core.rooms import RoomDuties
from bot.core.sentences import capital
from bot.core.standing import row
from bot.core.times import Closed
from bot.ports import Reading
from bot.service.practice import Practice
from bot.service.rooms import duties_of

#: What is done on the day itself, and before the patient goes home.
_OF_THE_DAY = (Phase.DAY, Phase.POST)
#: How a state is headed on paper, the best first.
_STATES: Mapping[RowState, str] = {
    RowState.READY: "cleared",
    RowState.OVERRIDE: "go-ahead given",
    RowState.ON_TRACK: "on track",
    RowState.NOT_READY: "not ready",
    RowState.STOP: "stop",
}
_OTHER = "look"


def next_day(reading: Reading, clinic: Clinic, now: datetime) -> date:
    """Return the day of the next sheet: the next one that is open, or earlier if somebody is booked."""
    first = clinic.calendar.day(now) + timedelta(days=1)
    last = clinic.calendar.open_day(first, Closed.NEXT)
    days = [first + timedelta(days=each) for each in range((last - first).days)]
    return next((day for day in days if coming(reading, clinic, day)), last)


def coming(reading: Reading, clinic: Clinic, day: date) -> list[tuple[Session, Case]]:
    """Return the sessions of a day that were not cancelled, the first before."""
    begins, ends = _span(clinic, day)
    found = [
        (session, case)
        for case in reading.cases_near(clinic.id, begins, ends, begins)
        for session in case.sessions
        if begins <= session.start < ends and not (session.cancelled or case.cancelled)
    ]
    return sorted(found, key=lambda each: (each[0].start, each[1].code))


def day_sheet(practice: Practice, reading: Reading, clinic: Clinic, day: date) -> dict[str, Any]:
    """Return what the sheet of a day shows, as plain data for the press."""
    now = practice.clock.now()
    found = coming(reading, clinic, day)
    tasks = reading.tasks_of([case.code for _, case in found])
    overrides = reading.overrides([case.code for _, case in found])
    rooms = duties_of(reading, clinic, day)
    cases = [
        _case(practice.course_of(case, tasks[case.code]), session, overrides[case.code], clinic, rooms, now)
        for session, case in found
    ]
    made = wording.moment(now, clinic.calendar)
    return {
        "title": f"{day:%A} {day.day} {day:%B %Y}",
        "clinic": clinic.title,
        "made": made,
        "foot": f"{clinic.title} · {wording.day_words(day)} · as of {made} · a code never replaces the check "
        "at the bedside",
        "counts": _counts(cases),
        "staff": [*_staff(clinic, day)],
        "cases": cases,
    }


def _span(clinic: Clinic, day: date) -> tuple[datetime, datetime]:
    midnights = (clinic.calendar.instant(each, time()) for each in (day, day + timedelta(days=1)))
    begins, ends = midnights
    return begins, ends


def _counts(cases: Sequence[Mapping[str, Any]]) -> str:
    states = [each["state"] for each in cases]
    some = [f"{states.count(state)} {state}" for state in (*_STATES.values(), _OTHER) if state in states]
    return ", ".join([wording.count(len(cases), "procedure"), *some])


def _staff(clinic: Clinic, day: date) -> Iterator[dict[str, str]]:
    for role in (*ASKED_ROLES, Role.MANAGER):
        names = [wording.person_name(clinic, each) for each in clinic.rostered(role, day)]
        yield {
            "role": wording.plain(role.value).capitalize(),
            "names": ", ".join(names) or "nobody on the roster",
        }


def _case(
    course: Course,
    session: Session,
    overrides: Sequence[Override],
    clinic: Clinic,
    rooms: RoomDuties,
    now: datetime,
) -> dict[str, Any]:
    shown = row(course, overrides, clinic, now, rooms)
    # a course may have another session before this one, of which the board speaks until then
    its = shown.session == session.number
    last = len(course.case.sessions)
    mine = [task for task in course.tasks if task.session == session.number]
    return {
        "code": course.case.code,
        "time": wording.clock(session.start, clinic.calendar),
        "until": wording.clock(session.end, clinic.calendar),
        "arrives": wording.clock(course.arrival(session), clinic.calendar),
        "procedure": course.playbook.title,
        "session": f"session {session.number} of {last}" if last > 1 else "",
        "room": wording.room_name(session.room),
        "device": session.device,
        "state": _STATES.get(shown.state, _OTHER) if its else _OTHER,
        "summary": capital(shown.summary if its else "an earlier session comes first"),
        "held": session.held,
        "before": [*_before(course, session, clinic, rooms)],
        "boxes": [_box(course, each, clinic, rooms) for each in _of_the_day(course, mine)],
    }


def _before(course: Course, session: Session, clinic: Clinic, rooms: RoomDuties) -> Iterator[dict[str, Any]]:
    """Yield what is still open of all that was to be settled before the day."""
    for task in sorted(course.tasks, key=lambda each: (each.due, each.step)):
        step = course.step(task)
        earlier = task.session <= session.number and step.phase not in (*_OF_THE_DAY, Phase.FOLLOW_UP)
        if task.waits and earlier and task.due <= session.start:
            yield _box(course, task, clinic, rooms)


def _of_the_day(course: Course, mine: Sequence[Task]) -> list[Task]:
    found = [
        task for task in mine if task.status is not TaskStatus.VOID and course.step(task).phase in _OF_THE_DAY
    ]
    return sorted(found, key=lambda task: (task.due, course.step(task).due.anchor is Anchor.END, task.step))


def _box(course: Course, task: Task, clinic: Clinic, rooms: RoomDuties) -> dict[str, Any]:
    step = course.step(task)
    person = asked_person(task, step, course.case, clinic, task.due, course.tasks, rooms)
    role, stopped = wording.plain(asked_role(task, step).value), task.status is TaskStatus.BLOCKED
    return {
        "at": wording.when(task.due, course.case.session(task.session).start, clinic.calendar),
        "title": wording.stop_words(step.title, course.verdict(task).reasons) if stopped else step.title,
        "stop": step.stops.level.value,
        "blocked": stopped,
        "done": task.status is TaskStatus.DONE,
        "who": wording.person_name(clinic, person) if person else role,
    }
