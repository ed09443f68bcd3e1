"""The time-out: everybody stops, and what must be said aloud stands on the card, with what is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.aloud import lines_aloud, sources_aloud
from bot.core.case import Task, TaskStatus
from bot.core.clearance import open_before
from bot.core.course import Course
from bot.core.messages import TaskCard
from bot.core.people import Clinic
from bot.core.rooms import RoomDuties
from bot.service.clearing import owned_block


def draw_timeout(
    card: TaskCard,
    tasks: Sequence[Task],
    courses: Mapping[str, Course],
    clinic: Clinic,
    now: datetime,
    rooms: RoomDuties,
) -> TaskCard:
    """Add to a card what is to be said, and what forbids to go on; a passed time-out needs neither."""
    task = next((each for each in tasks if each.status is TaskStatus.OPEN), None)
    if task is None or card.over:
        return card
    course = courses[task.case]
    found = open_before(course, task)
    held = course.case.session(task.session).held
    on_hold = (f"held: {held}",) if held else ()
    waits = (*on_hold, *(owned_block(course, each, clinic, now, rooms) for each in found))
    first = wording.few((*(("its release",) if held else ()), *(each.title for each in found)))
    text = f"{card.heading}, {card.label}: not yet, {first} first."
    return replace(
        card,
        aloud=lines_aloud(course, task, clinic, now),
        sources=sources_aloud(course, task, clinic, now),
        waits=waits,
        text=text if waits else card.text,
    )
