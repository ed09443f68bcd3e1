"""`python -m tests.simulation --seed N --days D`: play clinics under faults until so many days have passed.

Each seed is a clinic of its own that is open for a few days. A seed that fails is played again with fewer
faults and fewer patients as long as it still fails, and that transcript is printed; `--seed N` replays it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

from tests.simulation.played import Outcome, Simulation
from tests.simulation.shrunk import shrunk

#: For how many days the clinic of a seed is open.
OPEN = 5


def main(arguments: Sequence[str]) -> int:
    """Play, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="the first seed; drawn afresh unless it is named")
    parser.add_argument("--days", type=int, default=OPEN, help="how many clinic-days are played in all")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes play at a time")
    asked = parser.parse_args(arguments)
    first = asked.seed if asked.seed is not None else int.from_bytes(os.urandom(4), "big")
    seeds = range(first, first + -(-asked.days // OPEN))
    print(f"seeds {seeds[0]} to {seeds[-1]}", flush=True)
    begun, all_of_them = time.perf_counter(), Outcome(seed=first, days=0)
    with suppress(KeyboardInterrupt):
        # whoever has no more time still sees what came of it
        for outcome in _played(seeds, asked.jobs):
            _add(all_of_them, outcome)
            if outcome.wrong:
                print(_told(outcome), flush=True)
            elif len(seeds) > 1:
                print(f"seed {outcome.seed}: {all_of_them.days} days", flush=True)
    seconds = time.perf_counter() - begun
    print(_figures(all_of_them, seconds), flush=True)
    return 1 if all_of_them.wrong else 0


def play(seed: int) -> Outcome:
    """Play a seed."""
    return Simulation(seed, days=OPEN).play()


def _played(seeds: Sequence[int], jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        yield from map(play, seeds)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            yield from pool.map(play, seeds, chunksize=1)


def _add(total: Outcome, one: Outcome) -> None:
    total.days += one.days
    total.faults += one.faults
    total.repeats += one.repeats
    total.counted += one.counted
    total.wrong += one.wrong and [f"seed {one.seed}"]


def _told(outcome: Outcome) -> str:
    least, how = shrunk(outcome, OPEN)
    return "\n".join([f"\nseed {outcome.seed} ({how}):", *least.wrong, *least.transcript[-60:], ""])


def _figures(total: Outcome, seconds: float) -> str:
    def row(words: str, counted: Counter[str]) -> str:
        its = ", ".join(f"{name} {many}" for name, many in sorted(counted.items()))
        return f"{words}: {its or 'none'}"

    pace = f"{total.days} clinic-days in {seconds:.0f} s ({total.days / seconds:.1f} a second)"
    return "\n".join(
        [
            pace,
            row("played", total.counted),
            row("faults", total.faults),
            row("repeats that the design allows, and why", total.repeats),
            f"wrong: {', '.join(total.wrong) or 'nothing'}",
        ]
    )


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":
        # the order of sets must not depend on the day, or a seed would not replay
        os.execve(
            sys.executable,
            [sys.executable, "-m", "tests.simulation", *sys.argv[1:]],
            {**os.environ, "PYTHONHASHSEED": "0"},
        )
    sys.exit(main(sys.argv[1:]))
