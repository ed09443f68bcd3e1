"""Coverage: what is booked against who is on duty."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core import wording
from bot.core.course import Course
from bot.core.coverage import Uncovered, coverage, told_from, uncovered_words
from bot.core.instants import listening
from bot.core.people import Clinic, Duty, Role, Shift
from bot.core.plan import plan_case
from tests.service.clinic import JO, RIVERSIDE, abl, booking, london

#: The Wednesday before the Thursday of the procedures.
NOW = london("2027-02-17 10:00")
DAY = date(2027, 2, 18)


def course(code: str, start: str) -> Course:
    book = abl("g.same_day_check", "g.site_marked")
    case, tasks = plan_case(book, booking(london(start)), code=code, clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=book, calendar=RIVERSIDE.calendar)


def riverside(**duty: tuple[str | Shift, ...]) -> Clinic:
    """The clinic whose Thursday differs for these roles."""
    changed: Duty = {Role(role): people for role, people in duty.items()}
    return replace(RIVERSIDE, roster_changes={DAY: changed})


def test_with_everybody_on_duty_there_is_nothing_to_say() -> None:
    assert coverage(RIVERSIDE, [course("AAAA", "2027-02-18 14:00")], NOW) == ()


def test_booked_sessions_without_a_nurse_are_one_line() -> None:
    clinic = riverside(nurse=(Shift(person=JO, starts=time(8), ends=time(12)),))
    courses = [course(code, f"2027-02-18 {at}") for code, at in (("AAAA", "14:00"), ("BBBB", "15:00"))]

    (gap,) = coverage(clinic, [*courses, course("CCCC", "2027-02-18 09:30")], NOW)

    assert (gap.role, gap.codes) == (Role.NURSE, ("AAAA", "BBBB"))
    said = uncovered_words(gap, clinic, NOW)
    assert said == "Tomorrow 13:25-14:25: 2 CO₂ / Er:YAG resurfacing cases, no nurse on duty"


def test_the_hours_are_the_clinics_wherever_they_are_read() -> None:
    clinic = riverside(nurse=())
    courses = [course(code, f"2027-02-18 {at}") for code, at in (("AAAA", "14:00"), ("BBBB", "15:00"))]
    (gap,) = coverage(clinic, courses, NOW)

    with listening() as heard:
        said = uncovered_words(gap, clinic, NOW)
        wording.clock(gap.starts, clinic.calendar)

    assert "Tomorrow 13:25-14:25" in said
    assert [at for _, at in heard.instants.pieces(said) if at] == []


@pytest.mark.parametrize(
    ("now", "words"),
    [("2027-02-18 08:00", "Today 13:45"), ("2027-02-15 08:00", "Thu 18 Feb 13:45")],
)
def test_the_day_is_named_as_it_lies_ahead(now: str, words: str) -> None:
    clinic = riverside(operator=())
    (gap,) = coverage(clinic, [course("AAAA", "2027-02-18 14:00")], london(now))

    assert uncovered_words(gap, clinic, london(now)).startswith(f"{words}: 1 CO₂")


def test_before_opening_whoever_works_that_day_comes_early() -> None:
    clinic = riverside(nurse=(Shift(person=JO, starts=time(8), ends=time(12)),))

    assert coverage(clinic, [course("AAAA", "2027-02-18 08:15")], NOW) == ()


def test_what_is_over_cancelled_or_further_away_needs_nobody() -> None:
    clinic = riverside(nurse=(), operator=())
    one = course("AAAA", "2027-02-18 14:00")
    (session,) = one.case.sessions
    gone = [replace(session, cancelled=NOW), replace(session, started=NOW), replace(session, finished=NOW)]
    courses = [replace(one, case=replace(one.case, sessions=(each,))) for each in gone]

    assert coverage(clinic, courses, NOW) == ()
    assert coverage(clinic, [one], london("2027-02-08 10:00")) == ()
    assert coverage(clinic, [one], london("2027-02-18 14:00")) == ()


def test_the_manager_is_told_at_two_on_the_open_day_before() -> None:
    monday = Uncovered(
        day=date(2027, 2, 22), role=Role.NURSE, starts=NOW, ends=NOW, codes=("AAAA",), procedures=(("x", 1),)
    )

    assert told_from(monday, RIVERSIDE) == london("2027-02-19 14:00")
