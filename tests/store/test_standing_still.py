"""An instance that stands still in the middle of a change, paused or without network: the others go on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.core.errors import StoreTrouble
from bot.store import schema
from bot.store.engines import Engines
from bot.store.store import SqlStore, open_store
from tests.alone import wait_until
from tests.store.made import KEY, MINUTE, NOW, add, case, entry, task

pytestmark = pytest.mark.postgres
#: How long a row may be held, in seconds; a program may stand still six times as long.
PATIENCE = 0.2
SWEEP = "sweep:riverside"


def impatient(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}timeout={PATIENCE}"


@pytest.fixture
def instances(postgres_url: str) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two that share a database, and have little patience."""
    url = impatient(postgres_url)
    first, second = open_store(url, history_key=KEY), open_store(url, history_key=KEY)
    add(first, task())
    with first.writing() as tx:
        assert tx.lease(SWEEP, "first", NOW, MINUTE)
    yield first, second
    second.close()
    first.close()


def looked_again(store: SqlStore) -> None:
    """Change the one task that there is, as a press does."""
    with store.writing() as tx:
        seen, its = tx.task("K7Q2:skin_exam:1:1"), tx.case("K7Q2")
        tx.change(its, [replace(seen, rung=seen.rung + 1)], entry("asked"))


def test_nobody_waits_for_a_lease_that_another_has_in_hand(instances: tuple[SqlStore, SqlStore]) -> None:
    first, second = instances

    with first.writing() as standing:
        standing.lease(SWEEP, "first", NOW + 2 * MINUTE, MINUTE)
        with second.writing() as tx:
            taken = tx.lease(SWEEP, "second", NOW + 2 * MINUTE, MINUTE)

    assert not taken


def test_who_needs_what_another_has_in_hand_is_told_so_in_time(instances: tuple[SqlStore, SqlStore]) -> None:
    first, second = instances

    with first.writing() as standing:
        standing.lease(SWEEP, "first", NOW, MINUTE)
        standing.change(case(), [replace(standing.task("K7Q2:skin_exam:1:1"), rung=1)], entry("asked"))
        with pytest.raises(StoreTrouble, match="Another program holds"):
            looked_again(second)


def test_what_stands_still_for_long_is_undone_and_the_others_go_on(
    instances: tuple[SqlStore, SqlStore],
) -> None:
    first, second = instances

    def goes_on() -> bool:
        try:
            looked_again(second)
        except StoreTrouble:
            return False
        return True

    with pytest.raises(StoreTrouble, match="stood still for too long"), first.writing() as standing:
        standing.change(case(), [replace(standing.task("K7Q2:skin_exam:1:1"), rung=5)], entry("asked"))
        wait_until(goes_on, what="the row")
        standing.codes()

    with second.reading() as look:
        assert look.task("K7Q2:skin_exam:1:1").rung == 1
    looked_again(first)


def test_who_finds_the_tables_being_made_waits_as_long_as_that_takes(postgres_url: str) -> None:
    engines = Engines(impatient(postgres_url))

    with ThreadPoolExecutor(1) as pool:
        with engines.writing() as connection:
            schema.upgrade(connection)
            other = pool.submit(schema.migrate, impatient(postgres_url))
            with pytest.raises(TimeoutError):
                other.result(PATIENCE * 3)
        assert other.result() == (schema.SCHEMA, schema.SCHEMA)

    engines.close()
