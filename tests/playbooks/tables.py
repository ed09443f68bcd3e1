"""The clinical tables in their own short notation, read without any of Bookend's code.

`clinical-tables.json` holds what each step must be: when it is due ("T0-14d@09:00 prev"), when it applies
("area_face = yes or hsv_history in [yes, unknown]") and the other columns. It is the second witness: whoever
changes a step on purpose changes it in both places.
"""

import json
import operator
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from bot.core.playbook import Playbook
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks

Row = Mapping[str, Any]
EVERY = "every-procedure"
CLAUSE = re.compile(r"(\w+) (=|!=|<|>|in) (.+)")
DUE = re.compile(r"([A-Z0-9]+)([+-]\d+)(?:m|d@(\d\d:\d\d) (prev|next|none))")
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": lambda known, limit: known is not None and known < int(limit),
    ">": lambda known, limit: known is not None and known > int(limit),
    "in": lambda known, words: known in words.strip("[]").split(", "),
}


@cache
def tables() -> dict[str, Any]:
    text = (Path(__file__).parent.parent / "data" / "clinical-tables.json").read_text("utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


@cache
def shipped() -> dict[str, Playbook]:
    return load_playbooks(shipped_playbooks())


def rows() -> list[Row]:
    """The rows of every playbook that is shipped, and of what all of them share."""
    return [row for row in tables()["steps"] if row["file"] in (EVERY, *shipped())]


def playbook_of(row: Row) -> Playbook:
    return shipped()["abl" if row["file"] == EVERY else row["file"]]


def clauses(expression: str) -> list[list[tuple[str, str, str]]]:
    """An expression as "any of all of": `and` binds tighter than `or`."""
    if expression == "always":
        return [[]]
    return [[_clause(each) for each in part.split(" and ")] for part in expression.split(" or ")]


def _clause(text: str) -> tuple[str, str, str]:
    name, sign, against = CLAUSE.fullmatch(text).groups()  # type: ignore[union-attr]
    return name, sign, against


def is_true(expression: str, facts: Mapping[str, Any]) -> bool:
    return any(
        all(COMPARISONS[sign](facts[name], against) for name, sign, against in part)
        for part in clauses(expression)
    )
