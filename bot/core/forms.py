"""Forms: a step's fields as inputs, what was typed as typed values, and the usual answers.

In strict privacy a field that names a person is asked as "in the patient's record: yes / no", and everything
that belongs in the patient's chart is one line to read and one tick: Bookend is not a second chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from bot.core.case import Answer, Outcome, Session, Task
from bot.core.conditions import Value, Values, leaves
from bot.core.course import Course
from bot.core.errors import WrongValues, did_you_mean
from bot.core.messages import FormField, FormPart
from bot.core.people import Role
from bot.core.plan import known_facts
from bot.core.playbook import Field, FieldKind, Level, Step
from bot.core.stops import judge
from bot.core.wording import LEVELS

Raw = Mapping[str, str | tuple[str, ...]]

#: The one tick for all fields that are written in the patient's chart.
IN_CHART = "in_chart"
_YES_NO = (("yes", "Yes"), ("no", "No"))


def form_part(task: Task, step: Step, *, privacy: str, given: Values | None = None) -> FormPart:
    """Return a task's inputs, filled with what was `given` before and otherwise empty: nothing is
    preselected.
    """
    values = given or {}
    return FormPart(
        task=task.key,
        revision=task.asking,
        title=step.title,
        fields=tuple(_inputs(step, privacy, values)),
        level=step.stops.level,
        why=step.why,
        rule=rule_words(step),
    )


def _inputs(step: Step, privacy: str, values: Values) -> Iterator[FormField]:
    charted = [field for field in step.ask if field.chart]
    for field in step.ask:
        if field.kind is FieldKind.RATIO or field.chart:
            continue
        if field.identity and privacy == "strict":
            label = f"{field.label} is in the patient's record"
            yield FormField(name=field.name, label=label, kind=FieldKind.CHOICE, options=_YES_NO)
        else:
            yield _input(field, values.get(field.name))
    if charted:
        label = "Written in the patient's chart: " + ", ".join(field.label for field in charted)
        yield FormField(name=IN_CHART, label=label, kind=FieldKind.CHOICE, options=_YES_NO)


def _input(field: Field, value: Value) -> FormField:
    return FormField(
        name=field.name,
        label=field.label,
        kind=field.kind,
        options=tuple((choice, choice.replace("_", " ").capitalize()) for choice in field.choices),
        value=value,
        required=not field.optional,
        unit=field.unit,
        help=field.help,
    )


def rule_words(step: Step) -> str:
    """Say in words which answers stop: "Needs the physician: smoker yes or unknown"."""
    parts = []
    for level in (Level.HARD, Level.MD):
        condition = step.stops.of(level)
        if condition is not None:
            names = dict.fromkeys(leaf.name.replace("_", " ") for leaf in leaves(condition))
            parts.append(f"{LEVELS[level].capitalize()}: depends on {', '.join(names)}")
    return ". ".join(parts)


def read_values(step: Step, raw: Raw, *, privacy: str) -> dict[str, Value]:
    """Return typed values of what was filled in; raise WrongValues with every field that needs another
    look.
    """
    values: dict[str, Value] = {}
    problems: dict[str, str] = {}
    for field in _expected(step, privacy):
        text = raw.get(field.name, "")
        try:
            value = _read(field, text)
        except ValueError as wrong:
            problems[field.name] = str(wrong)
            continue
        if value is not None:
            values[field.name] = value
        elif not field.optional:
            problems[field.name] = f"{field.label}: please fill this in."
    unknown = set(raw) - {field.name for field in _expected(step, privacy)}
    problems |= {name: f"There is no field {name!r}.{did_you_mean(name, values)}" for name in unknown}
    if problems:
        raise WrongValues(problems)
    return values


def _expected(step: Step, privacy: str) -> list[Field]:
    yes_no = ("yes", "no")
    fields = [
        Field(name=f.name, label=f.label, kind=FieldKind.CHOICE, choices=yes_no)
        if f.identity and privacy == "strict"
        else f
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
        case _:
            return text


def _choice(field: Field, text: str) -> str:
    word = text.strip().replace(" ", "_")
    for choice in field.choices:
        if word.lower() == choice.lower():
            return choice
    near = did_you_mean(word, field.choices)
    raise ValueError(f"{field.label} is one of {', '.join(field.choices)}, not {text!r}.{near}")


def _number(field: Field, text: str) -> float:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{field.label}: {text!r} is not a number.") from None
    low = field.least is not None and number < field.least
    high = field.most is not None and number > field.most
    if low or high or number != number:
        raise ValueError(
            f"{field.label}: {text} is not between {field.least:g} and {field.most:g} {field.unit}."
        )
    return number


def read_date(text: str) -> date:
    """Read 2027-02-18, 18.2.2027 or 18 Feb 2027; raise ValueError with an example. Days come before
    months.
    """
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date. Write it like 2027-02-18.")


def read_time(text: str) -> time:
    """Read 9:30, 09:30 or 9.30; raise ValueError with an example."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time. Write it like 09:30.")
    return time(int(found[1]), int(found[2]))


def as_read_aloud(step: Step) -> dict[str, Value] | None:
    """Return the usual answers if one press may give them: only choices, each with a declared normal; else
    `None`.
    """
    asked = [field for field in step.ask if not field.optional]
    if any(field.kind is not FieldKind.CHOICE or field.normal is None or field.chart for field in asked):
        return None
    return {field.name: field.normal for field in asked}


def usual_values(course: Course, task: Task) -> dict[str, Value]:
    """Return what "answered normally" means in a rehearsal: facts repeated, normals taken, no stop but from
    facts.
    """
    step = course.step(task)
    session = course.case.session(task.session)
    facts = known_facts(course.case, session)
    offers = {
        field.name: list(_offers(field, facts, course, session)) for field in step.ask if _recorded(field)
    }
    values = {name: options[0] for name, options in offers.items() if options}
    for name, options in offers.items():
        values |= {name: _mildest(step, values, name, options, facts, course, session)} if options else {}
    return {name: value for name, value in values.items() if value is not None}


def _recorded(field: Field) -> bool:
    return field.kind is not FieldKind.RATIO and not field.chart and not field.identity


def _mildest(
    step: Step,
    values: Values,
    name: str,
    options: list[Value],
    facts: Values,
    course: Course,
    session: Session,
) -> Value:
    start = course.calendar.day(session.start)

    def severity(value: Value) -> int:
        tried = Answer(
            by="",
            role=Role.NURSE,
            at=session.start,
            outcome=Outcome.CONFIRMED,
            values={**values, name: value},
        )
        return [Level.NONE, Level.MD, Level.HARD].index(judge(step, tried, facts, start).level)

    return min(options, key=severity)


def _offers(field: Field, facts: Values, course: Course, session: Session) -> Iterator[Value]:
    for fact, mapping in field.sets.items():
        known = facts.get(fact)
        words = [word for word, meaning in mapping.items() if meaning == known]
        free = [choice for choice in field.choices if mapping and choice not in mapping]
        yield known if not mapping else next(iter([*words, *free]), field.normal)
        return
    if field.normal is not None:
        yield field.normal
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
            yield from (start.date() - timedelta(days=days) for days in (365, 30, 1, 0))
        case FieldKind.TIME:
            ends = field.name.startswith("end")
            yield course.calendar.local(session.end).time() if ends else start.time()
        case _:
            yield "as usual"


_IDENTIFYING = (
    (re.compile(r"[\w.+-]+@[\w-]+\.\w+"), "an e-mail address"),
    (re.compile(r"(?:\+|\b)\d[\d ()/-]{6,}\d\b"), "a phone or record number"),
    (
        re.compile(r"\b(?:dob|d\.o\.b\.?|born|birth ?date|mrn|nhs)\b", re.IGNORECASE),
        "a birth date or record number",
    ),
)


def noted(text: str) -> str:
    """Return a typed note, trimmed; raise WrongValues if it looks as if it named a patient, and keep nothing
    of it.
    """
    for pattern, what in _IDENTIFYING:
        if pattern.search(text):
            raise WrongValues({"note": f"This looks like {what}. Please write it without; nothing was kept."})
    return text.strip()
