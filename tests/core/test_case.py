"""A case, its sessions and its keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.case import Case, case_of
from bot.core.errors import NotFound
from tests.core.made import START, answer, course, get, with_case

DAY = timedelta(days=1)


def three() -> Case:
    return course(START, START + 35 * DAY, START + 70 * DAY).case


def test_the_next_session_is_the_first_that_is_neither_over_nor_cancelled() -> None:
    case = three()
    first, second, third = case.sessions

    assert case.next_session(START - DAY) == first
    assert case.next_session(START + timedelta(minutes=60)) == first
    assert case.next_session(START + timedelta(minutes=61)) == second
    gone = replace(case, sessions=(first, replace(second, cancelled=START), third))
    assert gone.next_session(START + DAY).number == 3


def test_the_next_session_is_the_nearest_however_the_sessions_were_moved() -> None:
    case = three()
    first, second, third = case.sessions
    swapped = replace(case, sessions=(replace(first, start=START + 50 * DAY), second, third))

    assert swapped.next_session(START).number == 2


def test_a_session_that_finished_early_is_over_at_once() -> None:
    case = three()
    first, *rest = case.sessions
    finished = replace(first, finished=START + timedelta(minutes=20))

    assert replace(case, sessions=(finished, *rest)).next_session(finished.end).number == 2


def test_when_all_is_over_the_next_session_is_the_last() -> None:
    assert three().next_session(START + 400 * DAY).number == 3


def test_a_session_nobody_booked_is_not_found() -> None:
    with pytest.raises(NotFound, match="no session of K7Q2 '4'"):
        three().session(4)


def test_a_session_ends_as_planned_until_it_really_ended() -> None:
    session = three().session(1)

    assert session.end == START + timedelta(minutes=60)
    assert replace(session, finished=START).end == START


def test_a_key_names_the_task_and_nothing_about_the_patient() -> None:
    task = get(course(smoker="yes"), "smoking")

    assert task.key == "K7Q2:smoking:1:1"
    assert case_of(task.key) == "K7Q2"


def test_a_field_nobody_filled_in_has_no_value() -> None:
    task = get(course(), "history")

    assert task.value("smoker") is None
    assert replace(task, answer=answer(smoker="yes")).value("smoker") == "yes"
    assert replace(task, answer=answer(smoker="yes")).value("fever") is None


def test_what_changed_since_is_what_is_new_or_differs() -> None:
    before = course()
    done = replace(get(before, "history"), rung=1)
    new = replace(done, occurrence=2)

    after = before.with_tasks([done, new])

    assert after.changed_since(before) == (done, new)
    assert len(after.tasks) == len(before.tasks) + 1
    assert with_case(after, revision=1).changed_since(after) == ()


def test_a_task_without_an_answer_is_judged_by_nothing() -> None:
    case = course()

    assert not case.verdict(get(case, "history")).stops
