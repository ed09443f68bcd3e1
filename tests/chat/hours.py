"""A pace on a clock that only a test moves."""

from dataclasses import dataclass, field
from itertools import count

from bot.chat.pace import Limits, Pace, Urgency, hurry
from bot.core.errors import Paced


def at_leisure(limits: Limits) -> Pace:
    """A pace that keeps nobody waiting: a minute passes between any two looks at the clock."""
    return Pace(limits, time=count(step=60.0).__next__)


@dataclass(kw_only=True)
class Hours:
    """A pace, its clock, and the moments at which it let calls go."""

    limits: Limits
    now: float = 1000.0
    went: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(self.limits, time=lambda: self.now, sleep=self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    def try_to(self, kind: str, urgency: Urgency, where: str = "") -> float | None:
        """Return how long a call waits, None if it is sent away."""
        try:
            with hurry(urgency):
                wait = self.pace.book(kind, where)
        except Paced:
            return None
        self.went.append(self.now + wait)
        return wait


def most_in(moments: list[float], window: float) -> int:
    """Return the most calls that any span of so many seconds saw."""
    ordered = sorted(moments)
    return max(sum(start <= each <= start + window for each in ordered) for start in ordered)
