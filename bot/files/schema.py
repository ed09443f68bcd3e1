"""The playbook language as a JSON Schema (draft 7, which editors understand), for completion while typing.

An editor sees less than `bookend check`: it cannot know whether conditions exclude each other or an include
exists. The words come from where the parser takes them, so that the two cannot drift apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from bot.core.facts import FROM_THE_CASE, Fact
from bot.core.kinds import CardKind, FieldKind, Gate, Level, Phase, Scope
from bot.core.people import ASKED_ROLES, LADDERS
from bot.core.red_flags import Urgency
from bot.files.desk_schema import desk_schemas
from bot.files.fields import COMMON, FURTHER, KINDS, SHORT, SIGNS
from bot.files.folders import load_folder
from bot.files.heads import REVIEW
from bot.files.overlays import CHANGEABLE
from bot.files.playbooks import Library
from bot.files.red_flags import EVERY, SIGN
from bot.files.shapes import (
    DATE,
    NAME,
    NUMBER,
    STEP_ID,
    TEXT,
    WORD,
    WORDS,
    YES_NO,
    Schema,
    condition_of,
    due_schema,
    map_of,
    mapping,
    one_of,
    span_pattern,
)
from bot.files.steps import EVENING, GRADES, SHOWN


def schema_of(folder: Path) -> Schema:
    """Return the schema with the facts of a folder for completion."""
    library = Library(texts=load_folder(folder))
    return playbook_schema(library.facts())


def schema_text(folder: Path) -> str:
    """Return the schema as `bookend schema` prints it and the shipped file holds it."""
    return json.dumps(schema_of(folder), indent=1, ensure_ascii=False) + "\n"


#: The kinds of file that people write.
FILES = ("playbook", "include", "facts", "red_flags", "overlay", "clinic", "booking", "script")
#: What every step says.
NEEDED = ("id", "phase", "title", "role", "due")


def playbook_schema(facts: Mapping[str, Fact] | None = None) -> Schema:
    """Return the schema of a playbook folder's files; with facts, their names and words are checked, too."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A file of a Bookend playbook folder",
        "type": "object",
        "oneOf": [{"$ref": f"#/definitions/{kind}"} for kind in FILES],
        "definitions": {
            "facts": mapping({"facts": map_of(_fact(), names=NAME)}, needed=["facts"]),
            "include": mapping(
                {"include": TEXT, "title": TEXT, "arrive": _arrive(), "steps": _steps()},
                needed=["include", "steps"],
            ),
            "red_flags": mapping(
                {"red_flags": map_of(_red_flag(facts or {}), names=NAME)}, needed=["red_flags"]
            ),
            "playbook": _playbook(facts or {}),
            "overlay": _overlay(),
            **desk_schemas(facts or {}),
            "step": _step(),
            "due": due_schema(),
            "field": _field(),
            "set_fact": one_of((*facts, "nothing")) if facts else TEXT,
            "sets": _sets(facts or {}),
            "fact_condition": condition_of("fact_condition", facts or {}, others=not facts),
            "condition": condition_of("condition", {}, others=True),
        },
    }


def _overlay() -> Schema:
    shipped: Schema = {"type": "null", "description": "takes the shipped one away"}
    keys: dict[str, Schema] = {key: {"$ref": f"#/definitions/step/properties/{key}"} for key in CHANGEABLE}
    optional = {key: {"anyOf": [keys[key], shipped]} for key in keys.keys() - {*NEEDED}}
    why = {**TEXT, "description": "in a sentence: whoever signs reads it"}
    properties: Schema = {
        "overlay": {**TEXT, "description": "the clinic whose own changes these are"},
        "title": TEXT,
        "change": map_of(mapping({**keys, **optional}), names=str(STEP_ID["pattern"])),
        "add": {**map_of(_steps()), "description": "to a playbook, or to a file that playbooks include"},
        "leave_out": map_of(why, names=str(STEP_ID["pattern"])),
    }
    return mapping(properties, needed=["overlay"])


def _arrive() -> Schema:
    minutes: Schema = {"type": "string", "pattern": span_pattern("min")}
    earlier = mapping(
        {"before": minutes, "when": {"$ref": "#/definitions/fact_condition"}}, ["before", "when"]
    )
    properties: Schema = {"usually": minutes, "earlier": {"type": "array", "items": earlier}}
    says = "how long before the start patients come: usually, and where something needs its time"
    return {**mapping(properties, needed=["usually"]), "description": says}


def _steps() -> Schema:
    return {"type": "array", "items": {"$ref": "#/definitions/step"}}


def _fact() -> Schema:
    kinds: list[Schema] = [{"required": [kind]} for kind in ("values", "number", "date")]
    properties: Schema = {
        "title": TEXT,
        "values": {**WORDS, "description": "The first one means: asked, nothing found."},
        "number": {"type": ["string", "null"], "description": "the unit"},
        "date": one_of(("past", "future", "any")),
        "default": NUMBER,
        "between": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
        "starts": {
            **WORD,
            "description": "The word of every new case, where only something later changes it.",
        },
        "changes": {**YES_NO, "description": "It changes with time: the newest answer counts."},
        "question": TEXT,
    }
    return {**mapping(properties, needed=["title"]), "oneOf": kinds}


def _red_flag(facts: Mapping[str, Fact]) -> Schema:
    names = one_of(facts["playbook"].words) if "playbook" in facts else TEXT
    sign: Schema = {"type": "string", "pattern": f"^{SIGN}$", "description": "a few words in small letters"}
    span: Schema = {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2}
    by_playbook = {"anyOf": [span, {"type": "object", "additionalProperties": span, "minProperties": 1}]}
    properties: Schema = {
        "title": TEXT,
        "window": {**TEXT, "description": "one sentence: when it shows, and how well that is known"},
        "days": {**by_playbook, "description": "first and last day after the procedure, also by playbook"},
        "minutes": {
            **span,
            "description": "after the end of the procedure; 0 is any moment of that day before",
        },
        "signs": {"type": "array", "items": sign, "minItems": 1, "uniqueItems": True},
        "worse": {**map_of(one_of(Urgency), names=f"^{SIGN}$"), "description": "signs that are more urgent"},
        "urgency": one_of(Urgency, "how soon somebody must act"),
        "then": {**TEXT, "description": "what to do besides"},
        "playbooks": {"anyOf": [{"const": EVERY}, {"type": "array", "items": names, "minItems": 1}]},
        "when": {"$ref": "#/definitions/fact_condition"},
        "sources": {"type": "array", "items": TEXT},
    }
    either: list[Schema] = [{"required": ["days"]}, {"required": ["minutes"]}]
    needed = ("title", "window", "signs", "urgency", "playbooks", "sources")
    return {**mapping(properties, needed=needed), "oneOf": either}


def _playbook(facts: Mapping[str, Fact]) -> Schema:
    words = {name: {**WORDS, "items": one_of(fact.words)} for name, fact in facts.items() if fact.words}
    properties: Schema = {
        "playbook": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,39}$"},
        "title": TEXT,
        "short": {**TEXT, "description": "the name on cards"},
        "version": {"type": "integer", "minimum": 1},
        "minutes": {
            "type": "integer",
            "minimum": 1,
            "description": "planned minutes, where a booking names none",
        },
        "includes": {"type": "array", "items": TEXT, "uniqueItems": True},
        "narrows": mapping(dict(words)) if words else map_of(WORDS),
        "arrive": _arrive(),
        "review": mapping(
            {name: DATE if name != REVIEW[0] else {"type": ["string", "null"]} for name in REVIEW}
        ),
        "steps": _steps(),
    }
    return mapping(properties, needed=["playbook", "title", "version", "steps"])


def _step() -> Schema:
    stop = {"anyOf": [one_of((Level.HARD, Level.MD)), _stops()]}
    properties: Schema = {
        "id": {**STEP_ID, "description": "the step for ever: cases and history name it"},
        "phase": one_of(
            Phase, "the part of a case it belongs to; `day` is before the start, `post` after it"
        ),
        "title": {**TEXT, "description": "what is to be confirmed, in a few words"},
        "why": {**TEXT, "description": "one or two sentences for the person who is asked"},
        "role": one_of(ASKED_ROLES, "who is asked"),
        "due": {"$ref": "#/definitions/due"},
        "scope": one_of(
            Scope, "session: at every session; course: once, and again when the answer is too old"
        ),
        "valid_for": {
            "type": "string",
            "pattern": span_pattern("days"),
            "description": "how old an answer may be",
        },
        "when": {"$ref": "#/definitions/fact_condition"},
        "ask": map_of({"$ref": "#/definitions/field"}, names=NAME),
        "stop": stop,
        "ladder": one_of(LADDERS, "how soon it is asked again; else it follows from phase and stop"),
        "card": one_of(CardKind, "the card it stands on; else it follows from phase and role"),
        "shared": one_of(("room_day",), "answered once for all cases of a room and day"),
        "verify": one_of(("double",), "a second person answers, too, without seeing the first answer"),
        "gate": one_of(Gate, "the readiness gate that this step is itself: it waits for all it guards"),
        "shows": one_of(SHOWN, "the red flags of the day, on the form"),
        "attempts": {
            "type": "array",
            "items": {"anyOf": [{"const": EVENING}, {"type": "string", "pattern": span_pattern("days")}]},
            "description": "when somebody not reached is tried again, counted from the first attempt",
        },
        "books": {**TEXT, "description": "the field with the date that it books: without one it is not done"},
        "sources": {"type": "array", "items": TEXT, "description": "where it is written, such as [S06]"},
        "grade": one_of(GRADES, "how well it is founded"),
    }
    return mapping(properties, needed=NEEDED)


def _stops() -> Schema:
    condition: Schema = {"$ref": "#/definitions/condition"}
    level = one_of((Level.HARD, Level.MD), "where it is not the highest of the conditions")
    return {**mapping({"hard": condition, "md": condition, "level": level}), "minProperties": 1}


def _field() -> Schema:
    long = [_long_field(key, kind) for key, kind in KINDS.items()]
    return {"anyOf": [one_of(SHORT), WORDS, *long]}


def _long_field(key: str, kind: FieldKind) -> Schema:
    several: Schema = {"type": "array", "items": WORD}
    kinds: dict[FieldKind, Schema] = {
        FieldKind.CHOICE: WORDS,
        FieldKind.SEVERAL: {"anyOf": [{"const": SIGNS}, WORDS]},
        FieldKind.NUMBER: {"type": ["string", "null"], "description": "the unit"},
        FieldKind.DATE: one_of(("past", "future", "any")),
        FieldKind.RATIO: {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2},
    }
    further: Schema = {
        "normal": several if kind is FieldKind.SEVERAL else WORD,
        "decides": several,
        "between": {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2},
        "unit": TEXT,
        "known": one_of(FROM_THE_CASE, "filled in from the case itself, and judged before anybody answers"),
    }
    common: Schema = {
        **dict.fromkeys(COMMON, TEXT),
        **dict.fromkeys(("optional", "identity"), YES_NO),
        "sets": {"$ref": f"#/definitions/{'sets' if kind is FieldKind.CHOICE else 'set_fact'}"},
        "record": one_of(("chart",), "only a line to read and tick; it sets and stops nothing"),
        "reads": {
            "type": "array",
            "items": TEXT,
            "description": "facts and steps of which what is known is read aloud beside it",
        },
    }
    properties = {
        key: kinds.get(kind, one_of(("any",))),
        **common,
        **{name: further[name] for name in FURTHER[kind]},
    }
    return mapping(properties, needed=[key])


def _sets(facts: Mapping[str, Fact]) -> Schema:
    fact: Schema = {"$ref": "#/definitions/set_fact"}
    if not facts:
        return {"anyOf": [fact, map_of(map_of(WORD))]}
    by_fact: Schema = {name: map_of(one_of(fact.words)) for name, fact in facts.items() if fact.words}
    return {"anyOf": [fact, {**mapping(by_fact), "minProperties": 1}]}
