"""One program alone serves a SQLite file: it takes over at once what the one before it held when that ended,
and would send what another is sending.

That it serves is held in a file of its own beside the database, so that everybody else may go on using that;
whatever ends the program lets go of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.core.errors import StoreTrouble
from bot.store import faults

#: Seconds that we wait for somebody who is just ending.
PATIENCE = 2


@contextmanager
def serving_alone(database: Path | None) -> Iterator[None]:
    """Serve a SQLite file until the block ends; raise StoreTrouble where another program does. Of any other
    database (`None`) there may be many.
    """
    if database is None:
        yield
        return
    with faults.told(str(database)):
        opened = _opened(database)
    with closing(opened) as held:
        _hold(held, database)
        yield


def _hold(held: sqlite3.Connection, database: Path) -> None:
    with faults.told(str(database)):
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise StoreTrouble(
                f"Another `bookend serve` works on {database}: end it first. A SQLite file is for one; for "
                "several take PostgreSQL."
            ) from error


def _opened(database: Path) -> sqlite3.Connection:
    file = database.with_name(f"{database.name}.serving")
    try:
        file.touch(mode=0o600)
    except OSError as trouble:
        raise StoreTrouble(
            f"{file} cannot be written ({trouble.strerror}): make its folder, and let the user who runs "
            "Bookend write there."
        ) from None
    return sqlite3.connect(file, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
