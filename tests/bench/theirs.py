"""What else one could do: one APScheduler job for each reminder, in its own job store with its defaults, or
the same with SQLite's write-ahead log.

Only the grace time is not its default: with that, a job that is one second late would never run.
"""

from __future__ import annotations

import itertools
import os
import pickle
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import WallClock
from tests.bench.figures import seconds

PATIENCE = 300
#: A reminder comes again until somebody answers, as ours does: the store keeps when.
AGAIN = timedelta(minutes=30)


def remind(_task: str) -> None:
    """Remind nobody: what a reminder says and writes down comes on top."""


class OneJobEach:
    """A job store with so many reminders for later; each sweep finds some that are due in a copy of it."""

    def __init__(self, folder: Path, *, jobs: int, due: int, log: bool) -> None:
        self._folder = folder
        self._due = due
        if log:
            # the file remembers it, and each copy of it
            with closing(sqlite3.connect(folder / "full.db")) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        with self._scheduler("full") as scheduler:
            self._fill(scheduler, jobs - due, WallClock().now() + timedelta(days=1))

    def sweep(self, number: int) -> float:
        """Return how long it takes until every job that is due has run and is put off to its next time."""
        shutil.copy(self._folder / "full.db", self._folder / f"copy-{number}.db")
        os.sync()
        with self._scheduler(f"copy-{number}") as scheduler:
            self._fill(scheduler, self._due, WallClock().now() - timedelta(minutes=1))
            done, ran = Event(), itertools.count(1)
            scheduler.add_listener(
                lambda _: done.set() if next(ran) == self._due else None, EVENT_JOB_EXECUTED
            )

            def swept() -> None:
                scheduler.resume()
                if not done.wait(PATIENCE):
                    raise TimeoutError(f"{self._due} jobs took more than {PATIENCE} s")

            return seconds(swept)

    def add(self, number: int, many: int) -> float:
        """Return how long it takes to add so many reminders, as a case is opened."""
        soon = WallClock().now() + timedelta(days=30)

        def added() -> None:
            for each in range(many):
                task = f"new-{number}-{each}"
                scheduler.add_job(remind, _trigger(soon), args=[task], id=task)

        with self._scheduler("full") as scheduler:
            return seconds(added)

    @contextmanager
    def _scheduler(self, name: str) -> Iterator[BackgroundScheduler]:
        store = SQLAlchemyJobStore(url=f"sqlite:///{self._folder / f'{name}.db'}")
        fair = {"misfire_grace_time": None}
        scheduler = BackgroundScheduler(jobstores={"default": store}, job_defaults=fair, timezone="UTC")
        scheduler.start(paused=True)
        try:
            yield scheduler
        finally:
            scheduler.shutdown()

    def _fill(self, scheduler: BackgroundScheduler, many: int, at: datetime) -> None:
        """Write the rows that so many add_job would, in one go: that way it takes seconds, not an hour."""
        model = scheduler.add_job(remind, _trigger(WallClock().now() + AGAIN), args=["model"])
        state = model.__getstate__()
        model.remove()
        rows = [_row(state, f"{at:%d%H%M%S}-{number}", at) for number in range(many)]
        store = scheduler._lookup_jobstore("default")
        with store.engine.begin() as connection:
            connection.execute(store.jobs_t.insert(), rows)


def _trigger(first: datetime) -> IntervalTrigger:
    return IntervalTrigger(seconds=int(AGAIN.total_seconds()), start_date=first, timezone="UTC")


def _row(state: dict[str, object], task: str, at: datetime) -> dict[str, object]:
    own = {"id": task, "args": (task,), "trigger": _trigger(at), "next_run_time": at}
    packed = pickle.dumps({**state, **own}, pickle.HIGHEST_PROTOCOL)
    return {"id": task, "next_run_time": at.timestamp(), "job_state": packed}
