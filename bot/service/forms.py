"""The forms that buttons open: of one task, of all that wait on a card, or of a decision."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bot.core import wording
from bot.core.actions import Action
from bot.core.aloud import aloud, with_aloud
from bot.core.case import Choice, Outcome, Task
from bot.core.course import Course
from bot.core.errors import Refused, Settled
from bot.core.forms import form_part
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart
from bot.core.people import Clinic, Person
from bot.core.permissions import answering
from bot.core.playbook import Step
from bot.core.replies import Pressed
from bot.ports import Reading
from bot.service.practice import Practice
from bot.service.second import may_check
from bot.service.withdrawn import why_gone

#: The field of a decision's form.
REASON = "reason"
_Word = TypeVar("_Word", bound=StrEnum)


def known_word(kind: type[_Word], word: str) -> _Word:
    """Return the word of that kind; raise Refused with those there are."""
    try:
        return kind(word)
    except ValueError:
        raise Refused(f"{word!r} is not known here. Choose {', '.join(kind)}.") from None


def form_for(practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed) -> Form:
    """Return the form that a button opens, for the tasks that still wait."""
    tasks = [reading.task(key) for key in pressed.tasks]
    if len({(task.case, task.session) for task in tasks}) > 1:
        raise Refused("These lines are of several patients. Please answer them line by line.")
    course = practice.course(reading, tasks[0].case)
    session = course.case.session(tasks[0].session)
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    if pressed.action is Action.DECIDE:
        choice = known_word(Choice, pressed.value)
        return _decision_form(course.step(tasks[0]).title, tasks[0], label, choice)
    open_now = [task for task in tasks if task.waits]
    if not open_now:
        raise Settled(_settled(reading, course, tasks[0], clinic, practice.clock.now()))
    now = practice.clock.now()
    for step in map(course.step, open_now):
        answering(person, step.role, step.title, clinic, now)
    for task in open_now:
        may_check(person, task, course.step(task), clinic, now)
    parts = tuple(
        with_aloud(form_part(course, task, now=now), aloud(course, task, clinic, now)) for task in open_now
    )
    single = len(parts) == 1
    heading = parts[0].title if single else f"{wording.count(len(parts), 'item')} for {course.case.code}"
    outcomes = outcomes_of(course.step(open_now[0])) if single else ()
    return Form(heading=heading, label=label, parts=parts, outcomes=outcomes, submit="Confirm")


def _settled(reading: Reading, course: Course, task: Task, clinic: Clinic, now: datetime) -> str:
    title = course.step(task).title
    if task.answer is not None:
        return f"{title}: {wording.answer_words(task.answer, clinic, now)}. Nothing was changed."
    return f"{title} is not asked any more: {why_gone(reading, course, task)}. Nothing was changed."


def outcomes_of(step: Step) -> tuple[tuple[Outcome, str], ...]:
    """Return what may be said of a step: nobody is "not reached" where nobody is called."""
    left = () if step.attempts else (Outcome.UNREACHED,)
    return tuple((outcome, words) for outcome, words in wording.OUTCOMES.items() if outcome not in left)


def _decision_form(title: str, task: Task, label: str, choice: Choice) -> Form:
    reason = FormField(name=REASON, label="Reason", kind=FieldKind.TEXT, help="It stays with the decision.")
    part = FormPart(task=task.key, revision=task.asking, title=title, fields=(reason,))
    words = wording.CHOICES[choice]
    return Form(
        heading=words, label=label, parts=(part,), action=Action.DECIDE, submit=words, value=choice.value
    )
