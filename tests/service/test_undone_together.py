"""What is written together with others is undone with them, and does not suffer for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bot.core.errors import Conflict
from bot.core.happened import Kind
from bot.service.tick import tick
from bot.store.store import SqlStore, open_store
from tests.alone import wait_until
from tests.service.clinic import ALI, KEY, london
from tests.service.riverside import Riverside
from tests.service.test_counted import Noted
from tests.service.test_overtaken import Silent, deliver, pass_lease
from tests.store.test_together import unkeepable, waiting


@contextmanager
def doomed(store: SqlStore) -> Iterator[Callable[..., None]]:
    """What begins, the first time it is called, a unit of work that takes the next to join it along."""

    def write() -> None:
        with store.writing(together=True) as tx:
            unkeepable(tx)
            at_work.set()
            wait_until(lambda: waiting(store), what="somebody who joins")

    def begin(*_: object) -> None:
        if not begun:
            begun.append(pool.submit(write))
            assert at_work.wait(10)

    at_work, begun = Event(), []
    with ThreadPoolExecutor(1) as pool:
        yield begin
    assert type(begun[0].exception()) is Conflict


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A store in a file: nothing else is written together."""
    opened = open_store(f"sqlite:///{tmp_path / 'bookend.db'}", history_key=KEY)
    yield opened
    opened.close()


def due(store: SqlStore, **more: Any) -> Riverside:
    """Dr Ali's form lies in the outbox and is not sent yet."""
    clinic = Riverside("g.skin_exam", store=store, **more).book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    return clinic


@pytest.mark.parametrize("point", ["draw", "send after"])
def test_what_a_platform_took_is_written_down_all_the_same(store: SqlStore, point: str) -> None:
    clinic = due(store)
    chat = Silent(clinic.workspace, clinic.clock)

    with doomed(store) as begin:
        chat.passing = lambda where: begin() if where == point else None
        deliver(clinic, chat, begin if point == "draw" else lambda: None)
    pass_lease(clinic)
    deliver(clinic, chat, lambda: None)

    assert len(clinic.workspace.of(ALI)) == 1


def test_a_repeat_counts_once(store: SqlStore) -> None:
    noted = Noted()
    clinic = due(store, meter=noted)
    deliver(clinic, clinic.chat, lambda: None)
    filled = clinic.filled(ALI, clinic.form_of(ALI, "g.skin_exam"))
    clinic.desk.reply(filled)

    with doomed(store) as begin:
        begin()
        clinic.desk.reply(filled)

    assert len(noted.of(Kind.ANSWERED)) == len(noted.of(Kind.REPEATED)) == 1
