"""Seals: now and then, the ends of all histories that grew are written down and chained to the seal before.

A seal that is kept outside (printed, mailed, on another machine) proves later that nothing before it was
rewritten, even by somebody who had the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.store import chain
from bot.store.plain import to_text
from bot.store.tables import cases, history, seals

_newest = select(seals).order_by(seals.c.seq.desc()).limit(1)
_grown = (
    select(cases.c.code, cases.c.history_count, cases.c.sealed_count, history.c.link)
    .join(history, (history.c.code == cases.c.code) & (history.c.seq == cases.c.history_count))
    .where(cases.c.history_count > cases.c.sealed_count)
)
_note = update(cases).where(cases.c.code == bindparam("sealed")).values(sealed_count=bindparam("seq"))


def seal(connection: Connection, key: bytes, now: datetime) -> bool:
    """Seal what grew since the last seal; return False if nothing did."""
    grown = sorted(connection.execute(_grown).all())
    if not grown:
        return False
    last = connection.execute(_newest).first()
    seq, lines, before = (last.seq, last.lines, last.link) if last else (0, 0, chain.NOTHING)
    heads = to_text([[row.code, row.history_count, row.link] for row in grown])
    new = chain.Seal(
        seq=seq + 1,
        at=now,
        lines=lines + sum(row.history_count - row.sealed_count for row in grown),
        heads_digest=chain.heads_digest(heads),
    )
    connection.execute(insert(seals), [_columns(new, heads, chain.seal_link(key, before, new))])
    connection.execute(_note, [{"sealed": row.code, "seq": row.history_count} for row in grown])
    return True


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
