"""Clinic time: daylight saving, closed days, opening hours and months."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.times import Calendar, Closed, aware, instant, months_after
from tests.examples import some_of

QUARTER = timedelta(minutes=15)
#: Both halves of the globe, changes of an hour and of half an hour, at night and at midnight; the number is
#: how many quarter-hours of the year are skipped or doubled.
ZONES = {
    "Europe/London": 8,
    "America/Chicago": 8,
    "Australia/Lord_Howe": 4,
    "America/St_Johns": 8,
    "Africa/Cairo": 8,
    "Pacific/Chatham": 8,
}


@cache
def first_and_second(zone: str) -> tuple[dict[datetime, datetime], set[datetime]]:
    """Walk all of 2027 in UTC: wall time -> the first instant that shows it, and the walls shown twice."""
    first: dict[datetime, datetime] = {}
    twice: set[datetime] = set()
    here = ZoneInfo(zone)
    moment = datetime(2026, 12, 31, tzinfo=UTC)
    while moment < datetime(2028, 1, 2, tzinfo=UTC):
        wall = moment.astimezone(here).replace(tzinfo=None)
        if wall in first:
            twice.add(wall)
        first.setdefault(wall, moment)
        moment += QUARTER
    return first, twice


def walls_of_2027() -> list[datetime]:
    start = datetime(2027, 1, 1)
    return [start + QUARTER * number for number in range(365 * 96)]


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_hour_of_a_year_is_its_first_occurrence_or_the_first_minute_that_exists(
    zone: str,
) -> None:
    shown, twice = first_and_second(zone)
    expected: dict[datetime, datetime] = {}
    after_a_gap = shown[max(shown)]
    for wall in reversed(walls_of_2027()):
        after_a_gap = expected[wall] = shown.get(wall, after_a_gap)
    odd = [wall for wall in expected if wall not in shown or wall in twice]

    here = ZoneInfo(zone)
    wrong = {
        wall: found for wall in (*some_of(expected), *odd) if (found := instant(wall, here)) != expected[wall]
    }

    assert wrong == {}


@pytest.mark.parametrize(("zone", "quarters"), ZONES.items())
def test_the_six_zones_have_both_odd_hours_so_that_the_walk_above_proves_something(
    zone: str, quarters: int
) -> None:
    shown, twice = first_and_second(zone)

    skipped = [wall for wall in walls_of_2027() if wall not in shown]

    assert (len(skipped), len(twice)) == (quarters // 2, quarters // 2)


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/London", datetime(2027, 3, 28, 1, 0), datetime(2027, 3, 28, 1, 0)),
        ("Europe/London", datetime(2027, 3, 28, 1, 59), datetime(2027, 3, 28, 1, 0)),
        ("America/Chicago", datetime(2027, 3, 14, 2, 7), datetime(2027, 3, 14, 8, 0)),
        ("Australia/Lord_Howe", datetime(2027, 10, 3, 2, 29), datetime(2027, 10, 2, 15, 30)),
        ("Africa/Cairo", datetime(2027, 4, 30, 0, 0), datetime(2027, 4, 29, 22, 0)),
        ("Pacific/Apia", datetime(2011, 12, 30, 9, 0), datetime(2011, 12, 30, 10, 0)),
    ],
)
def test_a_time_skipped_by_the_spring_change_becomes_the_first_minute_that_exists(
    zone: str, wall: datetime, utc: datetime
) -> None:
    assert instant(wall, ZoneInfo(zone)) == utc.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/London", datetime(2027, 10, 31, 1, 30), datetime(2027, 10, 31, 0, 30)),
        ("Australia/Lord_Howe", datetime(2027, 4, 4, 1, 45), datetime(2027, 4, 3, 14, 45)),
        ("America/St_Johns", datetime(2027, 11, 7, 1, 15), datetime(2027, 11, 7, 3, 45)),
    ],
)
def test_a_time_doubled_by_the_autumn_change_means_its_first_occurrence(
    zone: str, wall: datetime, utc: datetime
) -> None:
    assert instant(wall, ZoneInfo(zone)) == utc.replace(tzinfo=UTC)


def test_a_naive_moment_is_refused_and_never_guessed() -> None:
    london = Calendar(zone=ZoneInfo("Europe/London"))

    for asked in (aware, london.local, london.day):
        with pytest.raises(ValueError, match="naive datetime 2027-02-18T09:30"):
            asked(datetime(2027, 2, 18, 9, 30))


def test_a_moment_in_any_zone_is_the_same_moment_in_utc() -> None:
    chicago = datetime(2027, 2, 18, 9, 30, tzinfo=ZoneInfo("America/Chicago"))

    assert aware(chicago) == datetime(2027, 2, 18, 15, 30, tzinfo=UTC)
    assert aware(chicago).tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "months", "result"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 28), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 11, 30), 12, date(2027, 11, 30)),
        (date(2027, 3, 31), -1, date(2027, 2, 28)),
        (date(2027, 1, 15), -1, date(2026, 12, 15)),
    ],
)
def test_months_keep_the_day_number_or_take_the_last_day_of_a_shorter_month(
    day: date, months: int, result: date
) -> None:
    assert months_after(day, months) == result


@given(day=st.dates(date(2020, 1, 1), date(2040, 1, 1)), months=st.integers(-30, 30))
def test_months_never_leave_the_month_they_name(day: date, months: int) -> None:
    result = months_after(day, months)

    assert (result.year - day.year) * 12 + result.month - day.month == months
    assert result.day == day.day or (result + timedelta(days=1)).day == 1


#: Open Monday to Friday, but closed from Thursday 24 to Monday 28 December 2026.
CHRISTMAS = Calendar(
    zone=ZoneInfo("Europe/London"),
    holidays=frozenset({date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 28)}),
)


@pytest.mark.parametrize(
    ("closed", "day"),
    [
        (Closed.PREVIOUS, date(2026, 12, 23)),
        (Closed.NEXT, date(2026, 12, 29)),
        (Closed.STAY, date(2026, 12, 26)),
    ],
)
def test_a_closed_day_walks_over_weekend_and_holidays_as_the_step_says(closed: Closed, day: date) -> None:
    assert CHRISTMAS.open_day(date(2026, 12, 26), closed) == day


@pytest.mark.parametrize("closed", Closed)
def test_an_open_day_stays_where_it_is(closed: Closed) -> None:
    assert CHRISTMAS.open_day(date(2026, 12, 23), closed) == date(2026, 12, 23)


@pytest.mark.parametrize("closed", [Closed.PREVIOUS, Closed.NEXT])
def test_a_clinic_that_never_opens_is_told_so_instead_of_being_searched_for_ever(closed: Closed) -> None:
    never = Calendar(zone=ZoneInfo("Europe/London"), working_days=frozenset())

    with pytest.raises(ValueError, match="closed for a whole year"):
        never.open_day(date(2027, 2, 18), closed)


@given(
    day=st.dates(date(2026, 12, 1), date(2027, 3, 1)),
    working=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(st.dates(date(2026, 12, 1), date(2027, 3, 1)), max_size=20),
    closed=st.sampled_from([Closed.PREVIOUS, Closed.NEXT]),
)
def test_the_nearest_working_day_is_open_and_none_before_it_is(
    day: date, working: frozenset[int], holidays: frozenset[date], closed: Closed
) -> None:
    calendar = Calendar(zone=ZoneInfo("Europe/London"), working_days=working, holidays=holidays)

    found = calendar.open_day(day, closed)

    passed = [min(day, found) + timedelta(days=n) for n in range(abs((found - day).days) + 1)]
    assert [each for each in passed if calendar.is_open(each)] == [found]
    assert (found <= day) if closed is Closed.PREVIOUS else (found >= day)


def london(*wall: int) -> datetime:
    return datetime(*wall, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "result"),
    [
        (london(2026, 12, 23, 12, 0), london(2026, 12, 23, 12, 0)),
        (london(2026, 12, 23, 8, 0), london(2026, 12, 23, 8, 0)),
        (london(2026, 12, 23, 7, 59), london(2026, 12, 23, 8, 0)),
        (london(2026, 12, 23, 17, 59), london(2026, 12, 23, 17, 59)),
        (london(2026, 12, 23, 18, 0), london(2026, 12, 29, 8, 0)),
        (london(2026, 12, 26, 12, 0), london(2026, 12, 29, 8, 0)),
        (london(2026, 12, 29, 3, 0), london(2026, 12, 29, 8, 0)),
        (london(2027, 3, 26, 18, 30), london(2027, 3, 29, 8, 0)),
    ],
)
def test_a_message_waits_for_the_next_opening_and_not_an_hour_longer(
    moment: datetime, result: datetime
) -> None:
    assert CHRISTMAS.working_moment(moment) == result


def test_a_clinic_names_its_own_hours_for_a_weekday() -> None:
    short_wednesday = Calendar(zone=ZoneInfo("Europe/London"), hours={2: (time(9), time(12))})

    assert short_wednesday.opening(date(2026, 12, 23)) == (time(9), time(12))
    assert short_wednesday.working_moment(london(2026, 12, 23, 12, 0)) == london(2026, 12, 24, 8, 0)
    assert short_wednesday.working_moment(london(2026, 12, 23, 8, 0)) == london(2026, 12, 23, 9, 0)


@pytest.mark.parametrize(
    ("wall", "minutes", "then"),
    [
        ("2027-02-18 09:00", 30, "2027-02-18 09:30"),
        ("2027-02-18 17:59", 1, "2027-02-19 08:00"),
        ("2027-02-18 17:00", 120, "2027-02-19 09:00"),
        ("2027-02-18 20:00", 0, "2027-02-19 08:00"),
        ("2027-02-19 17:30", 60, "2027-02-22 08:30"),
        ("2027-02-19 17:30", 60 + 10 * 60, "2027-02-23 08:30"),
        ("2027-03-26 17:30", 60, "2027-03-29 08:30"),
    ],
)
def test_time_passes_only_while_the_clinic_is_open(wall: str, minutes: int, then: str) -> None:
    calendar = Calendar(zone=ZoneInfo("Europe/London"))

    def at(text: str) -> datetime:
        return instant(datetime.fromisoformat(text), calendar.zone)

    assert calendar.working_after(at(wall), timedelta(minutes=minutes)) == at(then)
