"""Keys kept in files beside a SQLite database: made with it, and readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from bot.core.errors import BookendError

#: How long each is, in bytes.
LENGTH = 32


def key_beside(database: Path) -> bytes:
    """Return the key kept beside a SQLite file, made with the database and readable by its owner alone."""
    file = _beside(database, "key")
    return _key_in(file, lambda: _make_key(file, database))


def require_not_lost(database: Path) -> None:
    """Raise BookendError where a SQLite file is gone that was there, as its keys show: a new one in its place
    would know nobody, and say so to nobody.
    """
    left = [each for end in ("key", "names.key") if (each := _beside(database, end)).exists()]
    if left and not database.exists():
        raise BookendError(
            f"The database {database} is gone, but its key {left[0]} is here. Put a backup in its place with "
            "`bookend restore`; or begin an empty one with `bookend migrate`."
        )


def _beside(database: Path, end: str) -> Path:
    return database.with_name(f"{database.name}.{end}")


def _key_in(file: Path, make: Callable[[], None]) -> bytes:
    try:
        if not file.exists():
            make()
        return _whole(bytes.fromhex(file.read_text(encoding="ascii").strip()))
    except ValueError:
        raise BookendError(f"The key file {file} is damaged: restore it from your backup.") from None
    except OSError as trouble:
        raise BookendError(
            f"The key file {file} cannot be used ({trouble.strerror}): make its folder, and let the user "
            "who runs Bookend write there."
        ) from None


def _whole(key: bytes) -> bytes:
    # an empty file is the secret of whoever thinks of it
    if len(key) != LENGTH:
        raise ValueError
    return key


def names_key_beside(database: Path) -> bytes:
    """Return the secret for names kept beside a SQLite file, made when it is first needed."""
    file = _beside(database, "names.key")
    return _key_in(file, lambda: _write_key(file, database))


def _make_key(file: Path, database: Path) -> None:
    if database.exists() and database.stat().st_size:
        raise BookendError(f"The key file {file} is missing: restore it from your backup.")
    _write_key(file, database)


def _write_key(file: Path, database: Path) -> None:
    # a new database is its owner's alone, too
    database.touch(mode=0o600)
    # written whole before it has its name: of two that start at once, one wins and both read the same
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600, exist_ok=False)
    with fresh.open("w", encoding="ascii") as opened:
        opened.write(secrets.token_hex(LENGTH))
        opened.flush()
        # whatever is encrypted with it must never be older than it
        os.fsync(opened.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
