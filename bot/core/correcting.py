"""A corrected fact: what a hard stop hangs on can be known better, and only a physician says so."""

from __future__ import annotations

from dataclasses import replace

from bot.core.case import Task
from bot.core.conditions import Values
from bot.core.course import Course
from bot.core.facts import DERIVED, Fact
from bot.core.kinds import FieldKind
from bot.core.messages import FormField, FormPart
from bot.core.playbook import Step, settling
from bot.core.wording import plain_reasons

#: The field that asks why, in every form of a physician's.
REASON = "reason"


def stopping_facts(course: Course, task: Task) -> tuple[Fact, ...]:
    """Return the facts that a task's stop hangs on, whether its own answers told them or others did."""
    step, known = course.step(task), course.playbook.facts
    told = {field.name: tuple(field.sets) for field in step.ask}
    named = [reason.partition(":")[0] for reason in course.verdict(task).reasons]
    facts = dict.fromkeys(fact for name in named for fact in told.get(name, ()) or (name,))
    return tuple(known[fact] for fact in facts if fact in known and fact not in DERIVED)


def only_facts(course: Course, task: Task) -> bool:
    """Say whether nothing but facts stops: no answer of the step itself would change that."""
    told = {field.name for field in course.step(task).ask if not field.sets}
    return not any(reason.partition(":")[0] in told for reason in course.verdict(task).reasons)


def correction(course: Course, task: Task) -> Step:
    """Return what is asked of whoever corrects: each fact that stops; what is left empty stays as it is."""
    fields = [
        replace(settling(fact).ask[0], optional=True, help=fact.question)
        for fact in stopping_facts(course, task)
    ]
    return replace(course.step(task), ask=tuple(fields), red_flags=False)


def correction_part(course: Course, task: Task) -> FormPart:
    """Return the inputs of a correction, filled with what is known now, and the reason."""
    facts = course.case.facts
    inputs = [
        FormField(
            name=field.name,
            label=field.label,
            kind=field.kind,
            options=tuple((word, word[:1].upper() + word[1:].replace("_", " ")) for word in field.choices),
            value=facts.get(field.name),
            required=False,
            help=field.help,
        )
        for field in correction(course, task).ask
    ]
    why = FormField(
        name=REASON, label="How do you know?", kind=FieldKind.TEXT, help="It stays with the correction."
    )
    verdict = course.verdict(task)
    return FormPart(
        task=task.key,
        revision=task.asking,
        title=course.step(task).title,
        fields=(*inputs, why),
        level=verdict.level,
        rule=f"Stops now: {'; '.join(plain_reasons(verdict.reasons))}.",
    )


def corrected(course: Course, said: Values) -> Values:
    """Return what a correction changes or settles of what is known."""
    known, disputed = course.case.facts, course.case.disputed
    given = {name: value for name, value in said.items() if value is not None}
    return {name: value for name, value in given.items() if value != known.get(name) or name in disputed}
