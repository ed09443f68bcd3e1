"""The one place that reads the time, and the virtual clock of rehearsals, demos and tests."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.core.times import aware


class WallClock:
    """The machine's time, in UTC."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is told the time; it never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = aware(start)

    def now(self) -> datetime:
        """Return the moment it was told last."""
        return self._now

    def advance(self, to: datetime) -> None:
        """Move on to a moment; an earlier one changes nothing."""
        self._now = max(self._now, aware(to))
