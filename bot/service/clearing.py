"""Clearing: the physician's list of who may come, one press for the clean and a line for each exception."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.asking import asked_person
from bot.core.case import Override, Task, TaskStatus
from bot.core.clearance import go_values, is_clean, open_before, standing
from bot.core.course import Course
from bot.core.errors import Settled
from bot.core.instants import own
from bot.core.kinds import Level
from bot.core.messages import Line, Notice, TaskCard
from bot.core.people import Clinic, Person
from bot.core.readiness import Blocker
from bot.core.replies import Pressed
from bot.core.rooms import RoomDuties
from bot.core.standing import block_words
from bot.ports import Transaction
from bot.service.answer import Given, give
from bot.service.practice import Practice


def draw_clearance(
    card: TaskCard,
    tasks: Sequence[Task],
    courses: Mapping[str, Course],
    overrides: Mapping[str, Sequence[Override]],
    clinic: Clinic,
    now: datetime,
    rooms: RoomDuties,
) -> TaskCard:
    """Draw the list: exceptions first, each with what is open and who owns it; one button for the clean."""
    by_key = {task.key: task for task in tasks}
    clean = tuple(task.key for task in tasks if is_clean(courses[task.case], task, now))
    waiting = [task for task in tasks if task.status is TaskStatus.OPEN]
    lines = [_line(each, by_key[each.task], courses, overrides, clinic, now, rooms) for each in card.lines]
    lines.sort(key=lambda each: (by_key[each.task] not in waiting, each.task in clean))
    return replace(
        card,
        lines=tuple(lines),
        buttons=tuple(_go(clean)),
        text=_text(card, clean, [task for task in waiting if task.key not in clean]),
    )


def _line(
    line: Line,
    task: Task,
    courses: Mapping[str, Course],
    overrides: Mapping[str, Sequence[Override]],
    clinic: Clinic,
    now: datetime,
    rooms: RoomDuties,
) -> Line:
    if task.status is not TaskStatus.OPEN:
        return line
    course = courses[task.case]
    found = [owned_block(course, each, clinic, now, rooms) for each in open_before(course, task)]
    stands = standing(course, task, overrides.get(task.case, ()))
    given = stands.override
    by = wording.person_name(clinic, given.by) if given else ""
    said = [f"held: {stands.held}"] if stands.held else []
    said += [*found[:4], *([f"{len(found) - 4} more"] if len(found) > 4 else [])]
    said += [f"override by {by}, {own(given.reason)}"] if given else []
    level = line.level if said else Level.NONE
    return replace(line, said="; ".join(said) or "Clean: nothing is open.", level=level, why="")


def owned_block(course: Course, blocker: Blocker, clinic: Clinic, now: datetime, rooms: RoomDuties) -> str:
    """Say what is open and who owns it."""
    task = blocker.task
    owner = asked_person(task, course.step(task), course.case, clinic, now, course.tasks, rooms)
    return f"{block_words(blocker, now, clinic)} ({wording.person_name(clinic, owner)})"


def _go(clean: tuple[str, ...]) -> list[Button]:
    many = "one that is" if len(clean) == 1 else str(len(clean))
    label = f"Go for the {many} clean"
    return [Button(action=Action.GO, label=label, tasks=clean, style="primary")] if clean else []


def _text(card: TaskCard, clean: Sequence[str], exceptions: Sequence[Task]) -> str:
    if not clean and not exceptions:
        return f"{card.heading}: all answered."
    codes = wording.few(task.case for task in exceptions)
    rest = f"{len(exceptions)} with something open: {codes}" if exceptions else "nothing open"
    return f"{card.heading}: {len(clean)} clean, {rest}."


def take_go(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    """Answer each case singly that is still clean, marked as given together; name those that are not."""
    cleared, left = [], []
    for key in dict.fromkeys(pressed.tasks):
        task = tx.task(key)
        course = practice.course(tx, task.case)
        values = go_values(course.step(task))
        if values is None or not is_clean(course, task, practice.clock.now()):
            left.append(_why_not(course, task, clinic, practice.clock.now()))
            continue
        give(practice, tx, clinic, person, Given(task=key, values=values, together=True))
        cleared.append(task.case)
    if not cleared:
        raise Settled(f"Nothing was changed. {' '.join(left)}")
    return Notice(text=f"Go: {', '.join(cleared)}.", lines=tuple(left), tone="bad" if left else "good")


def _why_not(course: Course, task: Task, clinic: Clinic, now: datetime) -> str:
    if task.status is not TaskStatus.OPEN:
        said = wording.answer_words(task.answer, clinic, now) if task.answer else "not asked any more"
        return f"{task.case}: {said}."
    found = open_before(course, task)
    held = standing(course, task).held if course.step(task).gate else ""
    titles = wording.few([*([f"held, {held}"] if held else []), *(each.title for each in found)])
    return f"{task.case} is not clean any more: {titles or 'it needs its own answer'}."
