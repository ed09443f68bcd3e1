"""Connections keep what was said: durable, one writer at a time, and never a thread that waits for itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.engines import Engines, parsed
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, add, task

ROOT = Path(__file__).parents[2]


def pragma(engines: Engines, name: str) -> object:
    with engines.writing() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def test_a_file_is_written_so_that_a_power_cut_loses_nothing(tmp_path: Path) -> None:
    engines = Engines(f"sqlite:///{tmp_path / 'bookend.db'}")

    settings = {
        name: pragma(engines, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }

    engines.close()
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_those_who_look_leave_it_to_the_system_to_remember_the_file(tmp_path: Path) -> None:
    engines = Engines(f"sqlite:///{tmp_path / 'bookend.db'}")

    with engines.reading() as connection:
        kilobytes = -connection.exec_driver_sql("PRAGMA cache_size").scalar_one()

    engines.close()
    assert 0 < kilobytes <= 512


def test_a_writer_holds_the_file_from_its_first_word(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}?timeout=0.01"
    first, second = Engines(url), Engines(url)

    with first.writing() as connection:
        connection.exec_driver_sql("SELECT 1")
        with pytest.raises(Exception, match="Another program holds"), second.writing() as late:
            late.exec_driver_sql("SELECT 1")

    first.close()
    second.close()


@pytest.mark.parametrize("address", ["postgres://jo@host/name", "postgresql://jo@host/name"])
def test_every_way_to_write_a_postgres_address_is_understood(address: str) -> None:
    assert parsed(address).render_as_string() == "postgresql+psycopg://jo@host/name"


def test_a_thread_that_would_wait_for_itself_is_told_so(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'bookend.db'}", history_key=KEY)

    with store.writing(), pytest.raises(RuntimeError, match="finish that block first"), store.writing():
        pass

    add(store, task())
    store.close()


def test_looking_in_the_middle_of_writing_in_memory_is_told_so_too() -> None:
    store = open_store("sqlite://", history_key=KEY)

    with store.writing(), pytest.raises(RuntimeError, match="finish that block first"), store.reading():
        pass

    add(store, task())
    store.close()


def test_a_look_cannot_write(durable: SqlStore) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"), durable._engines.reading() as connection:
        connection.exec_driver_sql("DELETE FROM inbox")


def test_importing_the_package_loads_no_database_library() -> None:
    loaded = "import sys, bot.store; sys.exit('sqlalchemy' in sys.modules or 'alembic' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=False).returncode == 0


def test_opening_a_store_that_is_up_to_date_loads_no_migrations(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bookend.db'}"
    schema.migrate(url)
    opened = (
        "import sys; from bot.store.store import open_store\n"
        f"open_store({url!r}, history_key={KEY!r}); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", opened], cwd=ROOT, check=False).returncode == 0
