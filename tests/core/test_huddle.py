"""When the huddle is posted and ends, and what counts as getting worse."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core import huddle
from bot.core.boards import Board, RowState
from bot.core.times import Calendar
from tests.chat.boards import BOARD, TODAY, row
from tests.service.clinic import CALENDAR, RIVERSIDE, london

THURSDAY, FRIDAY, MONDAY = date(2027, 2, 11), date(2027, 2, 12), date(2027, 2, 15)
#: The Monday is a holiday.
TUESDAY = date(2027, 2, 16)


def test_it_is_posted_a_quarter_of_an_hour_before_opening() -> None:
    assert huddle.begins(RIVERSIDE, THURSDAY) == london("2027-02-11 07:45")


def test_a_clinic_may_say_when() -> None:
    assert huddle.begins(replace(RIVERSIDE, huddle=time(7, 30)), THURSDAY) == london("2027-02-11 07:30")


@pytest.mark.parametrize(
    ("moment", "live"),
    [
        ("2027-02-11 07:44", False),
        ("2027-02-11 07:45", True),
        ("2027-02-11 17:59", True),
        ("2027-02-11 18:00", False),
        ("2027-02-15 10:00", False),
    ],
)
def test_it_lives_from_the_huddle_to_closing_on_open_days(moment: str, live: bool) -> None:
    assert huddle.live(RIVERSIDE, london(moment)) is live


@pytest.mark.parametrize(
    ("moment", "last"),
    [("2027-02-11 18:00", THURSDAY), ("2027-02-12 09:00", THURSDAY), ("2027-02-16 07:00", FRIDAY)],
)
def test_the_last_one_that_ended_is_found_over_closed_days(moment: str, last: date) -> None:
    assert huddle.last_ended(RIVERSIDE, london(moment)) == last


@pytest.mark.parametrize(
    ("moment", "next_one"),
    [
        ("2027-02-11 07:00", "2027-02-11 07:45"),
        ("2027-02-11 07:45", "2027-02-11 18:00"),
        ("2027-02-12 18:00", "2027-02-16 07:45"),
    ],
)
def test_the_next_moment_is_a_huddle_or_its_end(moment: str, next_one: str) -> None:
    assert huddle.next_moment(RIVERSIDE, london(moment)) == london(next_one)


def test_a_week_ends_with_its_last_open_day() -> None:
    days = (THURSDAY, FRIDAY, MONDAY, TUESDAY)

    assert [day for day in days if huddle.ends_week(RIVERSIDE, day)] == [FRIDAY]


def test_a_clinic_that_also_opens_on_saturday_ends_its_week_there() -> None:
    calendar = Calendar(zone=CALENDAR.zone, working_days=frozenset(range(6)))
    saturdays = replace(RIVERSIDE, calendar=calendar)

    assert not huddle.ends_week(saturdays, FRIDAY)
    assert huddle.ends_week(saturdays, date(2027, 2, 13))


FINE = (RowState.READY, RowState.ON_TRACK, RowState.OVERRIDE)
BAD = (RowState.NOT_READY, RowState.STOP)


@pytest.mark.parametrize("was", [*FINE, *BAD])
@pytest.mark.parametrize("now", [*FINE, *BAD])
def test_only_a_session_that_needs_somebody_now_and_did_less_before_got_worse(
    was: RowState, now: RowState
) -> None:
    board = standing(now)

    found = [words for _, words in huddle.worse({"K7Q2:1": was.value}, board)]

    expected = now in BAD and (was in FINE or (was, now) == (RowState.NOT_READY, RowState.STOP))
    assert bool(found) is expected


def test_the_line_says_which_patient_and_what_blocks_them_and_nothing_that_was_answered() -> None:
    ((_, words),) = huddle.worse({"K7Q2:1": "ready"}, standing(RowState.STOP))

    assert words == "09:30 · K7Q2 · Room 2 · CO₂: was cleared, now stopped. Pregnancy test."


def test_a_session_that_was_not_seen_before_did_not_get_worse() -> None:
    assert list(huddle.worse({}, standing(RowState.STOP))) == []


def test_a_session_before_it_is_cleared_to_come_is_not_watched() -> None:
    board = replace(BOARD, rows=(replace(standing(RowState.STOP).rows[0], near=False),))

    assert list(huddle.worse({"K7Q2:1": "ready"}, board)) == []
    assert huddle.standings(board) == {}


def standing(state: RowState) -> Board:
    one = row(
        *("K7Q2", "09:30 · Room 2 · CO₂", state, "as it stands", "Pregnancy test: positive"),
        blocking="Pregnancy test",
        session=1,
        near=True,
        part=TODAY,
    )
    return replace(BOARD, rows=(one,))
