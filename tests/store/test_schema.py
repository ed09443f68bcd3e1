"""The schema: migrations and tables say the same, and a database of another version is treated with care."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.core.errors import StoreTrouble
from bot.store import schema
from bot.store.columns import metadata
from bot.store.engines import Engines
from bot.store.store import open_store
from bot.store.tables import SCHEMA
from tests.conftest import Postgres
from tests.store.made import KEY, add, task
from tests.store.tampering import tamper

POSTGRES_CATALOGUE = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
        is_identity, ordinal_position
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name != 'alembic_version'
    ORDER BY table_name, ordinal_position;
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version' ORDER BY 1;
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text != 'alembic_version'
    ORDER BY 1, 2;
    SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
    SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1
"""
SQLITE_CATALOGUE = (
    "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic_version%' ORDER BY type, name"
)


def catalogue(connection: Connection) -> list[object]:
    """Everything that a database says of its tables, indexes, constraints and triggers."""
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(SQLITE_CATALOGUE).all()
        return [(kind, name, _layout_aside(sql)) for kind, name, sql in rows]
    return [
        tuple(row) for question in POSTGRES_CATALOGUE.split(";") for row in connection.execute(text(question))
    ]


def _layout_aside(sql: str | None) -> list[str]:
    return sorted(part.strip() for part in (sql or "").replace("\n", " ").split(","))


@pytest.fixture(params=["file", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two databases without any table."""
    if request.param == "file":
        yield f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    names = postgres.fresh(), postgres.fresh()
    yield postgres.url(names[0]), postgres.url(names[1])
    for name in names:
        postgres.drop(name)


def test_migrations_and_tables_make_the_same_schema(two_empty: tuple[str, str]) -> None:
    migrated, made = Engines(two_empty[0]), Engines(two_empty[1])

    with migrated.writing() as one, made.writing() as two:
        schema.run_steps(one)
        schema.upgrade(two)
        compared = compare_metadata(MigrationContext.configure(one, opts={"compare_type": True}), metadata)
        by_migrations, by_tables = catalogue(one), catalogue(two)

    migrated.close()
    made.close()
    assert compared == []
    assert len(by_tables) > 40
    assert by_migrations == by_tables


def test_a_new_database_is_migrated_once(two_empty: tuple[str, str]) -> None:
    url, _ = two_empty

    assert schema.migrate(url) == ("", SCHEMA)
    assert schema.migrate(url) == (SCHEMA, SCHEMA)


def test_instances_that_start_together_migrate_once(two_empty: tuple[str, str]) -> None:
    url, _ = two_empty

    with ThreadPoolExecutor(3) as pool:
        before = [versions[0] for versions in pool.map(schema.migrate, [url] * 3)]

    assert sorted(before) == ["", SCHEMA, SCHEMA]


def test_a_new_database_lacks_no_step(two_empty: tuple[str, str]) -> None:
    begun, migrated = Engines(two_empty[0]), Engines(two_empty[1])

    with begun.writing() as one, migrated.writing() as two:
        schema.upgrade(one)
        made = catalogue(one)
        schema.run_steps(one)
        schema.run_steps(two)

        assert catalogue(one) == made
        assert stands_at(one) == stands_at(two) == (SCHEMA, ["version_num"], ["version_num"])
    begun.close()
    migrated.close()


def stands_at(connection: Connection) -> tuple[str, list[str], list[str]]:
    """The version that Alembic would read, and how the table looks in which it does."""
    looked = inspect(connection)
    columns = [str(each["name"]) for each in looked.get_columns("alembic_version")]
    keys = looked.get_pk_constraint("alembic_version")["constrained_columns"]
    return schema.version(connection), columns, keys


def test_an_older_database_keeps_its_rows(two_empty: tuple[str, str]) -> None:
    url, _ = two_empty
    before_the_triggers(url)

    assert schema.migrate(url) == ("0001", SCHEMA)

    store = open_store(url, history_key=KEY, migrate=False)
    with store.reading() as look:
        assert look.seen("click:1") == "Thanks"
    assert store.verify() == []
    store.close()


def before_the_triggers(url: str) -> None:
    """Make a database as the first version left it, with a row."""
    from alembic import command
    from alembic.config import Config

    engines = Engines(url)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with engines.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text("INSERT INTO inbox (once, said, at) VALUES ('click:1', 'Thanks', '2027-01-04')")
        )
    engines.close()


def test_an_older_database_is_refused_where_it_must_not_be_migrated(two_empty: tuple[str, str]) -> None:
    old, empty = two_empty
    before_the_triggers(old)

    with pytest.raises(
        StoreTrouble, match="has schema 0001, Bookend needs schema 0004: run `bookend migrate`"
    ):
        open_store(old, history_key=KEY, migrate=False)
    with pytest.raises(StoreTrouble, match="is empty, Bookend needs schema 0004: run `bookend migrate`"):
        open_store(empty, history_key=KEY, migrate=False)


def test_a_newer_database_is_refused_and_left_alone(two_empty: tuple[str, str]) -> None:
    url, _ = two_empty
    schema.migrate(url)
    tamper(url, "UPDATE alembic_version SET version_num = '9999'")

    for migrate in (True, False):
        with pytest.raises(StoreTrouble, match=r"newer Bookend \(its schema is 9999, ours \d+\): install"):
            open_store(url, history_key=KEY, migrate=migrate)


def test_a_database_of_another_program_is_refused_and_left_alone(two_empty: tuple[str, str]) -> None:
    url, _ = two_empty
    tamper(url, "CREATE TABLE cases (number INTEGER)")

    with pytest.raises(StoreTrouble, match="tables of another program: give Bookend one of its own"):
        open_store(url, history_key=KEY)


def test_what_was_written_is_there_when_the_store_is_opened_again(two_empty: tuple[str, str]) -> None:
    url, _ = two_empty
    store = open_store(url, history_key=KEY)
    added = add(store, task())
    store.close()

    again = open_store(url, history_key=KEY)

    with again.reading() as look:
        assert (look.case("K7Q2"), look.tasks("K7Q2")) == (added, (task(),))
    again.close()


def test_a_store_in_memory_begins_empty() -> None:
    first, second = (open_store("sqlite://", history_key=KEY) for _ in range(2))
    add(first, task())

    with second.reading() as look:
        assert look.codes() == frozenset()
    first.close()
    second.close()


def test_the_newest_migration_is_the_one_the_tables_name() -> None:
    versions = sorted((schema.MIGRATIONS / "versions").glob("v*.py"))

    assert versions[-1].name.startswith(f"v{SCHEMA}_")
