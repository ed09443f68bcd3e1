"""INSERT that gives way to a row that is there already, as each database spells it."""

from __future__ import annotations

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that can be told what to do about a row that is there."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def wrote(connection: Connection, statement: Insert) -> bool:
    """Run an INSERT of one row, and say whether it wrote anything."""
    # Without the option, what PostgreSQL counted for an INSERT is lost.
    return connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount == 1


def insert_new(connection: Connection, table: Table) -> Insert:
    """Return an INSERT that leaves a row alone that is there already."""
    return insert_into(connection, table).on_conflict_do_nothing()
