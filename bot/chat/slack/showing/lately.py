"""What was shown already: Slack tells of the same deed again, over a second socket or because an answer was
lost.

The desk gives a repeat the same answer and changes nothing. That nobody reads it twice is kept here.
"""

from __future__ import annotations

from collections import OrderedDict

#: How many deeds are known again; Slack repeats within minutes.
MOST = 5000


class Lately:
    """The names of the last deeds whose answers were shown."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._names: OrderedDict[str, None] = OrderedDict()

    def first(self, name: str) -> bool:
        """Say whether this comes for the first time, and know it from now on."""
        if name in self._names:
            return False
        self._names[name] = None
        if len(self._names) > self._most:
            self._names.popitem(last=False)
        return True
