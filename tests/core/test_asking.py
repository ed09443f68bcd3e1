"""Who is asked: one order, tried line by line."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.asking import (
    asked_person,
    comes_on_duty,
    duty_manager,
    is_taken,
    pages,
    still_asked,
    told_of,
    waits_until,
)
from bot.core.case import Answer, Case, Outcome, Task, TaskStatus
from bot.core.due import (
    LADDERS,
    PAGED_AGAIN,
    PAGED_HOURLY,
    PAGED_OFTEN,
    next_word_at,
    place_of,
)
from bot.core.people import Clinic, Role, Shift
from bot.core.plan import plan_case
from bot.core.playbook import Step
from tests.service.clinic import ALI, JO, KIT, MAX, PIA, RIVERSIDE, SAM, abl, booking, london, shipped

#: A Thursday; the clinic is open from 08:00 to 18:00, and closed on Monday 15 February.
NOON = london("2027-02-18 12:00")
EVENING = london("2027-02-18 20:00")
SUNDAY = london("2027-02-21 10:00")


def case() -> Case:
    return plan_case(abl("g.change_check"), booking(), code="K7Q2", clinic="riverside")[0]


def task(step: str = "g.change_check", **changes: object) -> Task:
    made = Task(case="K7Q2", step=step, session=1, due=NOON, floor=NOON)
    return replace(made, **changes)  # type: ignore[arg-type]


def step(name: str = "g.change_check") -> Step:
    return shipped().step(name)


def nurses(*duty: str | Shift, on_call: tuple[str, ...] = ()) -> Clinic:
    """Riverside with other nurses on duty every day."""
    roster = {day: {**roles, Role.NURSE: duty} for day, roles in RIVERSIDE.roster.items()}
    return replace(RIVERSIDE, roster=roster, on_call={Role.NURSE: on_call})


def asked(
    clinic: Clinic, now: datetime, of: Task | None = None, named: str = "g.change_check", **assigned: str
) -> str | None:
    whose = replace(case(), assigned={Role(role): person for role, person in assigned.items()})
    return asked_person(of or task(named), step(named), whose, clinic, now)


# --- the order


def test_whoever_is_on_duty_first_in_the_roster_is_asked() -> None:
    assert asked(RIVERSIDE, NOON) == JO


def test_whom_the_case_is_assigned_to_is_asked_before_them() -> None:
    assert asked(RIVERSIDE, NOON, nurse=SAM) == SAM


def test_who_is_assigned_but_off_duty_today_is_not_disturbed() -> None:
    assert asked(nurses(JO), NOON, nurse=SAM) == JO


def test_who_holds_it_is_asked_before_everybody() -> None:
    assert asked(RIVERSIDE, NOON, task(holder=SAM), nurse=JO) == SAM


def test_who_holds_it_is_asked_off_duty_only_while_nobody_of_the_role_works() -> None:
    assert asked(nurses(JO), NOON, task(holder=SAM)) == JO
    assert asked(nurses(), NOON, task(holder=SAM)) == SAM


def test_what_falls_on_a_closed_day_goes_to_whoever_is_on_call() -> None:
    assert asked(nurses(JO, on_call=(SAM,)), SUNDAY, task(on_call=True)) == SAM


def test_who_is_assigned_and_on_call_is_asked_before_the_first_of_the_list() -> None:
    assert asked(nurses(on_call=(JO, SAM)), SUNDAY, task(on_call=True), nurse=SAM) == SAM


def test_what_is_urgent_goes_to_whoever_is_on_call_where_nobody_is_on_duty() -> None:
    clinic = nurses(on_call=(SAM,))

    assert asked(clinic, NOON, named="e.triage") == SAM
    assert asked(clinic, NOON) is None


def test_nobody_is_asked_just_because_they_have_the_role() -> None:
    assert asked(nurses(), NOON) is None
    assert asked(nurses(), SUNDAY, task(on_call=True)) is None


def test_what_can_wait_for_the_doors_is_for_whoever_is_there_then() -> None:
    tomorrow = {date(2027, 2, 19): {Role.NURSE: (SAM,)}}

    assert asked(replace(RIVERSIDE, roster_changes=tomorrow), EVENING) == SAM


def test_what_belongs_to_the_visit_is_for_whoever_works_that_day_before_the_doors_open() -> None:
    assert asked(RIVERSIDE, london("2027-02-18 07:30"), named="g.same_day_check") == JO
    assert asked(RIVERSIDE, SUNDAY, named="g.same_day_check") == SAM


def test_a_stop_is_the_physicians() -> None:
    assert asked(RIVERSIDE, NOON, task(status=TaskStatus.BLOCKED, holder=JO)) == ALI


# --- orphans


def answered(by: str, role: Role, at: datetime) -> Task:
    answer = Answer(by=by, role=role, at=at, outcome=Outcome.CONFIRMED)
    return task("g.medicines", status=TaskStatus.DONE, answer=answer)


def test_what_belonged_to_somebody_who_left_goes_to_who_was_last_active_on_the_case() -> None:
    gone = task(holder="lea")
    tasks = [
        answered(JO, Role.NURSE, london("2027-02-01 10:00")),
        answered(SAM, Role.NURSE, london("2027-02-03 10:00")),
        answered(ALI, Role.PHYSICIAN, london("2027-02-05 10:00")),
    ]

    assert asked_person(gone, step(), case(), RIVERSIDE, NOON, tasks) == SAM
    assert asked_person(gone, step(), case(), nurses(JO), NOON, tasks) == JO
    assert asked_person(gone, step(), case(), RIVERSIDE, NOON, tasks[2:]) == KIT


def test_who_lost_the_role_leaves_orphans_too() -> None:
    assert asked(RIVERSIDE, NOON, nurse=MAX) == KIT
    assert asked(RIVERSIDE, NOON, task(holder=MAX)) == KIT


def test_a_stop_is_no_orphan_of_the_nurse_who_held_its_item() -> None:
    stop = task(status=TaskStatus.BLOCKED, holder="lea")

    assert asked(RIVERSIDE, NOON, stop) == ALI
    assert asked(RIVERSIDE, NOON, stop, physician=PIA) == ALI


# --- reminders, waiting, telling


def test_a_reminder_goes_to_whoever_was_asked_while_they_work() -> None:
    assert still_asked(SAM, task(), step(), RIVERSIDE, NOON)
    assert not still_asked(SAM, task(), step(), nurses(JO), NOON)
    assert not still_asked(MAX, task(), step(), RIVERSIDE, NOON)
    assert not still_asked("lea", task(), step(), RIVERSIDE, NOON)


def test_what_can_wait_waits_for_whoever_comes_later_that_day() -> None:
    clinic = nurses(Shift(person=JO, starts=time(13), ends=time(18)))
    one = london("2027-02-18 13:00")

    assert waits_until(task(), step(), clinic, NOON) == one
    assert waits_until(task(), step("g.same_day_check"), clinic, NOON) is None
    assert waits_until(task(on_call=True), step(), clinic, NOON) is None
    assert waits_until(task(), step(), clinic, london("2027-02-18 17:59")) is None
    assert comes_on_duty(Role.NURSE, nurses(), NOON) is None


def test_the_lead_of_the_role_hears_first_and_of_a_lead_the_manager() -> None:
    routine, important = step("g.medicines"), step("g.change_check")

    assert told_of(task("g.medicines"), routine, SAM, RIVERSIDE, NOON) == JO
    assert told_of(task("g.medicines"), routine, JO, RIVERSIDE, NOON) == KIT
    assert told_of(task(), important, SAM, RIVERSIDE, NOON) == KIT
    assert duty_manager(replace(RIVERSIDE, roster={}), NOON) is None


# --- paging


def event(**changes: object) -> Task:
    return task("e.physician", anchored=NOON, **changes)


def test_an_urgent_complication_pages_the_list_on_call_in_its_order() -> None:
    clinic = replace(RIVERSIDE, on_call={Role.PHYSICIAN: (PIA, ALI)})
    urgent = replace(case(), facts={**case().facts, "event_urgency": "urgent"})

    assert pages(event(), step("e.physician"), urgent, clinic, EVENING) == (PIA, ALI)
    assert pages(event(), step("e.physician"), urgent, clinic, NOON) == (ALI, PIA)
    assert pages(event(), step("e.physician"), case(), clinic, NOON) == ()
    assert pages(event(), step("e.triage"), urgent, clinic, NOON) == ()


def test_an_answer_or_a_promise_of_a_physician_ends_the_paging() -> None:
    said = Answer(by=ALI, role=Role.PHYSICIAN, at=NOON, outcome=Outcome.CONFIRMED)
    of_a_nurse = replace(said, by=JO, role=Role.NURSE)

    assert not is_taken(event(), [event(), event(answer=of_a_nurse)])
    assert is_taken(event(), [replace(event(answer=said), step="e.same_day_review")])
    assert is_taken(event(), [event(acknowledged=NOON)])
    assert not is_taken(event(), [event(answer=said, occurrence=2)])


# --- whatever the roster


@st.composite
def clinics(draw: st.DrawFn) -> Clinic:
    """Riverside with any hours for anybody, or nobody, and anybody on call."""
    hours = st.tuples(st.integers(0, 11), st.integers(12, 23))
    people = st.sampled_from(sorted(RIVERSIDE.people))

    def shift(person: str, at: tuple[int, int]) -> Shift:
        return Shift(person=person, starts=time(at[0]), ends=time(at[1]))

    duty = st.lists(st.builds(shift, people, hours), max_size=2).map(tuple)
    roster = {day: {role: draw(duty) for role in Role} for day in range(7)}
    called = {role: tuple(draw(st.lists(people, max_size=2))) for role in Role}
    return replace(RIVERSIDE, roster=roster, on_call=called)


@given(
    clinics(),
    st.sampled_from([each.id for each in shipped().steps]),
    st.integers(0, 14 * 24 * 4),
    st.sampled_from(["", *RIVERSIDE.people, "lea"]),
    st.booleans(),
    st.integers(0, 9),
)
def test_every_open_task_has_an_owner_or_a_channel_and_a_next_moment(
    clinic: Clinic, name: str, quarter: int, holder: str, on_call: bool, rung: int
) -> None:
    now = datetime.fromtimestamp(london("2027-02-12 00:00").timestamp() + quarter * 900, tz=NOON.tzinfo)
    of = task(name, holder=holder, on_call=on_call, rung=rung, due=now)

    person = asked_person(of, step(name), case(), clinic, now)
    place = place_of(of, step(name), case().sessions[0], person or "", clinic, now)
    after = next_word_at(of, step(name), clinic, now)

    assert person is None or person in clinic.people
    assert (place.kind == "claim") is (person is None)
    assert after > now
    urgent = on_call or step(name).ladder == "urgent"
    if person is not None and not urgent and not holder and clinic.on_duty(step(name).role, now):
        assert person in clinic.on_duty(step(name).role, now)


@pytest.mark.parametrize(
    ("ladder", "asked_at", "then"),
    [
        ("g.medicines", "2027-02-19 17:00", "2027-02-22 09:00"),
        ("g.change_check", "2027-02-19 17:50", "2027-02-22 08:20"),
        ("g.change_check", "2027-02-12 17:45", "2027-02-16 08:15"),
        ("g.change_check", "2027-02-18 09:00", "2027-02-18 09:30"),
        ("e.triage", "2027-02-19 23:00", "2027-02-19 23:05"),
    ],
)
def test_a_ladder_counts_the_hours_in_which_the_clinic_is_open(ladder: str, asked_at: str, then: str) -> None:
    at = london(asked_at)

    assert next_word_at(task(ladder, due=at), step(ladder), RIVERSIDE, at) == london(then)


@pytest.mark.parametrize(
    ("item", "days"), [("g.skin_exam", 1), ("g.change_check", 1), ("g.followups_confirmed", 7)]
)
def test_after_three_mornings_what_can_stop_a_procedure_is_still_asked_each_morning(
    item: str, days: int
) -> None:
    of = step(item)
    ladder = LADDERS[of.ladder]
    at = london("2027-02-17 10:00")
    said = task(item, rung=3 * (len(ladder) + 1) + len(ladder), ladder=ladder)

    again = next_word_at(said, of, RIVERSIDE, at)

    assert (RIVERSIDE.calendar.day(again) - RIVERSIDE.calendar.day(at)).days == days


def test_a_page_that_nobody_takes_comes_twice_a_quarter_apart_and_then_once_an_hour() -> None:
    ladder = LADDERS["urgent"]
    first, second, later = (
        event(rung=rounds * (len(ladder) + 1) - 1, ladder=ladder) for rounds in (1, PAGED_OFTEN, 5)
    )

    def waits(of: Task) -> timedelta:
        return next_word_at(of, step("e.physician"), RIVERSIDE, EVENING, paging=True) - EVENING

    assert (waits(first), waits(second), waits(later)) == (PAGED_AGAIN, PAGED_AGAIN, PAGED_HOURLY)
    assert waits(replace(later, rung=later.rung - 2)) == PAGED_HOURLY
