"""The catch-up list: ten cases a working day, the soonest first, and no stop too late for its procedure."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from time import process_time

import pytest

from bot.core.catch_up import CASES_A_DAY, caught_up, is_late, next_turn
from bot.core.conditions import ALWAYS
from bot.core.course import Course
from bot.core.kinds import Level
from bot.core.playbook import Stops
from tests.core.made import LONDON, OPENED, course_of, get, london, playbook, step, wall

NOON = datetime(2027, 1, 12, 12, tzinfo=UTC)


def opened(start: str, *, stop: bool = False) -> Course:
    """A case opened on Tuesday noon with one item that was due weeks ago and one that is due on the day."""
    stops = Stops(level=Level.MD, md=ALWAYS) if stop else Stops()
    steps = step("tiny.late", "T0-60d@09:00 none", stops=stops), step("tiny.day", "T0-15m")
    return course_of(playbook(*steps), london(start))


def asked(start: str, day: str, *, stop: bool = False) -> str:
    """When the late item of a case is asked whose turn is on a day."""
    course = caught_up(opened(start, stop=stop), date.fromisoformat(day), OPENED)
    return wall(get(course, "tiny.late").next_prompt_at or OPENED)


@pytest.mark.parametrize(
    ("start", "day", "stop", "moment"),
    [
        ("2027-02-18 09:30", "2027-01-12", False, "2027-01-12 13:45"),
        ("2027-02-18 09:30", "2027-01-20", False, "2027-01-20 08:00"),
        ("2027-02-18 09:30", "2027-01-20", True, "2027-01-20 08:00"),
        ("2027-01-14 13:00", "2027-01-20", True, "2027-01-12 13:45"),
        ("2027-01-14 13:00", "2027-01-20", False, "2027-01-14 13:00"),
        ("2027-01-21 09:30", "2027-01-20", True, "2027-01-19 08:00"),
        ("2027-01-18 09:30", "2027-01-20", True, "2027-01-15 08:00"),
    ],
)
def test_a_late_item_waits_for_its_turn_and_no_stop_past_two_days_before(
    start: str, day: str, stop: bool, moment: str
) -> None:
    assert asked(start, day, stop=stop) == moment


def test_what_follows_the_booking_waits_as_well_for_nobody_was_asked_then() -> None:
    course = course_of(playbook(step("tiny.booked", "BOOKED+0m"), step("tiny.consult", "CONSULT+60m")))

    after = caught_up(course, date(2027, 1, 20), OPENED)

    assert {wall(task.next_prompt_at or OPENED) for task in after.tasks} == {"2027-01-20 08:00"}


def test_only_what_was_late_waits() -> None:
    course = opened("2027-02-18 09:30")

    after = caught_up(course, date(2027, 1, 20), OPENED)

    assert is_late(course)
    assert get(after, "tiny.day") == get(course, "tiny.day")
    assert not is_late(opened("2027-12-18 09:30"))


def test_days_fill_up_and_skip_what_is_closed() -> None:
    friday = LONDON.instant(date(2027, 1, 15), time(12))
    taken: Counter[date] = Counter()
    days = []
    for _ in range(2 * CASES_A_DAY + 1):
        days.append(next_turn(taken, LONDON, friday))
        taken[days[-1]] += 1

    assert Counter(days) == {date(2027, 1, 15): 10, date(2027, 1, 18): 10, date(2027, 1, 19): 1}


def test_in_the_evening_the_next_working_day_is_the_first() -> None:
    assert next_turn({}, LONDON, NOON + timedelta(hours=8)) == date(2027, 1, 13)


def test_a_list_of_years_is_as_quick_to_continue_as_one_of_a_day() -> None:
    days = (NOON.date() + timedelta(days=day) for day in range(4000))
    taken = Counter({day: CASES_A_DAY for day in days if LONDON.is_open(day)})
    last, begun = max(taken), process_time()

    for _ in range(100):
        found = next_turn(taken, LONDON, NOON)

    assert found > last
    assert process_time() - begun < 0.3
