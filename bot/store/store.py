"""The one Store, on SQLite or PostgreSQL; `open_store` is the way in."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import StoreTrouble
from bot.store import audit, bell, chain, identities, put_back, schema, seals, sweeping
from bot.store.engines import Engines, begin_file
from bot.store.identities import Vault
from bot.store.known import Known
from bot.store.put_back import Doubt
from bot.store.reading import SqlReading
from bot.store.tables import history_keys
from bot.store.upserts import insert_new
from bot.store.writing import SqlTransaction

SHORTEST_KEY = 16


class SqlStore:
    """`bot.ports.Store`; both contexts may be used from any thread, one at a time in each."""

    def __init__(
        self, engines: Engines, history_key: bytes, vault: Vault, doubt: Doubt | None = None
    ) -> None:
        self._engines = engines
        self._history_key = history_key
        self._vault = vault
        self._known = Known()
        self._name = secrets.token_hex(8)
        self._doubt = doubt

    @contextmanager
    def reading(self) -> Iterator[SqlReading]:
        """Look without writing."""
        with self._engines.reading() as connection:
            yield SqlReading(connection, self._known, self._vault)

    @contextmanager
    def writing(self, *, together: bool = False) -> Iterator[SqlTransaction]:
        """Write; raise StoreTrouble with what to do when the database cannot be written. What is
        short may be committed `together` with others: all or none, and then a Conflict for each.
        """
        with self._engines.unit(self._known, together=together) as group:
            work = SqlTransaction(group.connection, group.known, self._vault, self._history_key, self._doubt)
            yield work
            if work.rings:
                bell.ring(group.connection, self._name)
            work.done()

    def listening(self, heard: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `heard`, from another thread, whenever another program may have made something due, until the
        block ends. It may also be called for nothing, and need not be at all: only PostgreSQL tells.
        """
        return self._engines.listening(self._name, heard)

    def look(self) -> None:
        """Raise StoreTrouble where the database does not answer, or has not exactly our version."""
        with self._engines.reading() as connection:
            schema.require_current(connection)

    def seal(self, now: datetime) -> bool:
        """Seal what history grew since the last seal; return False if none did."""
        with self._engines.writing() as connection:
            return seals.seal(connection, self._history_key, now)

    def export_seal(self) -> Mapping[str, Any] | None:
        """Return the newest seal as plain JSON, to be kept outside; `None` before the first."""
        with self._engines.reading() as connection:
            return seals.newest(connection)

    def verify(self, seal: Mapping[str, Any] | None = None) -> list[str]:
        """Return in plain sentences what in history is not as it was written, nothing if all is whole.

        `seal` is one that `export_seal` gave and that was kept outside.
        """
        with self._engines.reading() as connection:
            return audit.verify(connection, self._history_key, seal)

    def proof(self, code: str) -> Mapping[str, Any]:
        """Return a case's history as it is chained, plain JSON: `lines`, its `head`, the `newest_seal`, and
        in `problems` what is not as it was written.
        """
        with self._engines.reading() as connection:
            return audit.proof(connection, self._history_key, code)

    def renew_identities(self) -> int:
        """Encrypt who patients are with the newest secret, some at a time; return how many had an older one.

        Raise StoreTrouble, and change nothing, where one cannot be read.
        """
        if lost := self.unreadable_names():
            raise StoreTrouble(
                f"Of {lost} {'name' if lost == 1 else 'names'} the secret is missing: put it back into "
                "BOOKEND_IDENTITY_KEYS, behind the newest one. Nothing was changed."
            )
        done, last = 0, ""
        while True:
            with self._engines.writing() as connection:
                last, many = identities.renew_next(connection, self._vault, last)
            if not last:
                return done
            done += many

    def older_names(self) -> int:
        """Return how many patients' names are encrypted with another secret than the newest."""
        with self._engines.reading() as connection:
            return identities.older(connection, self._vault)

    def sweep_out(self, *, thorough: bool = True) -> None:
        """Leave nothing of what was erased in the database's files, but what its server keeps for itself.

        `thorough` writes the whole database anew, which holds up whoever writes meanwhile.
        """
        sweeping.sweep(self._engines, thorough=thorough)

    def unreadable_names(self) -> int:
        """Return how many patients' names no secret of ours opens."""
        with self._engines.reading() as connection:
            return identities.unreadable(connection, self._vault)

    def put_back(self, at: datetime, given: Iterable[str] = ()) -> None:
        """Note that this database was put back from a backup, and that these codes are given out already; it
        is to be opened again.
        """
        with self._engines.writing() as connection:
            put_back.note(connection, at, given)

    def close(self) -> None:
        """Let go of the database."""
        self._engines.close()


def open_store(
    url: str,
    *,
    history_key: bytes,
    identity_keys: Sequence[bytes] = (),
    migrate: bool = True,
    durable: bool = True,
) -> SqlStore:
    """Open the store at an address such as "sqlite:///bookend.db"; raise StoreTrouble with what to do.

    "sqlite://" is in memory and gone when closed. `history_key` is the clinic's secret that history is
    chained with; it must stay the same for ever. `identity_keys` are those that patients' names are encrypted
    with, the newest first; without one no name can be kept. Without `migrate`, an older database is refused.
    What is written survives the end of the program; only if `durable` a power cut, too.
    """
    if len(history_key) < SHORTEST_KEY:
        raise StoreTrouble(
            f"The history key is too short: it needs {SHORTEST_KEY} bytes that nobody can guess."
        )
    if migrate:
        begin_file(url)
    engines = Engines(url, durable=durable)
    try:
        with engines.writing() as connection:
            _prepare(connection, history_key, new=engines.in_memory, migrate=migrate)
            doubt = put_back.doubt(connection)
    except BaseException:
        engines.close()
        raise
    return SqlStore(engines, history_key, Vault(identity_keys), doubt)


def _prepare(connection: Connection, history_key: bytes, *, new: bool, migrate: bool) -> None:
    if new:
        schema.create(connection)
    elif migrate:
        schema.upgrade(connection)
    else:
        schema.require_current(connection)
    _hold_to_key(connection, history_key)


def _hold_to_key(connection: Connection, history_key: bytes) -> None:
    """Begin a database with this key, or refuse another than the one it was begun with."""
    first = {"number": 1, "proof": chain.proof(history_key)}
    connection.execute(insert_new(connection.dialect.name, history_keys), [first])
    schema.require_key(connection, history_key)
