"""The usual answers: what one press may say of several lines, and what a rehearsal calls normal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.core.case import Answer, Case, Outcome, Session, Task
from bot.core.conditions import Missing, Value, Values, leaves
from bot.core.course import Course
from bot.core.kinds import CardKind, FieldKind, Phase
from bot.core.people import Role
from bot.core.playbook import Field, Step
from bot.core.said import is_known
from bot.core.stops import facts_set, judge


def as_read_aloud(step: Step, case: Case) -> dict[str, Value] | None:
    """Return the usual answers if one press may give them, else `None`: all are choices with a normal, and
    nobody has said otherwise. Only the form shows what was said before.
    """
    asked = [field for field in step.ask if not field.optional]
    if any(field.kind is not FieldKind.CHOICE or field.normal is None or field.chart for field in asked):
        return None
    values: dict[str, Value] = {field.name: field.normal for field in asked}
    meant = facts_set(step, values)
    agreed = all(not is_known(said) or said == value for f, value in meant.items() for said in _said(case, f))
    return values if agreed else None


def is_single(step: Step) -> bool:
    """Say whether a step is always answered on its own: a gate, what the physician confirms on the day, and
    who the patient is.
    """
    names = step.phase is Phase.DAY and any(field.identity for field in step.ask)
    return bool(step.gate) or step.card in (CardKind.DOCTOR, CardKind.TIMEOUT) or names


def _said(case: Case, fact: str) -> tuple[Value, ...]:
    return case.values_of(fact) if fact in case.said else ()


def usual_values(course: Course, task: Task) -> dict[str, Value]:
    """Return what "answered normally" means: facts repeated, normals taken, no stop but from facts."""
    step = course.step(task)
    session = course.case.session(task.session)
    facts = course.facts(session)
    offers = {
        field.name: list(_offers(field, facts, course, session)) for field in step.ask if field.recorded
    }
    start = course.calendar.day(session.start)

    def severity(tried: Values) -> int:
        answer = Answer(by="", role=Role.NURSE, at=session.start, outcome=Outcome.CONFIRMED, values=tried)
        return judge(step, answer, facts, start).level.rank

    values = {name: options[0] for name, options in offers.items() if options}
    # what is harmless to count or date is found first: no word is chosen to make up for it
    counted = {field.name for field in step.ask if field.kind not in (FieldKind.CHOICE, FieldKind.SEVERAL)}
    for name in sorted(values, key=lambda name: name not in counted):
        if not severity(values):
            break
        values[name] = min(offers[name], key=lambda value: severity({**values, name: value}))
    return {name: value for name, value in values.items() if value is not None}


def usual_with(course: Course, task: Task, said: Values) -> dict[str, Value]:
    """Return the usual answers but for what is `said`; no reason or decision is made up."""
    step = course.step(task)
    rules = [leaf for rule in (step.stops.hard, step.stops.md) if rule for leaf in leaves(rule)]
    usual = usual_values(course, task)
    if said.keys() & {leaf.name for leaf in rules}:
        excuses = {leaf.name for leaf in rules if isinstance(leaf, Missing)}
        excuses |= {field.name for field in step.ask if field.decides}
        usual = {name: value for name, value in usual.items() if name not in excuses}
    return usual | dict(said)


def _offers(field: Field, facts: Values, course: Course, session: Session) -> Iterator[Value]:
    for fact, mapping in field.sets.items():
        known = facts.get(fact)
        words = [word for word, meaning in mapping.items() if meaning == known]
        free = [choice for choice in field.choices if mapping and choice not in mapping]
        yield known if not mapping else next(iter([*words, *free]), field.normal)
        return
    if field.normal is not None:
        yield field.normal
    if field.known and facts.get(field.known) is not None:
        yield facts[field.known]
    start = course.calendar.local(session.start)
    match field.kind:
        case FieldKind.CHOICE:
            yield from field.choices
        case FieldKind.SEVERAL:
            yield from ((choice,) for choice in field.choices)
        case FieldKind.NUMBER:
            bounds = [bound for bound in (field.least, field.most) if bound is not None]
            yield from [sum(bounds) / len(bounds)] if bounds else []
            yield from (*bounds, 1.0, 0.0, 100.0)
        case FieldKind.DATE:
            ahead = -1 if field.tense == "future" else 1
            yield from (start.date() - timedelta(days=days * ahead) for days in (365, 30, 1, 0))
        case FieldKind.TIME:
            ends = field.name.startswith("end")
            yield course.calendar.local(session.end).time() if ends else start.time()
        case _:
            yield "as usual"
