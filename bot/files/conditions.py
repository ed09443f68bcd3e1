"""What `when` and `stop` say, read into conditions; nothing in them is ever evaluated as code.

A condition that nothing can ever meet is a mistake. Conditions are small, so this is found by trying: every
combination of values that could make a difference is judged by the `holds` that judges them in the clinic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations, islice, pairwise, product

from bot.core.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Bounds,
    Condition,
    Is,
    Missing,
    Not,
    Value,
    Within,
    holds,
    leaves,
)
from bot.core.facts import Fact, FactKind
from bot.core.kinds import FieldKind
from bot.core.playbook import Field
from bot.core.times import months_after
from bot.files.entry import Entry
from bot.files.spans import span

BOUNDS = ("below", "above", "at_least", "at_most")
MOST_TRIED = 5_000
_START = date(2027, 6, 15)
_NUMBERS = (FieldKind.NUMBER, FieldKind.RATIO)
_CHOICES = (FieldKind.CHOICE, FieldKind.SEVERAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A fact or field that a condition can speak of. `possible` is what of its words this playbook allows."""

    name: str
    kind: FieldKind
    words: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    chart: bool = False
    least: float | None = None
    most: float | None = None

    def takes(self, number: float) -> bool:
        """Say whether a number lies within the limits."""
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


Subjects = Mapping[str, Subject]


def of_facts(facts: Mapping[str, Fact], narrowed: Mapping[str, tuple[str, ...]]) -> dict[str, Subject]:
    """Return the facts as subjects, narrowed to what a playbook allows."""
    kinds = {
        FactKind.WORD: FieldKind.CHOICE,
        FactKind.NUMBER: FieldKind.NUMBER,
        FactKind.DATE: FieldKind.DATE,
    }
    return {
        name: Subject(
            name=name,
            kind=kinds[fact.kind],
            words=fact.words,
            possible=narrowed.get(name, fact.words),
            least=fact.least,
            most=fact.most,
        )
        for name, fact in facts.items()
    }


def of_fields(fields: Iterable[Field]) -> dict[str, Subject]:
    """Return the fields of a step as subjects."""
    return {
        field.name: Subject(
            name=field.name,
            kind=field.kind,
            words=field.choices,
            possible=field.choices,
            chart=field.chart,
            least=field.least,
            most=field.most,
        )
        for field in fields
    }


def condition(entry: Entry, subjects: Subjects) -> Condition:
    """Return a condition, or note that it can never be true."""
    before = len(entry.source.mistakes)
    found = _condition(entry, subjects)
    if len(entry.source.mistakes) == before and not can_hold(found, subjects):
        entry.wrong(
            "this can never be true: its parts exclude each other, or this playbook does not allow the value"
        )
    return found


def _condition(entry: Entry, subjects: Subjects) -> Condition:
    if not entry.is_mapping:
        entry.wrong(f"expected a condition such as {{smoker: [yes, unknown]}}, found {entry.shown}")
        return ALWAYS
    parts = tuple(_part(key, value, subjects) for key, value in entry.pairs())
    if not parts:
        entry.wrong("an empty condition says nothing; leave it out")
    return parts[0] if len(parts) == 1 else AllOf(parts=parts)


def _part(key: Entry, value: Entry, subjects: Subjects) -> Condition:
    name = key.text()
    if name in ("any", "all"):
        parts = tuple(_condition(each, subjects) for each in value.each())
        if value.is_list and not parts:
            value.wrong(f"`{name}` needs at least one condition")
        return AnyOf(parts=parts) if name == "any" else AllOf(parts=parts)
    if name == "not":
        return Not(part=_condition(value, subjects))
    if name not in subjects:
        key.known((*subjects, "any", "all", "not"), "fact or field")
        return ALWAYS
    if subjects[name].chart:
        key.wrong(f"{name} is only written in the chart and cannot stop anything; take `record: chart` away")
    return _comparison(value, subjects[name]) if value.is_mapping else _words(value, subjects[name])


def _words(entry: Entry, subject: Subject) -> Condition:
    if subject.kind not in _CHOICES:
        expected = {
            FieldKind.NUMBER: "{below: 18}",
            FieldKind.RATIO: "{above: 4.5}",
            FieldKind.DATE: "{within: 28 days}",
        }
        entry.wrong(
            f"{subject.name} is a {subject.kind}: write {expected.get(subject.kind, '{missing: yes}')}"
        )
        return ALWAYS
    each = entry.each() if entry.is_list else [entry]
    if not each:
        entry.wrong("expected at least one word")
    return Is(name=subject.name, words=tuple(word.one_of(subject.words) for word in each))


def _comparison(entry: Entry, subject: Subject) -> Condition:
    clear = entry.only(*BOUNDS, "within", "missing")
    parts: list[Condition] = []
    missing, within = entry.get("missing"), entry.get("within")
    if missing:
        absent = Missing(name=subject.name)
        parts.append(absent if missing.flag() else Not(part=absent))
    if within:
        parts.append(_within(within, subject))
    limits = {name: limit.number() for name in BOUNDS if (limit := entry.get(name))}
    if limits:
        if subject.kind not in _NUMBERS:
            entry.wrong(
                f"{subject.name} is a {subject.kind}, not a number: it has no {' and no '.join(limits)}"
            )
        parts.append(Bounds(name=subject.name, **limits))
    if not parts and clear:
        entry.wrong(f"expected one of {', '.join(BOUNDS)}, within, missing")
    return parts[0] if len(parts) == 1 else AllOf(parts=tuple(parts))


def _within(entry: Entry, subject: Subject) -> Condition:
    if subject.kind is not FieldKind.DATE:
        entry.wrong(f"{subject.name} is a {subject.kind}, not a date: it has no within")
    count, unit = span(entry, "days", "months")
    return (
        Within(name=subject.name, days=count) if unit == "days" else Within(name=subject.name, months=count)
    )


def can_hold(found: Condition, subjects: Subjects) -> bool:
    """Say whether any values at all meet a condition; one that is too large to try is believed."""
    by_name: dict[str, list[Is | Bounds | Within | Missing]] = {}
    for leaf in leaves(found):
        by_name.setdefault(leaf.name, []).append(leaf)
    choices = [tuple(islice(_values(subjects[name], said), MOST_TRIED)) for name, said in by_name.items()]
    for number, values in enumerate(product(*choices), start=1):
        if number == MOST_TRIED or holds(found, dict(zip(by_name, values, strict=True)), _START):
            return True
    return False


def _values(subject: Subject, said: list[Is | Bounds | Within | Missing]) -> Iterator[Value]:
    if any(isinstance(leaf, Missing) for leaf in said) or subject.kind not in _CHOICES:
        yield None
    if subject.kind is FieldKind.CHOICE:
        yield from subject.possible
    elif subject.kind is FieldKind.SEVERAL:
        spoken = {word for leaf in said if isinstance(leaf, Is) for word in leaf.words}
        named = [word for word in subject.possible if word in spoken]
        yield from chain.from_iterable(combinations(named, size) for size in range(len(named) + 1))
    elif subject.kind in _NUMBERS:
        yield from _numbers(subject, said)
    elif subject.kind is FieldKind.DATE:
        yield from _dates(said)
    else:
        yield "something"


def _numbers(subject: Subject, said: list[Is | Bounds | Within | Missing]) -> Iterator[Value]:
    bounds = [leaf for leaf in said if isinstance(leaf, Bounds)]
    limits = sorted(
        {limit for leaf in bounds for name in BOUNDS if (limit := getattr(leaf, name)) is not None}
    )
    ends = [limit for limit in (subject.least, subject.most) if limit is not None]
    between = [(low + high) / 2 for low, high in pairwise(limits)]
    beyond = [limits[0] - 1, limits[-1] + 1] if limits else [0]
    yield from filter(subject.takes, (*limits, *between, *beyond, *ends))


def _dates(said: list[Is | Bounds | Within | Missing]) -> Iterator[Value]:
    yield from (_START, date(1900, 1, 1))
    for leaf in said:
        if isinstance(leaf, Within):
            edge = months_after(_START, -leaf.months) - timedelta(days=leaf.days)
            yield from (edge, edge + timedelta(days=1))
