"""What must wait before it is said: each reason alone, what it does not hold, and all of them together."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.case import Session, Task, TaskStatus
from bot.core.due import DECISION
from bot.core.hush import House, Wish, hushed, nudges_enough, quiet_until
from bot.core.kinds import CardKind, Level, Phase
from bot.core.noise import Heard
from bot.core.people import Clinic
from bot.core.playbook import Stops
from bot.core.rooms import InRoom
from tests.service.clinic import ALI, JO, MAX, RIVERSIDE, abl, london

NOW = london("2027-02-17 10:00")
LATER = london("2027-03-17 10:00")
HOUSE = House(clinic=RIVERSIDE)
NOTHING, HARD = Stops(), Stops(level=Level.HARD)


STEP = abl("g.medicines").step("g.medicines")
TASK = Task(case="K7Q2", step=STEP.id, session=1, due=NOW, floor=NOW)


def wish(
    card: str = "list",
    who: str = JO,
    *,
    start: datetime = LATER,
    on_call: bool = False,
    status: TaskStatus = TaskStatus.OPEN,
    phase: Phase = Phase.PRE,
    ladder: str = "routine",
    stops: Stops = NOTHING,
    kind: str = CardKind.WORKLIST,
    gate: datetime | None = None,
    buzzes: bool = True,
) -> Wish:
    """A routine line of a patient who comes in a month, on a new list."""
    return Wish(
        task=replace(TASK, on_call=on_call, status=status),
        step=replace(STEP, phase=phase, ladder=ladder, stops=stops),
        session=Session(number=1, start=start, minutes=60, room="Room 2"),
        person=who,
        card=card,
        kind=kind,
        gate=gate,
        buzzes=buzzes,
    )


def heard(minutes_ago: int, who: str = JO, kind: str = CardKind.WORKLIST) -> Heard:
    return Heard(at=NOW - timedelta(minutes=minutes_ago), person=who, kind=kind, card="other")


def waits(one: Wish, house: House = HOUSE, now: datetime = NOW) -> datetime | None:
    return hushed([one], house, now).held.get(one.card)


SOON = NOW + timedelta(hours=1)
ROOM_2 = InRoom(
    case="M4T5", session=1, room="Room 2", people=frozenset({MAX}), until=london("2027-02-17 10:40")
)
TREATING = House(clinic=RIVERSIDE, running=(ROOM_2,))


def test_in_the_middle_of_a_quiet_day_nothing_waits() -> None:
    assert waits(wish()) is None


@pytest.mark.parametrize(
    ("wall", "until"),
    [
        ("2027-02-17 07:30", "2027-02-17 08:00"),
        ("2027-02-17 18:00", "2027-02-18 08:00"),
        ("2027-02-13 12:00", "2027-02-16 08:00"),
    ],
)
def test_what_is_due_while_the_clinic_is_closed_waits_for_its_doors(wall: str, until: str) -> None:
    assert waits(wish(), now=london(wall)) == london(until)


NIGHT = london("2027-02-17 22:00")


@pytest.mark.parametrize(
    "one",
    [
        wish(on_call=True),
        wish(ladder="urgent"),
        wish(phase=Phase.EVENT),
        wish(stops=HARD, start=NIGHT + timedelta(hours=2)),
        wish(phase=Phase.POST),
    ],
    ids=["on call", "urgent", "a complication", "it stops what is near", "the patient is still here"],
)
def test_what_cannot_wait_is_said_at_night(one: Wish) -> None:
    assert waits(one, now=NIGHT) is None


@pytest.mark.parametrize("status", [TaskStatus.OPEN, TaskStatus.BLOCKED])
def test_not_even_a_stop_of_next_month_wakes_a_physician(status: TaskStatus) -> None:
    assert waits(wish(stops=HARD, status=status), now=NIGHT) == london("2027-02-18 08:00")


def quiet(zone: str = "", hours: tuple[time, time] = (time(12), time(14))) -> Clinic:
    jo = replace(RIVERSIDE.people[JO], quiet=hours, zone=ZoneInfo(zone) if zone else None)
    return replace(RIVERSIDE, people={**RIVERSIDE.people, JO: jo})


@pytest.mark.parametrize(
    ("zone", "wall", "until"),
    [
        ("", "2027-02-17 12:30", "2027-02-17 14:00"),
        ("", "2027-02-17 14:00", None),
        ("America/New_York", "2027-02-17 12:30", None),
        ("America/New_York", "2027-02-17 17:00", "2027-02-18 08:00"),
    ],
)
def test_a_persons_quiet_hours_are_read_in_their_own_zone(zone: str, wall: str, until: str | None) -> None:
    found = waits(wish(), House(clinic=quiet(zone)), london(wall))

    assert found == (london(until) if until else None)


def test_quiet_hours_over_midnight_end_in_the_morning() -> None:
    clinic = quiet(hours=(time(19), time(7)))

    assert quiet_until(JO, clinic, london("2027-02-17 23:00")) == london("2027-02-18 07:00")
    assert quiet_until(JO, clinic, london("2027-02-18 06:59")) == london("2027-02-18 07:00")
    assert quiet_until(JO, clinic, london("2027-02-18 07:00")) is None


def test_quiet_hours_hold_what_a_visit_brings_and_not_what_stops_it() -> None:
    house, noon = House(clinic=quiet()), london("2027-02-17 12:30")

    assert waits(wish(phase=Phase.POST), house, noon) == london("2027-02-17 14:00")
    assert waits(wish(phase=Phase.DAY, stops=HARD, start=noon), house, noon) is None


def test_while_a_persons_patient_is_treated_only_what_presses_is_said() -> None:
    assert waits(wish(who=MAX), TREATING) == ROOM_2.until
    assert waits(wish(who=MAX, status=TaskStatus.BLOCKED), TREATING) == ROOM_2.until
    assert waits(wish(who=MAX, stops=HARD, start=SOON), TREATING) is None
    assert waits(wish(who=MAX, phase=Phase.EVENT), TREATING) is None
    assert waits(wish(who=JO), TREATING) is None


def test_the_next_patients_room_waits_for_finish_although_it_presses() -> None:
    card = wish(who=MAX, kind=CardKind.ROOM, stops=HARD, start=SOON, phase=Phase.DAY)

    assert waits(card, TREATING) == ROOM_2.until
    assert waits(replace(card, kind=CardKind.PREP), TREATING) is None
    assert waits(replace(card, person=JO), TREATING) == ROOM_2.until, "it is the same room"
    elsewhere = replace(card, person=JO, session=replace(card.session, room="Room 1"))
    assert waits(elsewhere, TREATING) is None
    assert waits(replace(card, gate=NOW + timedelta(minutes=1)), TREATING) == ROOM_2.until, "a gate or not"


def test_a_procedure_that_nobody_finished_holds_nothing_for_ever() -> None:
    assert waits(wish(who=MAX), TREATING, ROOM_2.until) is None


def test_nothing_waits_past_its_gate() -> None:
    gate = london("2027-02-17 10:20")

    assert waits(wish(who=MAX, gate=gate), TREATING) == gate
    assert waits(wish(who=MAX, gate=gate), TREATING, gate) is None


def test_a_quarter_of_an_hour_lies_between_two_buzzes_of_a_person() -> None:
    house = House(clinic=RIVERSIDE, heard=(heard(10),))

    assert waits(wish(), house) == london("2027-02-17 10:05")
    assert waits(wish(buzzes=False), house) is None, "an edit"
    assert waits(wish(who=ALI), house) is None, "somebody else"
    assert waits(wish(status=TaskStatus.BLOCKED, kind=DECISION), house) is None, "a decision"


def test_whoever_takes_something_over_has_it_at_once() -> None:
    house = House(clinic=RIVERSIDE, heard=(heard(10),))
    taken = wish()
    taken = replace(taken, task=replace(taken.task, holder=JO))

    assert waits(taken, house) is None
    assert waits(replace(taken, reminds=True), house) == london("2027-02-17 10:05")


def test_a_seventh_message_waits_for_the_other_half_of_the_day() -> None:
    house = House(clinic=RIVERSIDE, heard=tuple(heard(20 * n) for n in range(6, 0, -1)))

    assert waits(wish(), house) == london("2027-02-17 13:00")
    assert waits(wish(), house, london("2027-02-17 13:00")) is None
    assert waits(wish(kind=CardKind.AFTER, phase=Phase.POST), house) is None, "a stage of the day"


def test_the_seventh_of_an_afternoon_waits_for_tomorrow() -> None:
    house = House(clinic=RIVERSIDE, heard=tuple(heard(20 * n) for n in range(-9, -15, -1)))

    assert waits(wish(), house, london("2027-02-17 15:00")) == london("2027-02-18 08:00")


def test_stages_decisions_and_complications_count_for_no_half_day() -> None:
    kinds = (CardKind.PREP, CardKind.AFTER, DECISION, CardKind.EVENT) * 2
    house = House(clinic=RIVERSIDE, heard=tuple(heard(20, kind=kind) for kind in kinds))

    assert waits(wish(), house) is None


def test_the_lines_of_one_card_go_out_together_as_soon_as_one_of_them_must() -> None:
    both = [wish(who=MAX), wish(who=MAX, stops=HARD, start=SOON)]

    assert hushed(both, TREATING, NOW).held == {}


def test_whoever_hears_something_now_hears_in_one_go_what_waited_for_its_quarter() -> None:
    house = House(clinic=RIVERSIDE, heard=(heard(10),))
    must = wish("must", stops=HARD, start=SOON)

    assert hushed([wish("may"), must], house, NOW).held == {}


def test_a_bundle_is_no_way_round_the_six_of_a_half_day() -> None:
    house = House(clinic=RIVERSIDE, heard=tuple(heard(20 * n) for n in range(5, 0, -1)))

    found = hushed([wish("a"), wish("b"), wish("c")], house, NOW).held

    assert found == dict.fromkeys(["b", "c"], london("2027-02-17 13:00"))


def test_a_reminder_too_many_is_an_edit_and_its_ladder_goes_on() -> None:
    house = House(clinic=RIVERSIDE, heard=tuple(heard(20 * n) for n in range(5, 0, -1)))
    reminders = [replace(wish(card), reminds=True) for card in "ab"]

    found = hushed([*reminders, replace(wish("c", status=TaskStatus.BLOCKED), reminds=True)], house, NOW)

    assert (found.held, found.muted) == ({}, {"a", "b"})


def test_what_somebody_put_off_rings_when_they_said_so_however_much_they_heard() -> None:
    house = House(clinic=RIVERSIDE, heard=tuple(heard(20 * n) for n in range(6, 0, -1)))

    put_off = replace(wish("a"), task=replace(TASK, snoozed=True), reminds=True)

    found = hushed([put_off], house, NOW)

    assert (found.held, found.muted) == ({}, frozenset())


def test_a_channel_waits_for_nothing_but_the_doors() -> None:
    house = House(clinic=RIVERSIDE, heard=(heard(1, who=""),))

    assert waits(wish(who=""), house) is None
    assert waits(wish(who=""), now=NIGHT) == london("2027-02-18 08:00")


def test_a_card_is_nudged_once_at_each_rung_for_all_its_lines() -> None:
    first = Heard(at=NOW, person=JO, kind=CardKind.PREP, card="prep", repeat=True)
    again = replace(first, at=NOW + timedelta(minutes=5))
    before, between = NOW - timedelta(minutes=5), NOW + timedelta(minutes=2)

    assert nudges_enough("prep", 1, before, [first])
    assert not nudges_enough("prep", 2, before, [first])
    assert nudges_enough("prep", 2, before, [first, again])
    assert not nudges_enough("prep", 1, between, [first]), "a line that was asked since then"
    assert not nudges_enough("other", 1, before, [first, again])


def test_of_what_is_due_at_once_the_soonest_procedures_come_first() -> None:
    days = [3, 9, 1, 7, 5, 8, 2, 6, 4]
    asked = [wish(f"of day {day}", start=LATER + timedelta(days=day), kind=CardKind.CONSULT) for day in days]

    held = hushed(asked, HOUSE, NOW).held

    assert sorted(held) == ["of day 7", "of day 8", "of day 9"]
