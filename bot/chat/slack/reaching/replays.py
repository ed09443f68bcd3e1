"""A signed request counts once: the same letter again, however genuine, is somebody's copy of it.

Kept in this program's memory: an instance beside this one, or this one after a restart, still changes
nothing, because the desk knows what it answered.
"""

from __future__ import annotations

from collections import OrderedDict

#: How long a signature is good for, in seconds: five minutes old, or five ahead where clocks differ.
KEPT = 600.0
#: How many are remembered at most; only Slack can make one, so that nobody fills the memory.
MOST = 20_000


class Replays:
    """The signatures whose requests were taken, or are being taken just now."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._taken: OrderedDict[str, float] = OrderedDict()

    def seen(self, signature: str, now: float) -> bool:
        """Say whether a signature was there before, and remember it if it was not; `now` in seconds."""
        while self._taken and next(iter(self._taken.values())) <= now:
            self._taken.popitem(last=False)
        if signature in self._taken:
            return True
        self._taken[signature] = now + KEPT
        if len(self._taken) > self._most:
            self._taken.popitem(last=False)
        return False

    def failed(self, signature: str) -> None:
        """Forget a signature whose request we did not take: it may come again."""
        self._taken.pop(signature, None)
