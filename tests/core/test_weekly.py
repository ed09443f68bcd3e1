"""The numbers of a week, each as it is defined."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.case import Answer, Outcome, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import Catch
from bot.core.noise import Noise
from bot.core.people import Role
from bot.core.plan import plan_case
from bot.core.weekly import (
    COLUMNS,
    Share,
    Week,
    post_completion,
    pre_completion,
    unreached,
    week_of,
    weekly,
    weekly_lines,
    weekly_row,
)
from tests.service.clinic import CALENDAR, JO, RIVERSIDE, abl, booking, london

START = london("2027-02-18 09:30")
WEEK = week_of(RIVERSIDE, date(2027, 2, 18))
LATER = london("2027-03-01 09:00")
STEPS = ("g.medicines", "g.same_day_check", "g.aftercare_given", "abl.call_1", "abl.visit_7")


def course() -> Course:
    book = abl(*(step for step in STEPS if step in {each.id for each in abl().steps}))
    case, tasks = plan_case(book, booking(START), code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=book, calendar=CALENDAR)


def given(at: datetime, **more: object) -> Answer:
    return Answer(by=JO, role=Role.NURSE, at=at, outcome=Outcome.CONFIRMED, **more)  # type: ignore[arg-type]


def answered(task: Task, at: datetime, **more: object) -> Task:
    return replace(task, status=TaskStatus.DONE, answer=given(at, **more))


def with_answer(found: Course, step: str, at: datetime, **more: object) -> Course:
    task = found.task(step, 1)
    assert task is not None
    return found.with_tasks([answered(task, at, **more)])


# --- before


def test_items_due_before_the_start_count_and_only_those_answered_before_it_are_in_time() -> None:
    found = with_answer(course(), "g.medicines", START - timedelta(days=1))
    found = with_answer(found, "g.same_day_check", START + timedelta(minutes=5))

    assert pre_completion([found], WEEK, LATER) == Share(done=1, due=2)


def test_the_real_start_counts_where_it_was_pressed() -> None:
    found = with_answer(course(), "g.same_day_check", START + timedelta(minutes=5))
    (session,) = found.case.sessions
    late = replace(session, started=START + timedelta(minutes=20))
    found = replace(found, case=replace(found.case, sessions=(late,)))

    assert pre_completion([found], WEEK, LATER).done == 1


def test_a_correction_counts_from_when_the_answer_was_first_given() -> None:
    first = START - timedelta(days=1)
    found = with_answer(course(), "g.medicines", START + timedelta(days=2), amends=first)

    assert pre_completion([found], WEEK, LATER).done == 1


def test_a_session_that_is_still_to_come_counts_in_no_week_yet() -> None:
    assert pre_completion([course()], WEEK, START - timedelta(minutes=1)).due == 0
    assert pre_completion([course()], WEEK, START).due == 2


@pytest.mark.parametrize("why", ["cancelled", "shadow", "void", "another week"])
def test_what_nobody_could_answer_is_left_out(why: str) -> None:
    found = course()
    (session,) = found.case.sessions
    if why == "cancelled":
        found = replace(found, case=replace(found.case, sessions=(replace(session, cancelled=START),)))
    if why == "shadow":
        found = replace(found, case=replace(found.case, shadow=True))
    if why == "void":
        found = found.with_tasks([replace(each, status=TaskStatus.VOID) for each in found.tasks])
    week = week_of(RIVERSIDE, date(2027, 2, 8)) if why == "another week" else WEEK

    assert pre_completion([found], week, LATER).due == 0
    assert post_completion([found], week, LATER).due == 0


def test_an_answer_that_stops_is_an_answer() -> None:
    found = with_answer(course(), "g.medicines", START - timedelta(days=1))
    task = found.task("g.medicines", 1)
    assert task is not None
    found = found.with_tasks([replace(task, status=TaskStatus.BLOCKED)])

    assert pre_completion([found], WEEK, LATER).done == 1


# --- after


def test_items_after_it_count_in_the_week_in_which_they_are_due() -> None:
    found = with_answer(course(), "abl.call_1", START + timedelta(days=1))

    assert post_completion([found], WEEK, LATER).done == 1
    assert post_completion([found], week_of(RIVERSIDE, date(2027, 2, 25)), LATER).done == 0


def test_an_answer_after_the_week_is_late() -> None:
    found = with_answer(course(), "abl.call_1", WEEK.ends)

    assert post_completion([found], WEEK, LATER).done == 0


# --- weeks, words and columns


def test_a_week_is_named_as_iso_does_and_begins_in_the_clinics_zone() -> None:
    tokyo = replace(RIVERSIDE, calendar=replace(CALENDAR, zone=ZoneInfo("Asia/Tokyo")))
    week = week_of(tokyo, date(2027, 1, 3))

    assert (week.name, week.monday) == ("2026-W53", date(2026, 12, 28))
    assert week.begins == datetime.fromisoformat("2026-12-28T00:00+09:00")


def test_a_week_with_a_clock_change_is_an_hour_shorter() -> None:
    week = week_of(RIVERSIDE, date(2027, 3, 28))

    assert week.ends - week.begins == timedelta(days=7) - timedelta(hours=1)


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert (Share(done=199, due=200).percent, Share(done=0, due=0).percent) == (99, None)
    assert Share(done=0, due=0).words == "nothing due"


def test_every_attempt_that_reached_nobody_counts() -> None:
    asked = [given(START, values={"patient_confirmed": word}) for word in ("not_reached", "yes")]
    tried = replace(given(START), outcome=Outcome.UNREACHED)

    assert unreached([*asked, tried]) == 2


def found(week: Week = WEEK) -> list[str]:
    nurse = Noise(role=Role.NURSE, week=week.monday, messages=9, repeats=1, answered_first=8, after_hours=2)
    caught = given(START, caught=Catch.SKIN)
    caught = replace(caught, outcome=Outcome.CAUGHT, note="tan line of Ms Invented")
    course_now = with_answer(course(), "g.medicines", START - timedelta(days=1))
    report = weekly(RIVERSIDE, week, [course_now], [caught], [], [nurse], LATER)
    return [*weekly_lines(report), str(weekly_row(report))]


def test_a_week_is_told_in_two_lines() -> None:
    first, second, _ = found()

    assert first == (
        "Riverside: before 50 % (1 of 2), after 0 % (0 of 1); 1 good catch: skin or tan 1; "
        "0 overrides; 0 unreached"
    )
    assert second == (
        "Riverside, Bookend itself: 9 messages, 1 repeat, 88 % answered at first asking, 20 % after hours"
    )


def test_no_patient_and_nobody_of_the_staff_is_in_it() -> None:
    words = " ".join(found())

    names = [person.name for person in RIVERSIDE.people.values()] + [JO, "K7Q2", "Invented", "tan line"]
    assert not [name for name in names if name in words.split() or f" {name} " in words]


def test_every_column_has_its_words_and_every_row_its_columns() -> None:
    report = weekly(RIVERSIDE, WEEK, [], [], [], [], LATER)

    assert list(weekly_row(report)) == list(COLUMNS)
    assert all(COLUMNS.values())
    assert report.is_empty
