"""The version of a database: made new, brought up to date, or refused because it is newer than we are.

A new one is made as the tables say, an older one by the steps that it lacks: a test holds that both come to
the same, and most days no step is missing.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, select, text

from bot.core.errors import StoreTrouble
from bot.store import chain, guards
from bot.store.columns import metadata
from bot.store.engines import Engines, begin_file
from bot.store.tables import SCHEMA, history_keys

MIGRATIONS = Path(__file__).parent / "migrations"
#: Held on PostgreSQL while one of several instances migrates; the number only has to be ours.
_ONE_AT_A_TIME = 0x626F6F6B656E64


#: As Alembic makes it.
_VERSION = """
CREATE TABLE IF NOT EXISTS alembic_version (
    version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def create(connection: Connection) -> None:
    """Make all tables at once."""
    metadata.create_all(connection, checkfirst=False)
    for statement in guards.statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def version(connection: Connection) -> str:
    """Return the schema version of a database, "" for an empty one; raise StoreTrouble if it is not ours."""
    names = set(inspect(connection).get_table_names())
    if "alembic_version" in names:
        found = connection.scalar(text("SELECT version_num FROM alembic_version")) or ""
    elif names & set(metadata.tables):
        raise StoreTrouble("This database holds tables of another program: give Bookend one of its own.")
    else:
        found = ""
    if found and not [*MIGRATIONS.glob(f"versions/v{found}_*.py")]:
        raise StoreTrouble(
            f"This database was written by a newer Bookend (its schema is {found}, ours {SCHEMA}): "
            "install that version again, or a later one."
        )
    return found


def upgrade(connection: Connection) -> tuple[str, str]:
    """Bring a database up to date; return the versions before and after."""
    if connection.dialect.name == "postgresql":
        # whoever is first may take longer than a row may be held
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    before = version(connection)
    if not before:
        _begin(connection)
    elif before != SCHEMA:
        run_steps(connection)
    return before, SCHEMA


def _begin(connection: Connection) -> None:
    create(connection)
    connection.exec_driver_sql(_VERSION)
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": SCHEMA})


def run_steps(connection: Connection) -> None:
    """Take every step that a database lacks."""
    # Imported here: Alembic takes as long to load as all the rest.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_current(connection: Connection) -> None:
    """Raise StoreTrouble unless the database has exactly our version."""
    found = version(connection)
    if found != SCHEMA:
        has = f"has schema {found}" if found else "is empty"
        raise StoreTrouble(f"This database {has}, Bookend needs schema {SCHEMA}: run `bookend migrate`.")


def require_key(connection: Connection, history_key: bytes) -> None:
    """Refuse another key than the one this database was begun with: its lines would not fit the chain."""
    proof = connection.scalar(select(history_keys.c.proof))
    if proof is not None and not chain.same(proof, chain.proof(history_key)):
        raise StoreTrouble("This database was begun with another history key: put that key back.")


def migrate(url: str) -> tuple[str, str]:
    """Bring the database at an address up to date; return its versions before ("" for none) and after."""
    begin_file(url)
    engines = Engines(url)
    try:
        with engines.writing() as connection:
            return upgrade(connection)
    finally:
        engines.close()
