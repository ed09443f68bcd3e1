"""Corrections: the first answer is kept, the item judged anew, and whoever may do it is named."""

from dataclasses import replace

import pytest

from bot.core.actions import Action
from bot.core.case import Choice, Outcome
from bot.core.errors import NotAllowed, Refused, Settled, WrongValues
from bot.core.keeping import Because, Erasure
from bot.core.kinds import Catch
from bot.core.messages import CaseView, Form, Notice, TaskCard
from bot.core.replies import Filled
from bot.service.erasing import erase
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, MAX, SAM, london
from tests.service.consultation import EXAM, HISTORY, MEDICINES, at_the_consultation, key, pressed
from tests.service.riverside import Riverside

LATER = "2027-01-12 16:30"


def answered() -> Riverside:
    """Jo has answered the medical history, and ninety minutes have passed."""
    clinic = Riverside(HISTORY, "abl.smoking_stop").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history")
    return clinic.until(LATER)


def form(clinic: Riverside, who: str, step: str = HISTORY) -> Form:
    """The form behind Correct."""
    found = clinic.desk.reply(pressed(who, Action.AMEND, key(step)))
    assert isinstance(found, Form)
    return found


def correction(
    clinic: Riverside, who: str, step: str = HISTORY, *, because: str = "ticked the wrong line", **values: str
) -> Filled:
    """What somebody sends in to correct an answer."""
    return clinic.filled(who, form(clinic, who, step), because=because, **values)


def test_a_correction_is_judged_anew_and_both_answers_are_kept() -> None:
    clinic = answered()
    first = clinic.task(HISTORY).answer

    said = clinic.reply(correction(clinic, JO, smoker="yes"))

    with clinic.store.reading() as reading:
        kept = reading.answers(key(HISTORY))
    assert isinstance(said, Notice) and said.tone == "bad"
    assert "The first answer stays in the case's history." in said.text
    assert kept == (first, clinic.task(HISTORY).answer)
    assert [answer.amends for answer in kept] == [None, first.at if first else None]
    assert clinic.statuses() == {HISTORY: "blocked", "abl.smoking_stop": "open"}
    assert clinic.course().case.facts["smoker"] == "yes"


def test_a_correction_frees_what_only_the_first_answer_stopped() -> None:
    clinic = Riverside(HISTORY, "abl.smoking_stop").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until(LATER)

    clinic.reply(correction(clinic, JO, smoker="no"))
    clinic.until("2027-01-12 16:31")

    assert clinic.statuses() == {HISTORY: "done", "abl.smoking_stop": "void"}
    assert clinic.decision().closed
    assert not clinic.course().case.disputed


def test_whoever_corrects_a_colleague_contradicts_nobody() -> None:
    clinic = Riverside(HISTORY, "abl.smoking_stop").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until(LATER)

    clinic.reply(correction(clinic, SAM, smoker="no"))

    assert not clinic.course().case.disputed
    assert clinic.statuses() == {HISTORY: "done", "abl.smoking_stop": "void"}


def test_a_decision_on_the_first_answer_does_not_cover_the_correction() -> None:
    clinic = Riverside(HISTORY, "abl.smoking_stop").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:01").decide(ALI, Choice.PROCEED, "Stops for two weeks.")
    clinic.until(LATER)

    clinic.reply(correction(clinic, JO, smoker="yes", unwell_now="yes"))
    clinic.until("2027-01-12 16:31")

    assert clinic.task(HISTORY).decision is None
    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}
    assert not clinic.decision().closed


def test_a_fact_that_the_correction_no_longer_sets_is_what_it_was() -> None:
    clinic = Riverside(HISTORY, "abl.hsv_prescribed").book(hsv_history="unknown").until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", hsv_history="no")
    clinic.until(LATER)
    before = clinic.course().case.facts["hsv_history"]
    waved_off = replace(
        correction(clinic, ALI, because=""), outcome=Outcome.NOT_APPLICABLE, note="asked by letter"
    )

    clinic.reply(waved_off)

    assert (before, clinic.course().case.facts["hsv_history"]) == ("no", "unknown")
    assert clinic.statuses("abl.hsv_prescribed") == {"abl.hsv_prescribed": "open"}


def test_it_says_amended_on_the_card_in_the_case_and_in_history() -> None:
    clinic = answered()

    clinic.reply(correction(clinic, SAM))
    clinic.until("2027-01-12 16:31")

    said = "Confirmed by Sam Specimen 16:30, amended (first answered 15:00)"
    view = clinic.command(KIT, "case K7Q2")
    assert isinstance(view, CaseView)
    assert clinic.card(JO, "Consultation").lines[0].said == said
    assert view.lines[0].said == said
    assert view.history[-1] == "16:30 · Sam Specimen · amended Medical history (confirmed)"
    assert clinic.history()[-1].detail["reason"] == "ticked the wrong line"


def test_whoever_answered_a_colleague_of_the_role_and_the_physician_may_correct_and_nobody_else() -> None:
    clinic = answered()

    for who in (JO, SAM, ALI):
        assert form(clinic, who).action is Action.AMEND
    for who in (FRAN, MAX, KIT):
        with pytest.raises(NotAllowed, match="Medical history is for a nurse to answer"):
            form(clinic, who)


def test_the_form_shows_the_earlier_answer_and_asks_why() -> None:
    clinic = answered()

    opened = form(clinic, JO)

    values = {field.name: field.value for field in opened.parts[0].fields}
    assert opened.heading == "Correct: Medical history"
    assert values["smoker"] == "no"
    assert opened.parts[0].fields[-1].help.startswith("So far: Confirmed by Jo Sample 15:00.")


def test_a_correction_without_a_reason_is_refused() -> None:
    clinic = answered()

    with pytest.raises(WrongValues) as refused:
        clinic.reply(correction(clinic, JO, because=" "))

    assert list(refused.value.problems) == ["because"]
    assert clinic.task(HISTORY).answer is not None and clinic.task(HISTORY).answer.amends is None


def test_a_form_that_somebody_else_has_corrected_since_changes_nothing() -> None:
    clinic = answered()
    late = correction(clinic, SAM, smoker="yes")
    clinic.reply(correction(clinic, JO))

    with pytest.raises(Settled, match="has changed since you opened it"):
        clinic.reply(late)

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}


def test_a_correction_is_corrected_again_and_never_taken_back() -> None:
    clinic = answered()
    clinic.reply(correction(clinic, JO, smoker="yes"))

    with pytest.raises(Settled, match="This was a correction"):
        clinic.undo(JO, HISTORY)
    clinic.reply(correction(clinic, JO, smoker="no"))

    with clinic.store.reading() as reading:
        assert len(reading.answers(key(HISTORY))) == 3
    assert clinic.statuses() == {HISTORY: "done", "abl.smoking_stop": "void"}


def test_what_nobody_answered_cannot_be_corrected() -> None:
    clinic = at_the_consultation()

    with pytest.raises(Settled, match="no answer that can be corrected"):
        form(clinic, JO, MEDICINES)


def test_the_command_and_the_case_show_the_answers_that_are_ones_own_to_correct() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medication disclosure")
    clinic.answer(ALI, "Skin exam")
    view = clinic.command(JO, "case K7Q2")
    assert isinstance(view, CaseView)
    (button,) = [each for each in view.buttons if each.label == "Correct an answer"]

    of_nurse = clinic.command(JO, "amend K7Q2")
    of_physician = clinic.desk.reply(pressed(ALI, button.action, *button.tasks))
    of_desk = clinic.command(FRAN, "amend k7q2")

    assert isinstance(of_nurse, TaskCard) and isinstance(of_physician, TaskCard)
    assert [line.title for line in of_nurse.lines] == ["Medication disclosure"]
    assert [b.label for line in of_nurse.lines for b in line.buttons] == ["Correct"]
    assert {line.title for line in of_physician.lines} == {"Medication disclosure", "Skin exam"}
    assert isinstance(of_desk, TaskCard)
    assert of_desk.text == "Correct an answer · K7Q2: no answer that is yours to correct."


def test_what_was_caught_can_be_said_afterwards() -> None:
    clinic = answered()
    filled = correction(clinic, JO)

    clinic.reply(replace(filled, outcome=Outcome.CAUGHT, note="new tablet", caught=Catch.MEDICINE))

    answer = clinic.task(HISTORY).answer
    assert answer is not None and (answer.caught, answer.note) == (Catch.MEDICINE, "new tablet")


def test_an_answer_of_a_cancelled_case_stays_as_it_is() -> None:
    clinic = answered()
    clinic.command(FRAN, "cancel K7Q2 patient is ill")

    with pytest.raises(Settled, match="no answer that can be corrected"):
        form(clinic, JO)


def test_a_correction_that_stood_open_brings_back_nothing_that_was_erased() -> None:
    clinic = answered()
    stood_open = correction(clinic, JO, smoker="yes")
    erased = Erasure(code=CODE, by=KIT, because=Because.REQUEST, at=clinic.clock.now())
    erase(clinic.practice, erased)

    with pytest.raises(Settled, match=f"What was known of {CODE} was erased"):
        clinic.reply(stood_open)
    with pytest.raises(Settled, match=f"What was known of {CODE} was erased"):
        form(clinic, JO)


def test_a_time_out_is_not_corrected_past_what_is_open() -> None:
    clinic = Riverside("g.timeout", "g.eyewear").book().until("2027-02-18 09:26")
    clinic.fill(ALI, clinic.form_of(ALI, "g.timeout"), "not yet", how=Outcome.PROBLEM)
    clinic.clock.advance(london("2027-02-18 09:40"))

    with pytest.raises(Refused, match="Not yet: Eyewear first"):
        clinic.reply(correction(clinic, ALI, "g.timeout"))

    assert clinic.statuses("g.timeout") == {"g.timeout": "blocked"}


def test_the_skin_exam_of_one_visit_says_when_it_was_first_answered() -> None:
    clinic = at_the_consultation(EXAM)
    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-01-13 09:00")

    clinic.reply(correction(clinic, ALI, EXAM))

    view = clinic.command(KIT, "case K7Q2")
    assert isinstance(view, CaseView)
    assert view.lines[0].said == "Confirmed by Dr Ali 09:00, amended (first answered Tue 12 Jan 15:00)"
