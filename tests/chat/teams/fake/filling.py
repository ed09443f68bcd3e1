"""What a client sends along with a button: the inputs as Adaptive Cards collect them, checked as they do.

https://learn.microsoft.com/adaptive-cards/authoring-cards/input-validation. What nobody could do there is an
AssertionError; what the client holds back because an input is not filled in properly, `Unsent`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tests.chat.teams.fake.cards import BUTTON_KINDS, INPUTS, parts
from tests.chat.teams.fake.names import Json

#: What somebody puts into an input: words, a tick, or the titles of choices.
Given = str | bool | Sequence[str]
_NUMBER, _DAY, _CLOCK = re.compile(r"-?\d+(\.\d+)?"), re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")


class Unsent(AssertionError):
    """The client shows what is wrong with an input, and sends nothing."""


def within(card: Json, outer: Sequence[Json] = ()) -> Iterator[tuple[Json, list[Json]]]:
    """Every button that is seen, with the inputs that it takes along: of its own card and of those around."""
    # what is hidden is sent all the same
    fields = [*outer, *(each for each in parts(card, inner=False) if each["type"] in INPUTS)]
    for each in parts(card, inner=False, hidden=False):
        if each["type"] == "Action.ShowCard":
            yield from within(each["card"], fields)
        elif each["type"] in BUTTON_KINDS:
            yield each, fields


def carried(action: Json, fields: Sequence[Json], values: Mapping[str, Given]) -> Json:
    """What the button sends: its own data, and over it what was filled in, by the ids of the inputs."""
    meant = {_named(fields, name)["id"]: value for name, value in values.items()}
    if action.get("associatedInputs") == "none":
        return dict(action.get("data") or {})
    found = {each["id"]: _collected(each, meant) for each in fields}
    return dict(action.get("data") or {}) | {id: value for id, value in found.items() if value}


def _named(fields: Sequence[Json], name: str) -> Json:
    found = [each for each in fields if name in (each["id"], each.get("label"), each.get("title"))]
    assert len(found) == 1, f"{len(found)} of {name!r} in {[(f['id'], f.get('label')) for f in fields]}"
    return found[0]


def _collected(field: Json, meant: Mapping[str, Given]) -> str:
    value = meant.get(field["id"], field.get("value", ""))
    written = _WRITTEN[field["type"]](field, value)
    filled = written == field.get("valueOn", "true") if field["type"] == "Input.Toggle" else written
    _holds(filled or not field.get("isRequired"), field)
    return written


def _holds(proper: object, field: Json) -> None:
    if not proper:
        raise Unsent(f"{field.get('label')}: {field.get('errorMessage', 'this is no such value')}")


def _text(field: Json, value: Given) -> str:
    assert isinstance(value, str)
    _holds(len(value) <= field.get("maxLength", len(value)), field)
    _holds(not value or re.search(field.get("regex", ""), value), field)
    return value


def _number(field: Json, value: Given) -> str:
    if value == "":
        return ""
    _holds(_NUMBER.fullmatch(str(value)), field)
    number = float(str(value))
    _holds(field.get("min", number) <= number <= field.get("max", number), field)
    return str(value)


def _date(field: Json, value: Given) -> str:
    if value:
        _holds(_DAY.fullmatch(str(value)), field)
        day = str(value)
        _holds(field.get("min", day) <= day <= field.get("max", day), field)
    return str(value)


def _time(field: Json, value: Given) -> str:
    _holds(not value or _CLOCK.fullmatch(str(value)), field)
    return str(value)


def _toggle(field: Json, value: Given) -> str:
    on, off = str(field.get("valueOn", "true")), str(field.get("valueOff", "false"))
    return on if value is True or value == on else off


def _choice(field: Json, value: Given) -> str:
    chosen = [value] if isinstance(value, str) else list(value if isinstance(value, Sequence) else ())
    if field.get("isMultiSelect"):
        chosen = [part for each in chosen for part in _parts(field, each)]
    assert len(chosen) <= 1 or field.get("isMultiSelect"), f"one choice only: {chosen}"
    return ",".join(_value(field, each) for each in chosen if each)


def _parts(field: Json, chosen: str) -> list[str]:
    # what stands there at first is written as it is sent: values with commas between
    return chosen.split(",") if chosen == field.get("value") else [chosen]


def _value(field: Json, chosen: str) -> str:
    choices = {each["title"]: each["value"] for each in field["choices"]}
    assert chosen in choices or chosen in choices.values(), f"{chosen!r} is none of {[*choices]}"
    return str(choices.get(chosen, chosen))


_WRITTEN = {
    "Input.Text": _text,
    "Input.Number": _number,
    "Input.Date": _date,
    "Input.Time": _time,
    "Input.Toggle": _toggle,
    "Input.ChoiceSet": _choice,
}
