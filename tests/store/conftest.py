"""The stores that every promise is proven on."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.columns import metadata
from bot.store.store import SqlStore, open_store
from tests.conftest import Postgres
from tests.store.filed import file_store
from tests.store.made import KEY
from tests.store.memory import memory_store
from tests.store.tampering import tamper

DURABLE = ("file", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_home(postgres: Postgres) -> str:
    """The address of a database with all tables; a database for each test would take most of the time."""
    url = postgres.url(postgres.fresh())
    schema.migrate(url)
    return url


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables; a copy of it is made far quicker than the tables are."""
    path = tmp_path_factory.mktemp("store") / "bookend.db"
    schema.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["memory", *DURABLE])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store of each kind."""
    yield from _address(request, tmp_path)


@pytest.fixture(params=DURABLE)
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same, of those that outlive the process."""
    yield from _address(request, tmp_path)


def _address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    match request.param:
        case "memory":
            yield "sqlite://"
        case "file":
            copy = shutil.copy(request.getfixturevalue("empty_file"), folder / "bookend.db")
            yield f"sqlite:///{copy}"
        case _:
            url: str = request.getfixturevalue("postgres_home")
            yield url
            tamper(url, *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)))


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An empty store of each kind."""
    opened = memory_store() if url == "sqlite://" else _durable(url)
    yield opened
    opened.close()


@pytest.fixture
def durable(durable_url: str) -> Iterator[SqlStore]:
    """An empty store of those that several connections can use."""
    opened = _durable(durable_url)
    yield opened
    opened.close()


def _durable(url: str) -> SqlStore:
    if url.startswith("sqlite"):
        return file_store(url)
    return open_store(url, history_key=KEY, identity_keys=[KEY])
