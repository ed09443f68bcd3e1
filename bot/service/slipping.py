"""What slips, as a manager sees it: one card a day with what is open, and whose it is.

What slips at once gets its numbers in the order of its danger, and keeps them, since a typed reply names
them. Where what slipped later is worse than what stands first, the card says with which line to begin. It is
edited as things are answered and asked again. What slips later rings once in each half of the day; a
stop or what is urgent rings by itself, once a day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.asking import asked_person, asked_role
from bot.core.case import Case, Task, TaskStatus
from bot.core.course import Course
from bot.core.hush import HALF
from bot.core.kinds import CardKind, Level, Phase
from bot.core.messages import Line, TaskCard
from bot.core.people import Clinic
from bot.core.playbook import Step
from bot.core.rooms import RoomDuties
from bot.service.lines import line

#: The kind of a manager's list of what has slipped.
SLIPPING = "slipping"
HEADING = "Please look: still open"


def draw_slipping(
    courses: Mapping[str, Course], tasks: Sequence[Task], clinic: Clinic, now: datetime, rooms: RoomDuties
) -> TaskCard:
    """Draw what slipped: what is open, by its number, each with its owner; the rest is only counted."""
    numbered = [(number, task) for number, task in enumerate(tasks, start=1) if task.waits]
    lines = tuple(_owned(courses[task.case], task, clinic, now, number, rooms) for number, task in numbered)
    done = len(tasks) - len(lines)
    answered = (f"{wording.count(done, 'item')} answered since.",) if done and lines else ()
    news = (*_begin(courses, numbered), *answered)
    return TaskCard(
        kind=CardKind.WORKLIST,
        heading=HEADING,
        text=_text(lines),
        lines=lines,
        news=news,
        closed=not lines,
    )


def rings(task: Task, step: Step, clinic: Clinic, now: datetime) -> str:
    """Return which ring a task shares with others: that of the half-day, "" for one of its own."""
    if task.status is TaskStatus.BLOCKED or step.ladder == "urgent":
        return ""
    here = clinic.calendar.local(now)
    return f"{here.date()}:{'am' if here.time() < HALF else 'pm'}"


def by_danger(case: Case, step: Step, task: Task) -> tuple[bool, bool, int, datetime, datetime, str]:
    """Return what puts the worst first: a complication, a stop, what stops, what starts soonest."""
    level = (Level.HARD, Level.MD, Level.NONE).index(step.stops.level)
    harmed = step.phase is Phase.EVENT and step.ladder == "urgent"
    stands = task.status is not TaskStatus.BLOCKED
    return not harmed, stands, level, case.session(task.session).start, task.due, task.key


def _begin(courses: Mapping[str, Course], numbered: Sequence[tuple[int, Task]]) -> Iterator[str]:
    """Name the worst line where it does not stand first."""
    worst = min(numbered, key=lambda each: _danger(courses[each[1].case], each[1]), default=None)
    if worst is not None and worst != numbered[0]:
        number, task = worst
        yield f"Begin with {number}. {courses[task.case].step(task).title}, {task.case}."


def _danger(course: Course, task: Task) -> tuple[bool, bool, int, datetime, datetime, str]:
    return by_danger(course.case, course.step(task), task)


def _owned(course: Course, task: Task, clinic: Clinic, now: datetime, number: int, rooms: RoomDuties) -> Line:
    drawn = line(course, task, clinic, now, number=number, mixed=True)
    step = course.step(task)
    person = asked_person(task, step, course.case, clinic, now, course.tasks, rooms)
    role = wording.ROLES[asked_role(task, step)].capitalize()
    owner = wording.person_name(clinic, person) if person else f"{role}, nobody is there"
    said = " · ".join(filter(None, (f"Owner: {owner}", drawn.said)))
    # whoever looks after it talks to the owner; answers stay with the one whose work it is
    return replace(drawn, said=said, buttons=())


def _text(lines: Sequence[Line]) -> str:
    if not lines:
        return f"{HEADING}: all answered."
    titles = list(dict.fromkeys(each.title for each in lines))
    named = ", ".join(titles[:6]) + (" and more" if len(titles) > 6 else "")
    end = "" if named.endswith("?") else "."
    return f"{HEADING}: {wording.count(len(lines), 'item')} to answer: {named}{end}"
