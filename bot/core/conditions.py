"""Conditions as data: what a playbook's `when` and `stop` say, judged on known values, never run as code.

"unknown" is a value like any other and is written into the conditions on purpose: not knowing makes an item
apply (rule 1.10). A missing date is read as the worst case, so it is always "within". A missing word or
number matches nothing, so that an unanswered field sets no stop by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import assert_never

from bot.core.instants import own
from bot.core.times import months_after

#: What a fact or a field can hold. Several choices are a tuple; `None` is "nothing recorded".
Value = str | float | date | time | tuple[str, ...] | None
Values = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf:
    """True when every part is; without parts it is always true."""

    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Not:
    """True when its part is not."""

    part: Condition


@dataclass(frozen=True, kw_only=True, slots=True)
class Is:
    """True when the named value is one of these words, or holds one of them where several were chosen."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """True when the named number is `below`, `above`, `at_least` or `at_most` its limits (`None` is none)."""

    name: str
    below: float | None = None
    above: float | None = None
    at_least: float | None = None
    at_most: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Within:
    """True when the named date is missing, or less than so many days or months before the session's start."""

    name: str
    days: int = 0
    months: int = 0

    def allowed_from(self, day: date) -> date:
        """Return the first start date on which a value of `day` is no longer within."""
        try:
            return months_after(day, self.months) if self.months else day + timedelta(days=self.days)
        except (ValueError, OverflowError):
            # a year with a slip in it, such as 9999, is never long ago enough
            return date.max


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """True when nothing was recorded under the name."""

    name: str


Condition = AllOf | AnyOf | Not | Is | Bounds | Within | Missing
ALWAYS = AllOf()


def holds(condition: Condition, values: Values, start: date) -> bool:
    """Judge a condition on the values known now, for a session that starts on the local date `start`."""
    match condition:
        case Is():
            value = values.get(condition.name)
            if isinstance(value, tuple):
                return any(word in condition.words for word in value)
            return value in condition.words
        case AllOf():
            return all(holds(part, values, start) for part in condition.parts)
        case AnyOf():
            return any(holds(part, values, start) for part in condition.parts)
        case Not():
            return not holds(condition.part, values, start)
        case Bounds():
            return _in_bounds(condition, values.get(condition.name))
        case Within():
            value = values.get(condition.name)
            return not isinstance(value, date) or start < condition.allowed_from(value)
        case Missing():
            return values.get(condition.name) in (None, "", ())
        case _:
            assert_never(condition)


def _in_bounds(condition: Bounds, value: Value) -> bool:
    if not isinstance(value, int | float):
        return False
    return (
        (condition.below is None or value < condition.below)
        and (condition.above is None or value > condition.above)
        and (condition.at_least is None or value >= condition.at_least)
        and (condition.at_most is None or value <= condition.at_most)
    )


def leaves(condition: Condition) -> Iterator[Is | Bounds | Within | Missing]:
    """Yield the single comparisons a condition is made of."""
    match condition:
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from leaves(part)
        case Not():
            yield from leaves(condition.part)
        case _:
            yield condition


def names(condition: Condition) -> frozenset[str]:
    """Return the names of the facts and fields a condition reads."""
    return frozenset(leaf.name for leaf in leaves(condition))


def first_allowed(condition: Condition, values: Values, start: date) -> date | None:
    """Return the first start date without this stop, `None` if dates alone cannot lift it."""
    if not holds(condition, values, start):
        return start
    known = [(leaf, values.get(leaf.name)) for leaf in leaves(condition) if isinstance(leaf, Within)]
    days = sorted({leaf.allowed_from(day) for leaf, day in known if isinstance(day, date)})
    return next((day for day in days if day > start and not holds(condition, values, day)), None)


def met(condition: Condition, values: Values, start: date) -> tuple[str, ...]:
    """Return why a condition holds, as "name: value" in the order written; empty if it does not."""
    return tuple(dict.fromkeys(_reasons(condition, values, start, so=True)))


def _reasons(condition: Condition, values: Values, start: date, *, so: bool) -> Iterator[str]:
    if holds(condition, values, start) is not so:
        return
    match condition:
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _reasons(part, values, start, so=so)
        case Not():
            # why "not all of these" holds is what is missing of them
            yield from _reasons(condition.part, values, start, so=not so)
        case _:
            yield f"{condition.name}: {shown(values.get(condition.name))}"


def shown(value: Value) -> str:
    """Show a value as a person would write it."""
    match value:
        case None | "" | ():
            return "not recorded"
        case tuple():
            return ", ".join(word.replace("_", " ") for word in value)
        case time():
            return own(value.strftime("%H:%M"))
        case date():
            return f"{value.day} {value:%b %Y}"
        case str():
            return own(value.replace("_", " "))
        case _:
            return f"{value:g}"
