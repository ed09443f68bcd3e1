"""What a platform sent and is being worked on: so much at once, and so much of one person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

#: How many things may be under way at once; a flood is turned away before it fills the memory.
MOST = 200
#: And how many of them may be one person's, who leaves room for everybody else.
MOST_OF_ONE = 50
#: How long what is under way may take when Bookend ends, in seconds.
_GRACE = 5

Result = TypeVar("Result")


class UnderWay(Generic[Result]):
    """Runs what was sent, each thing beside the others."""

    def __init__(self) -> None:
        self._tasks: dict[asyncio.Task[Result], str] = {}

    def begin(self, work: Callable[[], Coroutine[Any, Any, Result]], who: str) -> asyncio.Task[Result] | None:
        """Begin something of somebody's, "" where it is nobody's; `None` if there is too much already."""
        theirs = sum(each == who for each in self._tasks.values()) if who else 0
        if len(self._tasks) >= MOST or theirs >= MOST_OF_ONE:
            return None
        task = asyncio.create_task(work())
        self._tasks[task] = who
        task.add_done_callback(self._tasks.pop)
        return task

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE)
