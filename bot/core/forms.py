"""Forms: a step's fields as inputs, what was typed as typed values, and the usual answers.

A field that names a person is asked as "in the patient's record: yes / no", at every level of privacy: an
answer is kept for ever, and who a patient is has one home, encrypted (`core.identity`). What belongs in the
patient's chart is one line to read and one tick: Bookend is not a second chart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from bot.core.case import Session, Task
from bot.core.conditions import ALWAYS, Condition, Value, Values, Within, first_allowed, leaves, shown
from bot.core.course import Course
from bot.core.errors import WrongValues, did_you_mean
from bot.core.guard import unnamed
from bot.core.kinds import FieldKind, Level
from bot.core.messages import FormField, FormPart
from bot.core.narrowing import known_of, settled
from bot.core.people import Clinic
from bot.core.playbook import Field, Step
from bot.core.said import is_known
from bot.core.second import awaits_second, mismatch
from bot.core.sentences import condition_words, glossary
from bot.core.stops import known_values
from bot.core.watch import with_red_flags
from bot.core.wording import LEVELS
from bot.core.written import read_date, read_number, read_time

Raw = Mapping[str, str | tuple[str, ...]]

#: The one tick for all fields that are written in the patient's chart.
IN_CHART = "in_chart"
_YES_NO = (("yes", "Yes"), ("no", "No"))


def form_part(course: Course, task: Task, *, now: datetime) -> FormPart:
    """Return a task's inputs, filled with what was answered before and otherwise empty."""
    step = course.step(task)
    session = course.case.session(task.session)
    facts = course.facts(session)
    known = {field.name: facts.get(field.known) for field in step.ask if field.known}
    answered = task.answer if task.answer and not mismatch(step, task) else None
    values = {**known, **(answered.values if answered else {})}
    part = FormPart(
        task=task.key,
        revision=task.asking,
        title=f"Second check: {step.title}" if awaits_second(task) else step.title,
        fields=tuple(_inputs(step, values, _said_before(course, step))),
        level=step.stops.level,
        why=step.why,
        rule=_rule(course, step, session),
    )
    return with_red_flags(part, course, task, now) if step.red_flags else part


def _said_before(course: Course, step: Step) -> dict[str, str]:
    """Return what was said of the facts that fields ask for: whoever answers knows it."""
    return {
        field.name: " or ".join(shown(value) for value in course.case.values_of(fact) if is_known(value))
        for field in step.ask
        for fact, mapping in field.sets.items()
        if not mapping and fact in course.case.said
    }


def _inputs(step: Step, values: Values, before: Mapping[str, str]) -> Iterator[FormField]:
    charted = [field for field in step.ask if field.chart]
    for field in step.ask:
        if field.kind is FieldKind.RATIO or field.chart:
            continue
        if field.identity:
            label = f"{field.label} is in the patient's record"
            yield FormField(name=field.name, label=label, kind=FieldKind.CHOICE, options=_YES_NO)
        else:
            yield _input(field, values.get(field.name), before.get(field.name, ""))
    if charted:
        label = "Written in the patient's chart: " + ", ".join(field.label for field in charted)
        yield FormField(name=IN_CHART, label=label, kind=FieldKind.CHOICE, options=_YES_NO)


def _input(field: Field, value: Value, before: str) -> FormField:
    return FormField(
        name=field.name,
        label=field.label,
        kind=field.kind,
        options=tuple((choice, _option(choice)) for choice in field.choices),
        value=value,
        required=not field.optional,
        unit=field.unit,
        help=" ".join(filter(None, (field.help, f"Said before: {before}." if before else ""))),
    )


def _option(choice: str) -> str:
    # not capitalize(): skin type IV would read "Iv"
    return choice[:1].upper() + choice[1:].replace("_", " ")


def _rule(course: Course, step: Step, session: Session) -> str:
    """Say which answers stop, and the first start date allowed where dates on file stop already."""
    by_itself = known_of(course.playbook)
    step = settled(step, by_itself, by_itself)
    start, words = course.calendar.day(session.start), glossary(course.playbook).of(step)
    known = known_values(step, {}, course.facts(session))
    parts = []
    for level in (Level.HARD, Level.MD):
        condition = step.stops.of(level)
        if condition is None or condition == ALWAYS:
            continue
        parts.append(f"{LEVELS[level].capitalize()}: {condition_words(condition, words)}.")
        first = first_allowed(condition, known, start) if _dated(condition, known) else None
        if first is not None and first > start:
            parts.append(f"First date allowed: {shown(first)}.")
    return " ".join(parts)


def _dated(condition: Condition, values: Values) -> bool:
    return any(isinstance(leaf, Within) and values.get(leaf.name) is not None for leaf in leaves(condition))


def read_values(step: Step, raw: Raw, *, clinic: Clinic, now: datetime) -> dict[str, Value]:
    """Return typed values; raise WrongValues with every field that needs another look."""
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for field in _expected(step):
        text = raw.get(field.name, "")
        try:
            value = _in_its_time(field, _read(field, text), clinic.calendar.day(now))
        except ValueError as wrong:
            problems[field.name] = str(wrong)
            continue
        if value is not None:
            values[field.name] = value
        elif not field.optional:
            problems[field.name] = f"{field.label}: please fill this in."
    unknown = set(raw) - {field.name for field in _expected(step)}
    problems |= {name: f"There is no field {name!r}.{did_you_mean(name, values)}" for name in unknown}
    if problems:
        raise WrongValues(problems)
    return values


def _in_its_time(field: Field, value: Value, today: date) -> Value:
    if isinstance(value, date) and field.tense == "past" and value > today:
        raise ValueError(f"{field.label}: {shown(value)} is still to come.")
    if isinstance(value, date) and field.tense == "future" and value < today:
        raise ValueError(f"{field.label}: {shown(value)} is over.")
    return value


def _expected(step: Step) -> list[Field]:
    yes_no = ("yes", "no")
    fields = [
        Field(name=f.name, label=f.label, kind=FieldKind.CHOICE, choices=yes_no) if f.identity else f
        for f in step.ask
        if f.kind is not FieldKind.RATIO and not f.chart
    ]
    if any(field.chart for field in step.ask):
        fields.append(
            Field(name=IN_CHART, label="Written in the chart", kind=FieldKind.CHOICE, choices=yes_no)
        )
    return fields


def _read(field: Field, raw: str | tuple[str, ...]) -> Value:
    if field.kind is FieldKind.SEVERAL:
        chosen = (raw,) if isinstance(raw, str) else raw
        return tuple(_choice(field, word) for word in chosen if word) or None
    text = (raw if isinstance(raw, str) else " ".join(raw)).strip()
    if not text:
        return None
    match field.kind:
        case FieldKind.CHOICE:
            return _choice(field, text)
        case FieldKind.NUMBER:
            return _number(field, text)
        case FieldKind.DATE:
            return read_date(text)
        case FieldKind.TIME:
            return read_time(text)
        case FieldKind.TEXT | FieldKind.RATIO:
            return unnamed(text)


def _choice(field: Field, text: str) -> str:
    word = text.strip().replace(" ", "_")
    for choice in field.choices:
        if word.lower() == choice.lower():
            return choice
    near = did_you_mean(word, field.choices)
    raise ValueError(f"{field.label} is one of {', '.join(field.choices)}, not {text!r}.{near}")


def _number(field: Field, text: str) -> float:
    try:
        number = read_number(text)
    except ValueError as wrong:
        raise ValueError(f"{field.label}: {wrong}") from None
    low = field.least is not None and number < field.least
    high = field.most is not None and number > field.most
    if low or high:
        between = f"{field.least:g} and {field.most:g} {field.unit}".rstrip()
        raise ValueError(f"{field.label}: {text} is not between {between}.")
    return number
