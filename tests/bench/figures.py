"""Figures: what was measured, against what, and whether the goal is met."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """A bound on how many times theirs ours may take or, where `faster`, theirs must take of ours; where ours
    is better the larger it is, it must be `at_least` so many times theirs.

    Without a counterpart it bounds the figure itself, in its unit.
    """

    bound: float
    faster: bool = False
    at_least: bool = False

    def holds(self, found: float) -> bool:
        """Say whether a ratio, or a figure without a counterpart, is within the bound."""
        return found >= self.bound if self.faster or self.at_least else found <= self.bound

    def __str__(self) -> str:
        if self.faster:
            return f"≥ {self.bound:g} × faster"
        return f"≥ {self.bound:g}" if self.at_least else f"≤ {self.bound:g}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """What was measured: medians, in seconds or another unit. Without a goal it is only shown."""

    what: str
    ours: float
    against: str = ""
    theirs: float | None = None
    unit: str = "s"
    goal: Goal | None = None

    @property
    def ratio(self) -> float | None:
        """Return what the goal bounds, `None` without a counterpart."""
        if self.theirs is None:
            return None
        faster = self.goal is not None and self.goal.faster
        return self.theirs / self.ours if faster else self.ours / self.theirs

    @property
    def met(self) -> bool:
        """Say whether the goal is met; a figure without a goal meets it."""
        return self.goal is None or self.goal.holds(self.ours if self.ratio is None else self.ratio)


HEADINGS = ("what", "against", "ours", "theirs", "ratio", "goal", "met")


def table(figures: Sequence[Figure]) -> Iterator[str]:
    """Draw the figures in columns."""
    rows = [HEADINGS, *map(_cells, figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cells(figure: Figure) -> tuple[str, ...]:
    theirs, ratio, goal = figure.theirs, figure.ratio, figure.goal
    unit = "" if ratio is not None else f" {figure.unit}"
    return (
        figure.what,
        figure.against or "-",
        amount(figure.ours, figure.unit),
        "-" if theirs is None else amount(theirs, figure.unit),
        "-" if ratio is None else f"{ratio:.2f}",
        "-" if goal is None else f"{goal}{unit}".rstrip(),
        "-" if goal is None else "yes" if figure.met else "NO",
    )


def amount(value: float, unit: str) -> str:
    """Write a figure as people read it."""
    if unit != "s":
        return f"{value:.0f} {unit}".rstrip()
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def seconds(work: Callable[[], object]) -> float:
    """Return how long something takes once, without the garbage of what was before it."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def in_turn(rounds: int, *works: Callable[[int], float]) -> list[float]:
    """Measure several works in turn, so that a busy moment hits them all; return the median of each."""
    taken = [[work(number) for work in works] for number in range(rounds)]
    return [median(column) for column in zip(*taken, strict=True)]
