"""`python -m tests.roles`: try the whole table at every face, print it, and count what was tried."""

from __future__ import annotations

import asyncio
import sys

from bot.core.people import Role
from tests.roles.deeds import ELSEWHERE, table
from tests.roles.floor import Floor
from tests.roles.trying import OPENS, cells, forgeries, wrong


def main() -> int:
    """Print the table, then try it; 1 where something is not as it says."""
    rows = [["", *(role.value.replace("_", " ") for role in Role)]]
    rows += [[done.name, *("yes" if done.may(role) else "-" for role in Role)] for done in table()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip())
    print(f"\non no platform: {', '.join(deed.value for deed in ELSEWHERE)}\n")
    return max(_tried(face) for face in OPENS)


def _tried(face: str) -> int:
    every, made_up = cells(), forgeries()
    found = asyncio.run(wrong(face, Floor(), [*every, *made_up]))
    allowed = sum(cell.done.may(cell.role) for cell in every)
    print(
        f"{face}: {len(every)} of {len(every)} cells ({allowed} allowed, {len(every) - allowed} refused) and "
        f"{len(made_up)} forgeries tried, {len(found)} not as the table says"
    )
    print("\n".join(found))
    return min(1, len(found))


if __name__ == "__main__":
    sys.exit(main())
