"""Red flags: what a complication looks like, on which days it is asked for, how soon somebody must act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.conditions import ALWAYS, Condition

#: What a list of signs offers besides.
OTHER = "other"

Span = tuple[int, int]


class Urgency(StrEnum):
    """How soon somebody must act, the soonest first."""

    #: emergency services, now
    EMERGENCY = "emergency"
    #: a physician within 1 hour, and seen the same day
    URGENT = "urgent"
    #: a physician within 24 to 48 hours
    SOON = "soon"
    #: at the next visit
    NEXT_VISIT = "next_visit"

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent."""
        return tuple(Urgency).index(self)

    @property
    def reported(self) -> str:
        """Return the word by which a complication report says it: it knows no shades of "not today"."""
        return self.value if self in (Urgency.EMERGENCY, Urgency.URGENT) else "routine"


@dataclass(frozen=True, kw_only=True, slots=True)
class RedFlag:
    """A complication and its signs; `worse` are the signs that change its urgency, `then` what to do besides.

    `days` counts from the day of the procedure, by playbook, "" for all of them; `minutes` counts from its
    end, and 0 is any moment of that day before. One of the two is given. `window` says in a sentence how well
    that is known. No `playbooks` means all.
    """

    id: str
    title: str
    window: str
    urgency: Urgency
    signs: tuple[str, ...]
    worse: Mapping[str, Urgency] = field(default_factory=dict)
    then: str = ""
    days: Mapping[str, Span] = field(default_factory=dict)
    minutes: Span | None = None
    playbooks: tuple[str, ...] = ()
    when: Condition = ALWAYS
    sources: tuple[str, ...] = ()

    def span(self, playbook: str) -> Span | None:
        """Return the first and last day for a playbook, `None` where minutes are counted."""
        return self.days.get(playbook, self.days.get(""))

    def each_sign(self) -> Iterator[tuple[str, Urgency]]:
        """Yield every sign with how urgent it is."""
        yield from ((sign, self.urgency) for sign in self.signs)
        yield from self.worse.items()
