"""The second check at work: who gives it, what both are told when they differ, and how they begin anew."""

from __future__ import annotations

from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.asking import asked_person
from bot.core.case import Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import NotAllowed, Settled
from bot.core.messages import Notice
from bot.core.outgoing import Entry, Posting, Verb
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Step
from bot.core.replies import Pressed
from bot.core.rooms import RoomDuties
from bot.core.second import awaits_second, gave_first, mismatch, without_first
from bot.ports import Transaction
from bot.service.lines import label_of
from bot.service.practice import Practice, keep
from bot.service.rooms import duties_of

#: The kind of the notice to each of two people who answered differently.
MISMATCH = "mismatch"


def may_check(person: Person, task: Task, step: Step, clinic: Clinic, now: datetime) -> None:
    """Raise NotAllowed for whoever gave the first answer: a second check is somebody else's."""
    if gave_first(task, person.id):
        raise NotAllowed(
            f"You gave the first answer to {step.title}. Somebody else checks it: "
            f"{_others(step.role, person, clinic, now)}. Nothing was changed."
        )


def _others(role: Role, person: Person, clinic: Clinic, now: datetime) -> str:
    there = (*clinic.on_duty(role, now), *clinic.on_duty(Role.PHYSICIAN, now))
    names = [wording.person_name(clinic, each) for each in dict.fromkeys(there) if each != person.id]
    return (
        f"{wording.few(names)} {'is' if len(names) == 1 else 'are'} here" if names else "nobody else is here"
    )


def tell_of_second(practice: Practice, tx: Transaction, course: Course, task: Task) -> tuple[str, ...]:
    """Say who checks now, or that two answers differ: then each of the two has a card of it."""
    clinic, now, step = practice.clinic_of(course.case), practice.clock.now(), course.step(task)
    if awaits_second(task) and task.first is not None:
        rooms = duties_of(tx, clinic, clinic.calendar.day(now))
        return (_who_checks(course, task, step, clinic, now, rooms),)
    if task.first is None or task.status is not TaskStatus.BLOCKED or not mismatch(step, task):
        return ()
    for person in (task.first.by, task.answer.by if task.answer else ""):
        _tell(practice, tx, clinic, task, person)
    return ("The two answers differ. Nothing was taken over; both of you and the physician are told.",)


def _who_checks(
    course: Course, task: Task, step: Step, clinic: Clinic, now: datetime, rooms: RoomDuties
) -> str:
    second = asked_person(task, step, course.case, clinic, now, course.tasks, rooms)
    if second is None:
        return "A second person must check, and nobody else is on duty who may: the channel is asked."
    name = wording.person_name(clinic, second)
    if not clinic.person(second).may(step.role):
        return f"No second person of your role is on duty: {name} checks, without seeing your answer."
    return f"{name} checks, without seeing your answer."


def _tell(practice: Practice, tx: Transaction, clinic: Clinic, task: Task, person: str) -> None:
    to = practice.reached(clinic, person)
    if to is None or not person:
        return
    key = f"{MISMATCH}:{task.key}:{task.asking}:{person}"
    tx.post(
        Posting(
            key=key,
            clinic=clinic.id,
            kind=MISMATCH,
            to=to,
            person=person,
            case=task.case,
            session=task.session,
        )
    )
    tx.put_on(key, [task.key])
    tx.queue(key, Verb.DRAW, key=key, at=practice.clock.now())


def draw_mismatch(course: Course, task: Task, clinic: Clinic) -> Notice:
    """Draw what one of the two is told: that they differ, in which answers, and what can be done."""
    step = course.step(task)
    heading, about = "Two answers differ", f"{step.title}, {label_of(course, task, clinic)}"
    differ = mismatch(step, task) if task.status is TaskStatus.BLOCKED else None
    if differ is None:
        text = f"{about}: this is over, nothing differs any more."
        return Notice(heading=heading, text=text, tone="good")
    return Notice(
        heading=heading,
        text=f"{about}: two answers differ. Nobody goes on before it is settled: "
        "look together, then both answer anew, or the physician does.",
        tone="bad",
        lines=wording.plain_reasons(differ.reasons),
        telling=True,
        buttons=(anew_button(task),),
    )


def anew_button(task: Task) -> Button:
    """Return the button by which both answer anew."""
    return Button(action=Action.ANEW, label="Both answer anew", tasks=(task.key,), revision=task.asking)


def take_anew(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Open a task again for both, at the word of one of the two or of a physician."""
    task = tx.task(pressed.tasks[0])
    course = practice.course(tx, task.case)
    title = course.step(task).title
    if task.status is not TaskStatus.BLOCKED or not mismatch(course.step(task), task):
        raise Settled(f"{title}: no two answers differ any more. Nothing was changed.")
    both = {answer.by for answer in (task.first, task.answer) if answer}
    if person.id not in both and not person.may(Role.PHYSICIAN):
        names = wording.few(wording.person_name(clinic, each) for each in sorted(both))
        raise NotAllowed(f"Only {names} or the physician may say so. Nothing was changed.")
    _open_again(practice, tx, person, course, task, "reopened")
    return Notice(text=f"{title}: both are asked anew · {task.case}", tone="good")


def first_taken_back(practice: Practice, tx: Transaction, person: Person, course: Course, task: Task) -> Task:
    """Take the first of two answers back, while nobody has given the second."""
    _open_again(practice, tx, person, course, task, "undone")
    return task


def _open_again(
    practice: Practice, tx: Transaction, person: Person, course: Course, task: Task, kind: str
) -> None:
    now = practice.clock.now()
    entry = Entry(kind=kind, at=now, by=person.id, detail={"task": task.key, "news": []})
    keep(practice, tx, course, course.with_tasks([without_first(task, now)]), entry, also=[task])
