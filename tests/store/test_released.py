"""Upgrades: what a clinic has of any schema there ever was comes to ours, and nothing of it is lost."""

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.columns import metadata
from bot.store.engines import Engines
from bot.store.store import open_store
from bot.store.tables import SCHEMA
from tests.conftest import Postgres
from tests.store.made import KEY, NOW, entry, press, ref
from tests.store.released import DATABASES, SAM, dump_of, load_postgres, load_sqlite, rows_of, versions
from tests.store.test_schema import catalogue

#: Clinics have taken these steps: who changes one changes nothing there, and leaves two kinds of database.
FROZEN = {
    "v0001_first.py": "689d54d8e282fe7d44b8bcda806989fc39a7cd56b3e938347bc38c295ca3e417",
    "v0002_only_grow.py": "1097ff55c20f3bddb8473d3976b590749783258f5f2bbda274d2391d68651b4e",
    "v0003_at_work.py": "4341e04eb5fb797f6fcd6bb1d89e4a351d94e9d2e742863a2434561a11d5accf",
    "v0004_answered_by.py": "dcaa592dc7f398c436f55d597f713544d1359ce9c5228796ec8ed8fe16df3779",
}


@pytest.fixture(params=[*DATABASES[:1], pytest.param(DATABASES[1], marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(params=versions())
def old(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[str]:
    """The address of what a clinic has."""
    if database == "sqlite":
        yield load_sqlite(request.param, tmp_path / "bookend.db")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.fresh()
    yield load_postgres(request.param, postgres.url(name))
    postgres.drop(name)


def test_a_released_step_stays_as_it_is() -> None:
    folder = schema.MIGRATIONS / "versions"

    found = {name: sha256((folder / name).read_bytes()).hexdigest() for name in FROZEN}

    assert found == FROZEN, "write a new step instead"


def test_every_schema_lies_here_as_a_clinic_has_it() -> None:
    assert [each for each in versions() for kind in DATABASES if not dump_of(each, kind).is_file()] == []
    assert versions()[-1] == SCHEMA


def test_every_row_of_every_table_is_there_after_the_upgrade(old: str) -> None:
    with closing(Engines(old)) as engines, engines.reading() as connection:
        before = rows_of(connection)

    schema.migrate(old)

    with closing(Engines(old)) as engines, engines.reading() as connection:
        after = rows_of(connection)
    assert [table for table, rows in before.items() if not rows] == []
    assert after.keys() == metadata.tables.keys()
    for table, rows in before.items():
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert kept == rows, table


def test_an_upgraded_database_is_made_as_a_new_one(old: str, tmp_path: Path) -> None:
    schema.migrate(old)

    with closing(Engines(old)) as engines, engines.reading() as connection:
        if connection.dialect.name == "sqlite":
            schema.migrate(f"sqlite:///{tmp_path / 'new.db'}")
            with closing(Engines(f"sqlite:///{tmp_path / 'new.db'}")) as new, new.reading() as fresh:
                assert catalogue(connection) == catalogue(fresh)
        assert schema.version(connection) == SCHEMA


def test_a_clinic_goes_on_where_it_was(old: str) -> None:
    store = open_store(old, history_key=KEY, identity_keys=[KEY])

    with store.reading() as look:
        found, its = look.case("K7Q2"), look.tasks("K7Q2")
        assert (found.facts["age"], found.closed is not None) == (52, True)
        assert [each.note for each in look.answers("K7Q2:skin_exam:1:1")] == ["", "asked again"]
        assert look.posting_at(ref()) is not None
        assert look.seen("click:1") == "Thanks"
        assert {each.status.value for each in its} == {"open", "done"}
        assert look.identity("K7Q2") in (SAM, None)
    press(store, "M4TR:skin_exam:1:1")
    store.seal(NOW)

    with store.reading() as look:
        assert [each.kind for each in look.history("M4TR")] == [entry("opened").kind, "answered"]
    assert store.verify() == []
    store.close()
