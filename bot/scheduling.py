"""The rounds: APScheduler only wakes the work; the database is the schedule.

The job runs every few seconds, because another program may have written to the database, and at the next due
moment. It never drops a turn: `coalesce` makes one of several missed ones, and without a grace time none is
too late to run. Turns are kept apart here: to APScheduler one runs until a moment after its end, and it would
skip what is due in that moment.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.core.errors import BookendError
from bot.ports import Clock

log = logging.getLogger(__name__)

_JOB = "rounds"
#: Another program's change is acted on within this time.
EVERY = timedelta(seconds=4)


class Rounds:
    """Runs `work` now and whenever it is due; `work` returns when it wants to be run next, if it knows: at
    once, where that is past.
    """

    def __init__(self, work: Callable[[], Awaitable[datetime | None]], clock: Clock) -> None:
        self._work = work
        self._clock = clock
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running = False
        #: whether a turn was asked for that has not begun
        self._called = True
        self._again = False
        self._began: float | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    def start(self) -> None:
        """Begin; must be called on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._scheduler.add_job(
            self._turn,
            IntervalTrigger(seconds=int(EVERY.total_seconds()), timezone="UTC"),
            id=_JOB,
            coalesce=True,
            max_instances=2,
            misfire_grace_time=None,
            next_run_time=self._clock.now(),
        )
        self._scheduler.start()

    def stop(self) -> None:
        """Begin no other turn."""
        if self._scheduler.running:
            self._scheduler.pause()

    async def end(self) -> None:
        """Begin no other turn, and return when the one that runs has finished: it may be about to send."""
        self.stop()
        await self._idle.wait()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def turned(self) -> float | None:
        """Return how many seconds ago the last turn began, ended or not; `None` before the first."""
        return None if self._began is None else asyncio.get_running_loop().time() - self._began

    def wake(self) -> None:
        """Ask for a turn now; may be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        if self._running:
            self._again = True
        elif self._scheduler.running and not self._called:
            self._called = True
            self._scheduler.modify_job(_JOB, next_run_time=self._clock.now())

    async def _turn(self) -> None:
        if self._running:
            self._again = True
            return
        self._running, self._called = True, False
        self._idle.clear()
        try:
            wished = await self._worked()
            while self._again:
                self._again = False
                wished = await self._worked()
        except BookendError as trouble:
            log.error("%s", trouble)
            wished = None
        finally:
            self._running = False
            self._idle.set()
        self._next(wished)

    async def _worked(self) -> datetime | None:
        self._began = asyncio.get_running_loop().time()
        return await self._work()

    def _next(self, wished: datetime | None) -> None:
        now = self._clock.now()
        if wished is not None and self._scheduler.running:
            at = min(max(wished, now), now + EVERY)
            self._scheduler.modify_job(_JOB, next_run_time=at)
