"""Correct a fact: the only way past a hard stop besides another date, for the physician alone."""

from __future__ import annotations

from bot.core import wording
from bot.core.actions import Action
from bot.core.case import Task, TaskStatus
from bot.core.conditions import Values, shown
from bot.core.correcting import REASON, corrected, correction, correction_part
from bot.core.course import Course
from bot.core.errors import Settled, WrongValues
from bot.core.forms import read_values
from bot.core.guard import noted
from bot.core.messages import Form, Notice
from bot.core.people import Clinic, Person
from bot.core.replies import Filled, Pressed
from bot.ports import Reading, Transaction
from bot.service.facts import set_facts
from bot.service.lines import label_of
from bot.service.practice import Practice


def correction_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> Form:
    """Return the form with the facts that stop."""
    task = reading.task(pressed.tasks[0])
    course = practice.course(reading, task.case)
    _still_stops(course, task, pressed.revision)
    return Form(
        heading="Correct a fact",
        label=label_of(course, task, clinic),
        parts=(correction_part(course, task),),
        action=Action.CORRECT,
        submit="Correct it",
    )


def take_correction(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take a correction as the physician's word, which settles what others said; say what it does."""
    key, raw = next(iter(filled.entries.items()))
    task = tx.task(key)
    course = practice.course(tx, task.case)
    _still_stops(course, task, filled.revisions.get(key, 0))
    reason = noted(str(raw.get(REASON, "")))
    if not reason:
        raise WrongValues({REASON: "Please say how you know; it stays with the fact."})
    asked = {name: text for name, text in raw.items() if name != REASON}
    said = read_values(correction(course, task), asked, clinic=clinic, now=practice.clock.now())
    changed = corrected(course, said)
    if not changed:
        name = next(iter(asked), REASON)
        raise WrongValues({name: "This is what is known already. Change what is wrong, or postpone."})
    news = set_facts(practice, tx, task.case, changed, by=person, reason=reason)
    after = practice.course(tx, task.case)
    return Notice(text="\n".join((_told(after, changed), *news, _what_now(after, task))), tone="good")


def _still_stops(course: Course, task: Task, asking: int) -> None:
    if task.status is not TaskStatus.BLOCKED or asking not in (0, task.asking):
        raise Settled(f"{course.step(task).title} has changed since you saw it. Please look again.")


def _told(course: Course, changed: Values) -> str:
    facts = course.playbook.facts
    names = [name for name in course.case.facts if name in changed]
    parts = [f"{facts[name].title}: {shown(course.case.facts[name])}" for name in names]
    return f"{course.case.code}: {'; '.join(parts)}."


def _what_now(course: Course, before: Task) -> str:
    task = course.task(before.step, before.session, before.occurrence) or before
    title = course.step(task).title
    if task.status is TaskStatus.BLOCKED:
        return f"Still stops. {wording.stop_words(title, course.verdict(task).reasons)}."
    return f"{title} no longer stops."
