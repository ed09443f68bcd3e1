"""Files: nothing of what was erased stays in them, but in what a server or a disk keeps for itself.

SQLite writes over what it deletes (`secure_delete`), yet a page as it was may still stand in the write-ahead
log, and one from before that setting in the file. PostgreSQL keeps every old version of a row until a table
is written anew.
"""

from __future__ import annotations

from typing import Any

from bot.store import faults
from bot.store.columns import metadata
from bot.store.engines import Engines


def sweep(engines: Engines, *, thorough: bool) -> None:
    """Empty the write-ahead log of SQLite; if it is to be `thorough`, write everything anew."""
    if engines.writer.dialect.name == "postgresql":
        if thorough:
            _write_tables_anew(engines)
    elif not engines.in_memory:
        with engines.apart() as connection:
            _write_file_anew(connection.connection.driver_connection, engines, thorough=thorough)


def _write_tables_anew(engines: Engines) -> None:
    with engines.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # as long as it takes: nobody waits for an answer
        connection.exec_driver_sql("SET statement_timeout = 0")
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f'VACUUM FULL "{table.name}"')
        connection.exec_driver_sql("RESET statement_timeout")


def _write_file_anew(raw: Any, engines: Engines, *, thorough: bool) -> None:
    with faults.told(str(engines.writer.url.database)):
        if thorough:
            raw.execute("VACUUM")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
