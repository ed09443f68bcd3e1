"""By name: what goes to a platform that may show names gets them from the encrypted table as it is drawn."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from bot.core.errors import Conflict
from bot.core.messages import Card, Home, Response
from bot.core.named import codes_on, named, names_may_stand
from bot.core.outgoing import Arrangement, Verb
from bot.core.people import Clinic, Person
from bot.ports import Transaction
from bot.service.practice import Practice

Shown = TypeVar("Shown", bound=Card | Response | Home)
#: The kind of the arrangement that keeps on which platforms a clinic's cards were drawn with names.
_STOOD = "names_on"


def by_name(practice: Practice, clinic: Clinic, what: Shown, platform: str, reader: Person | None) -> Shown:
    """Return a card with the names that this person, or all of a channel (`None`), may read on a platform."""
    if not names_may_stand(clinic, platform, reader):
        return what
    with practice.store.reading() as reading:
        names = reading.names(dict.fromkeys(filter(None, codes_on(what))))
    return named(what, names)


def follow_privacy(practice: Practice) -> None:
    """Draw anew each card that may show a name, where a clinic's file allows names elsewhere than it did when
    this was done last: what stands there was drawn by the old rule.
    """
    for clinic in practice.clinics.values():
        # another program that begins at the same time does the same, and one of us is late
        with suppress(Conflict), practice.store.writing() as tx:
            kept = tx.arrangement(_STOOD, clinic.id)
            stands = {"platforms": " ".join(sorted(clinic.names_on))}
            if stands != (kept.detail if kept else {"platforms": ""}):
                now = practice.clock.now()
                fresh = Arrangement(kind=_STOOD, key=clinic.id, clinic=clinic.id, by="bookend", at=now)
                tx.arrange(replace(kept or fresh, at=now, detail=stands))
                for card in sorted(_cards_of_known(practice, tx, clinic)):
                    tx.queue(card, Verb.DRAW, key=f"privacy:{card}:{now.isoformat()}", at=now)


def _cards_of_known(practice: Practice, tx: Transaction, clinic: Clinic) -> set[str]:
    """Return the cards with lines of the cases of which it is written down who they are."""
    still = tx.names(case.code for case in tx.open_cases(clinic.id))
    codes = (*still, *tx.named(clinic.id, practice.clock.now()))
    keys = [task.key for tasks in tx.tasks_of(codes).values() for task in tasks]
    return {each.key for its in tx.postings_of(keys).values() for each in its if not each.closed}
