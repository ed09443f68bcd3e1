"""Units of work that arrive together are committed together: all are kept or none."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from bot.core.errors import Conflict
from bot.store import together
from bot.store.store import SqlStore, open_store
from bot.store.writing import SqlTransaction
from tests.alone import wait_until
from tests.store.filed import file_store
from tests.store.made import KEY, MINUTE, NOW, add, entry, task
from tests.store.memory import memory_store
from tests.store.statements import statements

ROOT = Path(__file__).parents[2]
SKIN = "K7Q2:skin_exam:1:1"
Work = Callable[[SqlTransaction], None]


@pytest.fixture
def path(empty_file: Path, tmp_path: Path) -> Path:
    """The file of an empty store."""
    found = tmp_path / "bookend.db"
    found.write_bytes(empty_file.read_bytes())
    return found


@pytest.fixture
def store(path: Path) -> Iterator[SqlStore]:
    """An empty store in a file: nothing else has groups."""
    opened = file_store(f"sqlite:///{path}")
    yield opened
    opened.close()


def remember(once: str) -> Work:
    """What a short unit of work does."""
    return lambda work: work.remember(once, "Thanks", NOW)


def write(store: SqlStore, work: Work) -> None:
    """Do it as one unit of work, and once more after a Conflict, as the desk does."""
    for last in (False, True):
        try:
            with store.writing(together=True) as tx:
                work(tx)
            return
        except Conflict:
            if last:
                raise


@contextmanager
def arriving(store: SqlStore, *units: Work, first: Work) -> Iterator[list[Future[None]]]:
    """Have the first at work until all the others wait for it in this order, and the block has ended."""
    at_work, goes_on = Event(), Event()

    def held(tx: SqlTransaction) -> None:
        try:
            first(tx)
        finally:
            at_work.set()
            assert goes_on.wait(30)

    with ThreadPoolExecutor(len(units) + 1) as pool:
        answers = [pool.submit(write, store, held)]
        assert at_work.wait(30)
        for number, unit in enumerate(units, start=1):
            answers.append(pool.submit(write, store, unit))
            wait_until(lambda n=number: waiting(store) == n, what="somebody who joins")
        try:
            yield answers
        finally:
            goes_on.set()


def waiting(store: SqlStore) -> int:
    """How many wait for the turn of the one that is at work."""
    return len(store._engines._turns._joining)


@contextmanager
def commits(store: SqlStore) -> Iterator[list[object]]:
    """Write down each commit of a store."""
    seen: list[object] = []
    note = partial(list.append, seen)
    event.listen(store._engines.writer, "commit", note)
    yield seen
    event.remove(store._engines.writer, "commit", note)


@contextmanager
def left_open(store: SqlStore, patience: float = 60) -> Iterator[Future[None]]:
    """Have a group with something in it left to a thread that waits to join, and never does."""
    turns, usual = store._engines._turns, together.PATIENCE
    turns._joining.append(None)
    together.PATIENCE = patience
    with ThreadPoolExecutor(1) as pool:
        left = pool.submit(write, store, remember("left"))
        wait_until(lambda: left.done() or store._engines._commits._group, what="a group")
        with turns.mine():
            pass
        try:
            yield left
        finally:
            together.PATIENCE = usual
            turns._joining.pop()


def kept(path: Path) -> set[str]:
    """What somebody finds in the file who has nothing to do with us."""
    with sqlite3.connect(path) as apart:
        found = {once for (once,) in apart.execute("SELECT once FROM inbox")}
    apart.close()
    return found


def test_what_arrives_together_is_committed_together(store: SqlStore, path: Path) -> None:
    units = [remember(str(number)) for number in range(4)]

    with commits(store) as seen, arriving(store, *units, first=remember("first")) as answers:
        before = kept(path)

    assert [each.exception() for each in answers] == [None] * 5
    assert (before, kept(path)) == (set(), {"first", "0", "1", "2", "3"})
    assert len(seen) == 1


def test_whoever_is_alone_is_answered_at_once(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "PATIENCE", 20)

    with ThreadPoolExecutor(1) as pool:
        pool.submit(write, store, remember("alone")).result(10)


def test_nobody_is_answered_or_seen_before_the_commit(store: SqlStore, path: Path) -> None:
    seen: list[set[str]] = []

    def look(_: SqlTransaction) -> None:
        with store.reading() as reading:
            seen.append(set(filter(reading.seen, ["first", "second"])))
        seen.append({"answered"} if answers and answers[0].done() else set())

    def second(tx: SqlTransaction) -> None:
        assert tx.seen("first") == "Thanks"
        tx.remember("second", "Thanks", NOW)
        look(tx)

    answers: list[Future[None]] = []
    with arriving(store, second, first=remember("first")) as begun:
        answers += begun
    [each.result() for each in answers]

    assert seen == [set(), set()]
    assert kept(path) == {"first", "second"}


def test_a_group_grows_no_larger_than_the_first_of_it_can_wait(store: SqlStore) -> None:
    units = [remember(str(number)) for number in range(together.MOST)]

    with commits(store) as seen, arriving(store, *units, first=remember("first")) as answers:
        pass

    assert [each.exception() for each in answers] == [None] * (together.MOST + 1)
    assert len(seen) == 2


@pytest.mark.parametrize("failing", range(3))
def test_a_unit_that_fails_is_undone_alone(store: SqlStore, path: Path, failing: int) -> None:
    def fail(tx: SqlTransaction) -> None:
        tx.remember("wrong", "Thanks", NOW)
        raise ZeroDivisionError

    units = [remember(str(number)) for number in range(3)]
    units[failing] = fail

    with arriving(store, *units[1:], first=units[0]) as answers:
        pass

    failed = [type(each.exception()) for each in answers]
    assert failed == [ZeroDivisionError if number == failing else type(None) for number in range(3)]
    assert kept(path) == {"0", "1", "2"} - {str(failing)}


def unkeepable(tx: SqlTransaction) -> None:
    """Write what no commit takes: a reference to a case that is nowhere."""
    tx._connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    tx._connection.execute(text("INSERT INTO identities (code, sealed, at) VALUES ('none', '', '')"))


def test_where_the_commit_fails_each_tries_again_alone(store: SqlStore, path: Path) -> None:
    with (
        commits(store) as seen,
        arriving(store, unkeepable, remember("third"), first=remember("first")) as told,
    ):
        pass

    assert [type(each.exception()) for each in told] == [type(None), IntegrityError, type(None)]
    assert kept(path) == {"first", "third"}
    assert len(seen) == 4


def test_where_the_disk_is_full_those_who_were_undone_with_it_try_again(store: SqlStore, path: Path) -> None:
    def too_much(tx: SqlTransaction) -> None:
        tx._connection.execute(text("PRAGMA max_page_count = 1"))
        tx.remember("too much", "x" * 1_000_000, NOW)

    with (
        commits(store) as seen,
        arriving(store, too_much, remember("third"), first=remember("first")) as told,
    ):
        pass

    assert "is full" in str(told[1].exception())
    assert [told[0].exception(), told[2].exception()] == [None, None]
    assert kept(path) == {"first", "third"}
    assert len(seen) == 2


def test_what_is_long_waits_for_nobody_and_nobody_for_it(store: SqlStore, path: Path) -> None:
    def sweep() -> None:
        with store.writing() as tx:
            found.append(kept(path))
            tx.remember("sweep", "Thanks", NOW)

    found: list[set[str]] = []
    with left_open(store) as left, commits(store) as seen:
        sweep()
        left.result(30)

    assert found == [{"left"}]
    assert kept(path) == {"left", "sweep"}
    assert len(seen) == 2


def test_the_files_are_swept_though_a_group_is_open(store: SqlStore, path: Path) -> None:
    with left_open(store) as left:
        store.sweep_out()
        left.result(30)

    assert kept(path) == {"left"}


def test_a_group_that_is_left_to_nobody_is_committed_all_the_same(store: SqlStore, path: Path) -> None:
    with left_open(store, patience=0.1) as left:
        left.result(30)

    assert kept(path) == {"left"}


def test_one_of_a_group_goes_on_with_what_another_wrote(store: SqlStore) -> None:
    add(store, task())

    with commits(store) as seen, statements() as asked, arriving(store, later, later, first=later) as told:
        pass

    assert [each.exception() for each in told] == [None] * 3
    with store.reading() as look:
        assert look.task(SKIN).due == NOW + 3 * MINUTE
    assert len(seen) == 1
    assert len([each for each in asked if "FROM tasks" in each]) == 1
    assert store.verify() == []


def test_what_a_failed_group_wrote_is_not_remembered(store: SqlStore, path: Path) -> None:
    def only_once(tx: SqlTransaction) -> None:
        if tried:
            raise ZeroDivisionError
        tried.append(later(tx))

    tried: list[None] = []
    add(store, task())
    with arriving(store, unkeepable, first=only_once) as told:
        pass
    other = open_store(f"sqlite:///{path}", history_key=KEY)
    with other.writing() as work:
        work.change(work.case("K7Q2"), [task(due=NOW - MINUTE)], entry("moved"))
    other.close()

    assert type(told[0].exception()) is ZeroDivisionError
    with store.reading() as look:
        assert (look.case("K7Q2").revision, look.tasks("K7Q2")[0].due) == (1, NOW - MINUTE)
    assert store.verify() == []


def test_in_memory_where_all_have_one_connection_nothing_is_left_open() -> None:
    with left_open(memory_store()) as left:
        left.result(5)


def later(tx: SqlTransaction) -> None:
    """Move a task by a minute."""
    its, tasks = tx.case("K7Q2"), tx.tasks("K7Q2")
    tx.change(its, [replace(tasks[0], due=tasks[0].due + MINUTE)], entry("moved"))


DYING = """
import os, sys
from threading import Thread
from bot.store.store import open_store
from tests.store.made import KEY
from tests.store.test_together import remember, waiting, write
store = open_store(sys.argv[1], history_key=KEY)
write(store, remember("answered"))
def end(tx):
    remember("last")(tx)
    os.kill(os.getpid(), 9)
with store.writing(together=True) as tx:
    remember("first")(tx)
    Thread(target=write, args=(store, end)).start()
    while not waiting(store):
        pass
print("answered too early")
"""


def test_a_program_that_is_killed_before_the_commit_answered_nobody(store: SqlStore, path: Path) -> None:
    url = f"sqlite:///{path}"
    died = subprocess.run([sys.executable, "-c", DYING, url], check=False, cwd=ROOT, capture_output=True)

    assert (died.returncode, died.stdout) == (-9, b"")
    assert kept(path) == {"answered"}
