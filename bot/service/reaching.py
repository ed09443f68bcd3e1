"""Reaching at work: what follows an attempt in vain is said, and a date that is no more is asked anew."""

from __future__ import annotations

from datetime import datetime

from bot.core import wording
from bot.core.case import Answer, Outcome, Task, TaskStatus
from bot.core.conditions import Values, shown
from bot.core.course import Course
from bot.core.errors import Refused, Settled, Unclear
from bot.core.messages import Notice
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Person
from bot.core.permissions import answering
from bot.core.playbook import Step
from bot.core.reaching import CHANNELS, booked_on, channel_in, unbooked
from bot.core.replies import Pressed
from bot.ports import Transaction
from bot.service.practice import Practice, keep


def may_try(step: Step, answer: Answer, *, scripted: bool) -> None:
    """Raise Refused where no second attempt is planned, and Unclear where nobody said how it was tried."""
    if answer.outcome is not Outcome.UNREACHED:
        return
    if not step.attempts:
        raise Refused(f"{step.title} is not tried again. Say what is so, or report a problem.")
    if not answer.values and not scripted:
        raise Unclear(f"How was it tried? Say one of {', '.join(CHANNELS)}: `1 unreached phone, no answer`.")


def channel_of(note: str) -> Values:
    """Return what is kept of how somebody was tried."""
    found = channel_in(note)
    return {"channel": found} if found else {}


def tell_of_attempt(course: Course, task: Task, answer: Answer, now: datetime) -> tuple[str, ...]:
    """Say which attempt it was, and when the next one is, or that the physician decides."""
    if answer.outcome is not Outcome.UNREACHED:
        return ()
    many = len(course.step(task).attempts) + 1
    if task.status is not TaskStatus.OPEN:
        return (f"That was the last of {wording.count(many, 'attempt')}.",)
    at = wording.when(task.due, now, course.calendar)
    return (f"Attempt {task.tried} of {many} is noted. The next one: {at}.",)


def take_rebook(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Ask for another date, because the booked one was cancelled."""
    task, now = tx.task(pressed.tasks[0]), practice.clock.now()
    course = practice.course(tx, task.case)
    step, booked = course.step(task), booked_on(course.step(task), task.answer)
    answering(person, step.role, step.title, clinic, now)
    if task.status is not TaskStatus.DONE or booked is None:
        raise Settled(f"{step.title}: no date is booked any more. Nothing was changed.")
    if pressed.revision not in (0, task.asking):
        raise Settled(f"{step.title} was answered anew since you saw it. Please look again.")
    detail = {
        "task": task.key,
        "news": [f"{step.title}: {shown(booked)} is cancelled, another date is needed."],
    }
    entry = Entry(kind="reopened", at=now, by=person.id, detail=detail)
    keep(practice, tx, course, course.with_tasks([unbooked(task, now)]), entry, also=[task])
    return Notice(
        text=f"{step.title}: {shown(booked)} is cancelled. It is open again · {task.case}", tone="good"
    )
