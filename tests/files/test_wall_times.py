"""Dates and times as other programs write them, and what is said of those that nobody can read."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bot.core.times import Calendar
from bot.files.wall_times import has_day, order_of, read_clock, read_day, read_start

LONDON = Calendar(zone=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("said", "order"),
    [
        ("2027-02-03", ""),
        ("2027/02/03", ""),
        ("03.02.2027", ""),
        ("3.2.27", ""),
        ("03/02/2027", "dmy"),
        ("02/03/2027", "mdy"),
        ("03-02-2027", "dmy"),
        ("03.02.2027", "mdy"),
    ],
)
def test_a_day_is_read_in_every_usual_notation(said: str, order: str) -> None:
    assert read_day(said, order) == date(2027, 2, 3)


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ("09:30", time(9, 30)),
        ("9.30", time(9, 30)),
        ("09:30:00", time(9, 30)),
        ("9:30 AM", time(9, 30)),
        ("12:05 a.m.", time(0, 5)),
        ("2:30PM", time(14, 30)),
        ("12:00 pm", time(12)),
    ],
)
def test_a_time_is_read_in_every_usual_notation(said: str, at: time) -> None:
    assert read_clock(said) == at


@pytest.mark.parametrize(
    ("said", "clock", "wrong"),
    [
        ("", "09:30", "no date stands here"),
        ("2027-02-18", "", "no time stands here"),
        ("2027-02-30", "09:30", "there is no such date as '2027-02-30'"),
        ("0027-02-03", "09:30", "there is no such date"),
        ("18 Feb", "09:30", "expected a date such as"),
        ("03/02/2027", "09:30", "say --dates dmy or --dates mdy"),
        ("2027-02-18", "25:00", "there is no such time as '25:00'"),
        ("2027-02-18", "13:00 pm", "there is no such time"),
        ("2027-02-18", "half nine", "expected a time such as 09:30"),
    ],
)
def test_what_cannot_be_read_says_why(said: str, clock: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong.replace("(", ".")):
        read_start(said, clock, "", LONDON)


@pytest.mark.parametrize(
    "said",
    [
        "2027-07-18 09:30",
        "2027-07-18T09:30:00",
        "18.07.2027 9:30",
        "2027-07-18T08:30:00Z",
        "18/07/2027  9:30 AM",
    ],
)
def test_a_moment_in_one_text_is_the_clinics_wall_time_unless_it_names_a_zone(said: str) -> None:
    moment = read_start(said, "", "dmy", LONDON)

    assert LONDON.local(moment).isoformat() == "2027-07-18T09:30:00+01:00"


def test_a_date_with_its_own_midnight_beside_a_time_is_only_a_date() -> None:
    moment = read_start("2027-02-18 00:00:00", "09:30", "", LONDON)

    assert LONDON.local(moment).time() == time(9, 30)


def test_one_date_that_can_be_read_one_way_alone_tells_the_order_of_all() -> None:
    assert order_of(["03/02/2027", "18/02/2027 09:00"]) == "dmy"
    assert order_of(["03/02/2027", "02/18/2027"]) == "mdy"
    assert order_of(["03/02/2027", "18.02.2027", "nonsense", ""]) == ""


def test_a_text_begins_with_a_day_or_does_not() -> None:
    assert has_day("2027-02-18 09:30") and has_day("18/2/27")
    assert not has_day("09:30") and not has_day("")
