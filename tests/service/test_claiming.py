"""Claim, "I'm on it" and "later": who takes what nobody is there for, and what a promise stops."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.actions import Action
from bot.core.errors import NotAllowed, Refused, Settled, Unclear
from bot.core.messages import LineState, Notice, TaskCard
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Role, Shift
from bot.core.standing import row
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

HELP = "#nurses"
ALONE = replace(
    RIVERSIDE,
    roster={day: {**roles, Role.NURSE: ()} for day, roles in RIVERSIDE.roster.items()},
    on_call={},
    channels={PLATFORM: {"nurse": HELP, "escalations": "#help"}},
)


def shifts(*nurses: Shift) -> Clinic:
    return replace(ALONE, roster_changes={date(2027, 1, 12): {Role.NURSE: nurses}})


def card_in(clinic: Riverside, where: str) -> TaskCard:
    card = clinic.workspace.of(where)[-1].card
    assert isinstance(card, TaskCard), card
    return card


# --- claim


def test_where_nobody_is_on_duty_the_roles_channel_is_asked_who_takes_it() -> None:
    clinic = Riverside("g.medicines", "g.allergies", clinic=ALONE).book().until("2027-01-12 15:00")

    card = card_in(clinic, HELP)

    assert card.heading == "Who takes this, for a nurse?"
    assert [button.label for button in card.buttons] == ["Claim"]
    assert [(line.title, line.said, line.why, line.buttons) for line in card.lines] == [
        ("Allergies", "", "", ()),
        ("Medication disclosure", "", "", ()),
    ]


def test_the_first_who_claims_gets_the_lines_and_the_card_says_so() -> None:
    clinic = Riverside("g.medicines", "g.allergies", clinic=ALONE).book().until("2027-01-12 15:00")
    (message,) = clinic.workspace.of(HELP)

    said = clinic.press(SAM, "Claim", on=message)
    clinic.speak()

    assert isinstance(said, Notice) and said.text == "You have it: 2 items · K7Q2. Thank you."
    assert [line.title for line in clinic.card(SAM).lines] == ["Allergies", "Medication disclosure"]
    assert message.over.endswith("Thu 18 Feb 09:30 · K7Q2: Sam Specimen has it.")
    assert clinic.task("g.medicines").holder == SAM


def test_the_second_is_told_who_has_it_and_nothing_changes() -> None:
    clinic = Riverside("g.medicines", clinic=ALONE).book().until("2027-01-12 15:00")
    (message,) = clinic.workspace.of(HELP)
    button = clinic.button(SAM, "Claim", on=message)
    clinic.answer_with(SAM, button)

    with pytest.raises(Settled, match="Sam Specimen has it"):
        clinic.answer_with(JO, button)

    assert clinic.task("g.medicines").holder == SAM


def test_only_who_holds_the_role_can_claim() -> None:
    clinic = Riverside("g.medicines", clinic=ALONE).book().until("2027-01-12 15:00")
    (message,) = clinic.workspace.of(HELP)

    with pytest.raises(NotAllowed, match="Medication disclosure is for a nurse to take: nobody is on duty"):
        clinic.press(MAX, "Claim", on=message)


def test_a_claim_of_a_card_that_is_no_question_who_takes_it_finds_nothing() -> None:
    clinic = Riverside("g.medicines", clinic=ALONE).book().until("2027-01-12 15:00")
    button = clinic.button(SAM, "Claim", on=clinic.workspace.of(HELP)[0])

    with pytest.raises(Refused, match="asks nobody any more"):
        clinic.answer_with(SAM, replace(button, value="worklist:riverside:2027-01-12:1:jo"))


def test_who_comes_on_duty_gets_what_nobody_claimed_and_the_card_in_the_channel_ends() -> None:
    from_nine = {date(2027, 2, 18): {Role.NURSE: (Shift(person=JO, starts=time(9), ends=time(18)),)}}
    clinic = Riverside("g.same_day_check", clinic=replace(ALONE, roster_changes=from_nine))
    clinic.book().until("2027-02-18 08:55").mark("arrived")
    (message,) = clinic.until("2027-02-18 08:56").workspace.of(HELP)

    clinic.until("2027-02-18 09:06")

    assert [m.to for m in clinic.workspace.messages if m.to in (HELP, JO)] == [HELP, JO]
    assert message.over.endswith("Jo Sample has it.")


def test_an_item_that_can_wait_waits_for_who_comes_later_today_without_a_word() -> None:
    clinic = Riverside("g.medicines", clinic=shifts(Shift(person=JO, starts=time(16), ends=time(18)))).book()

    clinic.until("2027-01-12 15:59")
    before = list(clinic.told)
    clinic.until("2027-01-12 16:00")

    assert before == []
    assert [to for to, _ in clinic.told] == [JO]
    assert [entry.kind for entry in clinic.history()] == ["opened", "waits", "asked"]


def test_what_is_not_claimed_is_asked_again_next_morning_on_a_card_of_its_own() -> None:
    clinic = Riverside("g.medicines", clinic=ALONE).book().until("2027-01-14 08:00")

    first, second, *_ = clinic.workspace.of(HELP)

    assert first.over.endswith("asked again on a newer card.")
    assert [button.label for button in card_in(clinic, HELP).buttons] == ["Claim"] and second.over == ""


# --- off duty


def test_when_a_shift_ends_what_is_open_moves_on_and_the_old_card_says_to_whom() -> None:
    early = Shift(person=JO, starts=time(8), ends=time(16))
    late = Shift(person=SAM, starts=time(15), ends=time(18))
    clinic = Riverside("g.medicines", clinic=shifts(early, late)).book().until("2027-01-12 15:00")
    (old,) = clinic.workspace.of(JO)

    clinic.until("2027-01-12 17:00")

    assert [to for to, _ in clinic.told] == [JO, SAM]
    assert old.over.endswith("now with Sam Specimen.")
    assert clinic.task("g.medicines").asking == 2


def test_two_whose_shifts_end_at_once_both_hand_on_what_they_left_of_one_case() -> None:
    noon = {Role.NURSE: (Shift(person=JO, starts=time(8), ends=time(16)),)}
    noon[Role.PHYSICIAN] = (Shift(person=ALI, starts=time(8), ends=time(16)),)
    both = replace(ALONE, roster_changes={date(2027, 1, 12): noon})
    clinic = Riverside("g.medicines", "g.skin_exam", clinic=both).book()

    clinic.until("2027-01-12 16:01")

    assert sorted(to for at, to, _ in clinic.buzzes if at == london("2027-01-12 16:00")) == ["#help", HELP]


def test_a_reminder_stays_with_who_was_asked_although_another_is_first_on_the_roster_now() -> None:
    late = Shift(person=SAM, starts=time(15), ends=time(18))
    sole = Shift(person=JO, starts=time(8), ends=time(18))
    clinic = Riverside("g.medicines", clinic=shifts(sole)).book().until("2027-01-12 15:00")
    changed = shifts(late, sole)
    clinic.practice = replace(clinic.practice, clinics={changed.id: changed})

    clinic.until("2027-01-12 17:00")

    assert [to for to, _ in clinic.told] == [JO, JO]


def test_when_somebody_leaves_the_file_their_card_ends_and_the_manager_has_the_item() -> None:
    clinic = Riverside("g.site_marked", clinic=RIVERSIDE).book(operator=MAX).until("2027-02-18 09:15")
    (old,) = clinic.workspace.of(MAX)
    people = {id: person for id, person in RIVERSIDE.people.items() if id != MAX}
    without = replace(RIVERSIDE, people=people)
    clinic.practice = replace(clinic.practice, clinics={without.id: without})

    clinic.until("2027-02-18 09:20")

    assert clinic.card(KIT, "Room").lines[0].title == "Site marked"
    assert old.over.endswith("now with Kit Pattern.")


def test_what_a_manager_has_of_somebody_who_left_is_reminded_of_like_everything_else() -> None:
    clinic = Riverside("g.medicines", clinic=RIVERSIDE).book()
    with clinic.store.writing() as tx:
        case, (task,) = tx.case("K7Q2"), tx.tasks("K7Q2")
        given = replace(task, holder="lea")
        tx.change(case, [given], Entry(kind="claimed", at=clinic.clock.now(), by="lea"))

    clinic.until("2027-01-12 17:00")

    assert [to for to, _ in clinic.told] == [KIT, KIT]
    assert clinic.task("g.medicines").asking == 1
    assert [b.label for b in clinic.card(KIT, "Consultation").buttons if b.action is not Action.WHO] == [
        "Hand off"
    ]
    clinic.type(KIT, "to @jo")
    clinic.speak()
    clinic.press_on(JO, clinic.workspace.of(JO)[-1].card, "Accept")
    clinic.speak()
    assert clinic.card(JO, "Consultation").lines[0].title == "Medication disclosure"


def test_the_board_says_that_nobody_is_there() -> None:
    clinic = Riverside("g.allergies", clinic=ALONE).book().until("2027-01-12 15:01")

    assert row(clinic.course(), (), ALONE, clinic.clock.now()).owner == "a nurse, nobody is there"


def test_the_board_says_that_the_lead_hears_of_it_next() -> None:
    clinic = Riverside("g.medicines").book()
    with clinic.store.writing() as tx:
        case, (task,) = tx.case("K7Q2"), tx.tasks("K7Q2")
        tx.change(case, [replace(task, holder=SAM)], Entry(kind="claimed", at=clinic.clock.now(), by=SAM))
    clinic.until("2027-01-14 10:05")

    shown = row(clinic.course(), (), RIVERSIDE, clinic.clock.now())

    assert (shown.owner, shown.ahead) == ("Sam Specimen", "lead told 12:00")
    clinic.until("2027-01-14 12:00")
    assert clinic.buzzes[-1][1] == JO


# --- I'm on it


def test_on_it_stops_the_reminders_and_the_card_says_who() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")

    said = clinic.press(JO, "I’m on it")
    clinic.until("2027-01-12 20:00")

    assert isinstance(said, Notice)
    assert said.text == "Noted: you are on it. No reminders until Wed 13 Jan 08:00."
    assert [to for to, _ in clinic.told] == [JO]
    assert clinic.card(JO).lines[0].said == "Jo Sample is on it"


def test_on_it_does_not_move_the_deadline_at_the_gate() -> None:
    clinic = Riverside("g.change_check").book().until("2027-02-16 11:00")

    said = clinic.type(JO, "on it")
    clinic.until("2027-02-16 18:00")

    assert isinstance(said, Notice) and said.text.endswith("No reminders until 15:00.")
    assert [(at, to) for at, to, _ in clinic.buzzes] == [
        (london("2027-02-16 11:00"), JO),
        (london("2027-02-16 15:00"), KIT),
    ]


def test_the_next_round_forgets_a_promise_that_was_not_kept() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    clinic.press(JO, "I’m on it")

    clinic.until("2027-01-14 10:01")

    assert clinic.task("g.medicines").acknowledged is None
    assert "Still open: Medication disclosure · K7Q2." in clinic.sent(JO)


def test_a_second_on_it_is_told_kindly() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    clinic.type(JO, "on it")

    with pytest.raises(Settled, match="You are on it already"):
        clinic.type(JO, "I'm on it")


def test_only_who_may_answer_can_be_on_it() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")

    with pytest.raises(NotAllowed, match="for a nurse to take"):
        clinic.type(FRAN, "on it", under=clinic.workspace.of(JO)[-1])


def test_what_a_physician_must_decide_keeps_nobody_from_being_on_the_rest_of_a_card() -> None:
    clinic = Riverside("g.medicines", "g.medical_history").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:05")

    clinic.press(JO, "I’m on it")

    assert clinic.task("g.medicines").acknowledged == london("2027-01-12 15:05")
    assert clinic.task("g.medical_history").acknowledged is None


# --- later


def test_what_a_physician_must_decide_keeps_nobody_from_putting_off_the_rest_of_a_card() -> None:
    clinic = Riverside("g.medicines", "g.medical_history").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:05")

    said = clinic.press(JO, "In 20 min")

    assert isinstance(said, Notice) and said.text == "I will ask again at 15:25: 1 item."
    assert clinic.task("g.medicines").next_prompt_at == london("2027-01-12 15:25")


def test_later_moves_the_next_word_once() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")

    said = clinic.type(JO, "later 20m")
    clinic.until("2027-01-12 15:21")

    assert isinstance(said, Notice) and said.text == "I will ask again at 15:20: 1 item."
    assert clinic.sent(JO)[1:] == ["Still open: Medication disclosure · K7Q2."]
    with pytest.raises(Settled, match="was put off once already"):
        clinic.type(JO, "later 20m")


def test_the_button_puts_off_by_twenty_minutes() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")

    clinic.press(JO, "In 20 min")
    clinic.speak()

    assert clinic.task("g.medicines").next_prompt_at == london("2027-01-12 15:20")
    assert "In 20 min" not in [button.label for button in clinic.card(JO).buttons]


def test_what_is_put_off_when_the_manager_would_hear_next_comes_as_a_reminder() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 16:10")

    clinic.type(ALI, "later 40m")
    clinic.until("2027-01-12 16:55")

    assert clinic.sent(KIT) == []
    assert [at for at, to, text in clinic.buzzes if to == ALI and "Still open" in text][-1] == london(
        "2027-01-12 16:50"
    )


def test_whoever_is_on_it_has_nothing_to_put_off() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    clinic.type(JO, "on it")
    clinic.speak()

    with pytest.raises(Settled, match="somebody is on it"):
        clinic.type(JO, "later 20m")

    assert [button.label for button in clinic.card(JO).buttons if button.label.startswith("In ")] == []


def test_a_physician_can_be_on_a_stop_before_deciding() -> None:
    clinic = Riverside("g.medical_history").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:30")

    clinic.press(ALI, "I’m on it")
    clinic.until("2027-01-12 18:00")

    assert [to for to, _ in clinic.told] == [JO, ALI, ALI]
    assert "I’m on it" not in [button.label for button in clinic.decision().buttons]


def test_under_a_decision_one_can_be_on_it_but_decides_with_the_buttons() -> None:
    clinic = Riverside("g.medical_history").book().until("2027-01-12 15:00")
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.until("2027-01-12 15:05")

    with pytest.raises(Unclear, match="decided with the buttons"):
        clinic.type(ALI, "done")
    clinic.type(ALI, "on it")

    assert clinic.task("g.medical_history").acknowledged == london("2027-01-12 15:05")
    assert clinic.task("g.medical_history").holder == ALI


def test_later_goes_no_further_than_two_hours() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")

    with pytest.raises(Refused, match="`later 120m` is the most"):
        clinic.type(JO, "later 3h")

    assert not clinic.task("g.medicines").snoozed


def test_later_never_goes_past_the_start_of_the_procedure() -> None:
    clinic = Riverside("g.site_marked").book().until("2027-02-18 09:15")

    with pytest.raises(Refused, match="Site marked"):
        clinic.type(MAX, "later 40m")


def test_a_complication_cannot_be_put_off() -> None:
    clinic = Riverside("e.physician").book().until("2027-01-14 11:00")
    clinic.command(MAX, "event K7Q2 urgent")
    clinic.speak()

    with pytest.raises(Refused, match=r"cannot wait\. Answer it, or write `on it`"):
        clinic.type(ALI, "later 20m")


def test_a_ladder_is_frozen_when_it_is_first_asked() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    quick = replace(RIVERSIDE, ladders={"routine": (1, 2, 3)})
    clinic.practice = replace(clinic.practice, clinics={quick.id: quick})

    clinic.until("2027-01-12 17:55")

    assert clinic.task("g.medicines").ladder == (120, 240)
    assert [(at, to) for at, to, _ in clinic.buzzes] == [
        (london("2027-01-12 15:00"), JO),
        (london("2027-01-12 17:00"), JO),
    ]


# --- at night


def test_an_urgent_complication_at_night_pages_the_first_on_call_and_then_the_second() -> None:
    night = replace(RIVERSIDE, on_call={Role.PHYSICIAN: (PIA, ALI), Role.NURSE: (SAM,)})
    clinic = Riverside("e.physician", clinic=night).book().until("2027-02-19 02:00")

    clinic.command(SAM, "event K7Q2 urgent")
    clinic.until("2027-02-19 02:06")
    paged = [(at, to) for at, to, _ in clinic.buzzes if to in (PIA, ALI)]
    clinic.type(ALI, "on it")
    clinic.until("2027-02-19 02:50")

    assert paged == [
        (london("2027-02-19 02:00"), PIA),
        (london("2027-02-19 02:05"), ALI),
        (london("2027-02-19 02:05"), PIA),
    ]
    assert [to for at, to, _ in clinic.buzzes if at > london("2027-02-19 02:06")] == []
    assert clinic.card(PIA).lines[0].said == "Dr Ali is on it"


def test_once_a_physician_has_answered_nobody_else_is_woken_for_the_rest() -> None:
    night = replace(RIVERSIDE, on_call={Role.PHYSICIAN: (PIA, ALI)})
    clinic = Riverside("e.physician", "e.same_day_review", clinic=night).book().until("2027-02-19 02:00")
    clinic.command(SAM, "event K7Q2 urgent")
    clinic.until("2027-02-19 02:03").answer(PIA, "Complication, physician decides", decision="see_today")

    clinic.until("2027-02-19 05:59")

    assert ALI not in [to for at, to, _ in clinic.buzzes if at >= london("2027-02-19 02:00")]


def test_what_nobody_takes_at_night_is_paged_again_and_the_manager_hears() -> None:
    night = replace(RIVERSIDE, on_call={Role.PHYSICIAN: (PIA, ALI)})
    clinic = Riverside("e.physician", clinic=night).book().until("2027-02-19 02:00")

    clinic.command(SAM, "event K7Q2 urgent")
    clinic.until("2027-02-19 02:31")

    heard = [to for _, to, _ in clinic.buzzes]
    assert heard.count(PIA) >= 4 and heard.count(ALI) >= 3 and heard.count(KIT) == 1
    assert clinic.card(PIA).lines[0].state is LineState.OPEN
