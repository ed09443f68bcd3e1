"""Forms at the desk: what they ask, what a wrong one is told, and what a late or stale one may not do."""

from dataclasses import replace

import pytest

from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.errors import Settled, WrongValues
from bot.core.forms import IN_CHART
from bot.core.kinds import Catch
from bot.core.messages import DecisionCard, Notice
from bot.core.replies import Filled
from tests.service.clinic import ALI, FRAN, JO, SAM
from tests.service.consultation import EXAM, HISTORY, MEDICINES, at_the_consultation, key, pressed
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

# --- forms


def test_a_form_preselects_nothing_and_asks_names_and_charts_only_for_a_tick() -> None:
    clinic = Riverside("g.booking_record").book().until("2027-01-12 15:10")

    form = clinic.form(FRAN, "Booking record")

    fields = {field.name: field for field in form.parts[0].fields}
    assert [field.value for field in fields.values()] == [None] * len(fields)
    assert fields["full_name"].label == "Full name is in the patient's record"
    assert [word for word, _ in fields["full_name"].options] == ["yes", "no"]
    assert fields.keys() >= {"dob", "area_face", "matches_order", IN_CHART}
    assert "device" not in fields


def test_a_form_says_in_its_own_words_what_stops_and_nothing_of_other_procedures() -> None:
    clinic = Riverside("g.consent_info").book().until("2027-01-12 15:10")

    form = clinic.form(ALI, "Risks and benefits explained")

    too_late = "“Explained on” is less than {} before the procedure or not known"
    assert form.parts[0].rule == (
        "Needs the physician: “Risks, benefits, alternatives discussed by the physician” is no, "
        f"or {too_late.format('1 day')}, or {too_late.format('7 days')}."
    )


def test_a_choice_begins_with_a_capital_and_a_skin_type_stays_a_roman_number() -> None:
    clinic = at_the_consultation()

    form = clinic.form(ALI, "Skin exam")

    labels = {field.name: [label for _, label in field.options] for field in form.parts[0].fields}
    assert labels["fitzpatrick"] == ["I", "II", "III", "IV", "V", "VI", "Unknown"]
    assert labels["skin_thickness"] == ["Thin", "Normal", "Thick"]


def test_every_field_that_needs_another_look_is_named_at_once_and_nothing_is_kept() -> None:
    clinic = at_the_consultation()
    form = clinic.form(ALI, "Skin exam")

    with pytest.raises(WrongValues) as wrong:
        clinic.fill(ALI, form, exam_done="perhaps", fitzpatrick="VII", skin_thickness="", colour="red")

    assert wrong.value.problems.keys() == {"exam_done", "fitzpatrick", "skin_thickness"}
    assert "yes, no" in wrong.value.problems["exam_done"]
    assert clinic.task(EXAM).answer is None


def test_a_field_that_is_not_on_the_form_is_refused_with_the_nearest_names() -> None:
    clinic = at_the_consultation()
    good = clinic.filled(ALI, clinic.form(ALI, "Skin exam"))
    entries = {key(EXAM): {**good.entries[key(EXAM)], "exam_don": "yes"}}

    with pytest.raises(WrongValues, match=r"no field 'exam_don'.*exam_done"):
        clinic.desk.reply(
            Filled(platform=PLATFORM, account=ALI, once="1", entries=entries, revisions=good.revisions)
        )


def test_one_form_answers_the_whole_consultation_or_nothing_of_it() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "", label="Answer all 2")

    with pytest.raises(WrongValues) as wrong:
        clinic.fill(JO, form, smoker="perhaps", gold_ever="sometimes")
    untouched = clinic.statuses(HISTORY, MEDICINES)
    clinic.fill(JO, clinic.form(JO, "", label="Answer all 2"))

    assert wrong.value.problems.keys() == {f"{key(HISTORY)}/smoker", f"{key(MEDICINES)}/gold_ever"}
    assert set(untouched.values()) == {"open"}
    assert set(clinic.statuses(HISTORY, MEDICINES).values()) == {"done"}


def test_the_form_of_an_answered_task_says_who_answered_and_when() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medication disclosure")

    with pytest.raises(Settled, match=r"Medication disclosure: Confirmed by Jo Sample 15:00"):
        clinic.desk.reply(pressed(SAM, Action.FORM, key(MEDICINES)))


@pytest.mark.parametrize("outcome", ["caught", "not_applicable", "problem"])
def test_anything_but_a_plain_yes_needs_a_few_words(outcome: str) -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medication disclosure")

    with pytest.raises(WrongValues, match="please add a few words"):
        clinic.fill(JO, form, how=Outcome(outcome))
    clinic.fill(JO, form, "seen and sorted out", how=Outcome(outcome))

    answer = clinic.task(MEDICINES).answer
    assert answer is not None and (answer.outcome, answer.note) == (Outcome(outcome), "seen and sorted out")


def test_all_that_is_missing_is_said_at_once() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medication disclosure")
    empty = replace(clinic.filled(JO, form), entries={key(MEDICINES): {}}, outcome=Outcome.CAUGHT)

    with pytest.raises(WrongValues) as refused:
        clinic.desk.reply(empty)

    fields = {field.name for field in form.parts[0].fields if field.required}
    assert set(refused.value.problems) == {"note", "caught", *fields}


def test_what_was_caught_is_named_by_its_kind() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medication disclosure")
    right = clinic.filled(JO, form, "new tablet, told Dr Ali", Outcome.CAUGHT)

    with pytest.raises(WrongValues) as refused:
        clinic.desk.reply(replace(right, caught=None, once="1"))
    notice = clinic.reply(replace(right, caught=Catch.MEDICINE, once="2"))

    answer, (line, *_) = clinic.task(MEDICINES).answer, clinic.history()[::-1]
    assert refused.value.problems == {"caught": "What was it? Please choose one."}
    assert answer is not None and answer.caught is Catch.MEDICINE
    assert isinstance(notice, Notice) and "caught & fixed, medicine or allergy · K7Q2" in notice.text
    assert line.detail["caught"] == "medicine"


@pytest.mark.parametrize("note", ["call 0171 555 12 34", "ann@example.org wrote", "born 1980"])
def test_a_note_that_seems_to_name_a_patient_is_not_kept(note: str) -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medication disclosure")

    with pytest.raises(WrongValues, match="nothing was kept"):
        clinic.fill(JO, form, note, how=Outcome.CAUGHT)

    assert note not in str(clinic.history())
    assert clinic.task(MEDICINES).answer is None


def test_a_patient_who_needs_no_answer_still_needs_the_physician_where_a_stop_hangs_on_it() -> None:
    clinic = at_the_consultation()
    clinic.fill(JO, clinic.form(JO, "Medication disclosure"), "no medicines", how=Outcome.NOT_APPLICABLE)
    clinic.fill(JO, clinic.form(JO, "Medical history"), "asked last week", how=Outcome.NOT_APPLICABLE)

    assert clinic.statuses(MEDICINES, HISTORY) == {MEDICINES: "done", HISTORY: "blocked"}


# --- two people, stale cards


def test_who_sends_in_a_form_after_somebody_else_is_told_who_was_first() -> None:
    clinic = at_the_consultation()
    jos, sams = clinic.form(JO, "Medication disclosure"), clinic.form(JO, "Medication disclosure")
    clinic.fill(JO, jos)

    with pytest.raises(Settled, match=r"Confirmed by Jo Sample 15:00. Nothing was changed."):
        clinic.fill(SAM, sams, gold_ever="yes")

    answer = clinic.task(MEDICINES).answer
    assert answer is not None and (answer.by, answer.values["gold_ever"]) == (JO, "no")


def test_a_form_opened_before_somebody_found_a_stop_does_not_wave_the_stop_away() -> None:
    clinic = at_the_consultation()
    jos, sams = clinic.form(JO, "Medical history"), clinic.form(JO, "Medical history")
    clinic.fill(JO, jos, smoker="yes")

    with pytest.raises(Settled, match="Confirmed by Jo Sample 15:00"):
        clinic.fill(SAM, sams)

    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}


def test_a_stop_is_corrected_through_its_own_card() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()

    clinic.fill(ALI, clinic.form(ALI, "", label="Correct the answer"), smoker="no")

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}
    assert clinic.course().case.facts["smoker"] == "no"


def test_a_form_opened_before_the_procedure_moved_is_refused() -> None:
    clinic = Riverside("g.change_check", "x.new_date").book().until("2027-02-16 11:00")
    form = clinic.form(JO, "Anything new?")
    clinic.command(FRAN, "move K7Q2 2027-03-18 09:30")

    with pytest.raises(Settled, match=r"asked anew since you opened it .*Please look again"):
        clinic.fill(JO, form)

    assert clinic.statuses("g.change_check") == {"g.change_check": "open"}


def test_the_physician_decides_on_what_the_card_said_and_not_on_what_came_since() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()
    form = clinic.form(ALI, "", label="Proceed")
    clinic.fill(ALI, clinic.form(ALI, "", label="Correct the answer"), smoker="yes", epilepsy="yes")

    with pytest.raises(Settled, match="look again"):
        clinic.fill(ALI, form, reason="two a week")

    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}


def test_a_stop_that_grew_is_put_anew_and_the_old_card_has_no_buttons() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()
    clinic.fill(ALI, clinic.form(ALI, label="Correct the answer"), smoker="yes", epilepsy="yes")
    clinic.speak()

    old, new = (m.card for m in clinic.workspace.of(ALI) if isinstance(m.card, DecisionCard))

    assert (old.closed, old.buttons) == (True, ())
    assert new.buttons[0].label == "Proceed"
    assert new.reasons == ("epilepsy: yes", "smoker: yes")


def test_a_form_opened_before_the_case_was_cancelled_is_refused() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medical history")
    clinic.command(FRAN, "cancel K7Q2 patient is ill")

    with pytest.raises(Settled, match="not asked any more: the case was cancelled"):
        clinic.fill(JO, form)


# --- a complication


def at_a_complication() -> Riverside:
    """Two days after the procedure somebody reports a complication, and the nurse is asked."""
    clinic = Riverside("abl.check_3", "e.triage").book().until("2027-02-20 09:00")
    clinic.command(JO, "event K7Q2 routine")
    return clinic.until("2027-02-20 09:31")


def test_the_first_call_shows_the_red_flags_of_its_day_and_proposes_no_answer() -> None:
    clinic = at_a_complication()

    part = clinic.form(SAM, "Complication, first call").parts[0]

    assert part.watching == "Red flags on day 2"
    assert "Lower lid pulled down (ectropion)" in [flag.title for flag in part.watch]
    assert [field.value for field in part.fields] == [None] * len(part.fields)


@pytest.mark.parametrize(("urgency", "doubted"), [("routine", True), ("emergency", False)])
def test_who_reports_less_than_the_signs_speak_for_is_told_and_still_decides(
    urgency: str, doubted: bool
) -> None:
    clinic = at_a_complication()
    form = clinic.form(SAM, "Complication, first call")

    notice = clinic.fill(SAM, form, symptoms=("high_fever", "other"), urgency=urgency)

    doubt = "The signs speak for emergency (emergency now); you chose routine."
    assert (doubt in notice.text.splitlines(), notice.tone) == (doubted, "bad" if doubted else "good")
    assert clinic.course().case.facts["event_urgency"] == urgency
