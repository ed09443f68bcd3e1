"""What Bookend still does after a platform heard that something is taken: nobody waits for it but the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot.core.errors import ChatTrouble

log = logging.getLogger("bookend.chat")

#: How long errands that are still on their way may take when Bookend ends, in seconds.
_GRACE = 5


class Errands:
    """Runs errands beside everything else."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def later(self, errand: Coroutine[Any, Any, None]) -> None:
        """Do something right after; what the platform did not take, and an accident, only the log is told."""
        task = asyncio.create_task(_quietly(errand))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Let errands that are on their way arrive."""
        if self._running:
            await asyncio.wait(self._running, timeout=_GRACE)
        for errand in self._running:
            errand.cancel()


async def _quietly(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except ChatTrouble as trouble:
        log.warning("An answer did not reach anybody: %s", trouble)
    except Exception:
        log.exception("What was still to be done met an accident")
