"""A store that fails at its edges: before, in and after a transaction, for the program that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from bot.core.errors import StoreTrouble
from bot.ports import Reading, Transaction
from bot.store.store import SqlStore
from tests.simulation.faults import Fault, Faults


class Killed(BaseException):
    """Here the program was ended."""


class Working(Protocol):
    """What a store needs to know of the program that uses it."""

    name: str
    faults: Faults
    inside: int

    def lives(self) -> None:
        """Raise Killed in a program that has ended."""

    def may_end(self, point: str) -> None:
        """End here, if that is its lot."""

    def comes_to(self, point: str) -> None:
        """Come between two transactions."""

    def troubled(self, why: str) -> StoreTrouble:
        """Return what the store raises now."""

    def out_of_reach(self) -> bool:
        """Say whether the database cannot be reached from here."""

    def wrote(self) -> None:
        """Hear that something was written."""


class FragileStore:
    """The port Store of one program: at each of its ends something may go wrong."""

    def __init__(self, store: SqlStore, program: Working) -> None:
        self.whole = store
        self._program = program

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Look, unless the database is out of reach."""
        self._program.lives()
        self._reach()
        with self._inside(), self.whole.reading() as reading:
            yield reading

    @contextmanager
    def writing(self, *, together: bool = False) -> Iterator[Transaction]:
        """Write, unless the database is out of reach; the word of the commit may be lost."""
        program, faults = self._program, self._program.faults
        program.comes_to("before a transaction")
        self._reach()
        if faults.strikes(Fault.LOCKED, program.name):
            raise program.troubled("the database is locked")
        kept = faults.strikes(Fault.LOST_COMMIT, program.name)
        with self._inside(), self.whole.writing(together=together) as tx:
            yield tx
            program.may_end("in a transaction")
            if kept and faults.either(Fault.LOST_COMMIT):
                raise program.troubled("the connection broke before the commit")
        program.wrote()
        if kept:
            raise program.troubled("the connection broke in the commit")
        program.may_end("after a transaction")

    def seal(self, now: datetime) -> bool:
        """Seal what history grew."""
        self._program.comes_to("before a seal")
        self._reach()
        return self.whole.seal(now)

    @contextmanager
    def _inside(self) -> Iterator[None]:
        self._program.inside += 1
        try:
            yield
        finally:
            self._program.inside -= 1

    def _reach(self) -> None:
        if self._program.out_of_reach():
            raise self._program.troubled("the database is out of reach")
