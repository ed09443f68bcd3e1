"""Reaching a patient: an attempt in vain is kept, and the next one is a new asking.

After the last the physician decides. A booked date that is no more asks for another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.core.case import Answer, Task, TaskStatus
from bot.core.conditions import Values
from bot.core.course import Course
from bot.core.forms import IN_CHART
from bot.core.lifecycle import Change, asked_anew, turned
from bot.core.playbook import Step
from bot.core.times import Calendar, Closed

#: How an attempt is made.
CHANNELS = ("phone", "message", "mail", "video", "visit")
#: What people write instead.
_ALSO: Mapping[str, str] = {
    **dict.fromkeys(("telephone", "telephoned", "phoned", "call", "called", "rang", "voicemail"), "phone"),
    **dict.fromkeys(("text", "texted", "sms", "messaged", "whatsapp"), "message"),
    **dict.fromkeys(("email", "emailed", "mailed", "letter"), "mail"),
    **dict.fromkeys(("visited",), "visit"),
}
#: How long before the doors close an evening's attempt is made.
EVENING = timedelta(hours=1)


def channel_in(note: str) -> str:
    """Return the first channel that a line of words names, "" for none."""
    words = re.findall("[a-z]+", note.lower())
    return next((found for word in words if (found := _ALSO.get(word, word)) in CHANNELS), "")


def attempt_words(task: Task, step: Step) -> str:
    """Return " (attempt 2 of 3)" for an item that was tried in vain and is asked again."""
    asked_again = task.tried and task.status is TaskStatus.OPEN
    return f" (attempt {task.tried + 1} of {len(step.attempts) + 1})" if asked_again else ""


def tried(course: Course, task: Task, now: datetime) -> Task | None:
    """Return the task after one more attempt in vain, due at the next; `None` after the last."""
    step, count = course.step(task), task.tried + 1
    if task.status is not TaskStatus.OPEN or count > len(step.attempts):
        return None
    at = _at(course, task, step.attempts[count - 1], now)
    on_call = not course.calendar.is_open(course.calendar.day(at))
    anew = asked_anew(replace(task, tried=count, due=at, on_call=on_call, late=False), at)
    return replace(anew, reopened=False)


def _at(course: Course, task: Task, days: int, now: datetime) -> datetime:
    step, calendar = course.step(task), course.calendar
    first = course.planned(
        step,
        course.case.session(task.session),
        floor=task.floor,
        anchored=task.anchored,
        occurrence=task.occurrence,
    ).due
    closed = Closed.STAY if step.due.closed is Closed.STAY and step.due.days is not None else Closed.NEXT
    usual = calendar.local(first).time()
    moment = _moment(calendar, calendar.day(first) + timedelta(days=days), usual, closed, evening=not days)
    if moment <= now:
        # tried later than planned: the next day is soon enough, and no two attempts are on one evening
        moment = _moment(calendar, calendar.day(now) + timedelta(days=1), usual, closed, evening=False)
    return moment


def _moment(calendar: Calendar, day: date, usual: time, closed: Closed, *, evening: bool) -> datetime:
    day = calendar.open_day(day, closed)
    opens, closes = calendar.opening(day)
    if evening:
        return calendar.instant(day, closes) - EVENING
    return calendar.instant(day, usual if opens <= usual < closes else opens)


def booked_on(step: Step, answer: Answer | None) -> date | None:
    """Return the date that an answer has booked, if the step books one."""
    value = answer.values.get(step.books) if answer and step.books else None
    return value if isinstance(value, date) else None


def not_booked(step: Step, values: Values) -> str:
    """Return which field says that not everything is booked, "" where all is."""
    if not step.books:
        return ""
    asked = [field.name for field in step.ask if field.choices == ("yes", "no")]
    return next((name for name in (*asked, IN_CHART) if values.get(name) == "no"), "")


def unbooked(task: Task, now: datetime) -> Task:
    """Return a task whose booked date is no more: it asks for another at once."""
    fresh = turned(replace(task, answer=None, first=None, decision=None), Change.EXPIRED, now=now)
    return replace(fresh, reopened=True, next_prompt_at=now)


def falls_away(course: Course, task: Task) -> bool:
    """Say whether a booked date is none any more, because the procedure is on that day or after it."""
    booked = booked_on(course.step(task), task.answer)
    start = course.calendar.day(course.case.session(task.session).start)
    return task.status is TaskStatus.DONE and booked is not None and booked <= start
