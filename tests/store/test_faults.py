"""When a database cannot, whoever runs Bookend is told in one sentence what to do."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from bot.core.errors import BookendError, Conflict, StoreTrouble
from bot.store import faults
from bot.store.engines import Engines
from bot.store.store import SqlStore, open_store
from tests.conftest import Postgres
from tests.store.made import KEY, add, answer, case, entry, task


def told(url: str) -> str:
    """What is said when a store cannot be opened."""
    with pytest.raises(StoreTrouble) as trouble:
        open_store(url, history_key=KEY)
    return str(trouble.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database file with one case in it, closed."""
    path = tmp_path / "bookend.db"
    store = open_store(f"sqlite:///{path}", history_key=KEY)
    add(store, task())
    store.close()
    return path


@pytest.mark.parametrize(
    "url", ["bookend.db", "mysql://host/name", "", "postgresql", "sqlite", "http://host/"]
)
def test_an_address_that_is_none_is_answered_with_two_that_are(url: str) -> None:
    assert told(url) == (
        "BOOKEND_DATABASE_URL is no address of a database: write sqlite:///bookend.db, "
        "or postgresql://user:password@host/name."
    )


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "bookend.db"

    assert told(f"sqlite:///{path}") == (
        f"The database file {path} cannot be opened: make its folder, "
        "and let the user who runs Bookend write it and its folder."
    )


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert "cannot be opened" in told(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear clinic, " * 1000)

    assert told(f"sqlite:///{path}") == f"The file {path} is no database: check BOOKEND_DATABASE_URL."
    assert path.read_text().startswith("Dear clinic")


def test_a_damaged_file(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\x99" * (len(whole) - 4096))

    assert "is damaged: stop Bookend and put the last backup in its place." in told(f"sqlite:///{file}")


def test_a_read_only_file(file: Path) -> None:
    store = open_store(f"sqlite:///{file}", history_key=KEY)
    with store._engines.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    with pytest.raises(
        StoreTrouble, match=r"is read-only: let the user who runs Bookend write it and its folder\."
    ):
        add(store, code="M4XD")

    with store.reading() as look:
        assert look.codes() == {"K7Q2"}
    store.close()


def test_a_file_that_another_program_holds(file: Path) -> None:
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    sentence = told(f"sqlite:///{file}?timeout=0.01")

    holder.close()
    assert sentence == (f"Another program holds the database {file}: close it, or wait for it to finish.")


def test_a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room(file: Path) -> None:
    store = open_store(f"sqlite:///{file}", history_key=KEY)
    limit(store, 60)

    with pytest.raises(StoreTrouble, match=f"disk under {file} is full: make room"):
        for number in range(100):
            add(store, *(task(f"step_{n}", f"C{number}") for n in range(50)), code=f"C{number}")

    limit(store, 100_000)
    add(store, code="M4XD")
    with store.reading() as look:
        assert {"K7Q2", "M4XD"} < look.codes()
        assert len(look.codes()) < 100
    assert store.verify() == []
    store.close()


def limit(store: SqlStore, pages: int) -> None:
    """Let the database grow no further than so many pages, as a small disk would."""
    with store._engines.writer.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    sentence = told("postgresql://jo:secret@127.0.0.1:1/bookend")

    assert sentence.startswith(
        "The database server postgresql+psycopg://jo:***@127.0.0.1:1/bookend cannot be reached"
    )
    assert "Connection refused" in sentence
    assert "secret" not in sentence


def test_a_database_that_is_not_on_the_server(postgres: Postgres) -> None:
    assert 'database "nowhere" does not exist' in told(postgres.url("nowhere"))


def test_a_server_that_stops_in_the_middle_and_comes_back(postgres_url: str) -> None:
    store = open_store(postgres_url, history_key=KEY)
    add(store, task())

    with (
        pytest.raises(StoreTrouble, match="stopping or starting: try again in a minute"),
        store.writing() as work,
    ):
        work.add_case(case("M4XD"), [], entry("opened"))
        end_connections(postgres_url)
        work.codes()

    with store.reading() as look:
        assert look.codes() == {"K7Q2"}
    store.close()


def end_connections(url: str) -> None:
    """End everybody's connection, as a server does that is shut down."""
    engine = create_engine(url)
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    others_here = "WHERE pid != pg_backend_pid() AND datname = current_database()"
    with engine.connect() as connection:
        connection.execute(text(everybody + others_here))
    engine.dispose()


def test_a_standby_server_is_read_only(postgres_url: str) -> None:
    store = open_store(postgres_url, history_key=KEY)
    with store._engines.writing() as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    store.close()

    again = Engines(postgres_url)
    told_to = pytest.raises(StoreTrouble, match="is read-only: point BOOKEND_DATABASE_URL at the primary")
    with told_to, again.writing() as connection:
        connection.exec_driver_sql("DELETE FROM inbox")
    again.close()


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("08006", StoreTrouble, "does not answer"),
        ("42501", StoreTrouble, "make it the owner"),
        ("53100", StoreTrouble, "is full: make room"),
        ("53300", StoreTrouble, "out of connections"),
        ("55P03", StoreTrouble, "Another program holds"),
        ("57P03", StoreTrouble, "try again in a minute"),
        ("58030", StoreTrouble, "look at its log"),
        ("XX001", StoreTrouble, "put the last backup in its place"),
        ("40001", Conflict, "look again"),
        ("40P01", Conflict, "look again"),
        ("23505", Conflict, "look again"),
    ],
)
def test_what_a_server_says_is_said_in_our_words(state: str, kind: type[BookendError], words: str) -> None:
    error = psycopg.errors.lookup(state)("in the server's own words")

    said = faults._told_postgres(error, "bookend")

    assert isinstance(said, kind)
    assert words in str(said)


def test_a_mistake_of_our_own_is_not_blamed_on_the_database(store: SqlStore) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as mistake, store.writing() as work:
        work.answered("K7Q2:nothing:1:1", answer())

    assert not isinstance(mistake.value, BookendError)


def test_what_people_wrote_stands_in_no_error_that_goes_into_a_log(store: SqlStore) -> None:
    said = answer(note="her mother called, anna@example.org")

    with pytest.raises(Exception, match=r"(?i)foreign key") as mistake, store.writing() as work:
        work.answered("K7Q2:nothing:1:1", said)

    assert said.note not in f"{mistake.value}{mistake.value.__cause__}"
