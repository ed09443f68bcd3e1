"""Measure Bookend beside what else one could use, print one table, keep it as JSON under `history/`, and end
with 1 if a goal is missed.

A whole run stores millions of tasks and wants a machine that does nothing else: single times drift, ratios
hold. PostgreSQL and the Teams SDK come with `.[test,postgres,teams]`; pgqueuer is named where it is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from bot.clock import WallClock
from tests.bench import clicks, door, lateness, memory, processes, rehearsed, stores
from tests.bench.figures import Figure, table
from tests.bench.stores import QUICK, Sizes, Stores

HISTORY = Path(__file__).parent / "history"
LIBRARIES = ("bookend", "SQLAlchemy", "APScheduler", "slack-bolt", "microsoft-teams-apps", "starlette")
#: A name -> what it measures, for people, and how.
MEASURES: Mapping[str, tuple[str, Callable[[Stores], Iterator[Figure]]]] = {
    "sweep": ("what is due asked in one go, beside APScheduler, pgqueuer and sqlite3 by hand", stores.sweep),
    "board": ("a board of today drawn, with much or little stored", stores.board),
    "opening": ("a case opened, beside as many jobs of APScheduler", stores.opening),
    "lateness": ("how late a prompt reaches Slack, of two programs on one PostgreSQL", lateness.lateness),
    "start": (
        "`check`, `--help` and `demo`, from the command on",
        lambda run: processes.start(run.sizes.rounds),
    ),
    "door": (
        "a press from its bytes to its answer, beside Bolt's: the door by itself",
        lambda run: door.door(door.QUICK if run.sizes is QUICK else door.WHOLE),
    ),
    "clicks": (
        "presses at `bookend serve` on a SQLite file, beside an empty Bolt handler",
        lambda run: clicks.on_sqlite(run.folder, _clicked(run)),
    ),
    "clicks-postgres": (
        "the same on PostgreSQL",
        lambda run: clicks.on_postgres(run.folder, _clicked(run)),
    ),
    "memory": (
        "memory after many clicks, beside empty Bolt and Teams apps",
        lambda run: memory.clicked(run.folder, memory.QUICK if run.sizes is QUICK else memory.WHOLE),
    ),
    "idle": ("memory when nothing is to be done", lambda run: memory.idle(run.folder)),
    "rehearsed": (
        "a case played through, and a clinic's year",
        lambda run: rehearsed.rehearsed(run.sizes.rounds, run.sizes.year),
    ),
}


def _clicked(run: Stores) -> clicks.Sizes:
    return clicks.QUICK if run.sizes is QUICK else clicks.WHOLE


def main(arguments: Sequence[str]) -> int:
    """Run the bench and return its exit code."""
    asked = _parser().parse_args(arguments)
    names = [asked.only] if asked.only else [*MEASURES]
    figures, left_out = measured(names, QUICK if asked.quick else Sizes())
    ran_on = circumstances() | ({"left out": ", ".join(left_out)} if left_out else {})
    print("\n".join([*table(figures), "", *(f"{name}: {value}" for name, value in ran_on.items())]))
    if asked.quick:
        return 0
    if not asked.only:
        keep(HISTORY, figures, ran_on)
    return 0 if all(figure.met for figure in figures) and not left_out else 1


def _parser() -> argparse.ArgumentParser:
    widest = max(map(len, MEASURES))
    names = (f"  {name.ljust(widest)}  {what}" for name, (what, _) in MEASURES.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        epilog="\n".join(("what is measured, by NAME:", *names)),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="small numbers: no goal counts, nothing is kept")
    parser.add_argument(
        "--only", choices=MEASURES, metavar="NAME", help="measure this alone, and keep nothing"
    )
    return parser


def measured(names: Sequence[str], sizes: Sizes) -> tuple[list[Figure], Sequence[str]]:
    """Measure these, one after the other, and return which were left out: whoever has no more time, and
    presses Ctrl-C, is told of what is there.
    """
    figures: list[Figure] = []
    left = [*names]
    with tempfile.TemporaryDirectory(prefix="bookend-bench-") as folder:
        run = Stores(folder=Path(folder), sizes=sizes)
        with run.begun, suppress(KeyboardInterrupt):
            while left:
                print(f"measuring {left[0]} …", file=sys.stderr, flush=True)
                _, measure = MEASURES[left[0]]
                figures += [*measure(run)]
                del left[0]
    return figures, left


def circumstances() -> dict[str, str]:
    """Return what the figures depend on: versions, cores, and how busy the machine was."""
    return {
        "at": f"{WallClock().now():%Y-%m-%d %H:%M} UTC",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{library: version(library) for library in LIBRARIES},
        "cores": str(os.cpu_count()),
        "load": ", ".join(f"{each:.1f}" for each in os.getloadavg()),
    }


def keep(folder: Path, figures: Sequence[Figure], ran_on: Mapping[str, str]) -> None:
    """Write a run down beside those of before."""
    folder.mkdir(exist_ok=True)
    rows = [{**asdict(figure), "ratio": figure.ratio, "met": figure.met} for figure in figures]
    text = json.dumps({"circumstances": ran_on, "figures": rows}, indent=1, ensure_ascii=False)
    name = re.sub(r"\W+", "-", ran_on["at"])
    (folder / f"{name}.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
