"""How fast Slack may be asked: each method has its allowance, and a pause that Slack wants holds for all.

Slack counts the calls of each method in a workspace, by tiers, and what is posted also by channel. Bursts are
welcome and their size is not written down: a fifth of a minute is taken. The tiers, one message a second in a
channel and "several hundred" a minute in a workspace are from Slack's page on rate limits
(https://docs.slack.dev/apis/web-api/rate-limits), which method has which tier is from the methods' own pages;
a board is edited every three seconds because nobody reads faster, and all others share the same tier.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from bot.chat.slack.patience import PATIENT
from bot.core.errors import Paced


@dataclass(frozen=True, kw_only=True, slots=True)
class Allowance:
    """So many calls a minute; `burst` of them may come at once after a rest."""

    a_minute: int
    burst: int

    @property
    def apart(self) -> float:
        """Return how many seconds lie between two calls in the long run."""
        return 60 / self.a_minute


TIER_2 = Allowance(a_minute=20, burst=4)
TIER_3 = Allowance(a_minute=50, burst=10)
TIER_4 = Allowance(a_minute=100, burst=20)
HUNDREDS = Allowance(a_minute=240, burst=48)
#: One message a second, "short bursts" allowed; and how often the board of a channel is drawn anew.
IN_A_CHANNEL = Allowance(a_minute=60, burst=4)
BOARD_IN_A_CHANNEL = Allowance(a_minute=20, burst=1)

#: What Bookend calls. A method that is not here is taken to be of tier 2.
METHODS: Mapping[str, Allowance] = {
    "auth.test": HUNDREDS,
    "bots.info": TIER_3,
    "chat.getPermalink": HUNDREDS,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": HUNDREDS,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "pins.add": TIER_2,
    "pins.remove": TIER_2,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
#: The one method that Slack counts in each channel as well: its pauses are the channel's.
POST, EDIT = "chat.postMessage", "chat.update"
#: Channels that are remembered, before those are forgotten that have rested long enough.
MOST = 500


class Urgency(Enum):
    """Who waits for a call: the part of a burst that it leaves to others, and the seconds it may wait."""

    #: Somebody looks at their telephone; Slack shows them an error after three seconds.
    PERSON = (0.0, PATIENT.taken)
    #: A prompt or a card: the outbox waits rather than the call, which holds a lease.
    CARD = (0.3, 1.0)
    #: A board, which everybody looks at: it goes before cards, and its own allowance keeps it rare.
    BOARD = (0.1, 0.0)

    @property
    def leaves(self) -> float:
        """Return which part of a burst others keep."""
        return self.value[0]

    @property
    def patience(self) -> float:
        """Return how many seconds a call may wait for its turn."""
        return self.value[1]


_urgency: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.PERSON)


@contextmanager
def hurry(urgency: Urgency) -> Iterator[None]:
    """Let the calls within be this urgent; outside of it a person waits for every call."""
    before = _urgency.set(urgency)
    try:
        yield
    finally:
        _urgency.reset(before)


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

    def line_up(self, now: float, wait: float) -> float:
        """Return the seconds after which one that cannot go now should come back: each at its own moment."""
        at = max(self._line_ends, now + wait)
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
        time: Callable[[], float] = loop_time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._time = time
        self._sleep = sleep
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._paused: dict[tuple[str, str], float] = {}

    async def turn(self, method: str, channel: str = "") -> None:
        """Return when a method may be called."""
        wait = self.book(method, channel)
        while wait > 0:
            await self._sleep(wait)
            wait = self._pause(method, channel)
            self._refuse_beyond_patience(wait)

    def book(self, method: str, channel: str = "") -> float:
        """Count a call and return in how many seconds it may be made."""
        now, urgency = self._time(), _urgency.get()
        self._refuse_beyond_patience(self._pause(method, channel))
        buckets = self._of(method, channel, urgency)
        wait, slowest = max(
            ((bucket.wait(now, urgency.leaves), bucket) for bucket in buckets), key=lambda each: each[0]
        )
        if wait > urgency.patience:
            raise _paced(slowest.line_up(now, wait))
        for bucket in buckets:
            bucket.take(now)
        return max(wait, self._pause(method, channel))

    def pause(self, method: str, channel: str, lasts: timedelta) -> None:
        """Let nobody call a method until Slack's pause is over: a post's in that channel."""
        key = (method, channel if method == POST else "")
        until = self._time() + lasts.total_seconds()
        self._paused[key] = max(until, self._paused.get(key, 0.0))

    def _pause(self, method: str, channel: str) -> float:
        key = (method, channel if method == POST else "")
        left = self._paused.get(key, 0.0) - self._time()
        if left <= 0:
            self._paused.pop(key, None)
        return max(0.0, left)

    def _refuse_beyond_patience(self, wait: float) -> None:
        if wait > _urgency.get().patience:
            raise _paced(wait)

    def _of(self, method: str, channel: str, urgency: Urgency) -> list[Bucket]:
        shared = [self._bucket(method, "", METHODS.get(method, TIER_2))]
        if method == POST:
            shared.append(self._bucket(method, channel, IN_A_CHANNEL))
        if method == EDIT and urgency is Urgency.BOARD:
            shared.append(self._bucket(method, channel, BOARD_IN_A_CHANNEL))
        return shared

    def _bucket(self, method: str, channel: str, allowance: Allowance) -> Bucket:
        if len(self._buckets) >= MOST:
            now = self._time()
            self._buckets = {key: each for key, each in self._buckets.items() if not each.is_full(now)}
        return self._buckets.setdefault((method, channel), Bucket(allowance))


def _paced(seconds: float) -> Paced:
    return Paced("Slack takes no more of this at once.", timedelta(seconds=seconds))
