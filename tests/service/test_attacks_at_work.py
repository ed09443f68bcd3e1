"""Attacks on what a clinic arranges in a day: empty forms, a stop that somebody ends, a check of oneself."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.actions import Action, Button
from bot.core.asking import asked_person, still_asked
from bot.core.case import Choice, Outcome, Task
from bot.core.errors import NotAllowed, Refused, WrongValues
from bot.core.messages import Form, Notice
from bot.core.people import Clinic, Role, Shift
from bot.core.replies import Filled
from bot.core.sharing import elsewhere
from bot.service.desk import ClinicDesk
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, abl, london
from tests.service.riverside import Riverside
from tests.service.test_second import STEP, first, numbing
from tests.service.workspace import PLATFORM


def test_a_form_that_comes_back_empty_is_refused_whatever_it_is() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    before = clinic.history()
    empty = Filled(platform=PLATFORM, account=ALI, once="empty", entries={}, revisions={})

    for action in Action:
        with pytest.raises(Refused):
            clinic.desk.reply(replace(empty, action=action))

    assert clinic.history() == before


# --- a question for all


def asked_of_all(stops: str) -> tuple[Riverside, str]:
    """A question of the director's that new bookings get, and its name."""
    clinic = Riverside("g.timeout", now=london("2027-02-01 10:00")).book()
    line = f'ask-all abl nurse "A new photosensitiser?" start - 1 day at 10:00{stops}'
    clinic.press_on(ALI, clinic.command(ALI, line))
    told = clinic.command(KIT, "ask-all list")
    assert isinstance(told, Notice)
    return clinic, told.lines[0].rpartition("ask-all end ")[2].partition("`")[0]


def test_only_who_may_add_a_stop_may_end_it() -> None:
    clinic, key = asked_of_all(", hard on yes")

    for who in (KIT, PIA):
        with pytest.raises(NotAllowed, match="Only the medical director may"):
            clinic.command(who, f"ask-all end {key}")

    assert len(clinic.command(KIT, "ask-all list").lines) == 1  # type: ignore[union-attr]
    clinic.command(ALI, f"ask-all end {key}")
    assert clinic.command(KIT, "ask-all list").lines == ()  # type: ignore[union-attr]


@pytest.mark.parametrize("due", ["start - 1 min", "start - 4 minutes"])
def test_nothing_is_asked_of_all_when_it_is_too_late_to_stop_anybody(due: str) -> None:
    clinic = Riverside("g.timeout").book()

    with pytest.raises(WrongValues, match="ready 5 minutes before the start"):
        clinic.command(ALI, f'ask-all abl nurse "A new photosensitiser?" {due}, hard on yes')


def test_a_reminder_can_be_ended_by_whoever_could_have_added_it() -> None:
    clinic, key = asked_of_all("")

    clinic.command(KIT, f"ask-all end {key}")

    assert clinic.command(KIT, "ask-all list").lines == ()  # type: ignore[union-attr]


# --- a second check


def test_a_second_check_cannot_be_handed_to_who_gave_the_first_answer() -> None:
    clinic = numbing()
    first(clinic)

    with pytest.raises(NotAllowed, match="Jo Sample gave the first answer"):
        clinic.type(SAM, "to @jo")

    assert clinic.task(STEP).holder == ""


def check_held_by(who: str, clinic: Clinic = RIVERSIDE) -> str | None:
    """Who is asked for a second check that somebody took."""
    at_work = numbing()
    first(at_work)
    task: Task = replace(at_work.task(STEP), holder=who)
    course = at_work.course()
    return asked_person(task, course.step(task), course.case, clinic, at_work.clock.now(), course.tasks)


def test_a_physician_who_took_a_second_check_is_asked_for_it_and_no_manager() -> None:
    assert check_held_by(ALI) == ALI


def test_a_second_check_of_somebody_who_went_home_is_asked_of_who_is_there() -> None:
    assert check_held_by(PIA, replace(RIVERSIDE, on_call={})) == SAM


def test_a_second_check_stays_with_who_took_it_while_nobody_else_is_there() -> None:
    nobody = {day: {Role.MANAGER: (KIT,)} for day in range(5)}

    assert check_held_by(PIA, replace(RIVERSIDE, roster=nobody, on_call={})) == PIA
    assert check_held_by(JO, replace(RIVERSIDE, roster=nobody, on_call={})) is None


def test_a_second_check_of_somebody_who_cannot_give_it_goes_to_the_manager() -> None:
    assert check_held_by(FRAN) == KIT


def test_a_reminder_leaves_who_took_an_item_and_went_home_where_others_work() -> None:
    two = (Shift(person=JO, starts=time(8), ends=time(15)), Shift(person=SAM, starts=time(8), ends=time(18)))
    shifts = replace(RIVERSIDE, roster_changes={date(2027, 1, 12): {Role.NURSE: two}})
    clinic = Riverside("g.medicines", clinic=shifts).book().until("2027-01-12 14:30")
    course, task = clinic.course(), replace(clinic.task("g.medicines"), holder=JO, rung=1)

    asked = [
        still_asked(JO, task, course.step(task), shifts, london(f"2027-01-12 {hour}:30")) for hour in (14, 17)
    ]

    assert asked == [True, False]


# --- a hold


def test_a_hold_finds_a_device_and_a_room_however_a_booking_writes_them() -> None:
    clinic = Riverside("g.timeout").book(device="Laser B").book(device="laser b", code="M4XD")
    clinic.book(room="Room-2", code="W9TR")

    clinic.press_on(KIT, clinic.command(KIT, "hold laser B lamp broken"))
    clinic.press_on(KIT, clinic.command(KIT, "hold room-2 flooded"))

    with clinic.store.reading() as reading:
        held = [reading.case(code).sessions[0].held[:7] for code in ("K7Q2", "M4XD", "W9TR")]
    assert held == ["Laser B", "Laser B", "Room 2,"]


# --- who may do what


def test_who_is_no_physician_any_more_corrects_nothing_as_one() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")
    task = clinic.task("g.skin_exam")
    desk = replace(RIVERSIDE.people[ALI], roles=frozenset({Role.FRONT_DESK}))
    today = replace(RIVERSIDE, people={**RIVERSIDE.people, ALI: desk})
    clinic.desk = ClinicDesk(practice=replace(clinic.practice, clinics={"riverside": today}))
    correct = Button(action=Action.AMEND, label="", tasks=(task.key,), revision=task.asking)

    with pytest.raises(NotAllowed, match="Skin exam is for the physician to answer"):
        clinic.desk.reply(clinic.pressed(ALI, correct))


@pytest.mark.parametrize("text", ["here", "later 20m"])
def test_a_typed_line_says_that_a_patient_arrived_only_for_who_may_press_it(text: str) -> None:
    clinic = Riverside("g.same_day_check").book().until("2027-02-18 09:12")
    (question,) = [each for each in clinic.workspace.of(FRAN) if "Arrived" in str(each.card)]
    before = clinic.history()

    with pytest.raises(NotAllowed, match="may say that a patient arrived"):
        clinic.type(KIT, text, under=question)

    assert clinic.history() == before


def test_a_hand_off_is_taken_only_by_who_still_has_the_role() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00")
    clinic.type(JO, "to @sam")
    clinic.speak()
    (offer,) = [each.card for each in clinic.workspace.of(SAM) if isinstance(each.card, Notice)]
    desk = replace(RIVERSIDE.people[SAM], roles=frozenset({Role.FRONT_DESK}))
    today = replace(RIVERSIDE, people={**RIVERSIDE.people, SAM: desk})
    clinic.desk = ClinicDesk(practice=replace(clinic.practice, clinics={"riverside": today}))

    with pytest.raises(NotAllowed, match="Medication disclosure is for a nurse to answer"):
        clinic.press_on(SAM, offer, "Accept")

    assert clinic.task("g.medicines").holder == ""


@pytest.mark.parametrize("moment", ["2027-01-20 10:00", "2027-02-25 10:00"])
def test_nobody_is_late_on_another_day(moment: str) -> None:
    clinic = Riverside("g.site_marked").book().until(moment)
    late = Filled(
        platform=PLATFORM,
        account=FRAN,
        once="late",
        entries={f"{CODE}:1": {"minutes": "20"}},
        revisions={},
        action=Action.LATE,
    )

    with pytest.raises(Refused, match="is planned for Thu 18 Feb 09:30, not for today"):
        clinic.desk.reply(late)

    assert clinic.course().case.sessions[0].delay == 0


def test_in_another_room_two_people_check_anew() -> None:
    playbook = abl("g.device_check", "g.timeout")
    double = replace(playbook.steps[0], double=True, shared=True)
    book = replace(playbook, steps=(double, *playbook.steps[1:]), digest="two people, one room")
    clinic = Riverside(book=book).book(room="room-2").until("2027-02-18 09:20")
    clinic.early(MAX, double.id)
    clinic.early(ALI, double.id)
    before = clinic.course()
    there = replace(before.case.sessions[0], room="room-3")

    (again,) = elsewhere(
        before, replace(before, case=replace(before.case, sessions=(there,))), now=clinic.clock.now()
    )

    assert (clinic.task(double.id).first is None, again.first, again.answer) == (False, None, None)


# --- a hard stop


def stopped_as_presumed() -> tuple[Riverside, str, Form]:
    """Nobody said what is planned; what was presumed stops. The desk has opened its form for the plan."""
    presumed = {"abl": {"mode": "full_field", "isotretinoin": "past"}}
    clinic = Riverside("abl.isotretinoin", clinic=replace(RIVERSIDE, defaults=presumed, rooms={"room-2": ()}))
    booked = clinic.command(FRAN, "new abl 2027-02-18 09:30 room-2 max")
    assert isinstance(booked, Notice)
    key = f"{booked.code}:abl.isotretinoin:1:1"
    opened = [
        clinic.desk.reply(clinic.pressed(who, Button(action=action, label="", tasks=(task,))))
        for who, action, task in (
            (ALI, Action.FORM, key),
            (FRAN, Action.PLAN_FORM, f"{booked.code}:1"),
        )
    ]
    answer, plan = opened
    assert isinstance(answer, Form) and isinstance(plan, Form)
    clinic.send(ALI, answer, decision="proceed", isotretinoin="current")
    return clinic, booked.code, plan


def test_a_hard_stop_on_what_was_presumed_is_lifted_by_a_physician_alone() -> None:
    clinic, code, plan = stopped_as_presumed()
    stop = f"{code}:abl.isotretinoin:1:1"

    with pytest.raises(NotAllowed, match="Only the physician may correct a fact that stops"):
        clinic.send(FRAN, plan, mode="fractional")
    with pytest.raises(NotAllowed, match="Only the physician may correct a fact that stops"):
        clinic.command(JO, f"fact {code} mode fractional")

    assert verdict(clinic, stop) == "hard"
    clinic.command(ALI, f"fact {code} mode fractional")
    assert verdict(clinic, stop) == "md"


def verdict(clinic: Riverside, key: str) -> str:
    with clinic.store.reading() as reading:
        task = reading.task(key)
        return clinic.practice.course(reading, task.case).verdict(task).level.value


def test_a_gate_is_not_passed_by_saying_that_it_does_not_apply() -> None:
    clinic = Riverside("g.change_check", "g.readiness").book().until("2027-02-16 15:01")
    gate = clinic.form_of(ALI, "g.readiness")

    with pytest.raises(Refused, match="Not yet: Anything new"):
        clinic.fill(ALI, gate, "seen elsewhere", Outcome.NOT_APPLICABLE)
    clinic.fill(ALI, gate, "nobody asked her", Outcome.PROBLEM)
    clinic.speak()
    with pytest.raises(Refused, match="Not yet: Anything new"):
        clinic.decide(ALI, Choice.PROCEED, "it will be fine")

    assert clinic.statuses("g.readiness") == {"g.readiness": "blocked"}


@pytest.mark.parametrize("how", [Outcome.NOT_APPLICABLE, Outcome.PROBLEM])
@pytest.mark.parametrize("action", [Action.FORM, Action.AMEND])
def test_a_hard_stop_is_not_talked_away(how: Outcome, action: Action) -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam", exam_done="no")
    task = clinic.task("g.skin_exam")
    words = Filled(
        platform=PLATFORM,
        account=ALI,
        once="words",
        entries={task.key: {"because": "seen elsewhere"}},
        revisions={task.key: task.asking},
        action=action,
        outcome=how,
        note="seen elsewhere",
    )

    with pytest.raises(Refused, match="Skin exam is a hard stop: postpone, or correct the answer"):
        clinic.desk.reply(words)

    assert clinic.task("g.skin_exam").answer == task.answer
