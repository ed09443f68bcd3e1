"""Destinations: each is one program's for a while, so that several keep its pace together, and its order.

How fast somebody may be written to, a program knows of itself alone. Whoever claims what waits for a person
or a channel therefore leases that destination, and no other claims what goes there meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, exists, literal, update

from bot.core.replies import Address
from bot.store.tables import leases, postings
from bot.store.upserts import take_leases

_TO = "to"

#: What a posting's destination is called among the leases.
NAME: ColumnElement[str] = (
    literal(f"{_TO}:")
    + postings.c.to_platform
    + literal(":")
    + postings.c.to_account
    + literal(":")
    + postings.c.to_channel
)
#: That somebody else has it; what has no posting goes nowhere.
OF_OTHERS: ColumnElement[bool] = exists().where(
    leases.c.name == NAME, leases.c.until > bindparam("now"), leases.c.holder != bindparam("holder")
)


def taken(
    connection: Connection, found: Sequence[RowMapping], holder: str, now: datetime, until: datetime
) -> list[RowMapping]:
    """Lease the destinations of these parcels; return those whose destination nobody took meanwhile."""
    wanted = {row["destination"] for row in found} - {None}
    # in one order: of two that want the same ones, none waits for the other
    rows = [{"name": each, "holder": holder, "until": until, "now": now} for each in sorted(wanted)]
    ours: Collection[str | None] = (
        {*connection.scalars(take_leases(connection.dialect.name), rows)} if rows else ()
    )
    return [row for row in found if row["destination"] is None or row["destination"] in ours]


def leave(connection: Connection, to: Address, holder: str, held: datetime, until: datetime) -> None:
    """Keep a destination only until a moment, unless its lease ends no more when it was `held` to."""
    name = f"{_TO}:{to.platform}:{to.account}:{to.channel}"
    connection.execute(_LEAVE, {"left": name, "by": holder, "held": held, "ends": until})


_LEAVE = (
    update(leases)
    .where(
        leases.c.name == bindparam("left"),
        leases.c.holder == bindparam("by"),
        leases.c.until == bindparam("held"),
    )
    .values(until=bindparam("ends"))
)
