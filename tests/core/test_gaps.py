"""Gaps: parts of the opening hours in which nobody is on duty."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.gaps import gaps, weekly_gaps
from bot.core.people import Clinic, Role, Shift
from bot.core.times import Calendar

MONDAY = date(2027, 6, 14)


def clinic(*shifts: tuple[int, int]) -> Clinic:
    """A clinic open from 8 to 18 on Monday and Tuesday, with these nurses' shifts on Monday."""
    calendar = Calendar(zone=ZoneInfo("Europe/London"), working_days=frozenset({0, 1}))
    named = tuple(Shift(person="jo", starts=time(first), ends=time(last)) for first, last in shifts)
    return Clinic(
        id="c",
        title="C",
        calendar=calendar,
        people={},
        roster={0: {Role.NURSE: named}, 1: {Role.NURSE: ("jo",)}},
    )


@pytest.mark.parametrize(
    ("shifts", "open_hours"),
    [
        ([], [(8, 18)]),
        ([(8, 18)], []),
        ([(7, 19)], []),
        ([(9, 12), (11, 17)], [(8, 9), (17, 18)]),
        ([(12, 18), (8, 11)], [(11, 12)]),
        ([(6, 7)], [(8, 18)]),
        ([(19, 20)], [(8, 18)]),
    ],
)
def test_gaps_lie_between_the_shifts(
    shifts: list[tuple[int, int]], open_hours: list[tuple[int, int]]
) -> None:
    found = gaps(clinic(*shifts), Role.NURSE, MONDAY)

    assert found == tuple((time(first), time(last)) for first, last in open_hours)


@given(st.lists(st.tuples(st.integers(0, 22), st.integers(1, 23)).filter(lambda each: each[0] < each[1])))
def test_every_open_hour_is_either_worked_or_a_gap(shifts: list[tuple[int, int]]) -> None:
    found = gaps(clinic(*shifts), Role.NURSE, MONDAY)

    for hour in range(8, 18):
        worked = any(first <= hour < last for first, last in shifts)
        missing = any(starts <= time(hour) < ends for starts, ends in found)
        assert worked is not missing


def test_a_closed_day_has_no_gap() -> None:
    assert gaps(clinic(), Role.NURSE, MONDAY + timedelta(days=2)) == ()


def test_a_week_is_judged_by_days_without_holiday_and_exception() -> None:
    usual = clinic((8, 12))
    holiday = replace(usual.calendar, holidays=frozenset({MONDAY}))
    odd = replace(usual, calendar=holiday, roster_changes={MONDAY + timedelta(days=7): {Role.NURSE: ("jo",)}})

    assert weekly_gaps(odd, Role.NURSE, MONDAY) == {0: ((time(12), time(18)),)}
