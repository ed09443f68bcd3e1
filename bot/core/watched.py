"""What the watchdog saw: what should have gone out by the plan, against what a platform took.

It is counted apart from the sweep that asks: from due times, cards and parcels. What waits for a better
moment by a rule (quiet hours, nobody on duty yet, a patient who is not here) is no delay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.sentences import listed
from bot.core.times import Calendar

#: What has not gone out this long after it should have is late; so is a check that did not take place.
LATE = timedelta(minutes=5)
#: How many late items are looked at one by one; all of them are counted.
MOST = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """An item that somebody should have on a card by now, and has not, or should have been reminded of.

    `prompt` is when its next word is due, `None` for never; `said` that it counts as asked; `shown` that it
    stands on a card which `platform` took; `queued` since when a parcel with its card waits; `asked` when it
    was put on one.
    """

    task: str
    due: datetime
    prompt: datetime | None
    said: bool
    shown: bool
    platform: str = ""
    queued: datetime | None = None
    asked: datetime | None = None

    @property
    def since(self) -> datetime:
        """Return since when it waits."""
        if self.shown or not self.said:
            return self.prompt or self.due
        return self.queued or self.asked or self.due


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How a clinic stands by its plan: items that are `due` and wait for an answer, how many of them are
    `shown` on a card that a platform took, and those that are owed, at most `MOST`, the first due first.
    """

    due: int
    shown: int
    owed: tuple[Owed, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Queue:
    """What waits in the outbox for a platform: how many parcels, and since when the first of them."""

    clinic: str
    platform: str
    waiting: int
    oldest: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Late:
    """An item that did not go out in time; `platform` is "" while no platform was meant for it."""

    task: str
    since: datetime
    platform: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watched:
    """How a clinic stands `at` a moment: items that are `due` by the plan and wait for an answer, how many of
    them were `sent`, what is `late`, the longest first, and what waits for each platform. `checked` is when
    the watchdog looked last, `None` for never.
    """

    clinic: str
    at: datetime
    due: int
    sent: int
    late: tuple[Late, ...]
    queues: tuple[Queue, ...]
    checked: datetime | None = None

    @property
    def slow(self) -> tuple[Queue, ...]:
        """Return the platforms for which something waits too long."""
        return tuple(each for each in self.queues if self.at - each.oldest >= LATE)

    @property
    def check(self) -> Check:
        """Return what is kept of this look."""
        slow = {each.platform: each.waiting for each in self.slow}
        return Check(at=self.at, late=len(self.late), slow=slow, oldest=self.oldest)

    @property
    def oldest(self) -> datetime | None:
        """Return since when the longest of what is late waits, `None` where nothing is."""
        moments = (*(each.since for each in self.late), *(each.oldest for each in self.slow))
        return min(moments, default=None)

    @property
    def late_by(self) -> timedelta:
        """Return how long the longest of what is late has waited."""
        return self.at - self.oldest if self.oldest else timedelta()

    @property
    def well(self) -> bool:
        """Say whether all that should have gone out has gone out."""
        return self.oldest is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What a look left behind: when it was, how many items were late, how many parcels waited too long by
    platform, and since when the first of them, `None` where all was well.
    """

    at: datetime
    late: int = 0
    slow: Mapping[str, int] = field(default_factory=dict)
    oldest: datetime | None = None

    def words(self, now: datetime, calendar: Calendar) -> str:
        """Say for a board what is wrong, "" where nothing is; a look of long ago is worth no trust."""
        if now - self.at >= LATE:
            at = wording.when(self.at, now, calendar)
            return f"Nobody looked whether everything goes out since {at}: what fell due may not be asked."
        if self.oldest is None:
            return ""
        since = wording.when(self.oldest, now, calendar)
        return f"Late, since {since}: {unsent_words(self.late, self.slow)}."


def unsent_words(items: int, slow: Mapping[str, int]) -> str:
    """Say what did not go out: "2 items to ask, 3 messages for Slack"."""
    asked = [f"{wording.count(items, 'item')} to ask"] if items else []
    waiting = (f"{wording.count(n, 'message')} for {wording.platform(name)}" for name, n in slow.items())
    return listed([*asked, *waiting])


def late(owed: Sequence[Owed], now: datetime) -> tuple[Late, ...]:
    """Return what is late of what is owed, the longest first."""
    found = (Late(task=each.task, since=each.since, platform=each.platform) for each in owed)
    return tuple(sorted((each for each in found if now - each.since >= LATE), key=lambda each: each.since))
