"""The bell: what one program writes wakes the others, and a lost connection is made again."""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Semaphore

import pytest

from bot.core.outgoing import Verb
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, NOW, add, task
from tests.store.tampering import tamper

pytestmark = pytest.mark.parametrize(
    "url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)

#: Long enough for a busy machine, in seconds; what is not heard is waited for much shorter.
LONG, SHORT = 10, 0.3
#: What ends the connection that listens.
HANG_UP = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND query ILIKE 'LISTEN%'"
)


class Ears:
    """Somebody who listens on a store of their own."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        self.store = open_store(url, history_key=KEY)
        stack.callback(self.store.close)
        self._rung = Semaphore(0)
        stack.enter_context(self.store.listening(self._rung.release))
        # it always looks once as it begins to listen
        assert self.hears()

    def hears(self, within: float = LONG) -> bool:
        return self._rung.acquire(timeout=within)


@pytest.fixture
def other(url: str) -> Iterator[SqlStore]:
    store = open_store(url, history_key=KEY)
    yield store
    store.close()


@pytest.fixture
def ears(url: str) -> Iterator[Ears]:
    with ExitStack() as stack:
        yield Ears(url, stack)


def queue(store: SqlStore, key: str) -> None:
    with store.writing() as work:
        work.queue("card", Verb.NUDGE, key=key, at=NOW, text="")


def test_what_another_program_puts_into_the_outbox_is_heard(ears: Ears, other: SqlStore) -> None:
    queue(other, "heard")

    assert ears.hears()


def test_a_case_that_another_program_opens_is_heard(ears: Ears, other: SqlStore) -> None:
    add(other, task())

    assert ears.hears()


def test_what_was_undone_is_not_heard(ears: Ears, other: SqlStore) -> None:
    with pytest.raises(RuntimeError), other.writing() as work:
        work.queue("card", Verb.NUDGE, key="undone", at=NOW, text="")
        raise RuntimeError("the program thinks better of it")

    assert not ears.hears(SHORT)


def test_a_look_and_what_makes_nothing_due_are_not_heard(ears: Ears, other: SqlStore) -> None:
    with other.reading() as reading:
        reading.next_moment()
    with other.writing() as work:
        work.claim(NOW, NOW - NOW, 1)
        work.remember("a delivery", "said", NOW)

    assert not ears.hears(SHORT)


def test_nobody_hears_themselves(ears: Ears) -> None:
    queue(ears.store, "own")

    assert not ears.hears(SHORT)


def test_whoever_was_cut_off_listens_again_and_looks_at_what_they_missed(
    ears: Ears, other: SqlStore, url: str
) -> None:
    tamper(url, HANG_UP)

    assert ears.hears()
    queue(other, "after the cut")
    assert ears.hears()
