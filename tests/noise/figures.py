"""Figures: what each person heard, against its target, and what it would be with one message per item."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.core.due import DECISION
from bot.core.kinds import CardKind
from bot.core.noise import Heard, outside_hours
from bot.core.people import Clinic, Role
from bot.store.store import SqlStore
from bot.store.tables import asked, postings

#: The most first messages of a role on a day of eighteen procedures, however many share it.
TARGETS: Mapping[Role, int] = {Role.NURSE: 44, Role.OPERATOR: 55, Role.PHYSICIAN: 27, Role.FRONT_DESK: 15}
#: Repeats of all that was heard.
FEW = 0.15
#: The stages that only an operator has: somebody else sees them to give a second answer.
STAND_IN = (CardKind.ROOM, CardKind.TIMEOUT, CardKind.RECORD)


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """What one person heard. `exempt` are stops to decide, second answers and questions of the moment;
    `one_by_one` is how many messages their items would have been, each on its own.
    """

    person: str
    role: Role
    messages: int
    exempt: int
    repeats: int
    after_hours: int
    one_by_one: int


def figures(store: SqlStore, clinic: Clinic, heard: Sequence[Heard]) -> list[Figure]:
    """Count what each person of a clinic heard."""
    alone = _one_by_one(store)
    return [_of(person, clinic, [h for h in heard if h.person == person], alone) for person in clinic.people]


def _of(person: str, clinic: Clinic, heard: Sequence[Heard], alone: Mapping[str, int]) -> Figure:
    role = next(role for role in Role if role in clinic.people[person].roles)
    first = [each for each in heard if not each.repeat]
    return Figure(
        person=person,
        role=role,
        messages=len(first),
        exempt=sum(_is_exempt(each, role) for each in first),
        repeats=len(heard) - len(first),
        after_hours=sum(outside_hours(clinic, each.at) for each in heard),
        one_by_one=alone.get(person, 0),
    )


def _is_exempt(heard: Heard, role: Role) -> bool:
    stands_in = heard.kind in STAND_IN and role is not Role.OPERATOR
    return stands_in or heard.kind in (DECISION, CardKind.EVENT) or heard.kind not in [*CardKind]


def _one_by_one(store: SqlStore) -> Counter[str]:
    counted = select(postings.c.person, func.count()).join(asked, asked.c.card == postings.c.key)
    with store._engines.writing() as connection:
        return Counter(dict(map(tuple, connection.execute(counted.group_by(postings.c.person)))))


def share_of_repeats(found: Sequence[Figure]) -> float:
    """Return which part of all that was heard was said again."""
    repeats = sum(each.repeats for each in found)
    return repeats / max(1, repeats + sum(each.messages for each in found))


def table(found: Sequence[Figure], days: int = 1) -> Iterator[str]:
    """Print a table: what each heard on a day."""
    yield f"{'':10}{'messages':>10}{'exempt':>8}{'target':>8}{'repeats':>9}{'closed':>8}{'one by one':>12}"
    for each in found:
        share = sum(other.role is each.role for other in found)
        target = TARGETS.get(each.role, 0) // share if days == 1 else 0
        first = f"{each.messages / days:10.3g}{each.exempt / days:8.3g}{target or '':>8}"
        rest = f"{each.repeats / days:9.3g}{each.after_hours / days:8.3g}{each.one_by_one / days:12.3g}"
        yield f"{each.person:10}{first}{rest}"
    yield f"repeats: {share_of_repeats(found):.0%} of all that was heard"
