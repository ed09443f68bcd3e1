"""How much of a large space a test looks at: all of it where every proof is required, else a part."""

import os
from collections.abc import Iterable
from random import Random
from typing import TypeVar

Cell = TypeVar("Cell")


def every_proof() -> bool:
    """Say whether every proof is required, as `.ci/run` does."""
    return bool(os.environ.get("BOOKEND_TEST_REQUIRE"))


def some(many: int) -> int:
    """`many` where BOOKEND_TEST_REQUIRE is set (as `.ci/run` does), else about a sixth of them."""
    return many if every_proof() else max(3, many // 6)


def some_of(cells: Iterable[Cell]) -> list[Cell]:
    """All cells of a table where BOOKEND_TEST_REQUIRE is set, else about a sixth of them, in their order.

    Kept are the first, the last, and of those between them as many as `some` says, drawn with a fixed seed:
    always the same ones, and no whole row or column of the table. All the others are left out.
    """
    found = list(cells)
    kept = some(len(found)) - 2
    between = range(1, len(found) - 1)
    if kept >= len(between):
        return found
    drawn = sorted(Random(len(found)).sample(between, kept))
    return [found[0], *(found[place] for place in drawn), found[-1]]
