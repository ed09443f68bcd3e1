"""The invented clinic of `bookend demo`."""

from __future__ import annotations

import holidays

from bot.demo import FIRST, invented_clinic


def test_the_holidays_that_are_written_out_are_englands() -> None:
    calendar = invented_clinic().calendar

    public = holidays.country_holidays("GB", subdiv="ENG", years=FIRST.year)

    assert {day for day in public if day.weekday() in calendar.working_days} == calendar.holidays
