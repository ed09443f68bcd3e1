"""Seals: now and then, the ends of all histories that grew, and the signatures that were given, are written
down and chained to the seal before.

A seal that is kept outside (printed, mailed, on another machine) proves later that nothing before it was
rewritten, even by somebody who had the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.store import chain, signatures
from bot.store.plain import to_text
from bot.store.tables import cases, history, seals

_newest = select(seals).order_by(seals.c.seq.desc()).limit(1)
_grown = (
    select(cases.c.code, cases.c.history_count, cases.c.sealed_count, history.c.link)
    .join(history, (history.c.code == cases.c.code) & (history.c.seq == cases.c.history_count))
    .where(cases.c.history_count > cases.c.sealed_count)
)
_since = select(seals.c.heads).where(seals.c.at > bindparam("since"))
_note = update(cases).where(cases.c.code == bindparam("sealed")).values(sealed_count=bindparam("seq"))

#: How long after it was given a signature may come to be read: the clock of whoever signed may be slow.
_LATE = timedelta(hours=1)


def seal(connection: Connection, key: bytes, now: datetime) -> bool:
    """Seal what grew since the last seal; return False if nothing did."""
    grown = sorted(connection.execute(_grown).all())
    last = connection.execute(_newest).first()
    signed = _signed(connection, last.at if last else None)
    if not (grown or signed):
        return False
    seq, lines, before = (last.seq, last.lines, last.link) if last else (0, 0, chain.NOTHING)
    heads = to_text([*([row.code, row.history_count, row.link] for row in grown), *signed])
    new = chain.Seal(
        seq=seq + 1,
        at=now,
        lines=lines + sum(row.history_count - row.sealed_count for row in grown),
        heads_digest=chain.heads_digest(heads),
    )
    connection.execute(insert(seals), [_columns(new, heads, chain.seal_link(key, before, new))])
    if grown:
        connection.execute(_note, [{"sealed": row.code, "seq": row.history_count} for row in grown])
    return True


def _signed(connection: Connection, last: datetime | None) -> list[list[Any]]:
    """Return the signatures that no seal covers yet, as a seal names them."""
    since = last - _LATE if last else None
    found = signatures.heads(connection, since)
    if not found or since is None:
        return found
    # canonical text is looked for in canonical text: a seal that somebody changed hinders no other
    sealed = connection.scalars(_since, {"since": since - _LATE}).all()
    return [each for each in found if not any(to_text(each) in heads for heads in sealed)]


def _columns(new: chain.Seal, heads: str, link: str) -> dict[str, Any]:
    return {
        "seq": new.seq,
        "at": new.at,
        "lines": new.lines,
        "heads": heads,
        "heads_digest": new.heads_digest,
        "link": link,
    }


def newest(connection: Connection) -> Mapping[str, Any] | None:
    """Return the newest seal as plain JSON, to be kept outside; `None` before the first."""
    row = connection.execute(_newest).mappings().first()
    if row is None:
        return None
    at = chain.moment(row["at"])
    return {
        "seal": row["seq"],
        "at": at,
        "lines": row["lines"],
        "heads": row["heads_digest"],
        "link": row["link"],
    }
