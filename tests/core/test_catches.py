"""Good catches: counted by kind, named by the words that people write, and nothing about a patient."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.case import Answer, Outcome
from bot.core.catches import CATCHES, catch_of, catches_words, good_catches
from bot.core.kinds import Catch
from bot.core.people import Role

NOW = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)


def caught(kind: Catch | None, minute: int = 0, **changes: object) -> Answer:
    """An answer that caught something."""
    at = NOW + timedelta(minutes=minute)
    made = Answer(by="jo", role=Role.NURSE, at=at, outcome=Outcome.CAUGHT, note="told in words", caught=kind)
    return replace(made, **changes)  # type: ignore[arg-type]


def test_every_kind_has_its_words() -> None:
    assert set(CATCHES) == set(Catch)


def test_what_was_caught_is_counted_by_kind_and_the_rest_is_not() -> None:
    answers = [
        caught(Catch.BOOKING),
        caught(Catch.MEDICINE, 1),
        caught(Catch.MEDICINE, 2),
        caught(None, 3),
        replace(caught(Catch.SKIN, 4), outcome=Outcome.CONFIRMED),
    ]

    counted = good_catches(answers)

    assert counted == {Catch.MEDICINE: 2, Catch.BOOKING: 1, Catch.OTHER: 1}
    assert next(iter(counted)) is Catch.MEDICINE
    assert catches_words(counted) == "4 good catches: medicine or allergy 2, booking 1, other 1"


def test_an_answer_and_its_correction_count_once() -> None:
    first = caught(Catch.BOOKING)

    assert good_catches([first, caught(Catch.DEVICE, 60, amends=first.at)]) == {Catch.DEVICE: 1}
    assert good_catches([first, caught(None, 60, amends=first.at, outcome=Outcome.CONFIRMED)]) == {}


def test_a_week_without_a_catch_says_nothing() -> None:
    assert (good_catches([]), catches_words({})) == ({}, "")


def test_one_catch_is_one() -> None:
    assert catches_words({Catch.COLD_SORE: 1}) == "1 good catch: cold sore 1"


@pytest.mark.parametrize(
    ("note", "title", "kind"),
    [
        ("new medicine", "Same-day check", Catch.MEDICINE),
        ("allergic to lidocaine", "Anaesthetic", Catch.MEDICINE),
        ("cold sore, antiviral started", "Same-day check", Catch.COLD_SORE),
        ("tanned since Sunday", "Skin exam", Catch.SKIN),
        ("wrong side was marked", "Site marked", Catch.IDENTITY),
        ("was missing", "Room and door signs", Catch.DEVICE),
        ("consent not signed", "Time-out", Catch.CONSENT),
        ("wrong interval", "Readiness", Catch.BOOKING),
        ("it was odd", "Anything new?", Catch.OTHER),
    ],
)
def test_a_typed_line_names_its_kind_or_its_title_does(note: str, title: str, kind: Catch) -> None:
    assert catch_of(note, title) is kind
