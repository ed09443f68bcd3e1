"""`bookend restore`: a backup becomes the database again, and nothing is said twice because of it.

All is done in a copy of the backup: only one that is whole, of our keys and brought up to date takes the
place of what is there, and that is kept. It knows that it was put back (`bot.store.put_back`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import WallClock
from bot.config import Settings
from bot.core.errors import BookendError
from bot.files.keeping import remembered
from bot.service.erasing import erase_again
from bot.store import copies
from bot.store.copies import Looked
from bot.store.engines import Engines
from bot.store.put_back import require_alone
from bot.store.store import SqlStore, open_store


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What came of it: of which moment the backup is, how many cases it has and were erased again;
    the cases of which the database before it knew more, and those that were opened since; the folder that it
    is kept in, and its address there.
    """

    of: datetime | None
    cases: int
    erased: int = 0
    problems: Sequence[str] = ()
    later: Sequence[str] = ()
    opened: Sequence[str] = ()
    aside: Path | None = None
    before: str = ""


def restore(
    settings: Settings, file: Path, *, seal: Mapping[str, Any] | None = None, anyway: bool = False
) -> Restored:
    """Put a backup in the place of a SQLite database; raise BookendError, and change nothing, where it is
    not whole (`anyway` takes it all the same), is none, or somebody has the database open.
    """
    database = settings.database()
    if database is None:
        raise BookendError(
            "This database is on PostgreSQL: put the dump back with pg_restore, then run `bookend restore` "
            "without a file."
        )
    if file.resolve() == database.resolve():
        raise BookendError(f"{file} is the database itself: name the backup.")
    require_keys(settings, database)
    with copies.beside(database) as prepared:
        copies.copy(file, prepared)
        looked = copies.look(prepared, settings.key(), seal)
        _require_whole(looked.problems, anyway)
        given = copies.codes_of(database)
        erased = _make_ready(settings, copies.address(prepared), anyway, given)
        strange = copies.strange(prepared)
        _require_whole(strange, anyway)
        aside = _aside(database)
        copies.put_in_place(prepared, database, aside)
    _with_keys(aside, database)
    before = copies.lines_of(aside / database.name)
    return Restored(
        of=looked.newest,
        cases=len(looked.lines),
        erased=erased,
        problems=(*looked.problems, *strange),
        later=_later(before, looked),
        opened=sorted(before.keys() - looked.lines.keys()),
        aside=aside if aside.is_dir() else None,
        before=copies.address(aside / database.name),
    )


def made_ready(
    settings: Settings, *, seal: Mapping[str, Any] | None = None, anyway: bool = False
) -> Restored:
    """Let a PostgreSQL database work again that was put back by its own tools."""
    if settings.database() is not None:
        raise BookendError("Name the backup: bookend restore FILE.")
    with closing(Engines(settings.database_url)) as engines, engines.reading() as connection:
        require_alone(connection)
        looked = copies.looked_through(connection, settings.key(), seal, "The database")
    _require_whole(looked.problems, anyway)
    erased = _make_ready(settings, settings.database_url, anyway)
    return Restored(of=looked.newest, cases=len(looked.lines), erased=erased, problems=looked.problems)


def require_keys(settings: Settings, database: Path) -> None:
    """Raise BookendError unless the key of the history is there: a new one would fit nothing."""
    file = _key(database)
    if settings.history_key is None and not file.exists():
        raise BookendError(
            f"The key file {file} is missing: put the one there that was kept for this backup, then try "
            "again. Without it nothing in the backup can be proven."
        )


def _require_whole(problems: Sequence[str], anyway: bool) -> None:
    if problems and not anyway:
        raise BookendError(
            "\n".join(
                [
                    *problems,
                    "Nothing was changed. Take an older backup; or add --anyway to take this one as it is.",
                ]
            )
        )


def _make_ready(settings: Settings, url: str, anyway: bool, given: Iterable[str] = ()) -> int:
    """Bring a database up to date that was put back, erase again what was erased since, and note in it that
    it was put back and which codes were `given` out since; return how many cases were erased again.
    """
    listed = settings.erased_list()
    known = remembered(listed) if listed else ()
    store = open_store(url, history_key=settings.key(), identity_keys=_secrets(settings))
    try:
        _require_names(store, settings, anyway)
        now = WallClock().now()
        with store.writing() as tx:
            erased = erase_again(tx, known, now)
        if erased:
            store.sweep_out()
        store.put_back(now, {*given, *(each.code for each in known)})
        return erased
    finally:
        store.close()


def _secrets(settings: Settings) -> tuple[bytes, ...]:
    database = settings.database()
    made = database is not None and not _names_key(database).exists()
    # a key that is made now opens no name
    return () if made and settings.identity_keys is None else settings.secrets_of_names()


def _key(database: Path) -> Path:
    return database.with_name(f"{database.name}.key")


def _names_key(database: Path) -> Path:
    return database.with_name(f"{database.name}.names.key")


def _require_names(store: SqlStore, settings: Settings, anyway: bool) -> None:
    lost = store.unreadable_names()
    if lost and not anyway:
        database = settings.database()
        key = "its secret into BOOKEND_IDENTITY_KEYS"
        where = f"{_names_key(database)} back, or {key}" if database else key
        raise BookendError(
            f"{lost} {'name' if lost == 1 else 'names'} in it cannot be read: put {where}. Nothing was "
            "changed; --anyway restores it all the same."
        )


def _aside(database: Path) -> Path:
    now = WallClock().now()
    return database.with_name(f"{database.name}.replaced-{now:%Y%m%dT%H%M%SZ}")


def _with_keys(aside: Path, database: Path) -> None:
    """Let what was there before be looked at with every command: its keys belong to it."""
    for key in (_key(database), _names_key(database)):
        if aside.is_dir() and key.exists():
            shutil.copy2(key, aside / key.name)


def _later(before: Mapping[str, int], looked: Looked) -> tuple[str, ...]:
    """Return the cases of both of which the database before knew more."""
    return tuple(sorted(code for code in looked.lines if before.get(code, 0) > looked.lines[code]))
