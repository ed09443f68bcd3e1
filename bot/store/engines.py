"""Connections: how SQLite and PostgreSQL must be spoken to so that what was said is kept, and nobody
waits for a reader.

SQLite has one writer at a time: turns in this process, in which several may share a commit (`together`),
BEGIN IMMEDIATE between processes; readers have connections of their own and see what was last committed. In
memory there is one connection, and everybody takes turns. PostgreSQL does all this itself; readers there get
one snapshot for all they look at.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from bot.core.errors import StoreTrouble
from bot.store import faults
from bot.store.bell import Listener
from bot.store.known import Known
from bot.store.together import Commits, Group, Turns

POOL = 8
#: Seconds that another program may hold the SQLite file or a row of PostgreSQL's, or a server may take to
#: answer, before we say so; `?timeout=` in the address says otherwise.
PATIENCE = 5
#: How many times as long a program may stand still in the middle of a change: one that is paused, or has lost
#: its network, has what it began undone by then, and holds up nobody else.
STILL = 6


#: A server that is cut off says nothing: without these, the system would wait for a quarter of an hour.
_ON_POSTGRES = {
    "connect_timeout": PATIENCE,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}


class Engines:
    """A way to write and a way to look, for one address."""

    def __init__(self, address: str, *, durable: bool = True) -> None:
        url = parsed(address)
        self.in_memory = is_in_memory(url)
        self._turns = Turns()
        self.writer, self.reader = _make(url, self.in_memory, durable=durable)
        self._free = url.get_backend_name() != "sqlite"
        self._commits = Commits(self.writer, self._turns)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Commit at the end of the block, or undo all of it."""
        with self.unit(Known()) as group:
            yield group.connection

    @contextmanager
    def unit(self, known: Known, *, together: bool = False) -> Iterator[Group]:
        """Do the same; `together` with others who say so where that saves time. What is written is added to
        what is `known` once it is committed.
        """
        if self._free:
            with self.writer.begin() as connection:
                group = Group(connection, known)
                yield group
            group.known.tell()
        else:
            # in memory whoever looks has the same connection, and would see what is not committed
            with self._commits.unit(known, together=together and not self.in_memory) as group:
                yield group

    @contextmanager
    def apart(self) -> Iterator[Connection]:
        """Have a connection in no transaction, while this program writes nothing."""
        with self._commits.apart(), self.writer.connect() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Look at one state of the store."""
        if self.in_memory:
            with self._turns.mine(), self.reader.connect() as connection:
                yield connection
        else:
            with self.reader.connect() as connection:
                yield connection

    @contextmanager
    def listening(self, own: str, heard: Callable[[], None]) -> Iterator[None]:
        """Call `heard` from another thread whenever another program rings, where there is a bell."""
        if not self._free:
            yield
            return
        listener = Listener(self._apart, own, heard)
        try:
            yield
        finally:
            listener.end()

    def _apart(self) -> Any:
        """Return a connection of the driver that belongs to no pool."""
        dialect = self.writer.dialect
        given, named = dialect.create_connect_args(self.writer.url)
        return dialect.connect(*given, **named, **_ON_POSTGRES, autocommit=True)

    def close(self) -> None:
        """Let go of every connection."""
        self.writer.dispose()
        self.reader.dispose()


def parsed(address: str) -> URL:
    """Return the address of a database that we can speak to."""
    plain = address.replace("postgres://", "postgresql://", 1)
    try:
        url = make_url(plain)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreTrouble(
            "BOOKEND_DATABASE_URL is no address of a database: write sqlite:///bookend.db, "
            "or postgresql://user:password@host/name."
        )
    return url.set(drivername="postgresql+psycopg") if url.get_backend_name() == "postgresql" else url


def is_in_memory(url: URL) -> bool:
    """Say whether the database is gone when it is closed."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def begin_file(address: str) -> None:
    """Make the file of a SQLite database where there is none, its owner's alone."""
    url = parsed(address)
    if url.get_backend_name() == "sqlite" and not is_in_memory(url):
        # where it cannot be made, SQLite says so when it is opened
        with suppress(OSError):
            Path(str(url.database)).touch(mode=0o600)


def _make(url: URL, in_memory: bool, *, durable: bool) -> tuple[Engine, Engine]:
    try:
        if url.get_backend_name() == "postgresql":
            return _postgres(url)
        return _memory(url) if in_memory else _file(url, durable=durable)
    except (ImportError, NoSuchModuleError):
        raise StoreTrouble("PostgreSQL needs its driver: pip install 'bookend[postgres]'.") from None


def _memory(url: URL) -> tuple[Engine, Engine]:
    engine = _sqlite(url, "BEGIN", poolclass=StaticPool)
    return engine, engine


def _file(url: URL, *, durable: bool) -> tuple[Engine, Engine]:
    # what is deleted or shortened is written over, and does not stay in the pages of the file
    writing = ("secure_delete = ON", "journal_mode = WAL", f"synchronous = {'FULL' if durable else 'OFF'}")
    writer = _sqlite(url, "BEGIN IMMEDIATE", *writing, pool_size=1, max_overflow=0)
    # the system remembers the file's pages already: each connection keeps half a megabyte besides, not two
    looking = ("query_only = ON", "cache_size = -512")
    return writer, _sqlite(url, "BEGIN", *looking, pool_size=POOL, max_overflow=POOL)


def _set(connection: Any, pragma: str, tries: int) -> None:
    # SQLite answers "locked" at once, whatever its patience, when two switch a new file to WAL in one moment
    for left in reversed(range(max(tries, 1))):
        try:
            connection.execute(f"PRAGMA {pragma}")
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            threading.Event().wait(0.05)


def _sqlite(url: URL, begin: str, *pragmas: str, **pool: Any) -> Engine:
    # an error that nobody foresaw goes into the log: without what people wrote
    patience = _patience(url)
    options = {"check_same_thread": False, "timeout": patience}
    engine = create_engine(url, hide_parameters=True, connect_args=options, **pool)

    def prepare(connection: Any, _record: object) -> None:
        # The driver must not open transactions on its own: it would use the weaker BEGIN.
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "recursive_triggers = ON", *pragmas):
            _set(connection, pragma, tries=int(patience * 20))

    def begins(dbapi_connection: Any) -> None:
        dbapi_connection.execute(begin)

    event.listen(engine, "connect", prepare)
    # not by an event of the engine: with one, SQLAlchemy looks for others at every statement
    engine.dialect.do_begin = begins  # type: ignore[method-assign]
    faults.listen(engine)
    return engine


def _patience(url: URL) -> float:
    return float(str(url.query.get("timeout", PATIENCE)))


def _postgres(url: URL) -> tuple[Engine, Engine]:
    held = round(_patience(url) * 1000)
    session = {"timezone": "UTC", "lock_timeout": held, "idle_in_transaction_session_timeout": held * STILL}
    options = {"options": " ".join(f"-c {name}={value}" for name, value in session.items())}
    engine = create_engine(
        url.difference_update_query(["timeout"]),
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=POOL,
        pool_pre_ping=True,
        connect_args=_ON_POSTGRES | options,
    )
    faults.listen(engine)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine, reader
