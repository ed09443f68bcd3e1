"""The outbox: parcels wait, are claimed for the length of a lease, and end sent or given up.

Parcels of one card go out in the order they were queued: only the first one that is not over may be claimed.
That order is their number's, for two machines' clocks differ: one queued later may be of an earlier moment,
and would overtake the one that is on its way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    RowMapping,
    bindparam,
    case,
    exists,
    select,
    update,
)

from bot.core.outgoing import Parcel
from bot.core.replies import MessageRef
from bot.store import destinations, rows
from bot.store.tables import parcels, postings


class State(StrEnum):
    """Where a parcel is in its life."""

    #: in the outbox
    WAITING = "waiting"
    #: somebody is about to try; when the lease ends without word of it, nothing was sent
    CLAIMED = "claimed"
    #: somebody is trying; when the lease ends without word of it, it may have been posted
    SENDING = "sending"
    #: arrived
    SENT = "sent"
    #: will never arrive
    GAVE_UP = "gave_up"


def claim(
    connection: Connection, now: datetime, lease: timedelta, limit: int, holder: str = ""
) -> tuple[Parcel, ...]:
    """Lease the parcels whose time has come, and where they go if there is a `holder`; one whose lease ran
    out without word of it comes back unsure.
    """
    if holder:
        asked = {"now": now, "most": limit, "holder": holder}
        free = connection.execute(_free_for, asked).mappings().all()
        found = destinations.taken(connection, free, holder, now, now + lease)
    else:
        found = [*connection.execute(_free, {"now": now, "most": limit}).mappings()]
    if found:
        connection.execute(_lease, [_leased(row, now + lease) for row in found])
    return tuple(rows.parcel_of_row(row, unsure=_unsure(row), attempts=_tries(row)) for row in found)


def _first_of_its_card() -> ColumnElement[bool]:
    """Say of a parcel that no earlier one of its card is still to go: only then may it be claimed."""
    earlier = parcels.alias()
    return ~exists().where(_is_of_its_card(earlier), earlier.c.number < parcels.c.number)


def _followed() -> ColumnElement[bool]:
    """Say of a parcel that a later one of its card is still to go."""
    later = parcels.alias()
    return exists().where(_is_of_its_card(later), later.c.number > parcels.c.number)


def _is_of_its_card(other: FromClause) -> ColumnElement[bool]:
    return (other.c.card == parcels.c.card) & other.c.free_at.is_not(None)


_free = (
    select(parcels, _followed().label("followed"))
    .where(parcels.c.free_at <= bindparam("now"), _first_of_its_card())
    .order_by(parcels.c.at, parcels.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=parcels)
)
_free_for = (
    _free.add_columns(destinations.NAME.label("destination"))
    .select_from(parcels.outerjoin(postings, postings.c.key == parcels.c.card))
    .where(~destinations.OF_OTHERS)
)
_next = (
    select(parcels.c.free_at)
    .where(parcels.c.free_at > bindparam("after"), _first_of_its_card())
    .order_by(parcels.c.free_at)
    .limit(1)
)


def doubt(connection: Connection, since: datetime) -> None:
    """Have each parcel that is to go asked about first: a message of its name may stand since that moment."""
    connection.execute(_doubt, {"since": since})


_since = bindparam("since", type_=parcels.c.at.type)
_doubt = (
    update(parcels)
    .where(parcels.c.free_at.is_not(None))
    .values(
        state=State.WAITING.value,
        unsure=True,
        # none of our tries: where nobody can be asked it goes out, and once more if that reply is lost
        attempts=0,
        at=case((parcels.c.at > _since, _since), else_=parcels.c.at),
        free_at=parcels.c.at,
    )
)


def next_moment(connection: Connection, after: datetime) -> datetime | None:
    """Return when a parcel may be claimed next, `after` a moment; one that waits behind another has no moment
    of its own.
    """
    moment: datetime | None = connection.scalar(_next, {"after": after})
    return moment


def _unsure(row: RowMapping) -> bool:
    return bool(row["unsure"]) or row["state"] == State.SENDING.value


def _tries(row: RowMapping) -> int:
    if row["state"] == State.CLAIMED.value:
        # whoever claimed it ended before it was sent: that was no try
        return int(row["attempts"]) - 1
    # the first doubt begins the count anew: what went before surely did not arrive
    return 1 if _unsure(row) and not row["unsure"] else int(row["attempts"])


def _leased(row: RowMapping, until: datetime) -> dict[str, object]:
    return {"parcel": row["number"], "ends": until, "tries": _tries(row) + 1, "doubt": _unsure(row)}


_lease = (
    update(parcels)
    .where(parcels.c.number == bindparam("parcel"))
    .values(
        state=State.CLAIMED.value,
        free_at=bindparam("ends"),
        attempts=bindparam("tries"),
        unsure=bindparam("doubt"),
    )
)


def begin(connection: Connection, parcel: str, until: datetime) -> bool:
    """Note that a claimed parcel is being sent, unless its lease is another one's by now."""
    return connection.execute(_begin, {"parcel": parcel, "ends": until}).rowcount == 1


_begin = (
    update(parcels)
    .where(
        parcels.c.id == bindparam("parcel"),
        parcels.c.free_at == bindparam("ends"),
        parcels.c.state == State.CLAIMED.value,
    )
    .values(state=State.SENDING.value)
)
_TAKEN = (State.CLAIMED.value, State.SENDING.value)


def sent(connection: Connection, parcel: str, ref: MessageRef | None, at: datetime) -> None:
    """End a parcel as sent, whoever tried it: what arrived has arrived. Note where its card stands."""
    _end(connection, parcel, State.SENT, at=at, why="")
    if ref is not None:
        connection.execute(_place, {"parcel": parcel} | rows.ref_columns(ref))


def put_back(
    connection: Connection,
    parcel: str,
    not_before: datetime,
    why: str,
    *,
    unsure: bool,
    attempts: int | None = None,
) -> None:
    """Let a claimed parcel wait; one that is over stays so. The try counts, unless `attempts` are given."""
    claimed = update(parcels).where(parcels.c.id == parcel, parcels.c.state.in_(_TAKEN))
    counted = {} if attempts is None else {"attempts": attempts}
    waits = {"state": State.WAITING.value, "free_at": not_before, "why": why, "unsure": unsure}
    connection.execute(claimed.values(waits | counted))


def gave_up(connection: Connection, parcel: str, why: str, at: datetime) -> None:
    """End a parcel as given up, unless it arrived."""
    _end(connection, parcel, State.GAVE_UP, at=at, why=why)


def _end(connection: Connection, parcel: str, state: State, *, at: datetime, why: str) -> None:
    connection.execute(_over, {"parcel": parcel, "now": state.value, "ended": at, "because": why})


_over = (
    update(parcels)
    .where(parcels.c.id == bindparam("parcel"), parcels.c.state != State.SENT.value)
    .values(state=bindparam("now"), free_at=None, ended_at=bindparam("ended"), why=bindparam("because"))
)
_place = (
    update(postings)
    .where(
        postings.c.key == select(parcels.c.card).where(parcels.c.id == bindparam("parcel")).scalar_subquery()
    )
    .values({name: bindparam(name) for name in rows.REF})
)
