"""What a clinic arranged: one row for each kind and key, changed only under the revision it was read with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from bot.core.outgoing import Arrangement
from bot.store.tables import arrangements

_ONE = select(arrangements).where(
    arrangements.c.kind == bindparam("of_kind"), arrangements.c.key == bindparam("of_key")
)
_STANDING = (
    select(arrangements)
    .where(
        arrangements.c.clinic == bindparam("of_clinic"),
        arrangements.c.kind.in_(bindparam("of_kinds", expanding=True)),
        arrangements.c.ended_at.is_(None),
    )
    .order_by(arrangements.c.at, arrangements.c.key)
)
_CHANGE = update(arrangements).where(
    arrangements.c.kind == bindparam("of_kind"),
    arrangements.c.key == bindparam("of_key"),
    arrangements.c.revision == bindparam("read"),
)


def standing(
    connection: Connection, clinic: str, kinds: Sequence[str]
) -> dict[tuple[str, str], tuple[Arrangement, ...]]:
    """Return by clinic and kind what a clinic arranged that has not ended, oldest first."""
    found: dict[str, list[Arrangement]] = {kind: [] for kind in kinds}
    for row in connection.execute(_STANDING, {"of_clinic": clinic, "of_kinds": kinds}).mappings():
        found[row["kind"]].append(_arrangement(row))
    return {(clinic, kind): tuple(its) for kind, its in found.items()}


def one(connection: Connection, kind: str, key: str) -> Arrangement | None:
    """Return an arrangement, ended or not, if there is one."""
    row = connection.execute(_ONE, {"of_kind": kind, "of_key": key}).mappings().first()
    return _arrangement(row) if row is not None else None


def arrange(connection: Connection, made: Arrangement) -> None:
    """Add an arrangement of revision 0, or change one; raise Conflict if somebody else did since."""
    columns = _columns(made) | {"revision": made.revision + 1}
    if made.revision:
        asked = {"of_kind": made.kind, "of_key": made.key, "read": made.revision}
        if connection.execute(_CHANGE.values(columns), asked).rowcount != 1:
            raise Conflict(f"{made.kind} {made.key} was changed by somebody else")
    else:
        _add(connection, made, columns)


def _add(connection: Connection, made: Arrangement, columns: dict[str, Any]) -> None:
    try:
        with connection.begin_nested():
            connection.execute(insert(arrangements), [columns])
    except IntegrityError:
        raise Conflict(f"{made.kind} {made.key} is arranged already") from None


def _columns(made: Arrangement) -> dict[str, Any]:
    return {
        "kind": made.kind,
        "key": made.key,
        "clinic": made.clinic,
        "by_person": made.by,
        "at": made.at,
        "detail": made.detail,
        "ended_at": made.ended,
    }


def _arrangement(row: RowMapping) -> Arrangement:
    return Arrangement(
        kind=row["kind"],
        key=row["key"],
        clinic=row["clinic"],
        by=row["by_person"],
        at=row["at"],
        detail=row["detail"],
        ended=row["ended_at"],
        revision=row["revision"],
    )
