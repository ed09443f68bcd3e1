"""A day of eighteen procedures with one person in each role stays quiet enough to be worked."""

from collections import Counter
from functools import cache

import pytest

from bot.core.case import TaskStatus
from bot.core.kinds import CardKind
from bot.core.people import Role
from tests.examples import every_proof
from tests.noise.clinic import DAY, SECOND_NURSE, STAFF, clinic
from tests.noise.day import Day
from tests.noise.figures import FEW, TARGETS, share_of_repeats

SEED = 1
#: A second day takes as long again: only the full check plays it.
ONE = "one nurse"
HOUSES = {ONE: STAFF} | ({"two nurses": {**STAFF, **SECOND_NURSE}} if every_proof() else {})


@cache
def played(house: str) -> Day:
    """A day, played once for all of these tests: it takes a few seconds."""
    day = Day(clinic(HOUSES[house]), SEED)
    day.play()
    return day


@pytest.mark.parametrize("house", HOUSES)
@pytest.mark.parametrize("role", TARGETS)
def test_nobody_hears_more_than_their_share_of_the_roles_target(role: Role, house: str) -> None:
    heard = [each.messages - each.exempt for each in played(house).figures() if each.role is role]

    assert min(heard) > 0
    assert max(heard) <= TARGETS[role] // len(heard)


def test_few_words_are_said_twice() -> None:
    assert share_of_repeats(played(ONE).figures()) < FEW


def test_one_message_for_each_item_would_be_unbearable() -> None:
    day = played(ONE).figures()

    assert sum(each.one_by_one for each in day) > 3 * sum(each.messages for each in day)


def test_everybody_was_treated_and_nothing_of_their_day_is_left() -> None:
    day = played(ONE)
    with day.store.reading() as reading:
        cases = reading.open_cases(day.clinic.id)
        sessions = [s for case in cases for s in case.sessions if day.clinic.calendar.day(s.start) == DAY]
        tasks = reading.tasks_of([case.code for case in cases])
    late = Counter(
        task.status for its in tasks.values() for task in its if task.due <= day.clock.now() and task.waits
    )

    assert [each.finished is not None for each in sessions] == [True] * 18
    assert late[TaskStatus.OPEN] + late[TaskStatus.BLOCKED] <= 2, late


def test_lists_are_few_and_each_consultation_is_one_form() -> None:
    cards = Counter((each.person, each.kind) for each in played(ONE).heard() if not each.repeat)

    lists = {person: count for (person, kind), count in cards.items() if kind == CardKind.WORKLIST}
    assert max(lists.values()) <= 2
    assert cards["fran", CardKind.DESK] == 1
    assert (cards["jo", CardKind.CONSULT], cards["ali", CardKind.CONSULT]) == (6, 6)
