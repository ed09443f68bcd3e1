"""The clock of a demo: it goes on where it was ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import KeptClock

FIRST = datetime(2027, 1, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def kept(file: Path) -> datetime:
    """Return the time at which a program that begins now would go on."""
    return KeptClock(FIRST, file).now()


def test_it_goes_on_where_it_was_ended(tmp_path: Path) -> None:
    clock = KeptClock(FIRST, tmp_path / "clock")

    clock.advance(FIRST + HOUR)

    assert kept(tmp_path / "clock") == FIRST + HOUR


def test_what_is_played_as_one_is_written_down_once_at_its_end(tmp_path: Path) -> None:
    clock = KeptClock(FIRST, tmp_path / "clock")

    with clock.written_at_last():
        clock.advance(FIRST + HOUR)
        meanwhile = kept(tmp_path / "clock")
        clock.advance(FIRST + 2 * HOUR)

    assert (meanwhile, kept(tmp_path / "clock")) == (FIRST, FIRST + 2 * HOUR)


def test_what_was_broken_off_is_not_written_down_and_what_follows_is(tmp_path: Path) -> None:
    clock = KeptClock(FIRST, tmp_path / "clock")

    with pytest.raises(KeyboardInterrupt), clock.written_at_last():
        clock.advance(FIRST + HOUR)
        raise KeyboardInterrupt

    assert kept(tmp_path / "clock") == FIRST
    clock.advance(FIRST + 2 * HOUR)
    assert kept(tmp_path / "clock") == FIRST + 2 * HOUR
