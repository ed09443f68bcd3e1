"""How fast Teams may be asked: in each conversation, and in all.

Microsoft counts in each conversation 7 messages in a second, 8 in two, 60 in half a minute and 1,800 in an
hour, reads by themselves (14, 16, 120 and 3,600), and some 30 calls a second of a bot in a tenant
(https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit). It does not say whether edits
are counted: they are here. An allowance lets through, in any span, its burst and what the span brings: the
numbers below keep each of those limits. A board is edited every four seconds, so that in no hour it takes
what the cards of its channel need.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.chat.newest import Newest
from bot.chat.pace import MOST, Allowance, Counted, Urgency

#: Kinds of calls: a message, one in a thread, an edit, a question, a conversation that is opened.
POST, REPLY, EDIT, READ, OPEN = "post", "reply", "edit", "read", "open"

#: 8 in two seconds and 7 in one; 60 in half a minute; 1,800 in an hour.
SENDS = (
    Allowance(a_minute=120, burst=4),
    Allowance(a_minute=80, burst=20),
    Allowance(a_minute=20, burst=600),
)
#: Twice as many.
READS = (
    Allowance(a_minute=240, burst=8),
    Allowance(a_minute=160, burst=40),
    Allowance(a_minute=40, burst=1200),
)
#: 25 in a second.
IN_ALL = Allowance(a_minute=900, burst=10)
BOARD_IN_A_CHANNEL = Allowance(a_minute=15, burst=1)

#: The first pause where Teams named none, in seconds, and the longest.
FIRST, LONGEST = 2.0, 60.0


class TeamsLimits:
    """What Teams allows; a pause of its is that conversation's."""

    platform = "Teams"

    def of(self, kind: str, where: str, urgency: Urgency) -> Sequence[tuple[Counted, Allowance]]:
        """Return the allowances of a call in a conversation."""
        counted = self.held(kind, where)
        taken = [(counted, each) for each in (READS if kind == READ else SENDS)]
        if kind == EDIT and urgency is Urgency.BOARD:
            taken.append((counted, BOARD_IN_A_CHANNEL))
        return [(("", ""), IN_ALL), *taken]

    def held(self, kind: str, where: str) -> Counted:
        """Return the conversation; whatever is written there is one."""
        return POST if kind in (REPLY, EDIT) else kind, where


class Retreat:
    """How long to stay away where Teams did not say: longer each time, and never quite the same, so that not
    all come back at once.
    """

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance = chance
        self._tries = Newest[Counted, int](MOST)

    def further(self, kind: str, where: str) -> timedelta:
        """Return the pause after one more call that failed."""
        tries = self._tries.get((kind, where)) or 0
        self._tries.keep((kind, where), min(tries + 1, 10))
        longest = min(LONGEST, FIRST * 2.0**tries)
        return timedelta(seconds=longest * (0.5 + self._chance() / 2))

    def end(self, kind: str, where: str) -> None:
        """Begin anew: a call was taken."""
        self._tries.forget((kind, where))
