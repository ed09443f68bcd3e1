"""A month in which much goes wrong, and at no step of it a rule is broken."""

from dataclasses import replace
from datetime import time, timedelta
from functools import cache

from bot.core.case import TaskStatus
from bot.core.noise import Heard
from tests.examples import every_proof
from tests.noise.clinic import DAY, at
from tests.noise.month import Month
from tests.noise.rules import asked_twice

#: Seed, cases and days: a whole month of forty cases where every proof is required, else some days of a few.
PLAYED = (2, 40, 30) if every_proof() else (4, 4, 17)


@cache
def month() -> Month:
    """The month, played once for all of these tests."""
    seed, cases, days = PLAYED
    played = Month(seed, cases=cases, days=days)
    played.play()
    return played


def test_at_every_step_everything_due_is_somebodys_and_nobody_is_called_ready_who_is_not() -> None:
    assert month().wrong == []


def test_nothing_is_asked_twice_at_one_rung() -> None:
    assert asked_twice(month().store) == []


def test_much_happened() -> None:
    kinds = {entry.kind for code in month().codes for entry in month().history(code)}

    assert {"asked", "reminded", "answered", "marked"} <= kinds
    assert month().people.answered > 20 * PLAYED[1]


def test_the_rules_see_a_hard_stop_that_was_passed() -> None:
    """A rule that cannot be broken proves nothing: here a stop is put behind a procedure that began."""
    codes, house = sorted(month().codes), month()
    with house.store.reading() as reading:
        courses = [house.practice.course(reading, code) for code in codes]
    course = next(each for each in courses if each.case.sessions[0].started)
    task = next(task for task in course.tasks if task.step == "g.consent_signed")
    assert task.answer is not None
    unsigned = replace(task.answer, values={**task.answer.values, "signed_and_dated": "no"})
    stopped = replace(task, status=TaskStatus.BLOCKED, answer=unsigned)

    assert list(month().rules.stopped(course)) == []
    assert len(list(month().rules.stopped(course.with_tasks([stopped])))) == 1


def test_the_rules_see_who_is_called_on_a_sunday() -> None:
    rules, sunday = month().rules, at(DAY + timedelta(days=4), time(11))
    heard = Heard(at=sunday, person="jo", kind="worklist", card="a list of nothing")

    with month().store.reading() as reading:
        assert len(list(rules.called(reading, [heard]))) == 1
        assert list(rules.called(reading, [replace(heard, at=at(DAY, time(11)))])) == []
