"""What a database must know that was put back from a backup: the world went on without it.

Messages may stand that it never sent: for some days each new one is asked about before it is sent, by the
name that the same one had then as well (`chain.parcel_name`). Where its platform cannot be asked, it goes out
once more. What anybody held when the backup was made is free. A code that was given out since stands in
somebody's book of appointments: no other patient gets it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, text

from bot.core.errors import StoreTrouble
from bot.store import outbox, questions
from bot.store.tables import arrangements, history, leases, parcels

#: How long after a restore a message may still be one that was sent before it: a long weekend.
DOUBTED = timedelta(days=4)
_KIND = "restored"
_SINCE = "since"
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid != pg_backend_pid()"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doubt:
    """Since when messages may stand that this database knows nothing of, and until when that matters."""

    since: datetime
    until: datetime

    def since_of(self, at: datetime) -> datetime | None:
        """Return since when a message may stand that is queued now, `None` for surely not."""
        return self.since if at < self.until else None


def newest(connection: Connection) -> datetime | None:
    """Return the last moment at which a database was surely at work."""
    moments = (history.c.at, parcels.c.at, parcels.c.ended_at)
    return max(filter(None, (connection.scalar(select(func.max(each))) for each in moments)), default=None)


def require_alone(connection: Connection) -> None:
    """Raise StoreTrouble while anybody else is connected to a database on PostgreSQL."""
    if connection.dialect.name == "postgresql" and connection.scalar(_OTHERS):
        raise StoreTrouble(
            "Somebody else is connected to the database: end every `bookend serve`, then restore."
        )


def note(connection: Connection, at: datetime, given: Iterable[str] = ()) -> None:
    """Write down that a database was put back and which codes were given out before, doubt what waits in it,
    and free what anybody held.
    """
    connection.execute(delete(leases))
    known = frozenset(connection.scalars(questions.EVERY_CODE))
    for code in sorted(frozenset(given) - known):
        connection.execute(insert(arrangements), [_arranged(questions.SPENT, code, at, {})])
    since = newest(connection)
    if since is None:
        return
    connection.execute(insert(arrangements), [_arranged(_KIND, at.isoformat(), at, {_SINCE: since})])
    outbox.doubt(connection, since)


def _arranged(kind: str, key: str, at: datetime, detail: Mapping[str, Any]) -> dict[str, Any]:
    who = {"clinic": "", "by_person": "bookend", "at": at}
    return {"kind": kind, "key": key, "detail": detail, "revision": 1} | who


def doubt(connection: Connection) -> Doubt | None:
    """Return what is in doubt since a database was put back last, `None` if it never was."""
    found = connection.execute(_last).first()
    return Doubt(since=found.detail[_SINCE], until=found.at + DOUBTED) if found else None


_last = (
    select(arrangements.c.at, arrangements.c.detail)
    .where(arrangements.c.kind == _KIND)
    .order_by(arrangements.c.key.desc())
    .limit(1)
)
