"""A hard stop offers another date or a corrected fact, and a corrected fact is a physician's word."""

from datetime import date

import pytest

from bot.core.actions import Action, Button
from bot.core.case import Choice
from bot.core.errors import NotAllowed, Refused, Settled, WrongValues
from bot.core.messages import Form, Notice
from tests.service.clinic import ALI, JO, KIT, PIA
from tests.service.riverside import Riverside

STEP = "abl.isotretinoin"


def stopped(*more: str) -> Riverside:
    """Full-field resurfacing, isotretinoin until November: a hard stop that only facts make."""
    clinic = Riverside(STEP, *more).book(
        mode="full_field", isotretinoin="past", isotretinoin_last_dose=date(2026, 11, 30)
    )
    clinic.until("2027-01-12 15:10").answer(ALI, "Isotretinoin", decision="proceed")
    return clinic.until("2027-01-12 15:11")


def open_form(clinic: Riverside, who: str) -> Form:
    return clinic.form(who, label="Correct a fact")


def labels(clinic: Riverside) -> list[str]:
    return [button.label for button in clinic.decision().buttons if button.label != "Who is this?"]


def test_a_hard_stop_offers_another_date_and_a_corrected_fact_and_no_go_ahead() -> None:
    assert labels(stopped()) == ["Postpone", "Correct a fact"]


def test_a_stop_for_the_physician_offers_to_proceed_to_modify_and_to_postpone() -> None:
    clinic = Riverside("g.medical_history").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()

    assert labels(clinic) == ["Proceed", "Proceed with a changed plan", "Postpone", "Correct the answer"]


def test_a_hard_stop_that_an_answer_makes_is_corrected_where_it_was_given() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam", exam_done="no")
    clinic.speak()

    assert labels(clinic) == ["Postpone", "Correct the answer"]


def test_the_form_asks_for_the_facts_that_stop_with_what_is_known() -> None:
    form = open_form(stopped(), ALI)

    (part,) = form.parts
    assert [(field.label, field.value) for field in part.fields] == [
        ("Fractional or full-field", "full_field"),
        ("Last dose of isotretinoin", date(2026, 11, 30)),
        ("How do you know?", None),
    ]
    assert part.rule.startswith("Stops now: mode: full field")


def test_a_corrected_fact_lifts_the_stop_and_says_so() -> None:
    clinic = stopped()

    notice = clinic.fill(ALI, open_form(clinic, ALI), isotretinoin_last_dose=date(2025, 11, 30), reason="ok")

    assert isinstance(notice, Notice)
    assert notice.text.splitlines()[0] == "K7Q2: Last dose of isotretinoin: 30 Nov 2025."
    assert notice.text.splitlines()[-1] == "Isotretinoin no longer stops."
    assert clinic.statuses(STEP) == {STEP: "done"}
    assert clinic.history()[-1].detail["reason"] == "ok"


def test_a_correction_that_still_stops_says_what_does() -> None:
    clinic = stopped()

    notice = clinic.fill(ALI, open_form(clinic, ALI), isotretinoin_last_dose=date(2026, 10, 30), reason="ok")

    assert isinstance(notice, Notice) and "Still stops. Isotretinoin:" in notice.text
    assert clinic.statuses(STEP) == {STEP: "blocked"}


def test_what_was_said_otherwise_is_settled_by_the_physicians_word() -> None:
    clinic = stopped("g.medicines")
    clinic.command(JO, "fact K7Q2 isotretinoin_last_dose 2026-12-20")
    assert "isotretinoin_last_dose" in clinic.course().case.disputed
    clinic.speak()

    clinic.fill(ALI, open_form(clinic, ALI), isotretinoin_last_dose=date(2025, 11, 30), reason="letter")

    assert clinic.course().case.disputed == {}
    assert clinic.statuses(STEP) == {STEP: "done"}


def test_the_present_value_of_what_is_disputed_is_a_word_that_settles() -> None:
    clinic = stopped("g.medicines")
    clinic.command(JO, "fact K7Q2 isotretinoin_last_dose 2026-12-20")
    clinic.speak()

    clinic.fill(ALI, open_form(clinic, ALI), isotretinoin_last_dose=date(2026, 12, 20), reason="pharmacy")

    assert clinic.course().case.disputed == {}
    assert clinic.course().case.facts["isotretinoin_last_dose"] == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"reason": ""}, "how you know"),
        ({"reason": "I looked"}, "known already"),
        ({"reason": "I looked", "isotretinoin_last_dose": date(2030, 1, 1)}, "still to come"),
    ],
)
def test_a_correction_that_corrects_nothing_is_shown_again(values: dict[str, object], wrong: str) -> None:
    clinic = stopped()
    form = open_form(clinic, ALI)
    before = clinic.history()

    with pytest.raises(WrongValues, match=wrong):
        clinic.fill(ALI, form, **values)  # type: ignore[arg-type]

    assert clinic.history() == before


def test_nobody_but_a_physician_corrects_what_stops() -> None:
    clinic = stopped()
    button = Button(action=Action.CORRECT, label="", tasks=(clinic.task(STEP).key,))

    for who in (JO, KIT):
        with pytest.raises(NotAllowed, match="Only the physician may correct a fact that stops: Dr Ali"):
            clinic.desk.reply(clinic.pressed(who, button))


def test_a_form_opened_before_the_stop_changed_corrects_nothing() -> None:
    clinic = stopped()
    form = open_form(clinic, ALI)
    clinic.fill(ALI, open_form(clinic, ALI), isotretinoin_last_dose=date(2025, 11, 30), reason="ok")

    with pytest.raises(Settled, match="has changed since you saw it"):
        clinic.fill(PIA, form, isotretinoin_last_dose=date(2026, 11, 29), reason="older")


def test_a_hard_stop_has_no_go_ahead_however_it_is_pressed() -> None:
    clinic = stopped()
    key = clinic.task(STEP).key

    for choice in (Choice.PROCEED, Choice.MODIFY):
        button = Button(action=Action.DECIDE, label="", tasks=(key,), value=choice.value)
        form = clinic.desk.reply(clinic.pressed(ALI, button))
        assert isinstance(form, Form)
        with pytest.raises(Refused, match="It has no go-ahead"):
            clinic.fill(ALI, form, reason="it will be fine")
