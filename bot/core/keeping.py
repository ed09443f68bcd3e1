"""What is kept of a patient, for how long, and why it is let go of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.times import Calendar, months_after


class Because(StrEnum):
    """Why something was erased; a word and no sentence, which could name somebody."""

    #: the patient asked for it
    REQUEST = "request"
    #: it should never have been written down
    MISTAKE = "mistake"
    #: it was kept as long as the clinic's file says
    TIME = "time"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A length of time by the calendar."""

    days: int = 0
    months: int = 0

    def before(self, moment: datetime, calendar: Calendar) -> datetime:
        """Return the moment that lies this long ago, at the same time of the clinic's day."""
        here = calendar.local(moment)
        day = months_after(here.date(), -self.months) - timedelta(days=self.days)
        return calendar.instant(day, here.time())


@dataclass(frozen=True, kw_only=True, slots=True)
class Keep:
    """How long a clinic keeps what, counted from the day a case closed; `None` is for ever.

    `names` are who patients are; `answers` all that was said of them: facts, answers, notes, reasons;
    `messages` what went out and came in, and where it stands, counted from its own day.
    """

    names: Span | None = Span(days=30)
    answers: Span | None = None
    messages: Span | None = Span(days=90)


@dataclass(frozen=True, kw_only=True, slots=True)
class Erasure:
    """What was erased on request: remembered beside the database, so that no backup brings it back."""

    code: str
    by: str
    because: Because
    at: datetime
