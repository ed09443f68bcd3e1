"""The one place that reads the time, and the virtual clock of rehearsals, demos and tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

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


class KeptClock(VirtualClock):
    """A virtual clock that remembers its time in a file, so that a demo goes on where it was ended."""

    def __init__(self, start: datetime, file: Path) -> None:
        super().__init__(datetime.fromisoformat(file.read_text(encoding="ascii")) if file.exists() else start)
        self._file = file

    def advance(self, to: datetime) -> None:
        """Move on to a moment, written down first."""
        if to > self.now():
            fresh = self._file.with_suffix(".new")
            fresh.write_text(aware(to).isoformat(), encoding="ascii")
            fresh.replace(self._file)
        super().advance(to)
