"""How fast a platform may be asked: each kind of call has its allowances, and a pause it wants holds for all.

What may be asked how often is a platform's own table, its `Limits`. Who waits for a call decides how much of
an allowance it leaves to others, and whether it waits for its turn or comes back.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from bot.core.errors import Paced

#: Places whose calls are counted, before those are forgotten that have rested long enough.
MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """So many calls a minute; `burst` of them may come at once after a rest."""

    a_minute: int
    burst: int

    @property
    def apart(self) -> float:
        """Return how many seconds lie between two calls in the long run."""
        return 60 / self.a_minute


class Urgency(Enum):
    """Who waits for a call: the part of a burst that it leaves to others, the seconds that it may wait, and
    those after which nobody comes back for it.
    """

    #: Somebody looks at their telephone, which shows them an error after a few seconds; later nobody knows
    #: what it was about.
    PERSON = (0.0, 2.0, 60.0)
    #: A prompt or a card: the outbox waits rather than the call, which holds a lease.
    CARD = (0.3, 1.0, math.inf)
    #: A board, which everybody looks at: it goes before cards, and its own allowance keeps it rare.
    BOARD = (0.1, 0.0, math.inf)

    @property
    def leaves(self) -> float:
        """Return which part of a burst others keep."""
        return self.value[0]

    @property
    def patience(self) -> float:
        """Return how many seconds a call may wait for its turn."""
        return self.value[1]

    @property
    def longest(self) -> float:
        """Return after how many seconds nobody comes back for it."""
        return self.value[2]


_urgency: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.PERSON)


@contextmanager
def hurry(urgency: Urgency) -> Iterator[None]:
    """Let the calls within be this urgent; outside of it a person waits for every call."""
    before = _urgency.set(urgency)
    try:
        yield
    finally:
        _urgency.reset(before)


#: What is counted together: a kind of call, and where it goes if that is counted as well.
Counted = tuple[str, str]


class Limits(Protocol):
    """What a platform allows. A call is told by its kind and by the conversation that it goes to."""

    @property
    def platform(self) -> str:
        """The platform's name."""

    def of(self, kind: str, where: str, urgency: Urgency) -> Sequence[tuple[Counted, Allowance]]:
        """Return the allowances that a call takes from, all at once."""

    def held(self, kind: str, where: str) -> Counted:
        """Return what a pause holds that the platform asked for at such a call."""


class Bucket:
    """What is left of an allowance at a moment."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        # when the whole burst is there again; who was sent away is told to come back by this time
        self._full_at = 0.0
        self._line_ends = 0.0

    def wait(self, now: float, leaves: float = 0.0) -> float:
        """Return the seconds until there is a call left, besides those that it leaves to others."""
        spare = self._allowance.burst - 1 - int(self._allowance.burst * leaves)
        left = self._full_at - spare * self._allowance.apart - now
        # a sum of fractions that ought to be nothing
        return left if left > 0.001 else 0.0

    def take(self, now: float) -> None:
        """Count a call."""
        self._full_at = max(self._full_at, now) + self._allowance.apart

    def line_up(self, now: float, wait: float, longest: float) -> float:
        """Return the seconds after which one that cannot go now should come back: each at its own moment,
        which is nobody's where that is after the longest that one waits.
        """
        at = max(self._line_ends, now + wait)
        if at - now <= longest:
            self._line_ends = at + self._allowance.apart
        return at - now

    def is_full(self, now: float) -> bool:
        """Say whether it stands as if nothing had ever been taken."""
        return max(self._full_at, self._line_ends) <= now


def loop_time() -> float:
    """Return the seconds of the running event loop's own clock."""
    return asyncio.get_running_loop().time()


class Pace:
    """Lets each call go when it may; raises Paced where that is longer than it can wait."""

    def __init__(
        self,
        limits: Limits,
        time: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._time = time
        self._sleep = sleep
        self._buckets: dict[tuple[Counted, Allowance], Bucket] = {}
        self._paused: dict[Counted, float] = {}

    async def turn(self, kind: str, where: str = "") -> None:
        """Return when a call may be made."""
        wait = self.book(kind, where)
        while wait > 0:
            await self._sleep(wait)
            wait = self._pause(kind, where)
            self._refuse_beyond_patience(wait)

    def book(self, kind: str, where: str = "") -> float:
        """Count a call and return in how many seconds it may be made."""
        now = self._time()
        wait, buckets = self._open(kind, where, now)
        for bucket in buckets:
            bucket.take(now)
        return max(wait, self._pause(kind, where))

    def look(self, kind: str, where: str = "") -> None:
        """Raise Paced where a call could not be made now, and count nothing: nobody need prepare it."""
        self._open(kind, where, self._time())

    def _open(self, kind: str, where: str, now: float) -> tuple[float, Sequence[Bucket]]:
        """Return in how many seconds a call may be made, and what it takes from."""
        urgency = _urgency.get()
        self._refuse_beyond_patience(self._pause(kind, where))
        buckets = [self._bucket(*each) for each in self._limits.of(kind, where, urgency)]
        wait, slowest = max(
            ((bucket.wait(now, urgency.leaves), bucket) for bucket in buckets), key=lambda each: each[0]
        )
        if wait > urgency.patience:
            raise self._paced(slowest.line_up(now, wait, urgency.longest))
        return wait, buckets

    def pause(self, kind: str, where: str, lasts: timedelta) -> None:
        """Let nobody make such a call until the platform's pause is over."""
        held = self._limits.held(kind, where)
        until = self._time() + lasts.total_seconds()
        self._paused[held] = max(until, self._paused.get(held, 0.0))

    def _pause(self, kind: str, where: str) -> float:
        held = self._limits.held(kind, where)
        left = self._paused.get(held, 0.0) - self._time()
        if left <= 0:
            self._paused.pop(held, None)
        return max(0.0, left)

    def _refuse_beyond_patience(self, wait: float) -> None:
        if wait > _urgency.get().patience:
            raise self._paced(wait)

    def _bucket(self, counted: Counted, allowance: Allowance) -> Bucket:
        key = (counted, allowance)
        if key not in self._buckets and len(self._buckets) >= MOST:
            now = self._time()
            self._buckets = {key: each for key, each in self._buckets.items() if not each.is_full(now)}
        return self._buckets.setdefault(key, Bucket(allowance))

    def _paced(self, seconds: float) -> Paced:
        return Paced(f"{self._limits.platform} takes no more of this at once.", timedelta(seconds=seconds))
