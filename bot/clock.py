"""The one place that reads the time, and the virtual clock of rehearsals, demos and tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
        self._writes = True

    def advance(self, to: datetime) -> None:
        """Move on to a moment, written down first."""
        if to > self.now() and self._writes:
            self._write(to)
        super().advance(to)

    @contextmanager
    def written_at_last(self) -> Iterator[None]:
        """Write down only the last moment, of a time that nobody goes on from if it is broken off."""
        self._writes = False
        try:
            yield
            self._write(self.now())
        finally:
            self._writes = True

    def _write(self, moment: datetime) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(aware(moment).isoformat(), encoding="ascii")
        fresh.replace(self._file)
