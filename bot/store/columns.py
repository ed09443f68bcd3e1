"""The column types that both databases lack: aware instants, typed JSON, and words both can hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from bot.core.times import aware
from bot.store.plain import from_text, to_text


class Moment(TypeDecorator[datetime]):
    """An aware instant, kept in UTC to the microsecond; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = aware(value)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


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


def storable(text: str) -> str:
    """Return the text as every database holds it."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")
