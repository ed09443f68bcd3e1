"""The stores that every promise is proven on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import schema
from bot.store.store import SqlStore, open_store
from tests.conftest import Postgres
from tests.store.made import KEY

DURABLE = ("file", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """A database with all tables: a copy of it is made far quicker than the tables are."""
    name = postgres.fresh()
    schema.migrate(postgres.url(name))
    return name


@pytest.fixture(params=["memory", *DURABLE])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty store of each kind."""
    yield from _address(request, tmp_path)


@pytest.fixture(params=DURABLE)
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The same, of those that outlive the process."""
    yield from _address(request, tmp_path)


def _address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        name = postgres.fresh(template=request.getfixturevalue("postgres_template"))
        yield postgres.url(name)
        postgres.drop(name)
    else:
        yield "sqlite://" if request.param == "memory" else f"sqlite:///{folder / 'bookend.db'}"


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An empty store of each kind."""
    opened = open_store(url, history_key=KEY)
    yield opened
    opened.close()


@pytest.fixture
def durable(durable_url: str) -> Iterator[SqlStore]:
    """An empty store of those that several connections can use."""
    opened = open_store(durable_url, history_key=KEY)
    yield opened
    opened.close()
