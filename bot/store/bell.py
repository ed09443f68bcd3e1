"""The bell: a commit that may have made something due rings, and whoever works on the same database hears it.

PostgreSQL carries it (LISTEN and NOTIFY): it rings as the transaction commits, and not at all if that is
undone. Nobody may rely on it: while the connection is away, or behind a pooler, nothing is heard, so whoever
works looks by itself as well. A SQLite file has no bell.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

_NAME = "bookend"
#: How long it is listened before it is looked whether to end, in seconds.
_ATTENTION = 0.5
#: The pauses before a lost connection is made again, in seconds; the last one counts for all that follow.
PAUSES = (0.2, 1.0, 2.0, 5.0, 10.0)
_RING = text("SELECT pg_notify(:name, :by)")

log = logging.getLogger(__name__)


def ring(connection: Connection, by: str) -> None:
    """Ring when this transaction commits; `by` is who rings, and need not hear it."""
    if connection.dialect.name == "postgresql":
        connection.execute(_RING, {"name": _NAME, "by": by})


class Listener:
    """Calls `heard` from a thread of its own when somebody else rang, and after it was deaf for a while.

    `connect` opens a connection of the driver on which every statement is a transaction.
    """

    def __init__(self, connect: Callable[[], Any], own: str, heard: Callable[[], None]) -> None:
        self._connect = connect
        self._own = own
        self._heard = heard
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Listen no more."""
        self._ending.set()
        self._thread.join()

    def _listen(self) -> None:
        tries = 0
        while not self._ending.is_set():
            try:
                with self._connect() as connection:
                    connection.execute(f"LISTEN {_NAME}")
                    tries = 0
                    self._hear(connection)
            except Exception as trouble:
                # whatever it is: what it means for the clinic is said where the database is written
                log.info("The bell is not heard: %s", type(trouble).__name__)
                self._ending.wait(PAUSES[min(tries, len(PAUSES) - 1)])
                tries += 1

    def _hear(self, connection: Any) -> None:
        self._heard()
        while not self._ending.is_set():
            rung = list(connection.notifies(timeout=_ATTENTION, stop_after=1))
            if any(each.payload != self._own for each in rung):
                self._heard()
