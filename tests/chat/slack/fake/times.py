"""The clock of the workspace, which a test may put forward, and what ends or fills up by it."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections import defaultdict, deque
from dataclasses import dataclass, field

from tests.chat.slack.fake.refusal import Refusal, TooMany

#: How long what somebody did lets a form open, in seconds.
TRIGGER = 3.0


@dataclass
class Clock:
    """Runs as the loop does, and jumps when it is told to."""

    ahead: float = 0.0
    #: When people write what they write, in Slack's seconds; the clinic of a test has a day of its own.
    wall: int = 1_800_000_000

    def now(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass
class Triggers:
    """What people did a moment ago: each of it opens one form, for three seconds."""

    clock: Clock
    _made: dict[str, tuple[float, str]] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def made(self, account: str, trigger: str = "") -> str:
        """Return the trigger of something that somebody does now."""
        trigger = trigger or f"{next(self._numbers)}.1000.invented"
        self._made[trigger] = (self.clock.now(), account)
        self._used.discard(trigger)
        return trigger

    def exchanged(self, trigger: str) -> str:
        """Return who did it, once and in time."""
        if trigger not in self._made:
            raise Refusal("invalid_trigger_id")
        at, account = self._made[trigger]
        if trigger in self._used:
            raise Refusal("exchanged_trigger_id")
        if self.clock.now() - at >= TRIGGER:
            raise Refusal("expired_trigger_id")
        self._used.add(trigger)
        return account


@dataclass
class Pace:
    """How many calls are let in: `allow` a method, or one message a second in each channel; else all are."""

    clock: Clock
    one_a_second: bool = False
    _allowed: dict[str, tuple[int, float]] = field(default_factory=dict)
    _came: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def allow(self, method: str, most: int, *, seconds: float = 60.0) -> None:
        """Let a method in so many times within so many seconds."""
        self._allowed[method] = (most, seconds)

    def count(self, method: str, channel: str) -> None:
        """Ask for a pause when this call is one too many; one that was refused does not count."""
        limits = {method: self._allowed[method]} if method in self._allowed else {}
        if self.one_a_second and method == "chat.postMessage":
            limits[f"{method} {channel}"] = (1, 1.0)
        now = self.clock.now()
        for name, (most, seconds) in limits.items():
            came = self._came[name]
            while came and now - came[0] >= seconds:
                came.popleft()
            if len(came) >= most:
                raise TooMany(max(1, math.ceil(came[0] + seconds - now)))
        for name in limits:
            self._came[name].append(now)
