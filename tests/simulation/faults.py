"""What goes wrong, how often, and how long: each kind is drawn from a row of its own, so that one can be left
out and the others strike as before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """One thing that goes wrong."""

    #: a program ends at once: before or after a transaction, in it, or around a send
    CRASH = "crash"
    #: a program stands still for a while, as a machine that sleeps
    FROZEN = "frozen"
    #: a message arrived and the platform's word of it was lost
    LOST_REPLY = "lost reply"
    #: a request never arrived, and nobody can tell
    LOST_REQUEST = "lost request"
    #: the platform broke off in the middle (5xx), before or after it posted
    BROKE_OFF = "broke off"
    #: the platform asks for a pause (429 with Retry-After)
    PAUSE = "pause"
    #: the platform cannot be reached for some minutes
    AWAY = "platform away"
    #: a call takes long
    SLOW = "slow"
    #: somebody deletes a message that asks them
    DELETED = "deleted"
    #: the database is locked for one transaction
    LOCKED = "locked"
    #: the connection breaks in a commit: nothing was kept, or all of it
    LOST_COMMIT = "lost commit"
    #: one program is cut off from the database for some minutes
    CUT_OFF = "cut off"
    #: the database is gone for everybody for some minutes
    GONE = "database gone"
    #: the clock of the machine steps, forth or back, by a second to an hour
    STEP = "clock step"
    #: the clocks of two machines are some seconds apart
    APART = "clocks apart"
    #: a delivery of a press comes twice
    TWICE = "twice"
    #: a delivery of a press comes late, and after others
    LATE = "late"
    #: the answer to a press is lost, and whoever pressed does so again
    UNHEARD = "unheard"
    #: something else happens between two transactions of one deed
    BETWEEN = "between"


#: How many of ten thousand chances are taken.
OFTEN: Mapping[Fault, int] = {
    Fault.CRASH: 6,
    Fault.FROZEN: 8,
    Fault.LOST_REPLY: 150,
    Fault.LOST_REQUEST: 100,
    Fault.BROKE_OFF: 100,
    Fault.PAUSE: 150,
    Fault.AWAY: 15,
    Fault.SLOW: 150,
    Fault.DELETED: 60,
    Fault.LOCKED: 15,
    Fault.LOST_COMMIT: 10,
    Fault.CUT_OFF: 3,
    Fault.GONE: 2,
    Fault.STEP: 3,
    Fault.APART: 10_000,
    Fault.TWICE: 400,
    Fault.LATE: 300,
    Fault.UNHEARD: 400,
    Fault.BETWEEN: 100,
}


class Faults:
    """Draws what goes wrong; nothing does while it is `calm`. `told` hears of each."""

    def __init__(self, seed: int, without: Collection[Fault], told: Callable[[str], None]) -> None:
        self._draws = {kind: Random(f"{seed} {kind}") for kind in Fault}
        self._without = frozenset(without)
        self._told = told
        self.calm = True
        self.counted: Counter[str] = Counter()

    def strikes(self, kind: Fault, of: str = "") -> bool:
        """Say whether this goes wrong now, to whom or what."""
        struck = self._draws[kind].randrange(10_000) < OFTEN[kind]
        if not struck or self.calm or kind in self._without:
            return False
        self.counted[kind] += 1
        self._told(f"!! {kind} {of}".rstrip())
        return True

    def seconds(self, kind: Fault, least: float, most: float) -> float:
        """Return how long it lasts."""
        return self._draws[kind].uniform(least, most)

    def either(self, kind: Fault) -> bool:
        """Toss a coin."""
        return self._draws[kind].random() < 0.5
