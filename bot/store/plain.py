"""Values as JSON and back, types kept: what goes in comes out equal, dates, times and tuples included.

A date is written `{"$date": "2027-01-04"}`, likewise `$time`, `$moment` (an aware instant, in UTC),
`$tuple` and, for a mapping whose own keys begin with a dollar sign, `$mapping`. The text is canonical:
sorted keys, no spaces, ASCII, so that equal values give equal bytes (the history chain counts on it)
and no database stumbles over a character.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from bot.core.times import aware

#: Words of which one copy does for all: those of a group's people and playbooks.
SHARED = 2000


def to_text(value: object) -> str:
    """Write a value as canonical JSON; raise TypeError or ValueError for what it cannot say (NaN, a set)."""
    return _JSON.encode(_encode(value))


_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
#: What JSON says itself; looked for first, for nearly everything is of these.
_AS_IS = frozenset({type(None), bool, int, float, str})


def from_text(text: str) -> Any:
    """Read a value back."""
    return _decode(json.loads(text))


@lru_cache(maxsize=SHARED)
def same(text: str) -> str:
    """Return the one copy of a word that much repeats: people, steps, answers to choose from."""
    return text


def shared(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values whose names and words are the one copy of each."""
    return {same(name): same(value) if type(value) is str else value for name, value in values.items()}


def _encode(value: object) -> Any:
    if type(value) in _AS_IS:
        return value
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return {"$moment": aware(value).isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case time():
            return {"$time": value.isoformat()}
        case tuple():
            return {"$tuple": [_encode(each) for each in value]}
        case list():
            return [_encode(each) for each in value]
        case Mapping():
            plain = {str(name): _encode(each) for name, each in value.items()}
            return {"$mapping": plain} if any(name.startswith("$") for name in plain) else plain
        case _:
            raise TypeError(f"{value!r} cannot be stored: it is neither JSON nor a date, a time or a tuple")


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return [_decode(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (tag, inner), *_ = value.items()
        if tag in _TAGGED:
            return _TAGGED[tag](inner)
    return {name: _decode(each) for name, each in value.items()}


_TAGGED: dict[str, Callable[[Any], Any]] = {
    "$moment": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$tuple": lambda inner: tuple(_decode(each) for each in inner),
    "$mapping": lambda inner: {name: _decode(each) for name, each in inner.items()},
}
