"""`today`, `overdue`, `mine` and `case` as each role reads them: counts first, what is next, how to act."""

import pytest

from bot.core.messages import CaseView, Notice, TaskCard
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, RIVERSIDE, london
from tests.service.riverside import Riverside

STEPS = ("g.skin_exam", "g.medicines", "g.medical_history", "g.confirm_contact", "g.same_day_check")


@pytest.fixture
def clinic() -> Riverside:
    """Two cases whose consultation is over, a quarter of an hour ago; one has its procedure sooner."""
    both = Riverside(*STEPS, "g.site_marked").book(code="M4XD").book("2027-02-02 09:30", code="K7Q2")
    return both.until("2027-01-12 15:00")


def a_list(clinic: Riverside, who: str, words: str) -> TaskCard:
    card = clinic.command(who, words)
    assert isinstance(card, TaskCard)
    return card


def test_mine_counts_what_waits_and_says_what_is_next() -> None:
    clinic = Riverside(*STEPS).book().until("2027-02-17 16:00")

    card = a_list(clinic, JO, "mine")

    assert card.text.startswith("Waiting for you: 2 items. Next: Thu 18 Feb 08:55 Same-day check · K7Q2.")
    assert card.label.startswith("2 items. Next: ")


def test_mine_of_somebody_with_nothing_says_so(clinic: Riverside) -> None:
    card = a_list(clinic, MAX, "mine")

    assert (card.text, card.label, card.lines) == ("Nothing waits for you.", "Nothing waits for you.", ())


def test_overdue_shows_ones_own_first_and_names_the_owner_of_all_others(clinic: Riverside) -> None:
    card = a_list(clinic, ALI, "overdue")

    own = [line for line in card.lines if not line.said.startswith("Owner: ")]
    assert [line.title for line in card.lines[: len(own)]] == ["Skin exam", "Skin exam"]
    assert all(line.buttons for line in own)
    others = card.lines[len(own) :]
    assert {line.said for line in others} == {"Owner: Jo Sample", "Owner: Sam Specimen"}
    assert not any(line.buttons for line in others)


def test_overdue_counts_what_stops_and_names_the_soonest_procedure(clinic: Riverside) -> None:
    clinic.fill(JO, clinic.form_of(JO, "g.medical_history"), smoker="yes")

    card = a_list(clinic, KIT, "overdue")

    assert card.text == (
        "Overdue: 6 items, 1 of them stops a procedure. The soonest procedure is K7Q2, Tue 2 Feb 09:30."
    )
    assert card.lines[0].title == "Medical history" and card.lines[0].said.startswith("Owner: Dr Ali")


def test_overdue_tells_staff_how_much_of_it_is_theirs(clinic: Riverside) -> None:
    # of two consultations each nurse has one
    assert "; 2 wait for you." in a_list(clinic, JO, "overdue").text


def test_when_everything_is_answered_nothing_is_overdue() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medication disclosure")

    assert a_list(clinic, KIT, "overdue").text == "Nothing is overdue."


def test_today_is_in_the_order_of_the_clock_with_the_counts_of_the_huddle_and_what_is_mine() -> None:
    clinic = Riverside(*STEPS).book("2027-02-18 14:00", code="M4XD").book("2027-02-18 09:30", code="K7Q2")
    clinic.until("2027-02-18 08:55")

    notice = clinic.command(JO, "today")

    assert isinstance(notice, Notice)
    assert notice.text.startswith("2 today · 0 cleared · 0 on track · 2 not ready · 0 stops · checked 08:55")
    first, second, act = notice.lines
    assert first.startswith("09:30 · K7Q2") and second.startswith("14:00 · M4XD")
    assert first.endswith("(Jo Sample) · 3 items for you")
    assert "`case`" in act


def test_a_case_that_is_not_ready_says_whose_it_is_and_what_happens_next() -> None:
    clinic = Riverside(*STEPS).book().until("2027-02-17 16:00")

    view = clinic.command(KIT, "case K7Q2")

    assert isinstance(view, CaseView)
    assert any(note.startswith("It is up to ") and "next: " in note for note in view.notes)


@pytest.mark.parametrize("who", [ALI, JO, FRAN, MAX, KIT])
@pytest.mark.parametrize("words", ["mine", "overdue", "today"])
def test_no_list_names_a_patient_or_offers_another_ones_answer(
    clinic: Riverside, who: str, words: str
) -> None:
    found = clinic.command(who, words)

    if isinstance(found, TaskCard):
        name = RIVERSIDE.people[who].name
        assert not [line for line in found.lines if line.buttons and f"Owner: {name}" in line.said]
    assert "Invented" not in str(found)


def test_a_list_leaves_nobody_out_however_long_it_is() -> None:
    clinic = Riverside(*STEPS)
    for letter in "23456789ABC":
        clinic.book(code=f"K7Q{letter}")
    clinic.clock.advance(london("2027-01-12 15:00"))

    card = a_list(clinic, KIT, "overdue")

    assert len(card.lines) == 33
    assert card.text.startswith("Overdue: 33 items.")
