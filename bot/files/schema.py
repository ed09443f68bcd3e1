"""The playbook language as a JSON Schema (draft 7, which editors understand), for completion while typing.

An editor sees less than `bookend check`: it cannot know whether conditions exclude each other or an include
exists. The words come from where the parser takes them, so that the two cannot drift apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.core.due import LADDERS
from bot.core.facts import FROM_THE_CASE, Fact, FactKind
from bot.core.playbook import Anchor, CardKind, FieldKind, Level, Phase, Scope
from bot.core.readiness import Gate
from bot.core.red_flags import Urgency
from bot.files.conditions import BOUNDS
from bot.files.fields import COMMON, FURTHER, KINDS, SHORT, SIGNS
from bot.files.heads import REVIEW
from bot.files.playbooks import Library, load_folder
from bot.files.red_flags import EVERY, SIGN
from bot.files.spans import CLOSED, UNITS
from bot.files.steps import GRADES, ROLES, SHOWN

Schema = dict[str, object]

_TEXT: Schema = {"type": "string", "minLength": 1}
#: An editor reads 1 as a number and true as a truth; here both are words.
_WORD: Schema = {"type": ["string", "number", "boolean"]}
_WORDS: Schema = {"type": "array", "items": _WORD, "minItems": 1, "uniqueItems": True}
_NUMBER: Schema = {"type": "number"}
_YES_NO: Schema = {"enum": ["yes", "no", True, False]}
_DATE: Schema = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_STEP_ID: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_]*$"}
_NAME = r"^[a-z][a-z0-9_]{0,59}$"


def schema_of(folder: Path) -> Schema:
    """Return the schema with the facts of a folder for completion."""
    library = Library(texts=load_folder(folder))
    return playbook_schema(library.facts())


def schema_text(folder: Path) -> str:
    """Return the schema as `bookend schema` prints it and the shipped file holds it."""
    return json.dumps(schema_of(folder), indent=1, ensure_ascii=False) + "\n"


def playbook_schema(facts: Mapping[str, Fact] | None = None) -> Schema:
    """Return the schema of a playbook folder's files; with facts, their names and words are checked, too."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A file of a Bookend playbook folder",
        "type": "object",
        "oneOf": [
            {"$ref": f"#/definitions/{kind}"} for kind in ("playbook", "include", "facts", "red_flags")
        ],
        "definitions": {
            "facts": _object({"facts": _map(_fact(), names=_NAME)}, needed=["facts"]),
            "include": _object(
                {"include": _TEXT, "title": _TEXT, "steps": _steps()}, needed=["include", "steps"]
            ),
            "red_flags": _object(
                {"red_flags": _map(_red_flag(facts or {}), names=_NAME)}, needed=["red_flags"]
            ),
            "playbook": _playbook(facts or {}),
            "step": _step(),
            "due": {"type": "string", "pattern": _due(), "description": _DUE},
            "field": _field(),
            "set_fact": _one_of((*facts, "nothing")) if facts else _TEXT,
            "sets": _sets(facts or {}),
            "fact_condition": _condition("fact_condition", facts or {}, others=not facts),
            "condition": _condition("condition", {}, others=True),
        },
    }


_DUE = (
    "consult + 60 min · start - 7 days at 10:00, previous open day · start + 14 days at 10:00, next open day"
)


def _object(properties: Schema, needed: Iterable[str] = ()) -> Schema:
    required = list(needed)
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
    }


def _map(values: Schema, names: str = "") -> Schema:
    only: Schema = {"propertyNames": {"pattern": names}} if names else {}
    return {"type": "object", "additionalProperties": values, "minProperties": 1, **only}


def _one_of(words: Iterable[str], says: str = "") -> Schema:
    return {"enum": [str(word) for word in words], **({"description": says} if says else {})}


def _steps() -> Schema:
    return {"type": "array", "items": {"$ref": "#/definitions/step"}}


def _fact() -> Schema:
    kinds: list[Schema] = [{"required": [kind]} for kind in ("values", "number", "date")]
    properties: Schema = {
        "title": _TEXT,
        "values": {**_WORDS, "description": "The first one means: asked, nothing found."},
        "number": {"type": ["string", "null"], "description": "the unit"},
        "date": _one_of(("past", "future", "any")),
        "default": _NUMBER,
        "between": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        "changes": {**_YES_NO, "description": "It changes with time: the newest answer counts."},
        "question": _TEXT,
    }
    return {**_object(properties, needed=["title"]), "oneOf": kinds}


def _red_flag(facts: Mapping[str, Fact]) -> Schema:
    names = _one_of(facts["playbook"].words) if "playbook" in facts else _TEXT
    sign: Schema = {"type": "string", "pattern": f"^{SIGN}$", "description": "a few words in small letters"}
    span: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
    by_playbook = {"anyOf": [span, {"type": "object", "additionalProperties": span, "minProperties": 1}]}
    properties: Schema = {
        "title": _TEXT,
        "window": {**_TEXT, "description": "one sentence: when it shows, and how well that is known"},
        "days": {**by_playbook, "description": "first and last day after the procedure, also by playbook"},
        "minutes": {
            **span,
            "description": "after the end of the procedure; 0 is any moment of that day before",
        },
        "signs": {"type": "array", "items": sign, "minItems": 1, "uniqueItems": True},
        "worse": {**_map(_one_of(Urgency), names=f"^{SIGN}$"), "description": "signs that are more urgent"},
        "urgency": _one_of(Urgency, "how soon somebody must act"),
        "then": {**_TEXT, "description": "what to do besides"},
        "playbooks": {"anyOf": [{"const": EVERY}, {"type": "array", "items": names, "minItems": 1}]},
        "when": {"$ref": "#/definitions/fact_condition"},
        "sources": {"type": "array", "items": _TEXT},
    }
    either: list[Schema] = [{"required": ["days"]}, {"required": ["minutes"]}]
    needed = ("title", "window", "signs", "urgency", "playbooks", "sources")
    return {**_object(properties, needed=needed), "oneOf": either}


def _playbook(facts: Mapping[str, Fact]) -> Schema:
    words = {name: {**_WORDS, "items": _one_of(fact.words)} for name, fact in facts.items() if fact.words}
    properties: Schema = {
        "playbook": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,39}$"},
        "title": _TEXT,
        "short": {**_TEXT, "description": "the name on cards"},
        "version": {"type": "integer", "minimum": 1},
        "minutes": {
            "type": "integer",
            "minimum": 1,
            "description": "planned minutes, where a booking names none",
        },
        "includes": {"type": "array", "items": _TEXT, "uniqueItems": True},
        "narrows": _object(dict(words)) if words else _map(_WORDS),
        "review": _object(
            {name: _DATE if name != REVIEW[0] else {"type": ["string", "null"]} for name in REVIEW}
        ),
        "steps": _steps(),
    }
    return _object(properties, needed=["playbook", "title", "version", "steps"])


def _step() -> Schema:
    stop = {"anyOf": [_one_of((Level.HARD, Level.MD)), _stops()]}
    properties: Schema = {
        "id": _STEP_ID,
        "phase": _one_of(Phase),
        "title": _TEXT,
        "why": {**_TEXT, "description": "one or two sentences for the person who is asked"},
        "role": _one_of(ROLES),
        "due": {"$ref": "#/definitions/due"},
        "scope": _one_of(
            Scope, "session: at every session; course: once, and again when the answer is too old"
        ),
        "valid_for": {"type": "string", "pattern": _span("days"), "description": "how old an answer may be"},
        "when": {"$ref": "#/definitions/fact_condition"},
        "ask": _map({"$ref": "#/definitions/field"}, names=_NAME),
        "stop": stop,
        "ladder": _one_of(LADDERS),
        "card": _one_of(CardKind),
        "shared": _one_of(("room_day",), "answered once for all cases of a room and day"),
        "verify": _one_of(("double",), "a second person answers, too, without seeing the first answer"),
        "gate": _one_of(Gate, "the readiness gate that this step is itself: it waits for all it guards"),
        "shows": _one_of(SHOWN, "the red flags of the day, on the form"),
        "sources": {"type": "array", "items": _TEXT},
        "grade": _one_of(GRADES, "how well it is founded"),
    }
    return _object(properties, needed=["id", "phase", "title", "role", "due"])


def _stops() -> Schema:
    condition: Schema = {"$ref": "#/definitions/condition"}
    level = _one_of((Level.HARD, Level.MD), "where it is not the highest of the conditions")
    return {**_object({"hard": condition, "md": condition, "level": level}), "minProperties": 1}


def _span(*units: str) -> str:
    words = "|".join(word for word, (_, unit) in UNITS.items() if unit in units)
    return rf"^\d+\s*({words})$"


def _due() -> str:
    minutes, days = _span("min")[1:-1], _span("days")[1:-1]
    by_days = rf"{days}\s+at\s+([01]?\d|2[0-3]):[0-5]\d\s*,\s*({'|'.join(CLOSED)})"
    return rf"^({'|'.join(Anchor)})(\s*[+−-]\s*({minutes}|{by_days}))?$"


def _field() -> Schema:
    long = [_long_field(key, kind) for key, kind in KINDS.items()]
    return {"anyOf": [_one_of(SHORT), _WORDS, *long]}


def _long_field(key: str, kind: FieldKind) -> Schema:
    several: Schema = {"type": "array", "items": _WORD}
    kinds: dict[FieldKind, Schema] = {
        FieldKind.CHOICE: _WORDS,
        FieldKind.SEVERAL: {"anyOf": [{"const": SIGNS}, _WORDS]},
        FieldKind.NUMBER: {"type": ["string", "null"], "description": "the unit"},
        FieldKind.DATE: _one_of(("past", "future", "any")),
        FieldKind.RATIO: {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
    }
    further: Schema = {
        "normal": several if kind is FieldKind.SEVERAL else _WORD,
        "decides": several,
        "between": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
        "unit": _TEXT,
        "known": _one_of(FROM_THE_CASE, "filled in from the case itself, and judged before anybody answers"),
    }
    common: Schema = {
        **dict.fromkeys(COMMON, _TEXT),
        **dict.fromkeys(("optional", "identity"), _YES_NO),
        "sets": {"$ref": f"#/definitions/{'sets' if kind is FieldKind.CHOICE else 'set_fact'}"},
        "record": _one_of(("chart",), "only a line to read and tick; it sets and stops nothing"),
    }
    properties = {
        key: kinds.get(kind, _one_of(("any",))),
        **common,
        **{name: further[name] for name in FURTHER[kind]},
    }
    return _object(properties, needed=[key])


def _sets(facts: Mapping[str, Fact]) -> Schema:
    fact: Schema = {"$ref": "#/definitions/set_fact"}
    if not facts:
        return {"anyOf": [fact, _map(_map(_WORD))]}
    by_fact: Schema = {name: _map(_one_of(fact.words)) for name, fact in facts.items() if fact.words}
    return {"anyOf": [fact, {**_object(by_fact), "minProperties": 1}]}


def _condition(name: str, facts: Mapping[str, Fact], *, others: bool) -> Schema:
    itself: Schema = {"$ref": f"#/definitions/{name}"}
    several: Schema = {"type": "array", "items": itself, "minItems": 1}
    known: Schema = {fact.name: _said_of(fact) for fact in facts.values()}
    unknown: Schema = {"anyOf": [_WORD, _WORDS, _compared((*BOUNDS, "within", "missing"))]}
    return {
        "type": "object",
        "properties": {"any": several, "all": several, "not": itself, **known},
        "additionalProperties": unknown if others else False,
        "minProperties": 1,
    }


def _said_of(fact: Fact) -> Schema:
    if fact.kind is FactKind.WORD:
        word = _one_of(fact.words)
        words: Schema = {"type": "array", "items": word, "minItems": 1}
        return {"anyOf": [word, words, _compared(("missing",))], "description": fact.title}
    names = (*BOUNDS, "missing") if fact.kind is FactKind.NUMBER else ("within", "missing")
    return {**_compared(names), "description": fact.title}


def _compared(names: Iterable[str]) -> Schema:
    kinds: Schema = {
        **dict.fromkeys(BOUNDS, _NUMBER),
        "within": {"type": "string", "pattern": _span("days", "months")},
        "missing": _YES_NO,
    }
    return {**_object({name: kinds[name] for name in names}), "minProperties": 1}
