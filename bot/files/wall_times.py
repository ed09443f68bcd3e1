"""Dates and times as other programs write them: 2027-02-18 09:30, 18.02.2027 9:30, 02/18/2027 9:30 AM."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from bot.core.times import Calendar
from bot.files.entry import YEARS

#: Orders in which day and month may stand where a slash or a dash is between them.
ORDERS = ("dmy", "mdy")
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})$")
_LOCAL = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$")
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:([ap])\.?m\.?)?$", re.IGNORECASE)
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}:?\d{2})$")


def order_of(days: Iterable[str]) -> str:
    """Return in which order these dates have day and month, "" if any could be either."""
    for said in days:
        found = _LOCAL.match(said.partition(" ")[0])
        if found and found[2] != "." and max(int(found[1]), int(found[3])) > 12:
            return "dmy" if int(found[1]) > 12 else "mdy"
    return ""


def read_start(said: str, clock: str, order: str, calendar: Calendar) -> datetime:
    """Return the instant of a day and a time, or of both in one text; raise ValueError with what is wrong."""
    said = " ".join(said.split())
    if _ZONED.match(said):
        return datetime.fromisoformat(said).astimezone(UTC)
    day, _, rest = said.replace("T", " ", 1).partition(" ")
    if not day:
        raise ValueError("no date stands here")
    # a date that was exported with its own midnight is only a date
    return calendar.instant(read_day(day, order), read_clock(clock or rest))


def has_day(said: str) -> bool:
    """Say whether a text begins with a date."""
    day = said.strip().replace("T", " ", 1).partition(" ")[0]
    return bool(_ISO.match(day) or _LOCAL.match(day))


def read_day(said: str, order: str) -> date:
    """Return a date; raise ValueError with what is wrong."""
    try:
        found = date(*_numbers(said, order))
    except TypeError:
        raise ValueError(f"expected a date such as 2027-02-18 or 18.02.2027, found {said!r}") from None
    except _Unordered as wrong:
        raise ValueError(str(wrong)) from None
    except ValueError:
        raise ValueError(f"there is no such date as {said!r}") from None
    if found.year not in YEARS:
        raise ValueError(f"there is no such date as {said!r}")
    return found


class _Unordered(ValueError):
    """Nobody can tell the day from the month."""


def _numbers(said: str, order: str) -> tuple[int, ...]:
    if iso := _ISO.match(said):
        return int(iso[1]), int(iso[2]), int(iso[3])
    local = _LOCAL.match(said)
    if local is None:
        return ()
    first, second, year = int(local[1]), int(local[3]), int(local[4])
    if local[2] == ".":
        order = "dmy"
    elif not order:
        raise _Unordered(f"{said!r} could be read with day or month first; say --dates dmy or --dates mdy")
    day, month = (first, second) if order == "dmy" else (second, first)
    return year + 2000 if year < 100 else year, month, day


def read_clock(said: str) -> time:
    """Return a time of day; raise ValueError with what is wrong."""
    found = _CLOCK.match(said.strip())
    if found is None:
        what = f"expected a time such as 09:30, found {said!r}" if said else "no time stands here"
        raise ValueError(what)
    hour, minute = int(found[1]), int(found[2])
    if found[3] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    elif found[3]:
        raise ValueError(f"there is no such time as {said!r}")
    try:
        return time(hour, minute)
    except ValueError:
        raise ValueError(f"there is no such time as {said!r}") from None
