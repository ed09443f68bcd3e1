"""What a card asked and asks no more: who has it now, and why the whole card is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.asking import pages
from bot.core.case import Task, TaskStatus
from bot.core.course import Course
from bot.core.due import STAGES, stage_key
from bot.core.messages import Line, LineState
from bot.core.outgoing import Posting
from bot.core.people import Clinic
from bot.ports import Reading
from bot.service.withdrawn import why_gone

#: What is asked on this card, all of it.
NOWHERE: Mapping[str, str] = {}


def asked_elsewhere(
    reading: Reading,
    posting: Posting,
    courses: Mapping[str, Course],
    tasks: Sequence[Task],
    clinic: Clinic,
    now: datetime,
) -> dict[str, str]:
    """Return who has what was asked here and is asked of somebody else now."""
    found: dict[str, str] = {}
    still_open = [task for task in tasks if task.status is TaskStatus.OPEN]
    last = reading.asked_on(task.key for task in still_open)
    for task in (task for task in still_open if task.key in last):
        course, person = courses[task.case], last[task.key].person
        paged = pages(task, course.step(task), course.case, clinic, now)
        if person != posting.person and posting.person not in paged:
            found[task.key] = wording.person_name(clinic, person) if person else "whoever claims it"
    return found


def as_asked(drawn: Line, elsewhere: Mapping[str, str]) -> Line:
    """Return a line as it is on its card: closed where somebody else has it now."""
    who = elsewhere.get(drawn.task)
    if who is None:
        return drawn
    return replace(drawn, state=LineState.VOID, said=f"Now with {who}", due="", buttons=())


def why_over(
    reading: Reading,
    posting: Posting,
    courses: Mapping[str, Course],
    tasks: Sequence[Task],
    elsewhere: Mapping[str, str],
) -> str:
    """Return why nothing on a card is asked any more, "" while something is."""
    if elsewhere.keys() >= {task.key for task in tasks}:
        return f"now with {wording.few(elsewhere.values())}"
    if _moved(posting, courses[tasks[0].case], tasks):
        return "this is the new date; you are asked again then"
    if any(task.status is not TaskStatus.VOID for task in tasks):
        return ""
    if len(courses) > 1:
        return "nothing on it is asked any more"
    return why_gone(reading, courses[tasks[0].case], tasks[0])


def _moved(posting: Posting, course: Course, tasks: Sequence[Task]) -> bool:
    # a stage that still waits is asked on another card on its new date
    session = course.case.session(tasks[0].session)
    waits = any(task.waits for task in tasks)
    return (
        posting.kind in STAGES
        and waits
        and posting.key != stage_key(posting.kind, session, tasks[0], posting.person)
    )
