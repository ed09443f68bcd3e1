"""Copies of a SQLite database: made while it is at work, looked at before they count, put in its place.

A copy is one file without a journal beside it, its owner's alone, and nothing in it is left of what was
erased. It has its name once it is whole, and not before.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, select

from bot.core.errors import StoreTrouble
from bot.store import audit, faults, put_back, questions, schema
from bot.store.engines import Engines
from bot.store.tables import cases

#: What a database consists of besides its own file while somebody has it open.
BESIDE = ("-wal", "-shm", "-journal")
#: How a file of SQLite begins.
_BEGINS = b"SQLite format 3\0"
#: Seconds that we wait for somebody who is just closing it.
PATIENCE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What a copy holds: how many lines each case's history has, the newest moment, what is not whole."""

    lines: dict[str, int]
    newest: datetime | None
    problems: tuple[str, ...]


def address(file: Path) -> str:
    """Return the address of a database in a file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def back_up(source: Path, file: Path, history_key: bytes) -> Looked:
    """Copy a database that may be at work; return what is in the copy once it has been looked through."""
    if file.exists():
        raise StoreTrouble(f"There is a file {file} already: choose another name, nothing was written over.")
    with beside(file) as fresh:
        copy(source, fresh)
        looked = look(fresh, history_key)
        os.replace(fresh, file)
    _settle(file.parent)
    return looked


def copy(source: Path, to: Path) -> None:
    """Copy a database as it is at this moment into a new file."""
    if not _begins_as_sqlite(source):
        raise StoreTrouble(f"{source} is no backup: give a file that `bookend backup` wrote.")
    with faults.told(str(source)), closing(_reading(source)) as original:
        to.touch(mode=0o600, exist_ok=False)
        with faults.told(str(to)), _damage_told(source), closing(sqlite3.connect(to)) as target:
            original.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")
            target.execute("VACUUM")


@contextmanager
def _damage_told(source: Path) -> Iterator[None]:
    """Blame damage that a copy shows on what was copied."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
        raise StoreTrouble(f"{source} is damaged: take an older backup. Nothing was changed.") from error


def look(file: Path, history_key: bytes, seal: Mapping[str, Any] | None = None) -> Looked:
    """Look through a copy: its pages, its references, its history, also against a seal that was kept
    elsewhere; raise StoreTrouble if it is none, or of another key.
    """
    with closing(Engines(address(file))) as engines, engines.reading() as connection:
        return looked_through(connection, history_key, seal, str(file))


def looked_through(
    connection: Connection, history_key: bytes, seal: Mapping[str, Any] | None, name: str
) -> Looked:
    """Look through a database, which is called by its `name`."""
    if not schema.version(connection):
        raise StoreTrouble(f"{name} holds nothing of Bookend: give what `bookend backup` wrote.")
    schema.require_key(connection, history_key)
    problems = _damage(connection) if connection.dialect.name == "sqlite" else []
    return Looked(
        lines=_lines(connection),
        newest=put_back.newest(connection),
        problems=(*problems, *audit.verify(connection, history_key, seal)),
    )


def strange(file: Path) -> tuple[str, ...]:
    """Return what in a copy of our version works by itself or refuses rows, and was not made by us: it would
    swallow a message, or keep what is erased, and no line of history would show it.
    """
    with closing(Engines(address(file))) as engines, engines.reading() as connection:
        there = _at_work(connection)
    with closing(Engines("sqlite://")) as engines, engines.writing() as connection:
        schema.create(connection)
        ours = _at_work(connection)
    return tuple(f"{name}: Bookend made no such {kind}." for kind, name, _ in sorted(there - ours))


def _at_work(connection: Connection) -> set[tuple[str, str, str]]:
    found = connection.exec_driver_sql(
        "SELECT type, name, sql FROM sqlite_master WHERE type != 'table' AND sql IS NOT NULL"
    )
    return {(kind, name, " ".join(sql.split())) for kind, name, sql in found}


def lines_of(file: Path) -> dict[str, int]:
    """Return how many lines the history of each case in a file has; nothing where it cannot be read."""
    with suppress(StoreTrouble), closing(Engines(address(file))) as engines, engines.reading() as connection:
        return _lines(connection)
    return {}


def codes_of(file: Path) -> frozenset[str]:
    """Return every code that a database gave out; none where there is none, or it cannot be read."""
    # one that is torn is left as it is: to open it would throw its write-ahead log away
    if not (file.is_file() and _begins_as_sqlite(file)):
        return frozenset()
    with suppress(StoreTrouble), closing(Engines(address(file))) as engines, engines.reading() as connection:
        return frozenset(connection.scalars(questions.EVERY_CODE))
    return frozenset()


def put_in_place(prepared: Path, database: Path, aside: Path) -> None:
    """Let a prepared copy be the database; what was there before is kept in the folder `aside`.

    Raise StoreTrouble, and change nothing, while any program has the database open.
    """
    aside.mkdir(mode=0o700, parents=True)
    try:
        with _alone(database) as there:
            if there is not None:
                _into(there, aside / database.name)
                with faults.told(str(prepared)), closing(_reading(prepared)) as new:
                    new.backup(there)
                return
    except BaseException:
        _forget_empty(aside)
        raise
    _instead(prepared, database, aside)


def _instead(prepared: Path, database: Path, aside: Path) -> None:
    """Put a copy where there is no database, or one that nobody can read any more: that is moved away."""
    for name in (database.name, *(f"{database.name}{end}" for end in BESIDE)):
        with suppress(FileNotFoundError):
            os.replace(database.with_name(name), aside / name)
    os.replace(prepared, database)
    _settle(database.parent)
    _forget_empty(aside)


@contextmanager
def _alone(database: Path) -> Iterator[sqlite3.Connection | None]:
    """Have a database to ourselves, `None` where there is none that can be read."""
    # one that begins otherwise is torn: SQLite would throw its write-ahead log away
    if not database.is_file() or not _begins_as_sqlite(database):
        yield None
        return
    with closing(sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            # SQLite leaves its write-ahead log only for whoever is the only one
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StoreTrouble(
                    f"A program has {database} open: end `bookend serve`, then restore. Nothing was changed."
                ) from error
            readable = None
        else:
            readable = connection
        yield readable


def _begins_as_sqlite(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_BEGINS)) == _BEGINS


def _into(there: sqlite3.Connection, file: Path) -> None:
    file.touch(mode=0o600, exist_ok=False)
    with faults.told(str(file)), closing(sqlite3.connect(file)) as target:
        there.backup(target)


def _reading(file: Path) -> sqlite3.Connection:
    # as it stands, with what its write-ahead log holds; never made where it is not there
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _damage(connection: Connection) -> list[str]:
    torn = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)") if row[0] != "ok"]
    lost = [*connection.exec_driver_sql("PRAGMA foreign_key_check")]
    return [f"damaged: {each}." for each in torn] + [f"{row[0]}: a row belongs to nothing." for row in lost]


def _lines(connection: Connection) -> dict[str, int]:
    found = connection.execute(select(cases.c.code, cases.c.history_count))
    return {row.code: row.history_count for row in found}


@contextmanager
def beside(file: Path) -> Iterator[Path]:
    """Have a name beside a file for what is not whole yet; nothing is left of it."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        yield fresh
    finally:
        for end in ("", *BESIDE):
            fresh.with_name(f"{fresh.name}{end}").unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the disk keep a name that was just given."""
    # Windows opens no folder, and keeps the name by itself
    with suppress(PermissionError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _forget_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
