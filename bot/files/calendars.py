"""A clinic's calendar: its zone, the days and hours it is open, and its holidays."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.core.times import WEEKDAYS, Calendar
from bot.files.entry import Entry, clock, nearest

#: The years whose public holidays are worked out: longer than any course of treatment planned now.
YEARS = range(2020, 2051)
Hours = dict[int, tuple[time, time]]


def clinic_calendar(root: Entry, *, holidays: bool = True) -> Calendar:
    """Return the calendar that a clinic file describes with `timezone`, `open` and, if asked, `holidays`."""
    hours = hours_of(root.need("open"))
    closed = root.get("holidays") if holidays else None
    return Calendar(
        zone=zone(root.need("timezone")),
        working_days=frozenset(hours),
        holidays=holidays_of(closed) if closed else frozenset(),
        hours=hours,
    )


def booking_calendar(entry: Entry) -> Calendar:
    """Return the calendar that a booking brings along with `timezone`, `working_days` and `holidays`."""
    entry.only("timezone", "working_days", "holidays", "open")
    days, hours, holidays = (entry.get(name) for name in ("working_days", "open", "holidays"))
    opened = hours_of(hours) if hours else {}
    named = (
        [WEEKDAYS.index(each.one_of(WEEKDAYS)) for each in days.each()] if days else (*opened,) or range(5)
    )
    if days and not named:
        days.wrong("a clinic is open on at least one day of the week")
    return Calendar(
        zone=zone(entry.need("timezone")),
        working_days=frozenset(named) or frozenset(range(5)),
        holidays=holidays_of(holidays) if holidays else frozenset(),
        hours=opened,
    )


def zone(entry: Entry) -> ZoneInfo:
    """Return the time zone that an entry names."""
    name = entry.text()
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = name.rpartition("/")[2].lower()
        known = {each.rpartition("/")[2].lower(): each for each in available_timezones()}
        hint = f" Did you mean {known[place]!r}?" if place in known else nearest(name, available_timezones())
        entry.wrong(f"there is no time zone {entry.shown}; expected one such as Europe/London.{hint}")
        return ZoneInfo("UTC")


def weekdays(key: Entry) -> tuple[int, ...]:
    """Return the weekdays of a name such as mon, mon-fri or tue,thu, counted from 0."""
    found: list[int] = []
    for part in key.text().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
            wrong = last if first in WEEKDAYS else first
            hint = nearest(wrong[:3], WEEKDAYS)
            key.wrong(f"expected days such as mon, mon-fri or tue,thu, found {key.shown}.{hint}")
            return ()
        start = WEEKDAYS.index(first)
        length = (WEEKDAYS.index(last) - start) % 7 if dash else 0
        found += [(start + step) % 7 for step in range(length + 1)]
    return tuple(found)


def span_of_day(entry: Entry) -> tuple[time, time]:
    """Return the two times of "08:00-18:00"."""
    start, dash, end = entry.text().replace(" ", "").replace("–", "-").partition("-")
    if not dash:
        entry.wrong(f"expected two times such as 08:00-18:00, found {entry.shown}")
        return time(8), time(18)
    return clock(entry, start), clock(entry, end)


def hours_of(entry: Entry) -> Hours:
    """Return from when until when each weekday is open."""
    hours: Hours = {}
    for key, value in entry.pairs():
        clear = len(entry.source.mistakes)
        opens, closes = span_of_day(value)
        if closes <= opens and len(entry.source.mistakes) == clear:
            value.wrong(f"the clinic closes at {closes:%H:%M}, before it opens at {opens:%H:%M}")
        for day in weekdays(key):
            if day in hours:
                key.wrong(f"the hours of {WEEKDAYS[day]} stand here twice")
            hours[day] = (opens, closes)
    if entry.is_mapping and not entry.content:
        entry.wrong("a clinic is open on at least one day of the week")
    return hours


def holidays_of(entry: Entry) -> frozenset[date]:
    """Return the days on which a clinic is closed: its country's, and its own."""
    if entry.is_list:
        return frozenset(each.day() for each in entry.each())
    entry.only("country", "region", "also", "except")
    country, region, also, but = (entry.get(name) for name in ("country", "region", "also", "except"))
    if region and not country:
        region.wrong("a region needs its country")
    days = _public(country, region) if country else frozenset()
    added = {each.day() for each in also.each()} if also else set()
    taken = {each.day() for each in but.each()} if but else set()
    return (days | added) - taken


def _public(country: Entry, region: Entry | None) -> frozenset[date]:
    # Importing it costs more than reading a whole clinic file: only a clinic that names its country pays.
    import holidays

    known = holidays.list_supported_countries()
    code = country.text()
    if code not in known:
        expected = "expected a code such as GB or US"
        country.wrong(f"no holidays of {country.shown} are known; {expected}.{_capitals(code, known)}")
        return frozenset()
    regions = (*known[code], *holidays.country_holidays(code).subdivisions_aliases)
    if region and region.text() not in regions:
        hint = _capitals(region.text(), regions)
        region.wrong(f"{code} has no region {region.shown}, but {', '.join(regions) or 'none at all'}.{hint}")
        return frozenset()
    return _days_off(code, region.text() if region else None)


@cache
def _days_off(country: str, region: str | None) -> frozenset[date]:
    import holidays

    with warnings.catch_warnings():
        # Some calendars are known only up to a year; the package says so with a warning.
        warnings.simplefilter("ignore")
        return frozenset(holidays.country_holidays(country, subdiv=region, years=YEARS, expand=False))


def _capitals(word: str, known: Iterable[str]) -> str:
    known = tuple(known)
    return f" Did you mean {word.upper()!r}?" if word.upper() in known else nearest(word, known)
