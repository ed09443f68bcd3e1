"""What is true of a room that day: asked once, and good for all who are treated there.

The kit, the self-test and the sign on the door are the room's and not the patient's. Whoever answers for one
patient has answered for the others in that room, on that device and that day; each of them keeps an answer of
their own that says so. An answer that stops, or that does not apply, is that patient's alone. A patient who
goes to another room, device or day is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core import wording
from bot.core.case import Answer, Outcome, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.lifecycle import Change, turned
from bot.core.people import Clinic
from bot.core.playbook import Step


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomDay:
    """A room with its device on a local date."""

    room: str
    device: str
    day: date


def room_day(course: Course, session: Session) -> RoomDay | None:
    """Return where a session is, `None` if nobody wrote down a room."""
    if not session.room:
        return None
    device = session.device or _unnamed(course, session)
    return RoomDay(room=session.room, device=device, day=course.calendar.day(session.start))


def _unnamed(course: Course, session: Session) -> str:
    # two procedures may use two devices of one room: what nobody named is not taken to be the same
    facts = course.facts(session)
    return ", ".join(
        [course.playbook.id, *(str(facts.get(name)) for name in sorted(course.playbook.narrowed))]
    )


def holds_for_the_room(course: Course, task: Task) -> bool:
    """Say whether a task's standing answer is one for its room."""
    answer = task.answer
    told = answer is not None and answer.outcome in (Outcome.CONFIRMED, Outcome.CAUGHT)
    return told and course.step(task).shared and task.status is TaskStatus.DONE and task.decision is None


def shares(course: Course, task: Task, where: RoomDay, step: Step) -> bool:
    """Say whether an open task asks the same of the same room; the two may be of two playbooks."""
    mine = course.step(task)
    same = mine.shared and (mine.id, mine.ask, mine.stops) == (step.id, step.ask, step.stops)
    waits = task.status is TaskStatus.OPEN and task.answer is None and task.first is None
    return waits and same and room_day(course, course.case.session(task.session)) == where


def passed_on(answer: Answer, where: RoomDay, clinic: Clinic) -> Answer:
    """Return the answer that another patient of the room keeps: said by whom and when it was said, once."""
    who, at = wording.person_name(clinic, answer.by), wording.clock(answer.at, clinic.calendar)
    note = f"answered once for {wording.room_name(where.room)} today by {who} {at}"
    return replace(answer, note=f"{note}: {answer.note}" if answer.note else note, together=False)


def elsewhere(before: Course, after: Course, *, now: datetime) -> Iterator[Task]:
    """Yield, open again, what was answered for a room, device or day in which a session is no longer."""
    numbers = {session.number: session for session in before.case.sessions}
    for session in after.case.sessions:
        was = numbers.get(session.number)
        if was is None or session.started or room_day(before, was) == room_day(after, session):
            continue
        for task in after.tasks:
            if task.session == session.number and task.answer and holds_for_the_room(after, task):
                again = turned(task, Change.EXPIRED, now=now)
                yield replace(
                    again, reopened=True, answer=None, first=None, next_prompt_at=max(task.due, now)
                )
