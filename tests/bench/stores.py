"""What the store costs: a sweep, the board and the opening of a case, with much or little in the database."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
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
from tests.bench.figures import Figure, Goal, in_turn, seconds
from tests.bench.stocked import BOARD, Stock, booking, fill, opened, practice, round_clinic
from tests.bench.theirs import OneJobEach


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How much is stored and due, and how often it is measured."""

    little: int = 10_000
    some: int = 100_000
    much: int = 1_000_000
    due: int = 1_000
    board: int = 100
    rounds: int = 5


QUICK = Sizes(little=1_000, some=2_000, much=3_000, due=20, board=10, rounds=1)


@dataclass(kw_only=True)
class Stores:
    """The stores of a run, each filled when it is first asked for."""

    folder: Path
    sizes: Sizes
    _urls: dict[int, str] = field(default_factory=dict)
    _jobs: OneJobEach | None = None

    def url(self, tasks: int) -> str:
        """Return the address of the store with so many tasks."""
        if tasks not in self._urls:
            # the smallest one is for its board alone; one round more is for warming up
            rounds = 0 if tasks == self.sizes.little else self.sizes.rounds + 1
            self._urls[tasks] = f"sqlite:///{self.folder / f'{tasks}.db'}"
            stock = Stock(tasks=tasks, rounds=rounds, due=self.sizes.due, board=self.sizes.board)
            fill(self._urls[tasks], stock)
        return self._urls[tasks]

    @property
    def jobs(self) -> OneJobEach:
        """Return the job store with one job for each reminder."""
        if self._jobs is None:
            folder = self.folder / "theirs"
            folder.mkdir()
            self._jobs = OneJobEach(folder, jobs=self.sizes.some, due=self.sizes.due)
        return self._jobs


def sweep(stores: Stores) -> Iterator[Figure]:
    """Measure how what is due is claimed, marked, written into history and put into the outbox."""
    sizes = stores.sizes
    with opened(stores.url(sizes.some)) as some, opened(stores.url(sizes.much)) as much:
        for store in (some, much):
            # a program that runs has said each statement before
            _swept(store, sizes.due, sizes.rounds)
        works = (partial(_swept, store, sizes.due) for store in (some, much))
        of_some, of_much = in_turn(sizes.rounds, *works)
    yield Figure(
        what=f"sweep {sizes.due:,} due of {sizes.much:,} tasks",
        ours=of_much,
        against=f"of {sizes.some:,} tasks",
        theirs=of_some,
        goal=Goal(bound=1.3),
    )
    (theirs,) = in_turn(min(3, sizes.rounds), stores.jobs.sweep)
    yield Figure(
        what=f"sweep {sizes.due:,} due of {sizes.some:,} tasks",
        ours=of_some,
        against="one APScheduler job each",
        theirs=theirs,
        goal=Goal(bound=15, faster=True),
    )


def _swept(store: SqlStore, due: int, number: int) -> float:
    asked: list[int] = []
    practised = practice(store, round_clinic(number))
    # and it has drawn the board a few minutes ago
    _draw(store, practised)
    with as_served():
        taken = seconds(lambda: asked.append(tick(practised)))
    if asked != [due]:
        raise RuntimeError(f"{asked} were asked, {due} were due")
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
        goal=Goal(bound=1.3),
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

        open_one()
        ours, theirs = in_turn(
            stores.sizes.rounds, lambda _: seconds(open_one), lambda number: stores.jobs.add(number, tasks[0])
        )
    yield Figure(
        what=f"open a case of {tasks[0]} tasks, {stores.sizes.much:,} tasks stored",
        ours=ours,
        against=f"{tasks[0]} × add_job",
        theirs=theirs,
    )
