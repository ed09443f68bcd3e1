"""Whom the tick asks, and where: the right person, on a card that they will see."""

from dataclasses import replace
from datetime import date

from bot.core.case import Choice
from bot.core.kinds import Level
from bot.core.messages import LineState
from bot.core.people import Clinic, Role
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

# --- the right person


def asked(clinic: Riverside) -> list[str]:
    """Who was asked for an item, and not about a moment that nobody pressed."""
    return [to for to, text in clinic.told if "nobody pressed" not in text]


def test_a_check_on_a_closed_day_goes_to_the_nurse_on_call() -> None:
    clinic = Riverside("abl.check_3").book().until("2027-02-21 10:00")

    assert asked(clinic) == [SAM]


def test_a_case_goes_to_the_operator_it_was_booked_with() -> None:
    clinic = Riverside("g.site_marked", clinic=with_second_operator()).book(operator="lea")

    clinic.until("2027-02-18 09:15")

    assert asked(clinic) == ["lea"]


def test_what_belonged_to_an_operator_who_has_left_goes_to_the_manager_on_duty() -> None:
    clinic = Riverside("g.site_marked").book(operator="lea")

    clinic.until("2027-02-18 09:15")

    assert asked(clinic) == [KIT]


def test_where_nobody_has_the_role_the_channel_is_asked() -> None:
    people = {id: person for id, person in RIVERSIDE.people.items() if id != MAX}
    roster = {day: {**duty, Role.OPERATOR: ()} for day, duty in RIVERSIDE.roster.items()}
    channels = {PLATFORM: {"escalations": "#help"}}
    alone = replace(RIVERSIDE, people=people, roster=roster, channels=channels)
    clinic = Riverside("g.site_marked", clinic=alone).book()

    clinic.until("2027-02-18 09:16")

    assert [to for to in asked(clinic) if to != KIT] == ["#help"]


def test_where_nobody_works_and_there_is_no_channel_a_manager_reads_what_is_needed() -> None:
    people = {id: person for id, person in RIVERSIDE.people.items() if id != JO and id != SAM}
    clinic = Riverside(
        "g.medicines", "g.skin_exam", clinic=replace(RIVERSIDE, people=people, roster={}, on_call={})
    )

    clinic.book().until("2027-01-14 12:00")

    assert {to for to, _ in clinic.told} == {KIT}
    assert clinic.told[0][1].startswith("Nobody is on duty for a nurse: 1 item, ")


def test_the_next_day_a_stop_goes_to_the_physician_on_duty_then() -> None:
    changes = {date(2027, 1, 13): {Role.PHYSICIAN: (PIA,)}}
    clinic = Riverside("g.medical_history", clinic=replace(RIVERSIDE, roster_changes=changes))
    clinic.book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")

    clinic.until("2027-01-13 09:00")
    clinic.decide(PIA, Choice.PROCEED, "two a week")
    clinic.speak()

    assert [clinic.decision(who).closed for who in (ALI, PIA)] == [True, True]


# --- asked anew


def test_after_a_move_the_day_is_asked_on_new_cards_and_the_old_ones_say_so() -> None:
    clinic = Riverside("g.site_marked", "g.eyewear").book().until("2027-02-18 09:20")
    (old,) = clinic.workspace.of(MAX)
    clinic.command(FRAN, "move K7Q2 2027-02-25 14:00")
    clinic.speak()
    over = old.over

    clinic.until("2027-02-25 13:45")

    new = clinic.workspace.of(MAX)[-1]
    assert over.endswith("Thu 25 Feb 14:00 · K7Q2: this is the new date; you are asked again then.")
    assert new is not old and new.posted == london("2027-02-25 13:45")
    assert {line.state for line in new.card.lines} == {LineState.OPEN, LineState.LATER}


def test_moved_within_the_day_what_was_answered_stays_and_the_rest_is_asked_at_the_new_time() -> None:
    clinic = Riverside("g.same_day_check", "g.site_marked", "g.device_check").book().until("2027-02-18 09:16")
    clinic.type(MAX, "1 done")

    clinic.command(FRAN, "move K7Q2 2027-02-18 15:00")
    clinic.until("2027-02-18 14:45")

    room = clinic.workspace.of(MAX)
    assert [m.posted for m in room] == [london("2027-02-18 09:15"), london("2027-02-18 14:45")]
    assert len(room[-1].card.lines) == 1


def test_an_item_that_returns_is_asked_again_under_its_own_number() -> None:
    clinic = Riverside("abl.hsv_prescribed").book(hsv_history="yes").until("2027-02-11 10:00")
    clinic.command(ALI, "fact K7Q2 hsv_history no")
    clinic.speak()
    clinic.command(ALI, "fact K7Q2 hsv_history yes")

    clinic.until("2027-02-11 10:05")

    with clinic.store.reading() as reading:
        asked = [entry for entry in reading.history("K7Q2") if entry.kind == "asked"]
    task = clinic.task("abl.hsv_prescribed")
    assert (task.status.value, task.rung) == ("open", 1)
    assert task.asking > 1
    assert sum("K7Q2:abl.hsv_prescribed:1:1" in entry.detail["asked"] for entry in asked) == 2


# --- days later


def test_a_complication_asks_at_once_what_must_be_done_within_hours_and_says_by_when() -> None:
    clinic = Riverside("e.triage", "e.physician", "e.recontact").book().until("2027-01-14 11:00")

    clinic.command(MAX, "event K7Q2 urgent")
    clinic.speak()

    lines = {line.title: (line.state, line.due) for who in (JO, ALI) for line in clinic.card(who).lines}
    assert lines["Complication, first call"] == (LineState.OPEN, "by 11:30")
    assert lines["Complication, physician decides"] == (LineState.OPEN, "by 12:00")
    assert "Call again the next day" not in lines


def test_what_comes_days_after_a_complication_is_asked_on_a_card_of_its_own_day() -> None:
    clinic = Riverside("e.physician", "e.report").book().until("2027-01-14 11:00")
    clinic.command(MAX, "event K7Q2 urgent")
    clinic.until("2027-01-14 11:01").answer(ALI, "Complication, physician decides")

    clinic.until("2027-01-21 10:00")

    assert [m.posted for m in clinic.workspace.of(ALI)] == [
        london("2027-01-14 11:00"),
        london("2027-01-21 10:00"),
    ]


def test_an_item_that_comes_back_weeks_later_is_not_lost_in_the_card_of_the_consultation() -> None:
    clinic = Riverside("g.skin_exam", "g.anticoagulant").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-02-16 11:00").command(JO, "fact K7Q2 anticoagulant doac")
    clinic.speak()

    assert [m.posted for m in clinic.workspace.of(ALI)] == [
        london("2027-01-12 15:00"),
        london("2027-02-16 11:00"),
    ]


def test_a_go_ahead_chosen_in_the_form_leaves_a_hard_stop_to_be_decided() -> None:
    facts = {"mode": "full_field", "isotretinoin": "current"}
    clinic = Riverside("abl.isotretinoin").book(**facts).until("2027-01-12 15:00")
    clinic.answer(ALI, "Isotretinoin", decision="proceed")
    clinic.speak()

    labels = [button.label for button in clinic.decision().buttons]
    assert labels == ["Postpone", "Correct a fact", "Who is this?"]
    clinic.decide(ALI, Choice.POSTPONE, "Six months for full-field.")
    clinic.speak()
    assert clinic.decision().closed
    said = clinic.card(ALI, "Consultation").lines[0].said
    assert said.endswith("Postpone, Dr Ali: Six months for full-field.")


def with_second_operator() -> Clinic:
    lea = replace(RIVERSIDE.person(MAX), id="lea", name="Lea Muster", accounts={PLATFORM: "lea"})
    roster = {day: {**duty, Role.OPERATOR: (MAX, "lea")} for day, duty in RIVERSIDE.roster.items()}
    return replace(RIVERSIDE, people={**RIVERSIDE.people, "lea": lea}, roster=roster)


def test_the_desk_keeps_its_arrived_when_the_identity_is_answered_first() -> None:
    clinic = Riverside("g.identity_arrival").book().until("2027-02-18 08:45")
    clinic.answer(FRAN, "Identity at arrival")
    clinic.speak()

    (line,) = clinic.card(FRAN, "Front desk today").lines
    clinic.press(FRAN, "Arrived")
    clinic.speak()

    (after,) = clinic.card(FRAN, "Front desk today").lines
    assert [button.label for button in line.buttons] == ["Arrived"]
    assert not after.buttons and after.said == "Confirmed by Fran Draft 08:45. Arrived 08:45"


def test_a_decision_says_once_what_stops_and_is_no_stop_any_more_when_it_is_settled() -> None:
    clinic = Riverside("g.same_day_check").book().until("2027-02-18 09:10")
    clinic.early(JO, "g.same_day_check", rash="yes")
    clinic.speak()
    asked, told = clinic.decision(), clinic.card(JO, "Prep").lines[0]
    clinic.decide(ALI, Choice.MODIFY, "leave out the left cheek")
    clinic.speak()

    assert (asked.reasons, asked.said) == (("rash: yes",), "Confirmed by Jo Sample 09:10")
    assert (told.level, told.said.endswith("Needs the physician: rash: yes")) == (Level.MD, True)
    assert (asked.settled, clinic.decision().settled) == (False, True)


def test_news_of_a_patient_stands_on_no_card_of_last_week_on_which_nothing_waits() -> None:
    clinic = (
        Riverside("g.allergies", "g.same_day_check", "abl.smoking_after").book().until("2027-01-12 15:00")
    )
    clinic.answer(JO, "Allergies")
    clinic.until("2027-02-18 09:10")

    clinic.command(JO, "fact K7Q2 smoker yes")
    clinic.speak()

    assert clinic.card(JO, "Prep").news != ()
    assert clinic.card(JO, "Consultation").news == ()


def test_a_decision_whose_answer_was_taken_back_says_that_nothing_is_to_decide() -> None:
    clinic = Riverside("g.change_check").book().until("2027-02-16 11:00")
    clinic.answer(JO, "Anything new?", new_medicine="yes")
    clinic.speak()
    clinic.undo(JO, "g.change_check")
    clinic.speak()

    card = clinic.decision()

    assert (card.heading, card.closed) == ("Settled: Anything new?", True)
    assert card.said == "The answer was taken back: nothing to decide."
