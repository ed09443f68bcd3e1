"""What people type into a form: the usual answers, and now and then one that stops."""

from __future__ import annotations

from datetime import date, time
from random import Random

from bot.core.conditions import Value
from bot.core.kinds import FieldKind
from bot.core.messages import FormField, FormPart
from bot.core.usual import usual_values
from tests.simulation.programs import Program

#: Of a hundred answers so many are any that can be chosen.
STOPS = 4


def typed(program: Program, part: FormPart, random: Random) -> dict[str, str | tuple[str, ...]]:
    """Return what somebody types into a part of a form."""
    with program.store.whole.reading() as reading:
        task = reading.task(part.task)
        usual = usual_values(program.practice.course(reading, task.case), task)
    stops = random.randrange(100) < STOPS
    found: dict[str, str | tuple[str, ...]] = {}
    for field in part.fields:
        value = usual.get(field.name, _harmless(field))
        if stops and field.kind is FieldKind.CHOICE:
            value = random.choice(field.options)[0]
        if value is not None:
            found[field.name] = _raw(value)
    return found


def _harmless(field: FormField) -> Value:
    words = dict(field.options).keys()
    return "yes" if field.kind is FieldKind.CHOICE and words == {"yes", "no"} else None


def _raw(value: Value) -> str | tuple[str, ...]:
    match value:
        case tuple():
            return value
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case float() | int():
            return f"{value:g}"
        case _:
            return str(value)
