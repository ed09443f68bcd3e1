"""What goes into the outbox: each parcel under a key that is there once for ever, drawings of a card once.

Whoever draws a card draws what is so then: a drawing that waits stands for every later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, case, exists, select

from bot.core.outgoing import Verb
from bot.store.batches import batches
from bot.store.outbox import State
from bot.store.tables import parcels, postings
from bot.store.upserts import Insert, insert_new


@dataclass(frozen=True, kw_only=True, slots=True)
class New:
    """What is queued: for which card, under which key, which is there once for ever, and its name outside.

    The same key gets the same name in a database that was put back from a backup, so that a platform can be
    asked whether the message stands that the one before it sent.
    """

    card: str
    key: str
    name: str


def queue(
    connection: Connection, new: New, verb: Verb, *, at: datetime, text: str, since: datetime | None = None
) -> None:
    """Put a parcel in, unless its key was there ever or the card is going to be drawn anyway.

    A message of its name may stand `since` a moment: then its platform is asked first.
    """
    if verb is Verb.DRAW:
        draw(connection, [new], at=at, text=text, since=since)
        return
    parcel = _parcel(new, verb, at=at, text=text, since=since)
    if verb is Verb.NUDGE:
        connection.execute(insert_new(connection.dialect.name, parcels), [parcel | {"heard_at": at}])
    else:
        connection.execute(_insert_drawing(connection.dialect.name), [_drawn(parcel)])


def draw(
    connection: Connection,
    news: Sequence[New],
    *,
    at: datetime,
    text: str = "",
    since: datetime | None = None,
) -> None:
    """Put in drawings of several cards, each once, but of those that are going to be drawn anyway."""
    waiting = _drawings_waiting(connection, [new.card for new in news])
    drawn = [
        _drawn(_parcel(new, Verb.DRAW, at=at, text=text, since=since))
        for new in news
        if new.card not in waiting
    ]
    if drawn:
        connection.execute(_insert_drawing(connection.dialect.name), drawn)


def _parcel(new: New, verb: Verb, *, at: datetime, text: str, since: datetime | None) -> dict[str, Any]:
    return {
        "id": new.name,
        "key": new.key,
        "card": new.card,
        "verb": verb.value,
        "at": since or at,
        "text": text,
        "state": State.WAITING.value,
        "free_at": at,
        "attempts": 0,
        "unsure": since is not None,
        "why": "",
    }


def _drawn(parcel: dict[str, Any]) -> dict[str, Any]:
    return parcel | {"drawn": parcel["card"], "then": parcel["free_at"]}


def _drawings_waiting(connection: Connection, cards: Sequence[str]) -> frozenset[str]:
    """Return the cards of which a drawing waits, and hold it where it is.

    Without the hold, another instance could claim it and draw the state from before this transaction.
    """
    found = (connection.scalars(_drawings, {"cards": some}) for some in batches(cards))
    return frozenset(card for some in found for card in some)


@cache
def _insert_drawing(dialect: str) -> Insert:
    """Return an INSERT of a drawing: the first one of a card is a message and heard, the others are edits."""
    unposted = exists().where(postings.c.key == bindparam("drawn"), postings.c.ref_message.is_(None))
    heard_at = case((unposted, bindparam("then", type_=parcels.c.heard_at.type)))
    return insert_new(dialect, parcels).values(heard_at=heard_at)


_cards: BindParameter[str] = bindparam("cards", expanding=True)
_drawings = (
    select(parcels.c.card)
    .where(
        parcels.c.card.in_(_cards),
        parcels.c.free_at.is_not(None),
        parcels.c.verb == Verb.DRAW.value,
        parcels.c.state == State.WAITING.value,
    )
    # in one order for all: two that hold what the other wants would wait for each other
    .order_by(parcels.c.card)
    .with_for_update(read=True)
)
