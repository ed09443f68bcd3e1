"""Pages: what has no room in one message stands on the next, each line on exactly one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: How many lines a page has at most: more than that nobody reads on a telephone.
LINES = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Lines from `start` up to `end` of `count`, of which the first `whole` are told with all their words."""

    number: int
    start: int
    end: int
    whole: int
    count: int

    @property
    def left(self) -> int:
        """Return how many lines come on later pages."""
        return self.count - self.end


def page_of(wanted: int, count: int, fits: Callable[[Page], bool]) -> Page:
    """Return a page of so many lines, the last one where there are fewer pages; there is always one."""
    page = _page(1, 0, count, fits)
    while page.number < wanted and page.left:
        page = _page(page.number + 1, page.end, count, fits)
    return page


def _page(number: int, start: int, count: int, fits: Callable[[Page], bool]) -> Page:
    """Return the page from a line on: as many lines as fit, and of these as many with all their words."""

    def page(lines: int, whole: int) -> Page:
        return Page(number=number, start=start, end=start + lines, whole=whole, count=count)

    most = min(LINES, count - start)
    if fits(page(most, most)):
        return page(most, most)
    lines = max(_most(most, lambda n: fits(page(n, 0))), min(1, most))
    return page(lines, _most(lines, lambda n: fits(page(lines, n))))


def _most(high: int, fits: Callable[[int], bool]) -> int:
    """Return the greatest number up to `high` that fits, or 0."""
    low = 0
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low
