"""The guard on typed notes: its rates on the invented notes, and that no text can keep it busy."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.guard import LONGEST, looks_like, minding, unnamed
from bot.core.identity import Identity
from tests.guard.notes import PATIENT, STAFF, judged


@pytest.mark.parametrize(("whose", "missed"), [("blind", 0.27), ("held", 0.15)])
def test_of_notes_that_others_wrote_it_finds_most_and_refuses_few_for_nothing(
    whose: str, missed: float
) -> None:
    """`blind` are tricky on purpose, and it learnt from them; of `held`, which are as people type, never."""
    unfit, fit = judged(f"unfit-{whose}"), judged(f"fit-{whose}")

    assert sum(not note.said for note in unfit) <= missed * len(unfit)
    assert sum(bool(note.said) for note in fit) <= 0.04 * len(fit)


def test_the_notes_are_three_hundred_and_no_two_alike() -> None:
    notes = [note.text for name in ("fit", "unfit") for note in judged(name)]

    assert len(notes) >= 300
    assert len(set(notes)) == len(notes)


def test_of_notes_that_name_somebody_hardly_any_is_kept() -> None:
    notes = judged("unfit")

    missed = [note for note in notes if not note.said]

    assert len(missed) <= 0.02 * len(notes), [note.text for note in missed]


def test_of_notes_that_name_nobody_hardly_any_is_refused() -> None:
    notes = judged("fit")

    refused = [note for note in notes if note.said]

    assert len(refused) <= 0.02 * len(notes), [note.text for note in refused]


@pytest.mark.parametrize("told", ["Testova called", "testová's rash", "z. testova", "RX 4711 q", "TESTOVA"])
def test_a_patient_of_the_clinic_is_known_by_any_part_of_who_they_are(told: str) -> None:
    alone = looks_like(told)

    with minding(lambda: [PATIENT], STAFF):
        known = looks_like(told)

    assert (alone, bool(known)) == ("", True)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Łucja Testova", "lucja called"),
        ("Zoë Müsterling", "Muesterling called"),
        ("Zoe Muesterling", "müsterling called"),
        ("Bo Sørtest", "soertest and sortest"),
        ("Siobhan O'Testy", "otesty called"),
        ("Zuzana Testova", "zuzanatestova called"),
        ("Zuzana Testova", "testova_z called"),
        ("Zuzana Testova", "test\ufe0fova called"),
    ],
)
def test_a_patients_name_is_known_however_it_is_spelt(name: str, told: str) -> None:
    patient = Identity(name=name, born=date(1980, 1, 1))

    with minding(lambda: [patient], STAFF):
        assert looks_like(told) == "a patient's name"


@pytest.mark.parametrize(
    "told", ["Mr  Sampleman", "born  1 \t March  1987", "seen 14 March '87", "March 14, '87"]
)
def test_a_gap_or_a_short_year_hides_nothing(told: str) -> None:
    assert looks_like(told)


def test_patients_are_read_once_for_all_the_texts_of_a_form() -> None:
    read: list[str] = []

    def patients() -> list[Identity]:
        read.append("once")
        return [PATIENT] * 500

    with minding(patients, STAFF):
        for _ in range(20):
            looks_like("test spot is pale")

    assert read == ["once"]


def test_staff_may_be_named_though_a_patient_is_called_like_them() -> None:
    with minding(lambda: [PATIENT], ["Zuzana Park"]):
        assert looks_like("Zuzana checks again") == ""
        assert looks_like("Testova checks again") == "a patient's name"


def test_patients_are_read_only_where_words_were_typed() -> None:
    def patients() -> list[object]:
        raise AssertionError("nobody typed anything")

    with minding(patients, STAFF):  # type: ignore[arg-type]
        assert unnamed("  ") == ""


@given(st.text(alphabet="0123456789 .-/@aAzZ#\n'ßé", max_size=LONGEST))
def test_whatever_was_typed_is_judged_at_once(text: str) -> None:
    begun = process_time()

    with minding(lambda: [PATIENT] * 50, STAFF):
        looks_like(text)

    assert process_time() - begun < 0.5
