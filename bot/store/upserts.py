"""INSERT that gives way to a row that is there already, as each database spells it; each phrased once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Connection, Table, bindparam, func
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import ReturningInsert

from bot.store.rows import REF
from bot.store.tables import asked, identities, leases, postings

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

Insert: TypeAlias = "postgresql.Insert | sqlite.Insert"


def wrote(connection: Connection, statement: Insert, row: Mapping[str, Any]) -> bool:
    """Run an INSERT of one row, and say whether it wrote anything."""
    return connection.execute(statement, row).rowcount == 1


@cache
def insert_new(dialect: str, table: Table) -> Insert:
    """Return an INSERT that leaves a row alone that is there already."""
    return _insert_into(dialect, table).on_conflict_do_nothing()


@cache
def upsert_posting(dialect: str) -> Insert:
    """Return an INSERT that changes where a posting stands and whether it is closed."""
    adding = _insert_into(dialect, postings)
    new, stored = adding.excluded, postings.c
    places = {name: func.coalesce(new[name], stored[name]) for name in REF}
    return adding.on_conflict_do_update(index_elements=["key"], set_={**places, "closed": new.closed})


@cache
def upsert_identity(dialect: str) -> Insert:
    """Return an INSERT that takes the place of what was written before."""
    adding = _insert_into(dialect, identities)
    new = {"sealed": adding.excluded.sealed, "at": adding.excluded.at}
    return adding.on_conflict_do_update(index_elements=["code"], set_=new)


@cache
def first_asked(dialect: str) -> ReturningInsert[tuple[str]]:
    """Return an INSERT of many rows that gives back the tasks of those that were not there."""
    return _insert_into(dialect, asked).on_conflict_do_nothing().returning(asked.c.task)


@cache
def take_lease(dialect: str) -> Insert:
    """Return an INSERT that takes a lease, or prolongs one that is free at `now` or the holder's own."""
    # Without the option, what PostgreSQL counted for an INSERT is lost.
    return _taking(dialect).execution_options(preserve_rowcount=True)


def _taking(dialect: str) -> Insert:
    adding = _insert_into(dialect, leases)
    free = (leases.c.until <= bindparam("now")) | (leases.c.holder == adding.excluded.holder)
    new = {"holder": adding.excluded.holder, "until": adding.excluded.until}
    return adding.on_conflict_do_update(index_elements=["name"], set_=new, where=free)


@cache
def take_leases(dialect: str) -> ReturningInsert[tuple[str]]:
    """Return an INSERT that takes many leases, and gives back the names of those that were free."""
    return _taking(dialect).returning(leases.c.name)


def _insert_into(dialect: str, table: Table) -> Insert:
    if dialect != "postgresql":
        return sqlite.insert(table)
    # whoever keeps a file needs nothing of it
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
