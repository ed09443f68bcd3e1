"""What was heard: the parcels that made a telephone buzz, as the outbox keeps them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.core.noise import Heard
from bot.core.outgoing import Verb
from bot.store.tables import parcels, postings


def heard(connection: Connection, clinic: str, since: datetime, until: datetime) -> tuple[Heard, ...]:
    """Return what made a telephone buzz in a clinic between two moments, oldest first."""
    found = connection.execute(_heard, {"clinic": clinic, "since": since, "until": until}).mappings()
    return tuple(
        Heard(
            at=row["heard_at"],
            person=row["person"],
            kind=row["kind"],
            card=row["key"],
            repeat=row["verb"] == Verb.NUDGE.value,
        )
        for row in found
    )


_heard = (
    select(parcels.c.heard_at, parcels.c.verb, postings.c.person, postings.c.kind, postings.c.key)
    .join(postings, postings.c.key == parcels.c.card)
    .where(
        parcels.c.heard_at >= bindparam("since"),
        parcels.c.heard_at < bindparam("until"),
        postings.c.clinic == bindparam("clinic"),
    )
    .order_by(parcels.c.heard_at, parcels.c.number)
)
