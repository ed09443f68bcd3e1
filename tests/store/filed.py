"""Stores in files for many tests: as in `tests.store.memory`, an engine that is free serves the next one."""

import weakref
from functools import partial

from sqlalchemy import event, make_url

from bot.store.engines import Engines
from bot.store.identities import Vault
from bot.store.store import SqlStore, _hold_to_key
from tests.store.made import KEY

_SPARE: dict[bool, list[tuple[Engines, list[str]]]] = {True: [], False: []}


def file_store(url: str, *, durable: bool = True) -> SqlStore:
    """The store in a file that has all tables, as `open_store(url, history_key=KEY)` opens it."""
    engines, file = _SPARE[durable].pop() if _SPARE[durable] else _new(durable)
    file[:] = [str(make_url(url).database)]
    with engines.writing() as connection:
        _hold_to_key(connection, KEY)
    store = SqlStore(engines, KEY, Vault([KEY]))
    weakref.finalize(store, _put_back, engines, file, durable)
    return store


def _new(durable: bool) -> tuple[Engines, list[str]]:
    engines, file = Engines("sqlite:///the-file-of-a-test.db", durable=durable), list[str]()
    for engine in (engines.writer, engines.reader):
        event.listen(engine, "do_connect", partial(_there, file))
    return engines, file


def _there(file: list[str], _dialect: object, _record: object, where: list[str], _how: object) -> None:
    where[:] = file


def _put_back(engines: Engines, file: list[str], durable: bool) -> None:
    # the next one gets other connections, and so the file of another test
    engines.close()
    _SPARE[durable].append((engines, file))
