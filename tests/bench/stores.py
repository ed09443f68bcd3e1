"""What the store costs: a sweep, the board and the opening of a case, with much or little in the database."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.core.boards import Board
from bot.serve import settle
from bot.service.cases import open_case
from bot.service.huddle import draw_board
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.store.store import SqlStore
from tests.bench import queued
from tests.bench.figures import Figure, Goal, in_turn, seconds
from tests.bench.plainly import ByHand, by_hand
from tests.bench.stocked import BOARD, KEY, NOW, Stock, booking, fill, opened, practice, round_clinic
from tests.bench.theirs import OneJobEach
from tests.kills.databases import Server, server


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How much is stored and due, and how often it is measured."""

    little: int = 10_000
    some: int = 100_000
    much: int = 1_000_000
    due: int = 1_000
    board: int = 100
    prompts: int = 100
    year: int = 2_000
    rounds: int = 5


QUICK = Sizes(little=1_000, some=2_000, much=3_000, due=20, board=10, prompts=10, year=10, rounds=1)


@dataclass(kw_only=True)
class Stores:
    """The stores of a run, each filled when it is first asked for, and what is begun for it."""

    folder: Path
    sizes: Sizes
    begun: ExitStack = field(default_factory=ExitStack)
    _urls: dict[int, str] = field(default_factory=dict)
    _jobs: dict[bool, OneJobEach] = field(default_factory=dict)
    _server: Server | None = None

    def url(self, tasks: int) -> str:
        """Return the address of the store with so many tasks."""
        if tasks not in self._urls:
            self._urls[tasks] = f"sqlite:///{self.file(tasks)}"
            fill(self._urls[tasks], self.stock(tasks))
            _settle()
        return self._urls[tasks]

    def file(self, tasks: int) -> Path:
        """Return where the store with so many tasks lies."""
        return self.folder / f"{tasks}.db"

    def stock(self, tasks: int) -> Stock:
        """Return what is in a store with so many tasks."""
        # the smallest one is for its board alone; one round more is for warming up
        rounds = 0 if tasks == self.sizes.little else self.sizes.rounds + 1
        return Stock(tasks=tasks, rounds=rounds, due=self.sizes.due, board=self.sizes.board)

    def jobs(self, *, log: bool) -> OneJobEach:
        """Return the job store with one job for each reminder, with a write-ahead log or as it is."""
        if log not in self._jobs:
            folder = self.folder / f"theirs-{log}"
            folder.mkdir()
            self._jobs[log] = OneJobEach(folder, jobs=self.sizes.some, due=self.sizes.due, log=log)
            _settle()
        return self._jobs[log]

    @property
    def postgres(self) -> Server:
        """Return a PostgreSQL of the run's own, in which commits wait for the disk."""
        if self._server is None:
            self._server = self.begun.enter_context(server())
        return self._server


def _settle() -> None:
    # what was filled in must not be written to the disk while something is measured
    os.sync()


def sweep(stores: Stores) -> Iterator[Figure]:
    """Measure how what is due is claimed, marked, written into history and put into the outbox."""
    sizes = stores.sizes
    what = f"sweep {sizes.due:,} due of {{:,}} tasks"
    some, much = stores.url(sizes.some), stores.url(sizes.much)
    copy = shutil.copy(stores.file(sizes.some), stores.folder / "by-hand.db")
    _settle()
    with opened(some) as of_few, opened(much) as of_many, by_hand(copy, KEY, NOW) as plain:
        works = (*(_warm(store, sizes) for store in (of_few, of_many)), _warm_by_hand(plain, sizes))
        of_some, of_much, plainly = in_turn(sizes.rounds, *works)
    rounds = min(3, sizes.rounds)
    theirs, logged = in_turn(rounds, *(stores.jobs(log=log).sweep for log in (False, True)))
    at_most, faster = partial(Goal), partial(Goal, faster=True)
    for many, found, against, other, goal in (
        (sizes.much, of_much, f"of {sizes.some:,} tasks", of_some, at_most(bound=1.1)),
        (sizes.some, of_some, "sqlite3 by hand", plainly, at_most(bound=1.5)),
        (sizes.some, of_some, "one APScheduler job each", theirs, faster(bound=25)),
        (sizes.some, of_some, "the same, write-ahead log", logged, faster(bound=7)),
    ):
        yield Figure(what=what.format(many), ours=found, against=against, theirs=other, goal=goal)
    yield from _sweep_on_postgres(stores)


def _sweep_on_postgres(stores: Stores) -> Iterator[Figure]:
    if not queued.is_there():
        print(queued.MISSING, file=sys.stderr)
        return
    sizes, here = stores.sizes, stores.postgres
    here.run("CREATE DATABASE ours", "CREATE DATABASE theirs")
    fill(here.of("ours"), stores.stock(sizes.some))
    here.run("ANALYZE", database="ours")
    theirs = queued.Queue(here.of("theirs", driver=""), waiting=sizes.some, due=sizes.due)
    with opened(here.of("ours")) as store:
        of_ours, of_theirs = in_turn(sizes.rounds, _warm(store, sizes), theirs.sweep)
    yield Figure(
        what=f"sweep {sizes.due:,} due of {sizes.some:,} tasks, PostgreSQL",
        ours=of_ours,
        against=f"pgqueuer, {sizes.some:,} waiting",
        theirs=of_theirs,
        goal=Goal(bound=1.5, faster=True),
    )


def _warm(store: SqlStore, sizes: Sizes) -> Callable[[int], float]:
    # a program that runs has said each statement before
    _swept(store, sizes.due, sizes.rounds)
    return partial(_swept, store, sizes.due)


def _warm_by_hand(plain: ByHand, sizes: Sizes) -> Callable[[int], float]:
    _by_hand(plain, sizes, sizes.rounds)
    return partial(_by_hand, plain, sizes)


def _by_hand(plain: ByHand, sizes: Sizes, number: int) -> float:
    swept: list[int] = []
    taken = seconds(lambda: swept.append(plain.sweep(round_clinic(number))))
    _require(swept, sizes.due)
    return taken


def _require(asked: list[int], due: int) -> None:
    if asked != [due]:
        raise RuntimeError(f"{asked} were asked, {due} were due")


def _swept(store: SqlStore, due: int, number: int) -> float:
    asked: list[int] = []
    practised = practice(store, round_clinic(number))
    # and it has drawn the board a few minutes ago
    _draw(store, practised)
    with as_served():
        taken = seconds(lambda: asked.append(tick(practised)))
    _require(asked, due)
    return taken


@contextmanager
def as_served() -> Iterator[None]:
    """Treat memory as `bookend serve` does, for this long."""
    before, settled = gc.get_threshold(), gc.get_freeze_count()
    settle()
    try:
        yield
    finally:
        if not settled:
            gc.unfreeze()
        gc.set_threshold(*before)


def board(stores: Stores) -> Iterator[Figure]:
    """Measure how the board of a clinic is drawn by a program that has just started."""
    sizes = stores.sizes
    little, much = (partial(_drawn, stores.url(tasks), sizes.board) for tasks in (sizes.little, sizes.much))
    of_little, of_much = in_turn(sizes.rounds, little, much)
    yield Figure(
        what=f"board of {sizes.board} open cases, {sizes.much:,} tasks stored",
        ours=of_much,
        against=f"{sizes.little:,} tasks stored",
        theirs=of_little,
        goal=Goal(bound=1.2),
    )


def _drawn(url: str, rows: int, _: int) -> float:
    drawn: list[Board] = []
    with opened(url) as store:
        practised = practice(store, BOARD)
        taken = seconds(lambda: drawn.append(_draw(store, practised)))
    if len(drawn[0].rows) != rows:
        raise RuntimeError(f"{len(drawn[0].rows)} cases on the board, {rows} are open")
    return taken


def _draw(store: SqlStore, practised: Practice) -> Board:
    (clinic,) = practised.clinics.values()
    with store.reading() as reading:
        return draw_board(practised, reading, clinic, practised.clock.now())


def opening(stores: Stores) -> Iterator[Figure]:
    """Measure how a case of about fifty tasks is opened, so that it survives a power cut."""
    with opened(stores.url(stores.sizes.much)) as store:
        practised = practice(store, BOARD)
        tasks: list[int] = []

        def open_one() -> None:
            with store.writing() as tx:
                tasks.append(len(open_case(practised, tx, booking(), clinic=BOARD, by="robin").tasks))

        def opened_one(_: int) -> float:
            with as_served():
                return seconds(open_one)

        opened_one(0)
        many = tasks[0]
        ours, theirs, logged = in_turn(
            stores.sizes.rounds,
            opened_one,
            *(partial(_added, stores.jobs(log=log), many) for log in (False, True)),
        )
    what = f"open a case of {many} tasks, {stores.sizes.much:,} tasks stored"
    for against, other, bound in (("", theirs, 30), (", write-ahead log", logged, 12)):
        against = f"{many} × add_job{against}"
        yield Figure(what=what, ours=ours, against=against, theirs=other, goal=Goal(bound=bound, faster=True))


def _added(jobs: OneJobEach, many: int, number: int) -> float:
    return jobs.add(number, many)
