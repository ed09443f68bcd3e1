"""A hand-off: offered, accepted or declined; until then it stays with whoever gives it."""

from dataclasses import replace
from datetime import time

import pytest

from bot.core.errors import NotAllowed, NotFound, Refused, Settled, WrongValues
from bot.core.messages import Notice
from bot.core.people import Role, Shift
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.service.workspace import Message

STEPS = ("g.medicines", "g.medical_history", "g.skin_exam")


def riverside(**changes: object) -> Riverside:
    return Riverside(*STEPS, **changes).book().until("2027-01-12 15:00")  # type: ignore[arg-type]


@pytest.fixture
def clinic() -> Riverside:
    return riverside()


def offers(clinic: Riverside, who: str) -> list[Message]:
    clinic.speak()
    return [each for each in clinic.workspace.of(who) if isinstance(each.card, Notice)]


def offer(clinic: Riverside, who: str = SAM) -> Notice:
    card = offers(clinic, who)[-1].card
    assert isinstance(card, Notice)
    return card


def holder(clinic: Riverside, step: str = "g.medicines") -> str:
    return clinic.task(step).holder


def lines(clinic: Riverside, who: str) -> dict[str, str]:
    clinic.speak()
    return {line.title: line.said for line in clinic.card(who).lines}


# --- offered


def test_a_typed_to_asks_the_colleague_and_nothing_moves_yet(clinic: Riverside) -> None:
    notice = clinic.type(JO, "to @sam")

    card = offer(clinic)
    assert isinstance(notice, Notice)
    assert notice.text == "Sam Specimen is asked to take 2 items (K7Q2). Until then they stay with you."
    assert card.heading == "Jo Sample hands you 2 items"
    assert [line.partition(" · ")[0] for line in card.lines] == ["Medical history", "Medication disclosure"]
    assert [button.label for button in card.buttons] == ["Accept", "Decline"]
    assert all(button.tasks == () for button in card.buttons)
    assert holder(clinic) == ""


def test_one_line_of_several_is_handed_over_by_its_number(clinic: Riverside) -> None:
    clinic.type(JO, "2 to @sam")

    assert offer(clinic).heading == "Jo Sample hands you 1 item"


def test_the_button_opens_a_form_with_who_is_there(clinic: Riverside) -> None:
    form = clinic.form(JO, label="Hand off")

    fields = {field.name: field for field in form.parts[0].fields}
    assert fields["to"].options == ((SAM, "Sam Specimen"),)
    assert len(fields["lines"].options) == 2 and len(fields["lines"].value or ()) == 2
    keys = tuple(value for value, _ in fields["lines"].options)
    clinic.send(JO, form, to=SAM, lines=keys, note="I am in room 2 all morning.")
    assert offer(clinic).text == "Jo Sample asks: will you take them?"
    assert offer(clinic).lines[0] == "“I am in room 2 all morning.”"
    assert offer(clinic).telling, "a locked telephone does not show what was written"


def test_a_form_without_a_name_or_a_line_asks_for_them(clinic: Riverside) -> None:
    form = clinic.form(JO, label="Hand off")

    with pytest.raises(WrongValues) as wrong:
        clinic.send(JO, form)

    assert set(wrong.value.problems) == {"to", "lines"}


# --- accepted


def test_accepted_it_is_the_takers_and_the_givers_card_says_so(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")
    asking = clinic.task("g.medicines").asking

    notice = clinic.press_on(SAM, offer(clinic), "Accept")

    assert notice.text == "You have it: 2 items (K7Q2). Thank you."
    assert (holder(clinic), clinic.task("g.medicines").asking) == (SAM, asking + 1)
    clinic.speak()
    jos = [message for message in clinic.workspace.of(JO) if not isinstance(message.card, Notice)]
    assert "Sam Specimen" in jos[-1].over
    assert {line.title for line in clinic.card(SAM).lines} == {"Medical history", "Medication disclosure"}
    assert offers(clinic, SAM)[0].card.text == "Sam Specimen has 2 items (K7Q2)."
    assert clinic.history()[-2].kind == "handed" and clinic.history()[-2].detail["giver"] == JO


def test_a_second_press_changes_nothing(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")
    card = offer(clinic)
    clinic.press_on(SAM, card, "Accept")
    before = clinic.history()

    with pytest.raises(Settled, match="Sam Specimen has 2 items"):
        clinic.press_on(SAM, card, "Accept")
    with pytest.raises(Settled, match="Sam Specimen has 2 items"):
        clinic.press_on(SAM, card, "Decline")

    assert clinic.history() == before


def test_what_was_answered_meanwhile_is_not_handed_over(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")
    clinic.answer(JO, "Medication disclosure")

    notice = clinic.press_on(SAM, offer(clinic), "Accept")

    assert notice.text == "You have it: 1 item (K7Q2). Settled meanwhile: 1 item. Thank you."
    assert holder(clinic, "g.medical_history") == SAM


def test_where_nothing_waits_any_more_nothing_happens(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")
    clinic.answer(JO, "Medication disclosure")
    clinic.answer(JO, "Medical history")

    assert clinic.press_on(SAM, offer(clinic), "Accept").text.startswith("Nothing of it waits any more")


def test_until_it_is_accepted_the_giver_is_reminded(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")

    clinic.until("2027-01-12 18:00")

    assert any("Still open" in text for text in clinic.sent(JO))
    assert not any("Still open" in text for text in clinic.sent(SAM))


# --- declined


def test_declined_it_stays_and_the_giver_is_told(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")

    notice = clinic.press_on(SAM, offer(clinic), "Decline")

    assert notice.text == "It stays with Jo Sample, who is told."
    assert offer(clinic, JO).heading == "Not handed over"
    assert offer(clinic, JO).text == "Sam Specimen cannot take it; it stays with Jo Sample."
    assert holder(clinic) == ""


def test_asking_somebody_else_ends_the_first_offer() -> None:
    three = replace(
        RIVERSIDE,
        people={**RIVERSIDE.people, "lou": replace(RIVERSIDE.people[SAM], id="lou", name="Lou Third")},
        roster={day: {**RIVERSIDE.roster[0], Role.NURSE: (JO, SAM, "lou")} for day in range(5)},
    )
    clinic = riverside(clinic=three)
    under = clinic.workspace.of(JO)[-1]
    clinic.type(JO, "to @sam", under=under)
    first = offer(clinic)
    clinic.type(JO, "to @lou", under=under)

    with pytest.raises(Settled, match="Jo Sample asks somebody else"):
        clinic.press_on(SAM, first, "Accept")


# --- who may


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("to @max", NotAllowed, "for a nurse to answer: Jo Sample and Sam Specimen are on duty"),
        ("to @jo", Refused, "You have it already"),
        ("to @nobody", NotFound, "There is no person 'nobody'"),
    ],
)
def test_who_cannot_take_it_is_said(clinic: Riverside, text: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        clinic.type(JO, text)


def test_who_is_off_duty_is_not_asked(clinic: Riverside) -> None:
    with pytest.raises(Refused, match="Dr Pia is not on duty now: Dr Ali is on duty"):
        clinic.type(ALI, "to @pia")


def test_where_nobody_else_is_there_no_card_offers_it_and_an_old_button_says_so(clinic: Riverside) -> None:
    labels = [button.label for button in clinic.card(ALI).buttons]
    jos = replace(clinic.button(JO, "Hand off"), value=clinic.postings("g.skin_exam")[0].key)

    with pytest.raises(Refused, match="Nobody else is on duty who could take this: Dr Ali is on duty"):
        clinic.reply(clinic.pressed(ALI, jos))

    assert "Hand off" not in labels


def test_only_the_taker_accepts(clinic: Riverside) -> None:
    clinic.type(JO, "to @sam")

    with pytest.raises(NotAllowed, match="This is for Sam Specimen to accept or decline"):
        clinic.press_on(JO, offer(clinic), "Accept")


def test_what_was_asked_of_somebody_else_cannot_be_given_away(clinic: Riverside) -> None:
    with pytest.raises(Settled, match="Nothing here is asked of you now"):
        clinic.type(SAM, "to @jo", under=clinic.workspace.of(JO)[-1])


# --- assigned


def test_a_case_gets_another_nurse_and_what_is_open_moves_along(clinic: Riverside) -> None:
    notice = clinic.command(KIT, "assign K7Q2 nurse @sam")
    clinic.speak()

    assert notice.text == "K7Q2: Sam Specimen is its nurse now. 2 open items moved along."
    assert clinic.course().case.assigned == {Role.NURSE: SAM}
    assert {line.title for line in clinic.card(SAM).lines} == {"Medical history", "Medication disclosure"}
    assert "Sam Specimen" in clinic.workspace.of(JO)[-1].over


def test_whoever_takes_it_themselves_needs_no_manager(clinic: Riverside) -> None:
    assert clinic.command(SAM, "assign K7Q2 nurse me").text.startswith("K7Q2: Sam Specimen is its nurse now.")


def test_who_comes_later_is_assigned_and_whoever_is_there_keeps_what_is_open(clinic: Riverside) -> None:
    notice = clinic.command(KIT, "assign K7Q2 physician @pia")

    assert notice.text.endswith("Not on duty at this moment: until then whoever is there is asked.")
    assert clinic.task("g.skin_exam").asking == 1


@pytest.mark.parametrize(
    ("who", "text", "kind", "said"),
    [
        (JO, "assign K7Q2 nurse @sam", NotAllowed, "may say whose case or room it is"),
        (KIT, "assign K7Q2 nurse @max", NotAllowed, "Max Model is no nurse of Riverside"),
        (KIT, "assign K7Q2 nurse", Refused, "Write it like `assign K7Q2 nurse @sam`"),
        (KIT, "assign K7Q2 cook @sam", Refused, "Write it like `assign K7Q2 nurse @sam`"),
        (KIT, "assign ZZZZ nurse @sam", NotFound, "There is no case"),
    ],
)
def test_an_assignment_that_cannot_be_is_a_sentence(
    clinic: Riverside, who: str, text: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        clinic.command(who, text)


def test_twice_the_same_or_after_a_cancel_changes_nothing(clinic: Riverside) -> None:
    clinic.command(KIT, "assign K7Q2 nurse @sam")
    with pytest.raises(Settled, match="is Sam Specimen's already"):
        clinic.command(KIT, "assign K7Q2 nurse @sam")

    clinic.command(FRAN, "cancel K7Q2 patient is ill")
    with pytest.raises(Settled, match="is cancelled"):
        clinic.command(KIT, "assign K7Q2 nurse @jo")


# --- shift end


def early_and_late() -> Riverside:
    """Jo works until 15:20, Sam from 15:15 on."""
    shifts = (
        Shift(person=JO, starts=time(8), ends=time(15, 20)),
        Shift(person=SAM, starts=time(15, 15), ends=time(20)),
    )
    roster = {day: {**RIVERSIDE.roster[0], Role.NURSE: shifts} for day in range(5)}
    return riverside(clinic=replace(RIVERSIDE, roster=roster))


def test_what_is_left_at_shift_end_goes_to_the_next_as_one_card() -> None:
    clinic = early_and_late()
    clinic.until("2027-01-12 15:20").speak()

    (bundle,) = clinic.workspace.of(SAM)
    assert bundle.card.heading == "From Jo Sample’s shift: 2 open"
    assert {line.title for line in bundle.card.lines} == {"Medical history", "Medication disclosure"}
    assert "Sam Specimen" in clinic.workspace.of(JO)[-1].over
    assert (holder(clinic), clinic.task("g.medicines").asking) == (SAM, 2)


def test_the_bundle_is_answered_and_reminded_where_it_stands() -> None:
    clinic = early_and_late()
    clinic.until("2027-01-12 15:20").speak()
    clinic.answer(SAM, "Medical history")

    clinic.until("2027-01-12 17:55")

    (bundle,) = clinic.workspace.of(SAM)
    assert clinic.statuses("g.medical_history") == {"g.medical_history": "done"}
    assert bundle.thread and "Medication disclosure" in bundle.thread[0]
    assert bundle.card.heading == "From Jo Sample’s shift: 1 open"


def test_nobody_is_handed_anything_at_closing_time_who_was_there_all_day(clinic: Riverside) -> None:
    before = clinic.task("g.medicines").asking

    clinic.until("2027-01-12 18:00").speak()

    assert clinic.task("g.medicines").asking == before
    assert not [m for m in clinic.workspace.of(SAM) if "shift" in m.card.heading]


def test_a_break_is_no_shift_end() -> None:
    shifts = (
        Shift(person=JO, starts=time(8), ends=time(15, 30)),
        Shift(person=SAM, starts=time(15), ends=time(20)),
        Shift(person=JO, starts=time(16), ends=time(19)),
    )
    roster = {day: {**RIVERSIDE.roster[0], Role.NURSE: shifts} for day in range(5)}
    clinic = riverside(clinic=replace(RIVERSIDE, roster=roster))

    clinic.until("2027-01-12 15:31").speak()

    assert not [m for m in clinic.workspace.of(SAM) if "shift" in m.card.heading]


def test_a_stop_goes_to_the_next_physician_on_a_card_of_its_own() -> None:
    shifts = (
        Shift(person=ALI, starts=time(8), ends=time(16)),
        Shift(person=PIA, starts=time(15, 55), ends=time(20)),
    )
    roster = {day: {**RIVERSIDE.roster[0], Role.PHYSICIAN: shifts} for day in range(5)}
    clinic = riverside(clinic=replace(RIVERSIDE, roster=roster))
    clinic.answer(JO, "Medical history", smoker="yes")

    clinic.until("2027-01-12 16:00").speak()

    assert clinic.decision(PIA).title == "Medical history"


def test_what_nobody_takes_over_is_put_to_the_channel() -> None:
    operator = {Role.OPERATOR: (Shift(person=MAX, starts=time(8), ends=time(10)),)}
    roster = {day: {**RIVERSIDE.roster[0], **operator} for day in range(5)}
    channels = {next(iter(RIVERSIDE.people[JO].accounts)): {"board": "#board", "operator": "#lasers"}}
    whole = replace(RIVERSIDE, roster=roster, channels=channels, on_call={})
    clinic = Riverside("g.device_check", clinic=whole, now=london("2027-02-18 08:00"))
    clinic.book("2027-02-18 10:05").until("2027-02-18 10:00").speak()

    texts = [m.card.heading for m in clinic.workspace.of("#lasers")]
    assert texts == ["Who takes this, for the operator?"]


def test_what_was_left_of_a_stage_is_answered_in_one_form() -> None:
    shifts = (
        Shift(person=JO, starts=time(8), ends=time(9, 20)),
        Shift(person=SAM, starts=time(9), ends=time(18)),
    )
    roster = {day: {**RIVERSIDE.roster[0], Role.NURSE: shifts} for day in range(5)}
    steps = ("g.same_day_check", "g.pregnancy_day", "abl.sun_day", "g.medicines")
    clinic = Riverside(*steps, clinic=replace(RIVERSIDE, roster=roster), now=london("2027-02-18 08:00"))
    clinic.book().mark("arrived")
    clinic.until("2027-02-18 09:20").speak()

    form = clinic.form(SAM, label="Prep of K7Q2: answer 2")

    assert clinic.card(SAM).heading.startswith("From Jo Sample’s shift")
    assert {part.title for part in form.parts} == {"Same-day check", "Tan and sunburn"}


def test_an_offer_ends_when_whoever_was_asked_goes_home_and_the_giver_is_told() -> None:
    shifts = (
        Shift(person=JO, starts=time(8), ends=time(18)),
        Shift(person=SAM, starts=time(8), ends=time(15, 20)),
    )
    roster = {day: {**RIVERSIDE.roster[0], Role.NURSE: shifts} for day in range(5)}
    clinic = riverside(clinic=replace(RIVERSIDE, roster=roster))
    clinic.type(JO, "to @sam")
    card = offer(clinic)

    clinic.until("2027-01-12 15:20").speak()

    assert offer(clinic, JO).text == "Sam Specimen went home without an answer; it stays with Jo Sample."
    with pytest.raises(Settled, match="went home without an answer"):
        clinic.press_on(SAM, card, "Accept")


def test_an_offer_ends_when_whoever_made_it_goes_home() -> None:
    clinic = early_and_late()
    clinic.until("2027-01-12 15:16").type(JO, "to @sam")
    card = offer(clinic)

    clinic.until("2027-01-12 15:20").speak()

    with pytest.raises(Settled, match="Jo Sample went home; who works on was asked instead"):
        clinic.press_on(SAM, card, "Accept")
    assert holder(clinic) == SAM


def test_whoever_went_home_is_not_told_that_it_was_declined() -> None:
    clinic = early_and_late()
    clinic.until("2027-01-12 15:16").type(JO, "to @sam")
    card = offer(clinic)
    before = clinic.sent(JO)
    clinic.clock.advance(london("2027-01-12 15:20"))

    clinic.press_on(SAM, card, "Decline")
    clinic.speak()

    assert clinic.sent(JO) == before
    assert holder(clinic) == SAM


def test_what_was_asked_anew_meanwhile_is_not_handed_over(clinic: Riverside) -> None:
    clinic.type(JO, "2 to @sam")
    card = offer(clinic)
    clinic.answer(JO, "Medication disclosure")
    clinic.undo(JO, "g.medicines")
    clinic.speak()

    notice = clinic.press_on(SAM, card, "Accept")

    assert notice.text.startswith("Nothing of it waits any more")
    assert holder(clinic) == ""


def test_a_shift_ends_once_however_often_somebody_looks() -> None:
    clinic = early_and_late()
    clinic.until("2027-01-12 15:20").speak()
    clinic.until("2027-01-12 15:21").speak()

    with clinic.store.reading() as reading:
        ended = reading.arrangement("shifts_ended", "riverside:2027-01-12")
    assert ended is not None
    assert (ended.detail, ended.revision) == ({"people": [JO]}, 1)
