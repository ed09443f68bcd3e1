"""Hints about ticking: what shows, what does not, and that no careful answer ever does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.case import Answer, Outcome, Session
from bot.core.hints import WORDS, Hint, before_arrival, in_person, is_quick, many_at_once
from bot.core.people import Role
from tests.service.clinic import START, abl

NOW = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)


def given(seconds: float, step: str = "g.fire") -> tuple[str, datetime]:
    """What was answered so many seconds ago."""
    return f"K7Q2:{step}:1:1", NOW - timedelta(seconds=seconds)


def test_twelve_items_in_nine_seconds_show_and_eleven_do_not() -> None:
    twelve = [given(9 - number * 0.75, f"g.{number}") for number in range(12)]

    assert many_at_once(twelve, NOW) == (12, 9)
    assert many_at_once(twelve[1:], NOW) is None


def test_twelve_items_in_ten_seconds_do_not_show() -> None:
    assert many_at_once([given(10 - number * 0.75, f"g.{number}") for number in range(12)], NOW) is None


def test_one_press_for_twelve_items_shows_nothing_and_two_presses_do() -> None:
    together = [given(0, f"g.{number}") for number in range(12)]

    assert many_at_once(together, NOW) is None
    assert many_at_once([*together[1:], given(4, "g.other")], NOW) == (12, 4)


def test_one_word_for_a_whole_room_counts_once() -> None:
    patients = [(f"{code}:g.emergency_kit:1:1", given(2)[1]) for code in "ABCDEFGHIJKL"]

    assert many_at_once([*patients, given(0)], NOW) is None


@pytest.mark.parametrize(
    ("seconds", "quick"), [(0, False), (0.4, True), (5, True), (5.1, False), (600, False)]
)
def test_a_yes_within_five_seconds_is_quick_but_where_no_time_passes_nothing_shows(
    seconds: float, quick: bool
) -> None:
    answer = Answer(by="jo", role=Role.NURSE, at=NOW, outcome=Outcome.CONFIRMED)

    assert is_quick(answer, NOW - timedelta(seconds=seconds)) is quick
    assert not is_quick(replace(answer, outcome=Outcome.PROBLEM), NOW - timedelta(seconds=seconds))
    assert not is_quick(answer, None)


@pytest.mark.parametrize(
    ("step", "needs_the_patient"),
    [
        ("g.identity_arrival", True),
        ("g.same_day_check", True),
        ("g.consent_signed", True),
        ("g.timeout", True),
        ("g.emergency_kit", False),
        ("g.device_check", False),
        ("g.medicines", False),
        ("g.aftercare", False),
    ],
)
def test_what_is_answered_at_the_patients_side(step: str, needs_the_patient: bool) -> None:
    assert in_person(abl().step(step)) is needs_the_patient


def test_it_is_before_arrival_only_until_somebody_marked_them_as_here() -> None:
    step, session = abl().step("g.same_day_check"), Session(number=1, start=START, minutes=60)

    assert before_arrival(step, session)
    assert not before_arrival(step, replace(session, arrived=START))
    assert not before_arrival(step, replace(session, started=START))


def test_every_hint_has_words_that_say_whom_they_are_for() -> None:
    assert set(WORDS) == set(Hint)
    assert all(words.startswith("Only for you: ") for words in WORDS.values())
