"""Lengths of time and due moments in words: "6 months", "start - 7 days at 10:00, previous open day"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.kinds import Anchor
from bot.core.playbook import Due
from bot.core.times import Closed
from bot.files.entry import Entry, clock, nearest

#: Every way to write a unit -> how many of which smaller unit it is.
UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), (1, "min")),
    **dict.fromkeys(("h", "hour", "hours"), (60, "min")),
    **dict.fromkeys(("day", "days"), (1, "days")),
    **dict.fromkeys(("week", "weeks"), (7, "days")),
    **dict.fromkeys(("month", "months"), (1, "months")),
    **dict.fromkeys(("year", "years"), (12, "months")),
}

#: A hundred years: more is a slip of the pen, and would leave the calendar.
MOST = {"min": 100 * 365 * 24 * 60, "days": 100 * 365, "months": 100 * 12}

#: How a playbook says what happens to a day offset that falls on a closed day.
CLOSED = {
    "previous open day": Closed.PREVIOUS,
    "next open day": Closed.NEXT,
    "even if closed": Closed.STAY,
}

_SPAN = re.compile(r"(\d{1,5})\s*([a-z]+)")
_DUE = re.compile(
    r"(?P<anchor>\w+)(\s*(?P<sign>[+−-])\s*(?P<span>\d{1,5}\s*\w+))?(\s+at\s+(?P<at>[^\s,]+))?(\s*,\s*(?P<closed>.+))?"
)
_EXAMPLE = "such as `consult + 60 min` or `start - 7 days at 10:00, previous open day`"


def span(entry: Entry, *units: str, written: str | None = None) -> tuple[int, str]:
    """Return a length such as "6 months" as a count and its unit: one given of min, days, months."""
    text = entry.text() if written is None else written
    found = _SPAN.fullmatch(text)
    size, unit = UNITS.get(found[2], (0, "")) if found else (0, "")
    if found and unit in units:
        count = int(found[1]) * size
        if count > MOST[unit]:
            entry.wrong(f"{text!r} is more than a hundred years")
        return min(count, MOST[unit]), unit
    hint = nearest(found[2], _spellings(units)) if found else ""
    if text:
        entry.wrong(f"expected a length in {' or '.join(units)}, found {text!r}.{hint}")
    return 0, units[0]


def _spellings(units: Iterable[str]) -> list[str]:
    return [word for word, (_, unit) in UNITS.items() if unit in units]


def due(entry: Entry) -> Due:
    """Return when a step is due."""
    text = entry.text()
    found = _DUE.fullmatch(text)
    if found is None:
        if text:
            entry.wrong(f"expected a due time {_EXAMPLE}, found {text!r}")
        return Due(anchor=Anchor.START)
    anchor = _anchor(entry, found["anchor"])
    count, unit = span(entry, "min", "days", written=found["span"]) if found["span"] else (0, "min")
    count = count if found["sign"] == "+" else -count
    if unit == "days":
        return _days(entry, anchor, count, found["at"], found["closed"])
    if found["at"] or found["closed"]:
        entry.wrong(f"only days take a time of day and an open day; write a due time {_EXAMPLE}")
    return Due(anchor=anchor, minutes=count)


def _anchor(entry: Entry, word: str) -> Anchor:
    if word in tuple(Anchor):
        return Anchor(word)
    entry.wrong(
        f"there is no anchor {word!r}; a due time counts from {', '.join(Anchor)}.{nearest(word, Anchor)}"
    )
    return Anchor.START


def _days(entry: Entry, anchor: Anchor, days: int, at: str | None, closed: str | None) -> Due:
    if at is None:
        entry.wrong("days need a time of day: add `at 10:00`")
    if closed is None:
        entry.wrong(
            f"say what happens on a closed day: add one of {'; '.join(f'`, {words}`' for words in CLOSED)}"
        )
    elif closed not in CLOSED:
        entry.wrong(f"expected one of {', '.join(CLOSED)}, found {closed!r}.{nearest(closed, CLOSED)}")
    time_of_day = clock(entry, at) if at is not None else None
    return Due(anchor=anchor, days=days, at=time_of_day, closed=CLOSED.get(closed or "", Closed.STAY))
