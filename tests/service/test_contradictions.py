"""Contradicting answers in the clinic: both are shown, the physician is asked once and settles by a press."""

import pytest

from bot.core.actions import Action
from bot.core.case import TaskStatus
from bot.core.errors import NotAllowed, Settled
from bot.core.messages import CaseView, DecisionCard, Notice, TaskCard
from bot.service import console
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, PIA
from tests.service.consultation import pressed
from tests.service.riverside import Riverside
from tests.service.test_export import played, rows, told

STEPS = ("g.medical_history", "abl.smoking_stop", "abl.smoking_after", "g.timeout")
SMOKING = ("abl.smoking_stop", "abl.smoking_after")
SETTLE = f"{CODE}:bookend.settle_smoker:1:1"


def contradicted(first: str = "yes", second: str = "no") -> Riverside:
    """The booking says one thing of smoking, the nurse another."""
    clinic = Riverside(*STEPS).book(smoker=first).until("2027-01-12 15:01")
    clinic.answer(JO, "Medical history", smoker=second)
    clinic.speak()
    return clinic


def card(clinic: Riverside, of: str = "Smoker") -> DecisionCard:
    cards = [message.card for message in clinic.workspace.of(ALI)]
    (found,) = [each for each in cards if isinstance(each, DecisionCard) and each.title.startswith(of)]
    return found


def test_the_physician_gets_one_card_with_both_answers_as_buttons() -> None:
    shown = card(contradicted())

    assert shown.heading == "Your decision: Smoker (nicotine vaping counts)"
    assert shown.reasons == ("yes: when it was booked, 13:45", "no: Jo Sample, Medical history, 15:01")
    assert [button.label for button in shown.buttons] == ["Yes", "No", "Something else", "Who is this?"]
    assert {button.action for button in shown.buttons} == {Action.SETTLE, Action.FORM, Action.WHO}


def test_the_nurse_reads_that_both_are_kept_and_nothing_leaves_the_list() -> None:
    clinic = Riverside(*STEPS).book(smoker="yes").until("2027-01-12 15:01")

    said = clinic.answer(JO, "Medical history", smoker="no")

    assert isinstance(said, Notice) and "yes and no were both said" in said.text
    assert set(clinic.statuses(*SMOKING).values()) == {"open"}


def test_where_the_physicians_own_form_cannot_say_it_a_card_offers_both() -> None:
    clinic = Riverside("abl.isotretinoin", "g.medicines", "g.timeout").book(isotretinoin="never")
    clinic.until("2027-01-12 15:01")

    clinic.command(JO, f"fact {CODE} isotretinoin past")
    clinic.speak()

    buttons = [button.label for button in card(clinic, "Isotretinoin").buttons]
    assert {"Never", "Past"} <= set(buttons)


def test_a_press_settles_it_and_the_plan_follows_at_once() -> None:
    clinic = contradicted()

    said = clinic.press(ALI, "No")
    clinic.speak()

    assert isinstance(said, Notice) and "settled, no" in said.text
    assert set(clinic.statuses(*SMOKING).values()) == {"void"}
    assert card(clinic).heading.startswith("Settled")
    assert card(clinic).buttons == ()


def test_nobody_but_a_physician_settles() -> None:
    clinic = contradicted()

    with pytest.raises(NotAllowed, match="physician"):
        clinic.reply(pressed(JO, Action.SETTLE, SETTLE, value=card(clinic).buttons[0].value))


def test_a_card_that_was_drawn_before_more_was_said_settles_nothing() -> None:
    clinic = contradicted()
    old = card(clinic).buttons[0].value
    clinic.command("sam", f"fact {CODE} smoker unknown")

    with pytest.raises(Settled, match="look again"):
        clinic.reply(pressed(ALI, Action.SETTLE, SETTLE, value=old))
    assert "yes" not in old and "no" not in old


def test_two_physicians_settle_once() -> None:
    clinic = contradicted()
    value = card(clinic).buttons[1].value
    clinic.reply(pressed(ALI, Action.SETTLE, SETTLE, value=value))

    with pytest.raises(Settled, match="Dr Ali"):
        clinic.reply(pressed(PIA, Action.SETTLE, SETTLE, once="two", value=value))


def test_a_fact_command_of_the_physician_settles_it_too() -> None:
    clinic = contradicted()

    clinic.command(ALI, f"fact {CODE} smoker no")
    clinic.speak()

    assert clinic.course().case.disputed == {}
    assert set(clinic.statuses(*SMOKING).values()) == {"void"}
    assert card(clinic).closed


def test_a_fact_command_of_a_nurse_contradicts_like_an_answer() -> None:
    clinic = Riverside(*STEPS).book(smoker="yes").until("2027-01-12 15:01")

    said = clinic.command(JO, f"fact {CODE} smoker no")

    assert isinstance(said, Notice) and "both said" in said.text
    assert set(clinic.statuses(*SMOKING).values()) == {"open"}


def test_the_case_shows_who_said_what_when_and_where() -> None:
    clinic = contradicted()

    view = clinic.command(KIT, f"case {CODE}")

    assert isinstance(view, CaseView)
    assert view.notes[:-1] == (
        "Smoker (nicotine vaping counts) is not settled. "
        "yes: when it was booked, 13:45; no: Jo Sample, Medical history, 15:01.",
    )
    clinic.press(ALI, "Yes")
    settled = clinic.command(KIT, f"case {CODE}")
    assert isinstance(settled, CaseView) and "not settled" not in str(settled.notes)
    assert any("Dr Ali · answered Settle: Smoker" in line for line in settled.history)


def test_it_stands_between_the_patient_and_the_next_gate_until_it_is_settled() -> None:
    clinic = contradicted("no", "yes")

    view = clinic.command(KIT, f"case {CODE}")

    assert isinstance(view, CaseView)
    assert "Settle: Smoker (nicotine vaping counts)" in dict(view.gates)[next(iter(dict(view.gates)))]


def test_a_form_says_what_was_said_before() -> None:
    clinic = Riverside(*STEPS).book(smoker="yes").until("2027-01-12 15:01")

    (part,) = clinic.form(JO, "Medical history").parts

    helps = {field.name: field.help for field in part.fields}
    assert "Said before: yes." in helps["smoker"]
    assert "Said before" not in helps["keloid"]


def test_a_correction_of_ones_own_answer_is_no_contradiction() -> None:
    clinic = Riverside(*STEPS).book(smoker="unknown").until("2027-01-12 15:01")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.undo(JO, "g.medical_history")

    clinic.early(JO, "g.medical_history", smoker="no")

    assert clinic.course().case.disputed == {}
    assert set(clinic.statuses(*SMOKING).values()) == {"void"}


def test_a_contradiction_and_how_it_was_settled_are_told_and_played_again() -> None:
    clinic = contradicted()
    before = told(clinic)
    open_rows = rows(clinic)
    clinic.press(ALI, "No")

    assert played(before, *STEPS) == open_rows
    assert played(told(clinic), *STEPS) == rows(clinic)


def test_facts_that_two_nurses_contradict_are_played_again_by_two() -> None:
    clinic = Riverside(*STEPS).book(smoker="unknown").until("2027-01-12 15:01")
    clinic.command(JO, f"fact {CODE} smoker yes")
    clinic.command("sam", f"fact {CODE} smoker no")

    script = told(clinic)

    assert [getattr(line, "by", "") for line in script.lines] == ["nurse", "nurse2"]
    assert played(script, *STEPS) == rows(clinic)


def test_bookends_own_items_are_no_rows_of_the_plan() -> None:
    clinic = contradicted()

    assert clinic.course().task("bookend.settle_smoker", 1) is not None
    assert {row["id"] for row in rows(clinic)} == set(STEPS)


def test_a_cancelled_case_asks_nobody_to_settle() -> None:
    clinic = contradicted()

    clinic.command(FRAN, f"cancel {CODE} patient is away")

    task = clinic.course().task("bookend.settle_smoker", 1)
    assert task is not None and task.status is TaskStatus.VOID


def test_the_plain_data_of_a_case_tells_of_it_too() -> None:
    clinic = contradicted()

    _, data = console.case(clinic.practice, CODE)

    assert [note.split(".")[0] for note in data["notes"][:-1]] == [
        "Smoker (nicotine vaping counts) is not settled"
    ]


def test_the_physicians_card_shows_at_once_what_a_third_answer_adds() -> None:
    booked = {"immune": "diabetes_uncontrolled"}
    clinic = Riverside("g.medical_history", "g.medicines").book(**booked).until("2027-01-12 15:01")
    clinic.answer(JO, "Medical history", immune="no")
    clinic.speak()

    clinic.answer(JO, "Medication disclosure", immunosuppressant="yes")
    clinic.speak()

    labels = [button.label for button in card(clinic, "Weak immune system").buttons]
    assert labels == ["Diabetes uncontrolled", "No", "Immunosuppressed", "Something else", "Who is this?"]


def test_what_is_new_of_one_patient_names_that_patient_on_a_list_of_several() -> None:
    clinic = Riverside("abl.smoking_stop", "g.timeout").book(smoker="yes").until("2027-02-04 09:00")
    clinic.command(JO, f"fact {CODE} smoker no")
    clinic.speak()

    (lists,) = [
        message.card
        for message in clinic.workspace.of(JO)
        if isinstance(message.card, TaskCard) and message.card.heading.startswith("Your list")
    ]

    assert lists.news and all(line.startswith(f"{CODE}: ") for line in lists.news)
