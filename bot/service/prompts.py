"""Prompts: what is due becomes words, each on its card, for whoever is asked now.

A reminder goes to whoever was asked, while they work. After that the task is asked anew of whoever works now,
on a card of their own, and the old one says who has it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.asking import asked_person, asked_role, is_paged, is_taken, orphaned, still_asked
from bot.core.case import Case, Session, Task
from bot.core.course import Course
from bot.core.due import (
    CLAIM,
    LISTS,
    STAGE,
    STAGES,
    Place,
    Word,
    goes_along,
    ladder_of,
    place_of,
    word_due,
)
from bot.core.kinds import CardKind
from bot.core.lifecycle import asked_anew
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Role
from bot.core.playbook import Step
from bot.core.rooms import RoomDuties
from bot.ports import Transaction
from bot.service.rooms import rooms_today
from bot.service.shifts import BUNDLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """One word about one task: on which card, and to whom: `person` "" is whoever reads the channel.

    `left` says that somebody else was asked before, or the channel; `paged` that one physician after the
    other hears of it until somebody takes it.
    """

    case: Case
    task: Task
    step: Step
    word: Word
    place: Place
    left: bool = False
    paged: bool = False

    @property
    def stays(self) -> bool:
        """Say whether this is said on the card that asked before."""
        return self.word is not Word.ASK or (self.task.rung > 0 and self.place.kind not in (*LISTS, CLAIM))

    @property
    def once(self) -> str:
        """Name this word of this round for ever."""
        return f"{self.task.key}:{self.task.asking}:{self.task.rung}"


def prompts_for(
    tx: Transaction,
    clinic: Clinic,
    courses: Mapping[str, Course],
    due: Sequence[Task],
    now: datetime,
) -> list[Prompt]:
    """Return what is said now of these tasks, and of those that go along on a card that is sent now."""
    tasks = [*due, *_along(tx, courses, due)]
    asked = [task.key for task in tasks if task.rung]
    standing, last = tx.postings_of(asked), tx.asked_on(asked)
    rooms = rooms_today(tx, clinic, _stages(courses, tasks), now)
    prompts = [
        _prompt(tx, courses[task.case], task, clinic, last.get(task.key), rooms, now) for task in tasks
    ]
    return [
        _where_it_stands(each, standing.get(each.task.key, ())) if each.stays else each for each in prompts
    ]


def _stages(courses: Mapping[str, Course], tasks: Sequence[Task]) -> Iterator[tuple[Role, Case, Session]]:
    for task in tasks:
        course = courses[task.case]
        step, case = course.step(task), course.case
        if step.card in STAGES or step.card is CardKind.CONSULT:
            yield asked_role(task, step), case, case.session(task.session)


def _along(tx: Transaction, courses: Mapping[str, Course], due: Sequence[Task]) -> Iterator[Task]:
    steps = {task.key: courses[task.case].step(task) for task in due}
    leading = defaultdict(list)
    for task in due:
        if not task.rung and steps[task.key].card not in LISTS:
            leading[task.case].append(task)
    latest = max((task.due for tasks in leading.values() for task in tasks), default=None)
    for task in tx.unasked(leading, latest + STAGE) if latest else ():
        step = courses[task.case].step(task)
        goes = any(goes_along(task, step, other, steps[other.key]) for other in leading[task.case])
        if goes and task.key not in steps:
            yield task


def _prompt(
    tx: Transaction,
    course: Course,
    task: Task,
    clinic: Clinic,
    last: Posting | None,
    rooms: RoomDuties,
    now: datetime,
) -> Prompt:
    case, step = course.case, course.step(task)
    word = word_due(task, ladder_of(task, step, clinic))
    before = last.person if last is not None and task.rung else None
    # who has left is no reason to load a case whose people are all there
    urgent = is_paged(step, case)
    others = tx.tasks(case.code) if urgent or orphaned(task, step, case, clinic) else ()
    person = asked_person(task, step, case, clinic, now, others, rooms) or ""
    if word is Word.REMIND and before is not None:
        stays = before == person or (bool(before) and still_asked(before, task, step, clinic, now))
        person = before if stays else person
        if not stays:
            task, word = asked_anew(task, now), Word.ASK
    place = place_of(task, step, case.session(task.session), person, clinic, now)
    paged = urgent and not is_taken(task, others)
    left = word is Word.ASK and before is not None and (person != before or not person)
    return Prompt(case=case, task=task, step=step, word=word, place=place, left=left, paged=paged)


def _where_it_stands(prompt: Prompt, postings: Sequence[Posting]) -> Prompt:
    # a reminder belongs in the thread of the card that asked, not on another one of the day
    place = prompt.place
    for posting in reversed(postings):
        # what was left by whoever went home stays on the card on which it was handed on
        if posting.person == place.person and posting.kind in (place.kind, BUNDLE):
            return replace(prompt, place=replace(place, key=posting.key, day=posting.day))
    return prompt
