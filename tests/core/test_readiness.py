"""Ready is always for a gate; what was asked late counts for the last one, however late that was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.course import Course
from bot.core.kinds import Gate
from bot.core.plan import plan_case
from bot.core.readiness import Ready, readiness
from tests.core import made


def booked(before: timedelta) -> Course:
    """A case that was booked so long before its start."""
    playbook = made.playbook(made.SMOKING)
    told = made.booking(facts={"smoker": "yes"})
    wanted = replace(told, opened=made.START - before, consult=None, booked=None)
    case, tasks = plan_case(playbook, wanted, code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=playbook, calendar=wanted.calendar)


def blocking(course: Course, gate: Gate) -> list[str]:
    found = readiness(gate, course, course.case.sessions[0])
    assert (found.state is Ready.NOT_READY) == bool(found.blockers)
    return [each.task.step for each in found.blockers]


@pytest.mark.parametrize("minutes", [60, 6, 5, 4, 0])
def test_who_is_booked_at_the_last_minute_is_not_ready_before_all_was_answered(minutes: int) -> None:
    course = booked(timedelta(minutes=minutes))

    assert blocking(course, Gate.START) == ["smoking"]


def test_a_gate_that_had_passed_before_the_booking_asks_for_nothing() -> None:
    course = booked(timedelta(days=1))

    assert blocking(course, Gate.WEEK) == []
    assert blocking(course, Gate.ARRIVAL) == ["smoking"]


def test_what_is_asked_late_after_the_start_holds_no_start_up() -> None:
    course = booked(timedelta(hours=-1))

    assert blocking(course, Gate.START) == []
