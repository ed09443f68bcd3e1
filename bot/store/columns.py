"""The column types that both databases lack: aware instants, typed JSON, and words both can hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

from bot.core.times import aware
from bot.store.plain import from_text, to_text


class Moment(TypeDecorator[datetime]):
    """An aware instant, kept in UTC to the microsecond; a naive one is refused.

    SQLite keeps it as text, `2027-01-04 09:30:00.000000`, which Python reads far quicker than SQLAlchemy.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what writes an instant."""
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else aware(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what reads an instant."""
        return _of_text if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    return None if value is None else aware(value).isoformat(" ", "microseconds").removesuffix("+00:00")


# much of a day, and of a case, is due in the same moments
@lru_cache(maxsize=2000)
def _of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


class Typed(TypeDecorator[Any]):
    """A value of `bot.store.plain` as text; `None` is NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else from_text(value)


class Words(TypeDecorator[str]):
    """Text. A character that not every database holds (NUL, half a pair) becomes a question mark, in what is
    written and in what is asked for: nothing that people type can break a statement.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


def as_stored(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is read from these columns of a table after it was written there."""
    return {name: _as_stored(table.c[name], value) for name, value in values.items()}


def _as_stored(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    match column.type:
        case Typed():
            return from_text(to_text(value))
        case Moment():
            return _of_text(_as_text(value))
        case Words():
            return storable(value)
    return value


def storable(text: str) -> str:
    """Return the text as every database holds it."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def counted(name: str = "number") -> Column[int]:
    """Return a column that numbers rows in the order in which they were written."""
    return Column(name, BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def index_where(condition: ColumnElement[bool], name: str, *columns: Column[object]) -> None:
    """Index only the rows that are looked for, so that what is over costs nothing."""
    Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
