"""The schema of what a clinic writes besides playbooks: its own file, bookings, and scripts to rehearse."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.case import Choice, Moment, Outcome
from bot.core.facts import Fact, FactKind
from bot.core.people import LADDERS, Role
from bot.core.times import WEEKDAYS
from bot.files.accounts import EMAIL, MEMBER, OBJECT, PLATFORMS, TEAMS_CHANNEL
from bot.files.clinic import CHANNELS
from bot.files.entry import LONGEST
from bot.files.keeping import keep_schema
from bot.files.privacy import LEVELS, NAMING
from bot.files.shapes import DATE, NUMBER, TEXT, WORD, YES_NO, Schema, map_of, mapping, one_of

#: What a line of a script can do.
DONE = (
    *("answer_when_due", "nothing", "answer", "amend", "decide", "undo", "set_fact"),
    *("move", "session", "cancel", "event", "mark"),
)
_ID = r"^[a-z0-9][a-z0-9_-]{0,39}$"
_DAY = f"({'|'.join(WEEKDAYS)})"
_DAYS = rf"^\s*{_DAY}(-{_DAY})?(\s*,\s*{_DAY}(-{_DAY})?)*\s*$"
_HOURS: Schema = {"type": "string", "pattern": r"^\s*\d{1,2}:\d{2}\s*[-–]\s*\d{1,2}:\d{2}\s*$"}
_MOMENT: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:[0-5]\d)?$",
    "patternErrorMessage": "Expected the clinic's date and time such as 2027-02-18T09:30.",
}
_MEMBER: Schema = {
    "type": "string",
    "pattern": rf"^\s*({MEMBER}|{EMAIL})\s*$",
    "description": "a member id such as U012AB3CD, or an e-mail address",
}
_OBJECT: Schema = {
    "type": "string",
    "pattern": rf"^\s*({OBJECT}|{EMAIL})\s*$",
    "description": "an object id of Microsoft Entra, or an e-mail address",
}
_TEAMS_CHANNEL: Schema = {
    "type": "string",
    "pattern": rf"^\s*{TEAMS_CHANNEL}\s*$",
    "description": "the id of a channel, such as 19:0a1b@thread.tacv2",
}
_GROUP: Schema = {"type": "string", "pattern": r"^\s*S[A-Z0-9]{2,}\s*$"}
_NAMES: Schema = {"type": "array", "items": TEXT}
_DAYS_OFF: Schema = {"type": "array", "items": DATE}
_WHOLE: Schema = {"type": "integer", "minimum": 1}
_MINUTES: Schema = {**_WHOLE, "maximum": LONGEST}


def desk_schemas(facts: Mapping[str, Fact]) -> dict[str, object]:
    """Return the schema of each kind of file, by its kind."""
    booking = _booking(facts)
    return {
        "clinic": _clinic(facts),
        "booking": {**booking, "anyOf": [{"required": ["start"]}, {"required": ["sessions"]}]},
        "script": mapping(
            {
                "booking": {"$ref": "#/definitions/booking"},
                "script": {"type": "array", "items": _line(facts)},
            },
            needed=["booking", "script"],
        ),
    }


def _map(values: Schema, names: str = "") -> Schema:
    return {**map_of(values, names), "minProperties": 0}


def _clinic(facts: Mapping[str, Fact]) -> Schema:
    named = _by_role(_NAMES, "role: [people], the first is asked")
    working: Schema = {"type": "array", "items": {"anyOf": [TEXT, map_of(_HOURS, _ID)]}}
    duty = _by_role(
        working, "role: [people], the first is asked; [{sam: 12:00-18:00}] for hours of their own"
    )
    rungs: Schema = {"type": "array", "items": WORD, "minItems": 2}
    properties: Schema = {
        "clinic": {"type": "string", "pattern": _ID},
        "title": TEXT,
        "timezone": {**TEXT, "description": "such as Europe/London"},
        "open": {**map_of(_HOURS, _DAYS), "description": "such as {mon-fri: 08:00-18:00}"},
        "holidays": _holidays(),
        "rooms": _map(mapping({"devices": _NAMES}), _ID),
        "people": map_of(_person(), _ID),
        "roster": {**_map(duty, _DAYS), "description": "who is on duty, by weekday"},
        "roster_changes": {**_map(duty), "description": "single days that differ"},
        "on_call": {**named, "description": "asked when a check falls on a closed day"},
        "channels": mapping(
            {**dict.fromkeys(PLATFORMS, _channels(TEXT)), "teams": _channels(_TEAMS_CHANNEL)}
        ),
        **_groups(),
        "ladders": mapping(dict.fromkeys(LADDERS, rungs)),
        **_privacy(),
        "go_live": DATE,
        "playbooks": {**_NAMES, "description": "which playbooks this clinic uses; all if none is named"},
        "defaults": {
            **_map(_facts(facts)),
            "description": "what is usual of each playbook's facts, until somebody is asked",
        },
        "overlays": {**_NAMES, "description": "files with this clinic's own changes"},
        "keep": keep_schema(),
        "huddle": {**WORD, "description": "when the day's message comes; 15 min before opening if left out"},
        "sheet": {
            **mapping({"at": WORD}),
            "description": "when the next day's paper sheet is made; at closing if left out",
        },
    }
    return mapping(properties, needed=["clinic", "timezone", "open", "people"])


def _privacy() -> dict[str, Schema]:
    level = one_of(LEVELS, "strict: no name of a patient ever enters chat")
    agreement = mapping({"with": TEXT, "signed_on": DATE}, needed=["with", "signed_on"])
    return {
        "privacy": {
            "anyOf": [level, mapping(dict.fromkeys(NAMING, level))],
            "description": level["description"],
        },
        "baa": {
            **mapping(dict.fromkeys(NAMING, agreement)),
            "description": "the agreement with each platform on which `privacy` is full",
        },
    }


def _channels(channel: Schema) -> Schema:
    return _map(channel, f"^({'|'.join(CHANNELS)})$")


def _groups() -> dict[str, Schema]:
    return {
        "user_groups": {
            **_map(_map(_GROUP, f"^({'|'.join(Role)})$"), "^slack$"),
            "description": "user groups whose members among these people have a role",
        },
        "user_groups_may_decide": {
            **YES_NO,
            "description": "yes: also physicians, managers and directors; only admins may change the groups",
        },
    }


def _person() -> Schema:
    return mapping(
        {
            "name": TEXT,
            "roles": {"type": "array", "items": one_of(Role)},
            "quiet": {**_HOURS, "description": "when nothing but what is urgent is said to them"},
            "hours": {**_HOURS, "description": "when they work, where the roster names no hours"},
            "timezone": {**TEXT, "description": "where they live, if that is not the clinic's"},
            **dict.fromkeys(PLATFORMS, TEXT),
            "slack": _MEMBER,
            "teams": _OBJECT,
        },
        needed=["name"],
    )


def _by_role(people: Schema, says: str) -> Schema:
    return {**mapping({role.value: people for role in Role}), "description": says}


def _holidays() -> Schema:
    named = mapping({"country": TEXT, "region": TEXT, "also": _DAYS_OFF, "except": _DAYS_OFF})
    return {"anyOf": [_DAYS_OFF, named], "description": "a country's public holidays, and days of your own"}


def _booking(facts: Mapping[str, Fact]) -> Schema:
    calendar: Schema = {
        "timezone": TEXT,
        "working_days": {"type": "array", "items": one_of(WEEKDAYS)},
        "open": map_of(_HOURS, _DAYS),
        "holidays": _holidays(),
    }
    properties: Schema = {
        "playbook": TEXT,
        "clinic": mapping(calendar, needed=["timezone"]),
        **dict.fromkeys(("opened", "consult", "booked", "start"), _MOMENT),
        "sessions": {"type": "array", "items": _MOMENT, "minItems": 1},
        "minutes": _MINUTES,
        "room": TEXT,
        "device": TEXT,
        "operator": TEXT,
        "told": YES_NO,
        "facts": _facts(facts),
    }
    return mapping(properties, needed=["playbook"])


def _facts(facts: Mapping[str, Fact]) -> Schema:
    return mapping({fact.name: _value(fact) for fact in facts.values()}) if facts else _map(WORD)


def _value(fact: Fact) -> Schema:
    kinds = {FactKind.NUMBER: NUMBER, FactKind.DATE: DATE}
    return {**(one_of(fact.words) if fact.words else kinds.get(fact.kind, WORD)), "description": fact.title}


def _line(facts: Mapping[str, Fact]) -> Schema:
    """Return a line of a script; which keys go with which `do` only `bookend check` knows."""
    properties: Schema = {
        "do": one_of(DONE),
        **dict.fromkeys(("at", "until", "start"), _MOMENT),
        **dict.fromkeys(("task", "note", "by", "reason"), TEXT),
        **dict.fromkeys(("session", "occurrence"), _WHOLE),
        "values": _map({}),
        "outcome": one_of(Outcome),
        "choice": one_of(Choice),
        "moment": one_of(Moment),
        "fact": one_of(facts) if facts else TEXT,
        "value": {},
        "urgency": TEXT,
        "symptoms": _NAMES,
    }
    return mapping(properties, needed=["do"])
