"""Copies of a database: whole while it is written to, looked at before they count, in their place at once."""

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from bot.core.errors import StoreTrouble
from bot.store import copies, schema
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, NOW, add, press, task
from tests.store.released import load_sqlite, versions
from tests.store.tampering import tamper

OTHER = b"another key, long enough, too"


@pytest.fixture
def database(empty_file: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "bookend.db"
    copy.write_bytes(empty_file.read_bytes())
    return copy


def opened(file: Path) -> SqlStore:
    return open_store(copies.address(file), history_key=KEY, migrate=False)


def filled(file: Path, code: str = "K7Q2") -> SqlStore:
    """A database at work, with a case in it that was answered."""
    store = opened(file)
    add(store, task(code=code), code=code)
    press(store, task(code=code).key)
    return store


def codes(file: Path) -> frozenset[str]:
    store = opened(file)
    with store.reading() as look:
        found = look.codes()
    store.close()
    return found


def test_a_backup_of_a_database_at_work_holds_all_that_was_committed(database: Path, tmp_path: Path) -> None:
    store = filled(database)

    looked = copies.back_up(database, tmp_path / "backup.db", KEY)

    store.close()
    assert (looked.lines, looked.newest, looked.problems) == ({"K7Q2": 2}, NOW, ())
    assert codes(tmp_path / "backup.db") == {"K7Q2"}


def test_a_backup_is_one_file_of_its_owner_alone(database: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    store = filled(database)

    copies.back_up(database, folder / "backup.db", KEY)

    store.close()
    assert [each.name for each in folder.iterdir()] == ["backup.db"]
    assert stat.S_IMODE((folder / "backup.db").stat().st_mode) == 0o600


def test_nothing_is_written_over(database: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("precious")

    with pytest.raises(StoreTrouble, match="already: choose another name"):
        copies.back_up(database, tmp_path / "kept.txt", KEY)

    assert (tmp_path / "kept.txt").read_text() == "precious"


def test_a_backup_made_while_somebody_writes_is_always_whole(database: Path, tmp_path: Path) -> None:
    store, ended = opened(database), Event()

    def work() -> int:
        made = 0
        while not ended.is_set():
            made += 1
            add(store, task(code=f"C{made}"), code=f"C{made}")
            press(store, task(code=f"C{made}").key)
        return made

    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(work)
        backups = [copies.back_up(database, tmp_path / f"{number}.db", KEY) for number in range(5)]
        ended.set()
        made = busy.result()

    store.close()
    counted = [len(each.lines) for each in backups]
    assert counted == sorted(counted) and counted[-1] <= made
    assert [each.problems for each in backups] == [()] * 5


def test_a_backup_says_what_in_it_is_not_as_it_was_written(database: Path, tmp_path: Path) -> None:
    filled(database).close()
    tamper(copies.address(database), "UPDATE history SET by_person = 'mallory' WHERE seq = 1")

    looked = copies.back_up(database, tmp_path / "backup.db", KEY)

    assert any("K7Q2: line 1" in each for each in looked.problems)


def test_torn_pages_are_noticed(database: Path, tmp_path: Path) -> None:
    filled(database).close()
    copies.copy(database, tmp_path / "copy.db")
    pages = bytearray((tmp_path / "copy.db").read_bytes())
    with sqlite3.connect(tmp_path / "copy.db") as raw:
        (page,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_tasks_due'").fetchone()
    pages[(page - 1) * 4096 + 100 : page * 4096] = bytes(range(256)) * 15 + bytes(156)
    (tmp_path / "copy.db").write_bytes(pages)

    assert copies.look(tmp_path / "copy.db", KEY).problems


def test_a_file_that_is_no_backup_or_of_another_key_is_refused(database: Path, tmp_path: Path) -> None:
    filled(database).close()
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    with sqlite3.connect(tmp_path / "another.db") as raw:
        raw.execute("CREATE TABLE something (number INTEGER)")

    with pytest.raises(StoreTrouble, match="is no backup: give a file"):
        copies.copy(tmp_path / "letter.txt", tmp_path / "copy.db")
    with pytest.raises(StoreTrouble, match="holds nothing of Bookend: give what"):
        copies.look(tmp_path / "another.db", KEY)
    with pytest.raises(StoreTrouble, match="begun with another history key"):
        copies.look(database, OTHER)


def test_a_copy_is_put_in_place_and_what_was_there_is_kept(database: Path, tmp_path: Path) -> None:
    filled(database).close()
    copies.copy(database, tmp_path / "prepared.db")
    filled(database, "M4TR").close()

    copies.put_in_place(tmp_path / "prepared.db", database, tmp_path / "aside")

    assert codes(database) == {"K7Q2"}
    assert copies.lines_of(tmp_path / "aside" / "bookend.db") == {"K7Q2": 2, "M4TR": 2}


@pytest.mark.parametrize("who", ["the one who writes", "one who only looks"])
def test_nothing_is_put_in_the_place_of_a_database_that_is_open(
    who: str, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PATIENCE", 0.01)
    store = filled(database)
    copies.copy(database, tmp_path / "prepared.db")
    add(store, task(code="M4TR"), code="M4TR")
    if who == "one who only looks":
        with store.reading() as look:
            look.codes()
        store._engines.writer.dispose()

    with pytest.raises(StoreTrouble, match=r"has .*bookend\.db open: end `bookend serve`, then restore"):
        copies.put_in_place(tmp_path / "prepared.db", database, tmp_path / "aside")

    store.close()
    assert codes(database) == {"K7Q2", "M4TR"}
    assert not (tmp_path / "aside").exists()


def test_a_database_that_nobody_can_read_is_moved_away(database: Path, tmp_path: Path) -> None:
    filled(database).close()
    copies.copy(database, tmp_path / "prepared.db")
    database.write_bytes(b"torn" * 4096)
    (tmp_path / "bookend.db-wal").write_bytes(b"of the torn one")

    copies.put_in_place(tmp_path / "prepared.db", database, tmp_path / "aside")

    assert codes(database) == {"K7Q2"}
    assert (tmp_path / "aside" / "bookend.db").read_bytes() == b"torn" * 4096
    assert (tmp_path / "aside" / "bookend.db-wal").read_bytes() == b"of the torn one"


def test_where_there_is_no_database_the_copy_becomes_it(database: Path, tmp_path: Path) -> None:
    filled(database).close()
    copies.copy(database, tmp_path / "prepared.db")
    database.unlink()

    copies.put_in_place(tmp_path / "prepared.db", database, tmp_path / "aside")

    assert codes(database) == {"K7Q2"}
    assert not (tmp_path / "aside").exists()


@pytest.mark.parametrize("old", versions())
def test_nothing_is_strange_in_a_copy_of_any_schema_there_ever_was(old: str, tmp_path: Path) -> None:
    schema.migrate(load_sqlite(old, tmp_path / "old.db"))

    assert copies.strange(tmp_path / "old.db") == ()
