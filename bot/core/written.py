"""What people write in a form or a command: numbers, dates, times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time


def read_number(text: str) -> float:
    """Read 52, 36.8 or 36,8; raise ValueError. "nan" and "inf" are no numbers that anybody means."""
    if not re.fullmatch(r"-?\d{1,9}(?:[.,]\d{1,9})?", text.strip()):
        raise ValueError(f"{text!r} is not a number.")
    return float(text.strip().replace(",", "."))


#: The first year in which people are born.
EARLIEST = 1900


def read_date(text: str) -> date:
    """Read 2027-02-18, 18.2.2027 (the day first) or 18 Feb 2027; raise ValueError with an example."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"):
        try:
            found = datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
        if found.year < EARLIEST:
            raise ValueError(f"{text!r} is before anybody here was born. Is the year right?")
        return found
    raise ValueError(f"{text!r} is not a date. Write it like 2027-02-18.")


def read_time(text: str) -> time:
    """Read 9:30, 09:30 or 9.30; raise ValueError with an example."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time. Write it like 09:30.")
    return time(int(found[1]), int(found[2]))


def read_start(words: Sequence[str]) -> tuple[date, time]:
    """Read a date and a time, and nothing besides: who adds "pm" or a room must not be half understood.
    Raise ValueError.
    """
    day, _, at = re.sub(r"(?<=\d)T(?=\d)", " ", " ".join(words)).rpartition(" ")
    return read_date(day), read_time(at)
