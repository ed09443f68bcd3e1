"""What was read lately: cases and their tasks by the case's revision, which every change of either raises.

Looks fill it, for what they see is committed. A unit of work may only use it: a revision that it raises
itself is known to nobody before it is committed, and no other can raise it to that number meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock

from bot.core.case import Case, Task

#: How many cases are remembered, a few ten thousand tasks.
MOST = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A case as it was at its revision, with its tasks if they were read."""

    case: Case
    tasks: tuple[Task, ...] | None = None


class Known:
    """The cases that were read lately, for all threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[str, Kept] = {}
        self._one_at_a_time = Lock()

    def get(self, code: str, revision: int) -> Kept | None:
        """Return a case as it is at this revision, `None` if that is not known."""
        kept = self._kept.get(code)
        return kept if kept is not None and kept.case.revision == revision else None

    def keep(self, found: Iterable[Kept]) -> None:
        """Remember what a look found, and forget what was remembered first when it gets too much."""
        with self._one_at_a_time:
            for each in found:
                self._kept.pop(each.case.code, None)
                self._kept[each.case.code] = each
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
