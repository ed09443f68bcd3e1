"""Clinic time: instants are aware UTC inside; wall time, closed days and months only here.

Daylight saving in one sentence: a wall time that the spring change skips becomes the first minute that
exists, and one that the autumn change doubles means its first occurrence.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
#: Before everything.
EVER = datetime.min.replace(tzinfo=UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Closed(StrEnum):
    """What happens to a day offset that falls on a closed day."""

    #: walk back to the nearest working day
    PREVIOUS = "prev"
    #: walk forward to the nearest working day
    NEXT = "next"
    #: stay; the on-call person is asked
    STAY = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class Calendar:
    """A clinic's zone, working days and opening hours; opening hours never move a due time (rule 1.4)."""

    zone: ZoneInfo
    working_days: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    hours: dict[int, tuple[time, time]] = field(default_factory=dict)

    def is_open(self, day: date) -> bool:
        """Say whether the clinic works on that local date."""
        return day.weekday() in self.working_days and day not in self.holidays

    def open_day(self, day: date, closed: Closed) -> date:
        """Walk from a closed day to the nearest working day as the step says."""
        step = {Closed.PREVIOUS: -1, Closed.NEXT: 1, Closed.STAY: 0}[closed]
        for _ in range(366):
            if not step or self.is_open(day):
                return day
            day += timedelta(days=step)
        raise ValueError("the clinic is closed for a whole year: check its open days and holidays")

    def local(self, moment: datetime) -> datetime:
        """Show an instant as the clinic's wall time."""
        return _told(moment).astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        """Return the clinic-local date of an instant."""
        return self.local(moment).date()

    def instant(self, day: date, at: time) -> datetime:
        """Return the UTC instant of a wall time of this clinic."""
        return instant(datetime.combine(day, at), self.zone)

    def opening(self, day: date) -> tuple[time, time]:
        """Return opening and closing time of a weekday, 08:00 to 18:00 where the clinic names none."""
        return self.hours.get(day.weekday(), (time(8), time(18)))

    def working_moment(self, moment: datetime) -> datetime:
        """Return the moment itself if the clinic is open then, else the next opening."""
        here = self.local(moment)
        opens, closes = self.opening(here.date())
        if self.is_open(here.date()) and opens <= here.time() < closes:
            return moment
        first = here.date() if here.time() < opens else here.date() + timedelta(days=1)
        day = self.open_day(first, Closed.NEXT)
        return self.instant(day, self.opening(day)[0])

    def working_after(self, moment: datetime, time_left: timedelta) -> datetime:
        """Return the moment by which so much time has passed while the clinic was open."""
        while True:
            moment = self.working_moment(moment)
            day = self.day(moment)
            closes = self.instant(day, self.opening(day)[1])
            if moment + time_left < closes:
                return moment + time_left
            time_left -= closes - moment
            moment = closes


def aware(moment: datetime) -> datetime:
    """Return the moment in UTC; a naive one is refused, never guessed."""
    return _told(moment).astimezone(UTC)


def _told(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime {moment.isoformat()}: say which zone it is in")
    return moment


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the UTC instant of a wall time; see the sentence at the top for the two odd hours of a year."""
    first = wall.replace(tzinfo=zone, fold=0)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
        return first.astimezone(UTC)
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    # a skipped time read with fold=1 lies before the change and with fold=0 after it: bisect between the two
    before, after = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    old = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + (after - before) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        before, after = (middle, after) if middle.astimezone(zone).utcoffset() == old else (before, middle)
    return after


def months_after(day: date, months: int) -> date:
    """Return the same day number so many months later, or the last day of a shorter month (rule 1.12)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
