"""Gaps of a roster: when the clinic is open and nobody is on duty for a role."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.core.people import Clinic, Role

Span = tuple[time, time]
#: A day of an ordinary week is looked for over two years of holidays and exceptions.
_WEEKS = 104


def gaps(clinic: Clinic, role: Role, day: date) -> tuple[Span, ...]:
    """Return the parts of a day's opening hours in which nobody is on duty; none while it is closed."""
    if not clinic.calendar.is_open(day):
        return ()
    opens, closes = clinic.calendar.opening(day)
    found: list[Span] = []
    for shift in sorted(clinic.shifts(role, day), key=lambda each: each.starts):
        if shift.starts > opens:
            found.append((opens, min(shift.starts, closes)))
        opens = max(opens, shift.ends)
        if opens >= closes:
            return tuple(found)
    return (*found, (opens, closes))


def weekly_gaps(clinic: Clinic, role: Role, since: date) -> dict[int, tuple[Span, ...]]:
    """Return the gaps of each weekday (0 is Monday) as the weekly roster leaves them, those that have any."""
    days = (_ordinary(clinic, weekday, since) for weekday in sorted(clinic.calendar.working_days))
    found = {day.weekday(): gaps(clinic, role, day) for day in days if day is not None}
    return {weekday: spans for weekday, spans in found.items() if spans}


def _ordinary(clinic: Clinic, weekday: int, since: date) -> date | None:
    day = since + timedelta(days=(weekday - since.weekday()) % 7)
    for _ in range(_WEEKS):
        if clinic.calendar.is_open(day) and day not in clinic.roster_changes:
            return day
        day += timedelta(days=7)
    return None
