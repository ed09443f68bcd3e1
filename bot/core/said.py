"""What was said of a fact, by whom, when and where: kept whole, so that no answer silently replaces another.

A statement is replaced by a later one of the same person in the same place (a correction), and "unknown" by
whatever is known later. Of a physician's word it is taken that it was given knowing what was said before: it
settles. All that stands otherwise stands side by side; where it differs, the fact is disputed: what either
value asks for is asked, whichever stops harder stops, and the physician is asked to settle it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.core.conditions import Value
from bot.core.facts import NOT_ASKED

#: Where a fact was said when it was no answer to a step.
BOOKING, COMMAND = "booking", "fact"


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What one person said of a fact; `where` is the id of a step, "booking" or "fact" for the command."""

    value: Value
    by: str
    at: datetime
    where: str
    settles: bool = False


Statements = Mapping[str, tuple[Said, ...]]


def is_known(value: Value) -> bool:
    """Say whether a value is more than "nobody knows"."""
    return value is not None and value not in NOT_ASKED


def standing(statements: tuple[Said, ...]) -> tuple[Said, ...]:
    """Return which of all that was said of a fact still stands, oldest first."""
    found: list[Said] = []
    for each in statements:
        source = (each.by, each.where)
        kept = (old for old in found if is_known(old.value) and (old.by, old.where) != source)
        found = [each] if each.settles else [*kept, each]
    return tuple(found)


def disputes(statements: Statements) -> Statements:
    """Return the facts of which two different values stand, with who said what."""
    many = {fact: standing(its) for fact, its in statements.items() if len({each.value for each in its}) > 1}
    return {fact: its for fact, its in many.items() if len({each.value for each in its}) > 1}
