"""What a database says when it cannot, in a sentence that says what to do; a lost race is a Conflict."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, ExceptionContext, event

from bot.core.errors import BookendError, Conflict, StoreTrouble

_TRY_AGAIN = "Somebody else changed this in the same moment: look again and retry."

_HELD = "Another program holds the database {where}: close it, or wait for it to finish."
_FULL = "The disk under {where} is full: make room, then try again; what was saved before is safe."
_OURS = "let the user who runs Bookend write it and its folder."
_RESTORE = "stop Bookend and put the last backup in its place."

_SQLITE = {
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: "The database file {where} is read-only: " + _OURS,
    sqlite3.SQLITE_PERM: "The database file {where} may not be opened: " + _OURS,
    sqlite3.SQLITE_CANTOPEN: "The database file {where} cannot be opened: make its folder, and " + _OURS,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: "The disk under {where} fails: look at it, and have the last backup at hand.",
    sqlite3.SQLITE_CORRUPT: "The database file {where} is damaged: " + _RESTORE,
    sqlite3.SQLITE_NOTADB: "The file {where} is no database: check BOOKEND_DATABASE_URL.",
}
_SQLITE_RACES = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}

# By SQLSTATE, or by its first two characters, which name the class.
_POSTGRES = {
    "08": "The database server {where} does not answer: see that it runs and can be reached.",
    "42501": "Our user may not do this in {where}: make it the owner of the database.",
    "25P03": "The server of {where} undid a change that stood still for too long: try again.",
    "25006": "The database {where} is read-only: point BOOKEND_DATABASE_URL at the primary server.",
    "53100": _FULL,
    "53": "The server of {where} is out of connections or memory: raise its limits, or run fewer Bookends.",
    "55P03": _HELD,
    "57": "The server of {where} is stopping or starting: try again in a minute.",
    "58": "The server of {where} has trouble with its disk: look at its log.",
    "XX": "The database {where} is damaged: " + _RESTORE,
}
_POSTGRES_RACES = {"23505", "40001", "40P01"}


def listen(engine: Engine) -> None:
    """Have every error of this engine's database mapped where it happens."""
    where = engine.url.database or ""
    if engine.dialect.name != "sqlite":
        where = engine.url.set(query={}).render_as_string(hide_password=True)

    def mapped(context: ExceptionContext) -> None:
        error = context.original_exception
        if isinstance(error, ValueError | TypeError):
            # Refused by our own column types: a mistake of the caller, not of the database.
            raise error
        sqlite = isinstance(error, sqlite3.Error)
        told = _told_sqlite(error, where) if sqlite else _told_postgres(error, where)
        if told:
            raise told from error

    event.listen(engine, "handle_error", mapped)


@contextmanager
def told(where: str) -> Iterator[None]:
    """Map what SQLite itself says of a file, for whoever speaks to it without SQLAlchemy."""
    try:
        yield
    except sqlite3.Error as error:
        raise _told_sqlite(error, where) or StoreTrouble(f"SQLite says of {where}: {error}.") from error


def _told_sqlite(error: BaseException, where: str) -> BookendError | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _SQLITE_RACES:
        return Conflict(_TRY_AGAIN)
    # The low byte is the kind of trouble, the rest its circumstances.
    sentence = _SQLITE.get(code & 0xFF)
    return StoreTrouble(sentence.format(where=where)) if sentence else None


def _told_postgres(error: BaseException, where: str) -> BookendError | None:
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRES_RACES:
        return Conflict(_TRY_AGAIN)
    if state is None:
        return _unreachable(error, where) if type(error).__name__ == "OperationalError" else None
    sentence = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    return StoreTrouble(sentence.format(where=where)) if sentence else None


def _unreachable(error: BaseException, where: str) -> StoreTrouble:
    """Say why there is no connection, in the words of the driver: it gives no state for that."""
    reason = str(error).partition("\n")[0].rpartition("failed: ")[2].strip()
    return StoreTrouble(
        f"The database server {where} cannot be reached ({reason}): see that it runs, "
        "and check BOOKEND_DATABASE_URL."
    )
