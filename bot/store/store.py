"""The one Store, on SQLite or PostgreSQL; `open_store` is the way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.store.engines import Engines
from bot.store.reading import SqlReading
from bot.store.tables import metadata
from bot.store.writing import SqlTransaction


class SqlStore:
    """`bot.ports.Store`; both contexts may be used from any thread, one at a time in each."""

    def __init__(self, engines: Engines, history_key: bytes) -> None:
        self._engines = engines
        self._history_key = history_key

    @contextmanager
    def reading(self) -> Iterator[SqlReading]:
        """Look without writing."""
        with self._engines.reading() as connection:
            yield SqlReading(connection)

    @contextmanager
    def writing(self) -> Iterator[SqlTransaction]:
        """Write; raise StoreTrouble with what to do when the database cannot be written."""
        with self._engines.writing() as connection:
            yield SqlTransaction(connection, self._history_key)

    def close(self) -> None:
        """Let go of the database."""
        self._engines.close()


def open_store(url: str, *, history_key: bytes, migrate: bool = True) -> SqlStore:
    """Open the store at an address such as "sqlite:///bookend.db"; raise StoreTrouble with what to do.

    "sqlite://" is in memory and gone when closed. `history_key` is the clinic's secret that history is
    chained with; it must stay the same for ever. Without `migrate`, an older database is refused.
    """
    engines = Engines(url)
    with engines.writing() as connection:
        metadata.create_all(connection)
    return SqlStore(engines, history_key)
