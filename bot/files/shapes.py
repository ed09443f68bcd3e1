"""The shapes that the schema of a playbook is made of: words, lengths of time, due times, conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.facts import Fact, FactKind
from bot.core.kinds import Anchor
from bot.files.conditions import BOUNDS
from bot.files.spans import CLOSED, UNITS

Schema = dict[str, object]

TEXT: Schema = {"type": "string", "minLength": 1}
#: An editor reads 1 as a number and true as a truth; here both are words.
WORD: Schema = {"type": ["string", "number", "boolean"]}
WORDS: Schema = {"type": "array", "items": WORD, "minItems": 1, "uniqueItems": True}
NUMBER: Schema = {"type": "number"}
YES_NO: Schema = {"enum": ["yes", "no", True, False]}
DATE: Schema = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
STEP_ID: Schema = {"type": "string", "pattern": r"^(?!bookend\.)[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_]*$"}
NAME = r"^[a-z][a-z0-9_]{0,59}$"
#: Due times to begin from; an editor offers them.
DUES = (
    "booked",
    "consult + 60 min",
    "start - 14 days at 10:00, previous open day",
    "start - 2 days at 15:00, previous open day",
    "arrive",
    "start - 15 min",
    "end + 15 min",
    "start + 1 day at 10:00, even if closed",
    "start + 14 days at 10:00, next open day",
    "event + 30 min",
    "cancel",
    "move",
)


def mapping(properties: Schema, needed: Iterable[str] = ()) -> Schema:
    required = list(needed)
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def map_of(values: Schema, names: str = "") -> Schema:
    """Return a mapping of any names to such values."""
    only: Schema = {"propertyNames": {"pattern": names}} if names else {}
    return {"type": "object", "additionalProperties": values, "minProperties": 1, **only}


def one_of(words: Iterable[str], says: str = "") -> Schema:
    """Return one of these words, with what they mean."""
    return {"enum": [str(word) for word in words], **({"description": says} if says else {})}


def span_pattern(*units: str) -> str:
    """Return what a length in one of these units looks like."""
    words = "|".join(word for word, (_, unit) in UNITS.items() if unit in units)
    return rf"^\d+\s*({words})$"


def due_pattern() -> str:
    """Return what a due time looks like."""
    minutes, days = span_pattern("min")[1:-1], span_pattern("days")[1:-1]
    by_days = rf"{days}\s+at\s+([01]?\d|2[0-3]):[0-5]\d\s*,\s*({'|'.join(CLOSED)})"
    return rf"^({'|'.join(Anchor)})(\s*[+−-]\s*({minutes}|{by_days}))?$"


def due_schema() -> Schema:
    """Return what a due time is, with some to begin from."""
    return {
        "type": "string",
        "pattern": due_pattern(),
        "patternErrorMessage": f"Expected a due time such as `{DUES[1]}` or `{DUES[2]}`.",
        "description": "when it is due: minutes from a moment, or days with a time and a closed day",
        "examples": list(DUES),
    }


def condition_of(name: str, facts: Mapping[str, Fact], *, others: bool) -> Schema:
    """Return a condition on facts, whose name in the schema is given."""
    itself: Schema = {"$ref": f"#/definitions/{name}"}
    several: Schema = {"type": "array", "items": itself, "minItems": 1}
    known: Schema = {fact.name: _said_of(fact) for fact in facts.values()}
    unknown: Schema = {"anyOf": [WORD, WORDS, _compared((*BOUNDS, "within", "missing"))]}
    return {
        "type": "object",
        "properties": {"any": several, "all": several, "not": itself, **known},
        "additionalProperties": unknown if others else False,
        "minProperties": 1,
    }


def _said_of(fact: Fact) -> Schema:
    if fact.kind is FactKind.WORD:
        word = one_of(fact.words)
        words: Schema = {"type": "array", "items": word, "minItems": 1}
        return {"anyOf": [word, words, _compared(("missing",))], "description": fact.title}
    names = (*BOUNDS, "missing") if fact.kind is FactKind.NUMBER else ("within", "missing")
    return {**_compared(names), "description": fact.title}


def _compared(names: Iterable[str]) -> Schema:
    kinds: Schema = {
        **dict.fromkeys(BOUNDS, NUMBER),
        "within": {"type": "string", "pattern": span_pattern("days", "months")},
        "missing": YES_NO,
    }
    return {**mapping({name: kinds[name] for name in names}), "minProperties": 1}
