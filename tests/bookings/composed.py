"""Reads the bookings that were composed by hand: every word stays a word, numbers are numbers."""

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

#: How a row is written down: these, then its flags (on_call, late, reopened) and what became of it.
COLUMNS = ("id", "session", "phase", "role", "stop", "due_local", "due_utc")
STATES = ("open", "done", "blocked", "void")


@dataclass(frozen=True, kw_only=True, slots=True)
class Composed:
    """A booking by hand, what happens to it, and where somebody wrote them down, its rows.

    `long` is set where playing takes so long that only the thorough run does it.
    """

    name: str
    what: str
    booking: dict[str, Any]
    script: list[dict[str, Any]] = field(default_factory=list)
    long: bool = False
    rows: list[dict[str, Any]] = field(default_factory=list)


@cache
def composed() -> tuple[Composed, ...]:
    """Return every booking that stands in this folder, by name."""
    return tuple(_read(path) for path in sorted(Path(__file__).parent.glob("*.yaml")))


def _read(path: Path) -> Composed:
    # this loader knows words only: neither "no" nor a date becomes anything else
    told = _numbered(yaml.load(path.read_text("utf-8"), Loader=yaml.CBaseLoader))
    return Composed(
        name=path.stem,
        what=told["what"],
        booking=told["booking"],
        script=told.get("script", []),
        long="long" in told,
        rows=[_row(line) for line in told.get("rows", "").splitlines()],
    )


def _numbered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _numbered(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_numbered(each) for each in value]
    return float(value) if re.fullmatch(r"\d+\.\d+", value) else int(value) if value.isdecimal() else value


def _row(line: str) -> dict[str, Any]:
    words = line.split()
    row: dict[str, Any] = dict(zip(COLUMNS, words, strict=False))
    flags = words[len(COLUMNS) :]
    row |= {"session": int(row["session"]), "on_call": "on_call" in flags, "late": "late" in flags}
    states = [flag for flag in flags if flag in STATES]
    return row | ({"status": states[0], "reopened": "reopened" in flags} if states else {})
