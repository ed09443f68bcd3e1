"""What must be said aloud: beside each line of a step that stands alone, what is known of it, nothing of who.

On the card who answered it, and when, stands apart, so that the lines can be read out as they are.

A field `reads` facts, steps, `*.name` for the step of that name in whichever playbook, and two words: the
`procedure` itself with what the physician changed, and the `people` of the room who answered on the day. What
names a person is read from the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import wording
from bot.core.case import Answer, Choice, Outcome, Session, Task, TaskStatus
from bot.core.conditions import shown
from bot.core.course import Course
from bot.core.facts import DERIVED
from bot.core.instants import own
from bot.core.kinds import BEFORE, Phase, Scope
from bot.core.messages import FormPart
from bot.core.people import Clinic, Role
from bot.core.playbook import ANY, PEOPLE, PROCEDURE, Field, Step
from bot.core.sentences import capital

#: What is said where nobody asked.
NOT_ASKED = "not asked of this patient"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What is read out; `by` says of what a step asked, its `title`, who answered and when."""

    words: str
    title: str = ""
    by: str = ""


def aloud(course: Course, task: Task, clinic: Clinic, now: datetime) -> dict[str, str]:
    """Return what is read beside each field of a task, with who said it: field name -> words."""
    return {
        name: "; ".join(f"{each.words} ({each.by})" if each.by else each.words for each in read) or NOT_ASKED
        for name, read in _known(course, task, clinic, now).items()
    }


def lines_aloud(course: Course, task: Task, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Return every line of a task that is said aloud, with what is known of it, not who said it."""
    known = _known(course, task, clinic, now)
    return tuple(
        f"{field.label}: {'; '.join(each.words for each in known[field.name]) or NOT_ASKED}"
        if field.name in known
        else f"{field.label}. {field.help}".strip()
        for field in course.step(task).ask
    )


def sources_aloud(course: Course, task: Task, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Return who answered what is said aloud, and when: "Site marked: Confirmed by Jo Park 10:04"."""
    known = _known(course, task, clinic, now)
    answered = (each for read in known.values() for each in read if each.by)
    return tuple(dict.fromkeys(wording.of(each.title, each.by) for each in answered))


def _known(course: Course, task: Task, clinic: Clinic, now: datetime) -> dict[str, tuple[Said, ...]]:
    session = course.case.session(task.session)
    asked = [field for field in course.step(task).ask if field.reads]
    return {field.name: tuple(_read(course, session, field, clinic, now)) for field in asked}


def _read(course: Course, session: Session, field: Field, clinic: Clinic, now: datetime) -> Iterator[Said]:
    for name in field.reads:
        if name == PROCEDURE:
            yield Said(words=wording.label(course.case, session, course.playbook, clinic.calendar))
            yield from (Said(words=each) for each in _changed_plans(course, session, clinic))
        elif name == PEOPLE:
            yield Said(words=_people(course, session, clinic))
        elif "." in name:
            for step in _steps(course, name):
                yield from _of_step(course, session, step, clinic, now)
        elif name not in DERIVED:
            yield from (Said(words=each) for each in _of_fact(course, name))


def _changed_plans(course: Course, session: Session, clinic: Clinic) -> Iterator[str]:
    """Yield what the physician changed in the plan, whichever item made it necessary."""
    for task in course.tasks:
        step, decision = course.step(task), task.decision
        whole = step.scope is Scope.COURSE and task.session < session.number
        if decision is None or task.status is not TaskStatus.DONE or decision.choice is not Choice.MODIFY:
            continue
        if step.phase in BEFORE and (whole or task.session == session.number):
            by = wording.person_name(clinic, decision.by)
            yield f"Changed plan ({step.title}): {own(decision.reason)} ({by})"


def _people(course: Course, session: Session, clinic: Clinic) -> str:
    # the front desk answers on the day, too, and is not in the room
    answers = [
        task.answer
        for task in course.tasks
        if task.answer and task.session == session.number
        if course.step(task).phase is Phase.DAY and course.step(task).role is not Role.FRONT_DESK
    ]
    names = sorted({wording.person_name(clinic, answer.by) for answer in answers})
    return ", ".join(names) or "nobody has answered anything today"


def _steps(course: Course, name: str) -> Iterator[Step]:
    for step in course.playbook.steps:
        if step.id == name or (name.startswith(ANY) and step.id.partition(".")[2] == name.removeprefix(ANY)):
            yield step


def _of_fact(course: Course, name: str) -> Iterator[str]:
    values = [value for value in course.case.values_of(name) if value is not None]
    if values:
        both = " or ".join(map(shown, values))
        yield f"{course.playbook.facts[name].title}: {both}{' (not settled)' if len(values) > 1 else ''}"


def _of_step(course: Course, session: Session, step: Step, clinic: Clinic, now: datetime) -> Iterator[Said]:
    numbers = (session.number,) if step.scope is Scope.SESSION else _latest_first(session.number)
    task = next((t for number in numbers if (t := course.task(step.id, number)) is not None), None)
    if task is None or task.status is TaskStatus.VOID:
        return
    if task.answer is None:
        yield Said(words=wording.of(step.title, "no answer yet"))
        return
    note = f". {own(task.answer.note)}" if task.answer.note else ""
    # what was changed is said with the procedure itself
    if task.decision and task.status is TaskStatus.DONE and task.decision.choice is not Choice.MODIFY:
        note = f"{note}. {wording.decision_words(task.decision, clinic)}"
    yield Said(
        words=wording.of(step.title, ", ".join(_unusual(step, task)) or _plainly(task.answer)) + note,
        title=step.title,
        by=wording.signed_words(task.answer, clinic, now),
    )


def _plainly(answer: Answer) -> str:
    plain = answer.outcome is Outcome.CONFIRMED
    return "as usual" if plain else wording.outcome_words(answer).lower()


def _latest_first(number: int) -> range:
    return range(number, 0, -1)


def _unusual(step: Step, task: Task) -> Iterator[str]:
    # what is as it should be is said with the step; what differs, or was counted, is said by itself
    for field in step.ask:
        value = task.value(field.name)
        usual = field.normal if field.normal is not None else field.choices[:1] and field.choices[0]
        if field.recorded and value is not None and value not in (usual, (usual,)):
            yield f"{field.label}: {shown(value)}"


def with_aloud(part: FormPart, known: Mapping[str, str]) -> FormPart:
    """Return a form's part with what is read aloud beside its fields."""
    if not known:
        return part
    fields = (
        replace(each, help=". ".join(filter(None, (capital(known.get(each.name, "")), each.help))))
        for each in part.fields
    )
    return replace(part, fields=tuple(fields))
