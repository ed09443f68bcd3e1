"""One commit for the units of work that arrive together: until the disk has one, several could be done.

A SQLite file has one writer. Whoever has its turn works in the transaction that is open, and leaves it open
for the next who waits to join; whoever finds nobody waiting, or the group full, commits for all. Each returns
only after that commit. A unit that fails is undone alone, as all but the first begin with a savepoint; what
it was refused for may be what another of the group wrote, so it waits for the commit as well. Where a group
fails, each of it meets a Conflict, and whoever then tries again does so alone.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Connection, Engine

from bot.core.errors import Conflict, StoreTrouble
from bot.store.known import Known

#: How many units are committed at once: the first of them waits for the last.
MOST = 8
#: Seconds after which a unit goes on by itself: the thread it was left to may have ended while it waited.
PATIENCE = 1.0


class Turns:
    """One at a time; a thread that would wait for itself is told so instead of waiting for ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._whose: int | None = None
        # one for each thread that waits to join: a deque, since all of them count here at once
        self._joining: deque[None] = deque()

    @contextmanager
    def mine(self, *, joins: bool = False) -> Iterator[None]:
        """Wait for a turn, and have it until the block ends; whoever `joins` may be left an open group."""
        if self._whose == threading.get_ident():
            raise RuntimeError("This thread is in the store already: finish that block first.")
        self._wait(joins)
        self._whose = threading.get_ident()
        try:
            yield
        finally:
            self._whose = None
            self._lock.release()

    def _wait(self, joins: bool) -> None:
        self._joining.extend([None] * joins)
        try:
            self._lock.acquire()
        finally:
            if joins:
                self._joining.pop()

    def somebody_joins(self) -> bool:
        """Say whether anybody waits who joins."""
        return bool(self._joining)


class Group:
    """Units of work in one transaction; `known` is what they wrote, which nobody else knows until then."""

    def __init__(self, connection: Connection, known: Known, most: int = 1) -> None:
        self.connection = connection
        self.known = Known(behind=known)
        self._most = most
        self._begun = 0
        self._done = 0
        self._trouble: BaseException | None = None
        self._over = threading.Event()

    @contextmanager
    def unit(self) -> Iterator[None]:
        """Undo the work of the block alone if it fails; the first of all needs no savepoint for that."""
        self._begun += 1
        if self._begun == 1:
            yield
        else:
            with self.connection.begin_nested():
                yield
        self._done += 1

    def takes_more(self) -> bool:
        """Say whether another unit can join."""
        return self._done > 0 and self._begun < self._most and _is_open(self.connection)

    def end(self) -> None:
        """Commit what succeeded; what goes wrong with it is for all who wait."""
        try:
            if self._done:
                self._commit()
        except BaseException as trouble:
            self._trouble = trouble
            # SQLAlchemy holds that it is over, SQLite that it may be tried again
            self.connection.connection.rollback()
        finally:
            self._over.set()
            self.connection.close()

    def _commit(self) -> None:
        if not _is_open(self.connection):
            raise StoreTrouble("The database undid a change by itself: look at its disk, then try again.")
        self.connection.commit()
        self.known.tell()

    def is_over(self, patience: float) -> bool:
        """Say whether it has ended, after some seconds at most."""
        return self._over.wait(patience)

    def answer(self) -> None:
        """Raise what went wrong: as it is to one who was alone, a Conflict to several."""
        if self._trouble is not None:
            if self._begun == 1:
                raise self._trouble
            raise Conflict("What came in the same moment was undone: retry.") from self._trouble


class Commits:
    """Writes to one file: whoever says so together with others."""

    def __init__(self, engine: Engine, turns: Turns) -> None:
        self._engine = engine
        self._turns = turns
        self._group: Group | None = None
        #: the threads whose group failed
        self._alone: set[int] = set()

    @contextmanager
    def unit(self, known: Known, *, together: bool) -> Iterator[Group]:
        """Write until the block ends, and return once that is committed."""
        with ExitStack() as after_the_turn, self._turns.mine(joins=together):
            group = self._joined(known, together=together)
            after_the_turn.callback(self._settle, group)
            try:
                with group.unit():
                    yield group
            finally:
                if not (group.takes_more() and self._turns.somebody_joins()):
                    self._end()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Have nobody write until the block ends."""
        with self._turns.mine():
            self._end()
            yield

    def _joined(self, known: Known, *, together: bool) -> Group:
        me = threading.get_ident()
        together = together and me not in self._alone
        self._alone.discard(me)
        if not together:
            self._end()
        if self._group is None:
            self._group = Group(_begun(self._engine), known, MOST if together else 1)
        return self._group

    def _end(self) -> None:
        group, self._group = self._group, None
        if group is not None:
            group.end()

    def _settle(self, group: Group) -> None:
        while not group.is_over(PATIENCE):
            with self._turns.mine():
                if self._group is group:
                    self._end()
        try:
            group.answer()
        except Conflict:
            self._alone.add(threading.get_ident())
            raise


def _begun(engine: Engine) -> Connection:
    connection = engine.connect()
    try:
        connection.begin()
    except BaseException:
        connection.close()
        raise
    return connection


def _is_open(connection: Connection) -> bool:
    """Say whether the transaction is there: SQLite ends it by itself where the disk is full or fails."""
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.in_transaction)
