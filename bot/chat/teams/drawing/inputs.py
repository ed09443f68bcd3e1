"""The fields of a form as a card's inputs: nothing preselected, each mistake and each hint below its field.

Teams shows labels and choices as they are written. Microsoft's own library reads markdown in choices and in
what it says of a mistake: they are written so that it finds none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from bot.chat.looks import URGENCIES
from bot.chat.teams.drawing.carried import Json
from bot.chat.teams.drawing.kit import cut, heading_safe, paragraph, run, safe, small
from bot.core.catches import CATCHES
from bot.core.kinds import FieldKind
from bot.core.messages import FormField, FormPart

#: The inputs that belong to a whole form: a line of words, and the kind of thing that was caught.
NOTE, CAUGHT = "note", "caught"
#: How these are called.
DIFFERENT, WHAT = "What is different, in one line", "What was it"
#: The input of a field: the place of its part, what comes back (words, one choice, several, or more of
#: these), and the field's name.
KEY = re.compile(r"p(?P<part>\d{1,4})\.(?P<holds>words|one|several|more)\.(?P<name>.+)", re.DOTALL)
#: As many choices are seen at once; of more than so many, whoever answers types the first letters.
FEW, MANY = 6, 15
#: A choice of more letters than this is not read in a menu: up to so many of them stand on the card.
WORDS, LONG_FEW = 40, 12
#: What stands in a menu in which nothing is chosen yet.
_EMPTY = {"compact": "Choose one", "filtered": "Type the first letters"}
#: Letters that an input is filled with beforehand.
TYPED = 3000

_DAY, _CLOCK = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What was filled in already, by input, what of it needs another look, what each input is called by its
    task and field, whether the client insists on what is required, and how long each text is at most, 0 for
    all of it.
    """

    kept: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    insists: bool = True
    most: int = 0


def key_of(place: int, field: FormField) -> str:
    """Return the id of a field's input in the part that stands at this place."""
    holds = {FieldKind.CHOICE: "one", FieldKind.SEVERAL: "several"} if field.options else {}
    return f"p{place}.{holds.get(field.kind, 'words')}.{field.name}"


def rest_of(key: str) -> str:
    """Return the id of the input that has the rare ones of several choices."""
    return key.replace(".several.", ".more.", 1)


def as_value(choice: str) -> str:
    """Return a choice as a client keeps it: several come back in one text, parted by commas."""
    return choice.replace("%", "%25").replace(",", "%2C")


def of_value(value: str) -> str:
    """Return the choice that was kept `as_value`."""
    return value.replace("%2C", ",").replace("%25", "%")


def inputs(place: int, part: FormPart, field: FormField, given: Given, *, folds: bool) -> Iterator[Json]:
    """Draw a field; its rare choices stand behind a button where it `folds`."""
    if field.kind is FieldKind.RATIO:
        yield small(f"{_label(field, field.label, given.most)}: worked out when you save")
        return
    key, label = key_of(place, field), _label(field, given.labels[part.task, field.name], given.most)
    folds = folds and bool(_rare(field)) and field.kind is FieldKind.SEVERAL
    wrong = given.problems.get(key, field.error)
    element = _element(field, given, key, folds=folds)
    yield _asked(field, given, alone=not folds, wrong=wrong, id=key, label=label, **element)
    yield from _below(field, wrong, given.most)
    if folds:
        yield from _fold(field, given, key)


def _asked(field: FormField, given: Given, *, alone: bool = True, wrong: str = "", **element: Any) -> Json:
    # whoever goes from input to input hears the label alone
    label = f"⚠️ {element['label']}" if wrong else element["label"]
    if not field.required:
        return {**element, "label": label}
    if not (given.insists and alone):
        # a client that insists lets nobody go back, and knows of no choice behind a fold
        return {**element, "label": f"{label} (needed)"}
    wanted = "Please choose" if element["type"] == "Input.ChoiceSet" else "Please fill in"
    told = heading_safe(f"{wanted}: {field.label}", given.most)
    return {**element, "label": label, "isRequired": True, "errorMessage": told}


def _label(field: FormField, called: str, most: int) -> str:
    label = safe(called, most) or "…"
    return f"{label} ({safe(field.unit, most)})" if field.unit else label


def _below(field: FormField, error: str, most: int) -> Iterator[Json]:
    proposed = "Beside each sign stands how soon to act; you choose." if field.proposed else ""
    clock = "By the clinic’s clock." if field.kind is FieldKind.TIME else ""
    if error:
        yield paragraph(run(f"⚠️ {safe(error, most)}", color="attention", weight="bolder"), spacing="small")
    if hint := " ".join(filter(None, [safe(field.help, most), proposed, clock])):
        yield small(hint, spacing="small")


def _element(field: FormField, given: Given, key: str, *, folds: bool) -> dict[str, Any]:
    """Return what kind of input it is, and what stands in it already."""
    typed = given.kept.get(key, "") if given.kept else _typed(field)
    match field.kind:
        case FieldKind.CHOICE | FieldKind.SEVERAL if field.options:
            rare = _rare(field) if folds else ()
            return _choices(field, [each for each in field.options if each not in rare], typed, given.most)
        case FieldKind.NUMBER:
            return {"type": "Input.Number", **_filled(_number(typed))}
        case FieldKind.DATE:
            return {"type": "Input.Date", **_filled(typed if _DAY.fullmatch(typed) else "")}
        case FieldKind.TIME:
            return {"type": "Input.Time", **_filled(typed if _CLOCK.fullmatch(typed) else "")}
        case FieldKind.TEXT | FieldKind.RATIO | FieldKind.CHOICE | FieldKind.SEVERAL:
            return {"type": "Input.Text", "isMultiline": True, **_filled(cut(typed, TYPED))}


def _choices(field: FormField, options: list[tuple[str, str]], typed: str, most: int) -> dict[str, Any]:
    several = field.kind is FieldKind.SEVERAL
    chosen = typed.split(",") if several else [typed]
    values = [as_value(value) for value, _ in options]
    offered = zip(values, (_said(field, *option, most) for option in options), strict=True)
    style = "expanded" if several else _style(options)
    return {
        "type": "Input.ChoiceSet",
        "style": style,
        **({"placeholder": _EMPTY[style]} if style in _EMPTY else {}),
        **({"isMultiSelect": True} if several else {}),
        "wrap": True,
        "choices": [{"title": title, "value": value} for value, title in offered],
        **_filled(",".join(value for value in values if value in chosen)),
    }


def _style(options: list[tuple[str, str]]) -> str:
    longest = max(len(label) for _, label in options)
    if len(options) <= FEW or (longest > WORDS and len(options) <= LONG_FEW):
        return "expanded"
    return "compact" if len(options) <= MANY else "filtered"


def _said(field: FormField, value: str, label: str, most: int) -> str:
    # what a sign speaks for stands beside it; the urgency itself is another question
    speaks = field.speaks.get(value)
    return (heading_safe(label, most) or "…") + (
        f" · {URGENCIES[speaks[0]]} {heading_safe(speaks[1], most)}" if speaks else ""
    )


def _rare(field: FormField) -> list[tuple[str, str]]:
    """Return the choices behind the fold; all of them would leave nothing to fold away from."""
    rare = [each for each in field.options if each[0] in field.rare]
    return rare if len(rare) < len(field.options) else []


def _fold(field: FormField, given: Given, key: str) -> Iterator[Json]:
    rare, more = _rare(field), rest_of(key)
    typed = given.kept.get(more, "") if given.kept else _typed(field)
    choices = {
        "id": more,
        "label": f"{safe(field.label, given.most)}: rarer ones",
        **_choices(field, rare, typed, given.most),
    }
    title = f"Show or hide {len(rare)} rarer ones"
    toggle = {"type": "Action.ToggleVisibility", "title": title, "targetElements": [f"{more}.fold"]}
    hidden = {} if "value" in choices else {"isVisible": False}
    yield {"type": "ActionSet", "actions": [toggle]}
    yield {"type": "Container", "id": f"{more}.fold", "items": [choices], **hidden}


def note_input(given: Given) -> Iterator[Json]:
    """Draw the line of words that an outcome asks for."""
    field = FormField(
        name=NOTE, label=DIFFERENT, kind=FieldKind.TEXT, help="No names, birth dates or numbers of a patient."
    )
    typed = _filled(cut(given.kept.get(NOTE, ""), TYPED))
    wrong = given.problems.get(NOTE, "")
    text = {"type": "Input.Text", "id": NOTE, "label": DIFFERENT, "isMultiline": True, **typed}
    yield _asked(field, given, wrong=wrong, **text)
    yield from _below(field, wrong, given.most)


def catch_input(given: Given) -> Iterator[Json]:
    """Draw what kind of thing was caught."""
    options = tuple((kind.value, words) for kind, words in CATCHES.items())
    field = FormField(name=CAUGHT, label=WHAT, kind=FieldKind.CHOICE, options=options)
    found = {**_choices(field, list(options), given.kept.get(CAUGHT, ""), given.most), "style": "expanded"}
    wrong = given.problems.get(CAUGHT, "")
    yield _asked(field, given, wrong=wrong, id=CAUGHT, label=field.label, **found)
    yield from _below(field, wrong, given.most)


def _filled(value: str | float | None) -> dict[str, Any]:
    return {"value": value} if value not in ("", None) else {}


def _number(typed: str) -> float | None:
    try:
        number = float(typed)
    except ValueError:
        return None
    return (int(number) if number == int(number) else number) if abs(number) < 1e15 else None


def _typed(field: FormField) -> str:
    match field.value:
        case date():
            return field.value.isoformat()[:10]
        case time():
            return f"{field.value:%H:%M}"
        case float() | int():
            return f"{field.value:.12g}"
        case tuple():
            return ",".join(map(as_value, field.value)) if field.options else ", ".join(field.value)
        case _:
            return as_value(field.value or "") if field.options else field.value or ""
