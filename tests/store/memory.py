"""Stores in memory for many tests: an engine that is no longer used serves the next one.

What SQLAlchemy has worked out for an engine (a third of the time of a short test) is kept, what was stored
is not: each store begins as a copy of an empty database, on a connection of its own.
"""

import weakref
from functools import cache
from sqlite3 import Connection

from bot.store.engines import Engines
from bot.store.identities import Vault
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY

_VAULT = Vault([KEY])
_SPARE: list[Engines] = []


def memory_store() -> SqlStore:
    """A new store in memory, as `open_store("sqlite://", history_key=KEY)` makes it."""
    engines = _SPARE.pop() if _SPARE else Engines("sqlite://")
    store = SqlStore(engines, KEY, _VAULT)
    raw(_empty()).backup(raw(store))
    weakref.finalize(store, _put_back, engines)
    return store


def raw(store: SqlStore) -> Connection:
    """The one connection of a store in memory, without SQLAlchemy."""
    with store._engines.writer.connect() as connection:
        found = connection.connection.driver_connection
    assert isinstance(found, Connection)
    return found


def _put_back(engines: Engines) -> None:
    # the next one gets another connection, and so another database
    engines.close()
    _SPARE.append(engines)


@cache
def _empty() -> SqlStore:
    return open_store("sqlite://", history_key=KEY)
