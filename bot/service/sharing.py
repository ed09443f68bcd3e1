"""Sharing: an answer for a room is passed on to all who are treated there that day, and taken back so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import changes
from bot.core.case import Answer, Task
from bot.core.course import Course
from bot.core.outgoing import Arrangement, Entry
from bot.core.people import Clinic
from bot.core.sharing import RoomDay, holds_for_the_room, passed_on, room_day, shares
from bot.core.stops import facts_set
from bot.ports import Reading, Transaction
from bot.service.practice import Practice, keep
from bot.service.rooms import sessions_of

#: The kind of what says that a step was answered for a room; its key is clinic, day, room, device and step.
SHARED = "room_day"


#: What was answered for a room so long ago is nobody's any more.
KEPT = timedelta(days=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """An answer for a room: the task it was given on, and those that it was passed on to."""

    task: str
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, kept: Arrangement) -> Shared:
        """Read what an arrangement keeps."""
        return cls(task=kept.detail["task"], others=tuple(kept.detail["others"]))

    def detail(self) -> dict[str, object]:
        """Return what an arrangement keeps of it."""
        return {"task": self.task, "others": list(self.others)}


def pass_on(practice: Practice, tx: Transaction, clinic: Clinic, course: Course, task: Task) -> None:
    """Answer the same for everybody else who is treated in that room that day."""
    where = room_day(course, course.case.session(task.session))
    step, answer = course.step(task), task.answer
    if where is None or answer is None or not holds_for_the_room(course, task):
        return
    if facts_set(step, answer.values):
        return
    told = [
        _attest(practice, tx, clinic, other, each, answer, where)
        for other, each in _others(practice, tx, clinic, course, task, where)
    ]
    _keep(tx, clinic, where, step.id, Shared(task=task.key, others=tuple(told)), answer)


def _others(
    practice: Practice, reading: Reading, clinic: Clinic, course: Course, task: Task, where: RoomDay
) -> Iterator[tuple[Course, Task]]:
    step = course.step(task)
    codes = {
        case.code for case, session in sessions_of(reading, clinic, where.day) if session.room == where.room
    }
    for code in sorted(codes - {task.case}):
        other = practice.course(reading, code)
        for each in other.tasks:
            if each.step == step.id and not other.case.shadow and shares(other, each, where, step):
                yield other, each


def _attest(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    course: Course,
    task: Task,
    answer: Answer,
    where: RoomDay,
) -> str:
    now = practice.clock.now()
    given = passed_on(answer, where, clinic)
    after = changes.renewed(changes.answered(course, task, given, now=now), now=now)
    tx.answered(task.key, given)
    detail = {"task": task.key, "outcome": given.outcome.value, "note": given.note, "shared": True}
    keep(practice, tx, course, after, Entry(kind="answered", at=now, by=given.by, detail=detail), also=[task])
    return task.key


def answered_before(
    practice: Practice, tx: Transaction, clinic: Clinic, due: Sequence[Task]
) -> frozenset[str]:
    """Answer what was answered for its room today already, as for a patient who came there later; return the
    tasks.
    """
    if not due or not tx.arrangements(clinic.id, SHARED):
        return frozenset()
    return frozenset(task.key for task in due if not task.rung and _passed_on(practice, tx, clinic, task))


def _passed_on(practice: Practice, tx: Transaction, clinic: Clinic, task: Task) -> bool:
    case = tx.case(task.case)
    step = practice.playbook_of(case).step(task.step)
    if not step.shared or case.shadow:
        return False
    course = practice.course(tx, task.case)
    where = room_day(course, case.session(task.session))
    kept = tx.arrangement(SHARED, _key(clinic, where, step.id)) if where else None
    if where is None or kept is None or kept.ended is not None:
        return False
    shared = Shared.of(kept)
    answer = _standing(practice, tx, shared.task, course, task, where)
    if answer is None:
        return False
    _attest(practice, tx, clinic, course, task, answer, where)
    more = replace(shared, others=(*shared.others, task.key))
    tx.arrange(replace(kept, detail=more.detail()))
    return True


def _standing(
    practice: Practice, reading: Reading, source: str, course: Course, task: Task, where: RoomDay
) -> Answer | None:
    # the patient of whom it was said may have left the room since
    first = reading.task(source)
    told = practice.course(reading, first.case)
    there = room_day(told, told.case.session(first.session)) == where
    good = there and holds_for_the_room(told, first) and shares(course, task, where, told.step(first))
    return first.answer if good else None


def taken_back(practice: Practice, tx: Transaction, clinic: Clinic, task: Task) -> None:
    """Take an answer for a room back from all patients to whom it was passed on."""
    for kept in tx.arrangements(clinic.id, SHARED):
        shared = Shared.of(kept)
        if task.key in (shared.task, *shared.others):
            now = practice.clock.now()
            tx.arrange(replace(kept, ended=now))
            for key in {shared.task, *shared.others} - {task.key}:
                _undo(practice, tx, tx.task(key), task.answer, now)


def _undo(practice: Practice, tx: Transaction, other: Task, said: Answer | None, now: datetime) -> None:
    told = other.answer
    if told is None or said is None or (told.by, told.at) != (said.by, said.at):
        return
    course = practice.course(tx, other.case)
    after = changes.undone(course, other, now=now)
    entry = Entry(kind="undone", at=now, by=told.by, detail={"task": other.key})
    keep(practice, tx, course, after, entry, also=[other])


def _keep(tx: Transaction, clinic: Clinic, where: RoomDay, step: str, shared: Shared, answer: Answer) -> None:
    key = _key(clinic, where, step)
    kept = tx.arrangement(SHARED, key)
    new = kept or Arrangement(kind=SHARED, key=key, clinic=clinic.id, by=answer.by, at=answer.at)
    tx.arrange(replace(new, by=answer.by, at=answer.at, detail=shared.detail(), ended=None))
    for old in tx.arrangements(clinic.id, SHARED):
        if answer.at - old.at > KEPT:
            tx.arrange(replace(old, ended=answer.at))


def _key(clinic: Clinic, where: RoomDay, step: str) -> str:
    return f"{clinic.id}:{where.day}:{where.room}:{where.device}:{step}"
