"""News: what only a manager can set right, told by direct message, and on the same card that it is over.

What was told is an arrangement: a restart or a second instance tells nothing twice, and what happens again is
a card of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.asking import duty_manager
from bot.core.due import Place
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic, Role
from bot.ports import Reading, Transaction
from bot.service.practice import Practice
from bot.service.telling import stand

#: The kinds under which it is kept that somebody cannot be asked, that a channel is lost; and of their cards.
UNREACHABLE, LOST = "unreachable", "lost_channel"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a manager is told: the kind of the card and of the arrangement, and what that keeps of it."""

    kind: str
    detail: Mapping[str, Any]


def begin(practice: Practice, tx: Transaction, clinic: Clinic, key: str, told: Told, now: datetime) -> None:
    """Keep that something began, or began again, and tell a manager on a new card."""
    fresh = Arrangement(kind=told.kind, key=key, clinic=clinic.id, by="bookend", at=now)
    made = tx.arrangement(told.kind, key) or fresh
    times = made.detail.get("times", 0) + 1
    tx.arrange(replace(made, at=now, ended=None, detail={**told.detail, "times": times}))
    manager = some_manager(practice, clinic, now)
    address = practice.reached(clinic, manager)
    if address is not None:
        card, day = f"{told.kind}:{key}:{times}", clinic.calendar.day(now)
        stand(tx, clinic, Place(key=card, kind=told.kind, person=manager, day=day), address)
        tx.queue(card, Verb.DRAW, key=card, at=now)


def end(tx: Transaction, made: Arrangement, now: datetime) -> None:
    """Keep that it is over, and say so on the card that told of it."""
    tx.arrange(replace(made, ended=now))
    card = f"{made.kind}:{made.key}:{made.detail['times']}"
    if tx.posting(card) is not None:
        tx.queue(card, Verb.DRAW, key=f"ended:{card}", at=now)


def told_of(reading: Reading, posting: Posting) -> tuple[Arrangement, bool]:
    """Return what a manager's card tells of, and whether it still is so."""
    key, _, times = posting.key.removeprefix(f"{posting.kind}:").rpartition(":")
    made = reading.arrangement(posting.kind, key)
    assert made is not None
    return made, made.ended is None and made.detail["times"] == int(times)


def some_manager(practice: Practice, clinic: Clinic, now: datetime) -> str:
    """Return the manager on duty, else any whom a direct message reaches."""
    managers = (each.id for each in clinic.people.values() if each.may(Role.MANAGER))
    named = filter(None, (duty_manager(clinic, now), *managers))
    return next((each for each in named if practice.address(clinic, each)), "")
