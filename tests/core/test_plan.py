"""Planning, by the rules of time: by hand, rule for rule, and at random against a second reading of them."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.case import Booking, Task, TaskStatus
from bot.core.conditions import Value, Within
from bot.core.course import Course
from bot.core.kinds import Phase, Scope
from bot.core.people import Role
from bot.core.plan import due_at, plan_case
from bot.core.playbook import Playbook, Step
from bot.core.times import Calendar, instant
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks
from tests import oracle
from tests.core.made import (
    LONDON,
    OPENED,
    START,
    booking,
    course,
    due,
    get,
    has,
    london,
    playbook,
    step,
    wall,
)
from tests.examples import some

SHIPPED = load_playbooks(shipped_playbooks())
# --------------------------------------------------------------------------------- rule for rule


def planned(when_due: str, *starts: datetime, calendar: Calendar = LONDON, **facts: Value) -> Task:
    """The one task of a step that is due as written."""
    wanted = booking(*starts, facts=facts, calendar=calendar)
    _, (task, *_) = plan_case(playbook(step("any", when_due)), wanted, code="K7Q2", clinic="riverside")
    return task


@pytest.mark.parametrize(
    ("when_due", "moment"),
    [
        ("T0-30m", "2027-02-18 09:00"),
        ("T0-14d@09:00 prev", "2027-02-04 09:00"),
        ("END+15m", "2027-02-18 10:45"),
        ("ARRIVE+0m", "2027-02-18 08:45"),
        ("CONSULT+60m", "2027-01-12 15:00"),
        ("BOOKED+0m", "2027-01-12 15:10"),
        ("T0+7d@10:00 next", "2027-02-25 10:00"),
    ],
)
def test_each_anchor_is_the_moment_the_rules_say(when_due: str, moment: str) -> None:
    task = planned(when_due)

    assert (wall(task.due), task.late, task.on_call) == (moment, False, False)


@pytest.mark.parametrize(
    ("anaesthesia", "sedation", "minutes"),
    [
        ("none", "none", 45),
        ("injected", "none", 45),
        ("topical", "none", 90),
        ("topical_and_injected", "none", 90),
        ("none", "oral", 90),
        ("none", "iv", 90),
        ("injected", "iv", 90),
    ],
)
def test_patients_arrive_earlier_when_cream_or_sedation_needs_its_time(
    anaesthesia: str, sedation: str, minutes: int
) -> None:
    task = planned("ARRIVE+0m", anaesthesia=anaesthesia, sedation=sedation)

    assert START - task.due == timedelta(minutes=minutes)


def test_days_keep_the_wall_time_across_the_spring_change_and_minutes_keep_the_elapsed_time() -> None:
    monday_after = london("2027-03-29 09:30")

    assert wall(planned("T0-7d@10:00 prev", monday_after).due) == "2027-03-22 10:00"
    assert wall(planned("T0-2d@10:00 none", monday_after).due) == "2027-03-27 10:00"
    assert monday_after - planned("T0-1440m", monday_after).due == timedelta(hours=24)
    assert wall(planned("T0-2880m", monday_after).due) == "2027-03-27 08:30"


def test_minutes_are_exact_even_where_the_booking_came_with_its_own_zone() -> None:
    in_london = datetime(2027, 3, 28, 3, 0, tzinfo=LONDON.zone)

    assert wall(planned("T0-120m", in_london).due) == "2027-03-28 00:00"
    assert wall(planned("END+0m", datetime(2027, 3, 28, 0, 30, tzinfo=LONDON.zone)).due) == "2027-03-28 02:30"


def test_the_date_of_the_anchor_is_the_clinics_date_and_not_greenwichs() -> None:
    chicago = Calendar(zone=ZoneInfo("America/Chicago"))
    late_evening = datetime(2027, 2, 17, 20, 0, tzinfo=chicago.zone)

    task = planned("T0+1d@10:00 none", late_evening, calendar=chicago)

    assert f"{chicago.local(task.due):%Y-%m-%d %H:%M}" == "2027-02-18 10:00"


@pytest.mark.parametrize(
    ("closed", "moment", "on_call"),
    [
        ("prev", "2027-02-19 10:00", False),
        ("next", "2027-02-23 10:00", False),
        ("none", "2027-02-21 10:00", True),
    ],
)
def test_a_closed_day_walks_back_walks_forward_or_stays_for_the_person_on_call(
    closed: str, moment: str, on_call: bool
) -> None:
    monday_off = Calendar(zone=LONDON.zone, holidays=frozenset({date(2027, 2, 22)}))

    task = planned(f"T0+3d@10:00 {closed}", calendar=monday_off)

    assert (wall(task.due), task.on_call) == (moment, on_call)


def test_minutes_never_walk_and_are_never_on_call() -> None:
    sunday = london("2027-02-21 09:30")

    task = planned("T0-30m", sunday)

    assert (wall(task.due), task.on_call) == ("2027-02-21 09:00", False)


def test_what_would_have_been_due_before_opening_is_due_then_and_late() -> None:
    task = planned("T0-28d@09:00 prev", london("2027-02-01 09:30"))

    assert (task.due, task.late) == (OPENED, True)


def test_what_is_due_in_the_very_moment_of_opening_is_not_late() -> None:
    task = planned("T0-30m", OPENED + timedelta(minutes=30))

    assert (task.due, task.late) == (OPENED, False)


def test_a_late_task_is_asked_now_and_so_of_nobody_on_call() -> None:
    task = planned("T0-14d@09:00 none", london("2027-01-23 09:30"))

    assert wall(task.due) == wall(OPENED)
    assert (task.late, task.on_call) == (True, False)


def test_every_session_has_its_own_items_and_the_course_has_its_once() -> None:
    three = course(START, START + timedelta(days=35), START + timedelta(days=70))

    assert [has(three, "followups", number) for number in (1, 2, 3)] == [True, True, True]
    assert [has(three, "test_spot", number) for number in (1, 2, 3)] == [True, False, False]
    assert [has(three, "next_session", number) for number in (1, 2, 3)] == [True, True, False]
    assert wall(get(three, "followups", 2).due) == "2027-03-18 10:00"


def test_the_place_in_a_course_follows_from_its_sessions_whatever_was_said() -> None:
    two = course(START, START + timedelta(days=35), session_no=7, last_session="no")

    assert [has(two, "next_session", number) for number in (1, 2)] == [True, False]


def test_a_single_booking_may_say_which_session_it_is() -> None:
    assert has(course(last_session="no", session_no=2), "next_session")
    assert not has(course(), "next_session")


def test_a_step_that_does_not_apply_is_not_planned_and_not_knowing_makes_it_apply() -> None:
    assert has(course(smoker="yes"), "smoking")
    assert has(course(smoker="unknown"), "smoking")
    assert not has(course(smoker="no"), "smoking")
    assert has(course(isotretinoin="unknown"), "isotretinoin")
    assert not has(course(), "isotretinoin")


def test_a_condition_on_a_date_looks_back_from_the_start_of_its_own_session() -> None:
    recent = step("recent", "T0-7d@10:00 prev", when=Within(name="last_dose", months=6))

    two = course(START, START + timedelta(days=35), steps=(recent,), last_dose=date(2026, 9, 1))

    assert [has(two, "recent", number) for number in (1, 2)] == [True, False]


def test_events_cancels_and_moves_are_planned_only_when_they_happen() -> None:
    case = course(prep_rx_issued="yes", event_urgency="urgent")

    phases = {case.step(task).phase for task in case.tasks}

    assert phases == set(Phase) - {Phase.EVENT, Phase.CANCEL, Phase.MOVE}


def test_a_new_case_is_asked_when_it_is_due_and_sorted_by_due_time_then_id() -> None:
    case = course()

    assert {(task.status, task.rung, task.asking) for task in case.tasks} == {(TaskStatus.OPEN, 0, 1)}
    assert [task.next_prompt_at for task in case.tasks] == [task.due for task in case.tasks]
    assert list(case.tasks) == sorted(case.tasks, key=lambda task: (task.due, task.step))


def test_a_booking_without_a_consultation_or_minutes_takes_what_it_has() -> None:
    bare = Booking(playbook="made", calendar=LONDON, opened=OPENED, starts=(START,), operator="max")

    case, _ = plan_case(playbook(), bare, code="K7Q2", clinic="riverside")

    assert (case.consult, case.booked, case.sessions[0].minutes) == (OPENED, OPENED, 60)
    assert case.assigned == {Role.OPERATOR: "max"}


@pytest.mark.parametrize("name", ["opened", "consult", "booked", "start"])
def test_a_naive_moment_is_refused_wherever_it_stands(name: str) -> None:
    given: dict[str, Any] = {"opened": OPENED, "consult": OPENED, "booked": OPENED, "start": START}
    given[name] = given[name].replace(tzinfo=None)
    wanted = Booking(playbook="made", calendar=LONDON, starts=(given.pop("start"),), **given)

    with pytest.raises(ValueError, match="naive"):
        plan_case(playbook(), wanted, code="K7Q2", clinic="riverside")


# ------------------------------------------------------------- at random, against the second reading

ZONES = (
    "Europe/London",
    "America/Chicago",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Pacific/Kiritimati",
)
DAY = timedelta(days=1)
FIRST, LAST = date(2026, 12, 1), date(2028, 4, 30)
walls = st.builds(datetime.combine, st.dates(FIRST, LAST), st.times()).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


def clinics(zones: tuple[str, ...] = ZONES) -> st.SearchStrategy[dict[str, Any]]:
    days = st.sets(st.sampled_from(oracle.DAYS), min_size=1) | st.just(set(oracle.DAYS[:5]))
    holidays = st.sets(st.dates(FIRST - 60 * DAY, LAST + 60 * DAY), max_size=40)
    return st.fixed_dictionaries(
        {
            "timezone": st.sampled_from(zones),
            "working_days": days.map(sorted),
            "holidays": holidays.map(lambda found: sorted(map(str, found))),
        }
    )


def facts(of_one_session: bool) -> st.SearchStrategy[dict[str, Any]]:
    words = {n: st.sampled_from(w) for n, w in oracle.TABLES["facts"].items() if isinstance(w, list)}
    for derived in ("playbook", "event_urgency", "last_session"):
        del words[derived]
    named: dict[str, st.SearchStrategy[Any]] = {**words, "age": st.integers(1, 99)}
    if of_one_session:
        named |= {"session_no": st.integers(1, 4), "last_session": st.sampled_from(["yes", "no"])}
    return st.fixed_dictionaries({}, optional=named)


@st.composite
def bookings(draw: st.DrawFn, name: str, zones: tuple[str, ...] = ZONES) -> dict[str, Any]:
    """A booking as `bookend plan` reads it: opened up to two months before the start, or two days after."""
    start = draw(walls)
    opened = start - draw(st.timedeltas(-2 * DAY, 60 * DAY))
    consult = opened + draw(st.timedeltas(-DAY, 3 * DAY))
    booked = consult + draw(st.timedeltas(timedelta(), DAY))
    later = draw(st.lists(st.timedeltas(DAY, 50 * DAY), max_size=2))
    starts = [start + sum(later[:number], timedelta()) for number in range(len(later) + 1)]
    sessions = draw(st.booleans()) or len(starts) > 1
    return {
        "playbook": name,
        "clinic": draw(clinics(zones)),
        "opened": written(opened),
        "consult": written(consult),
        "booked": written(booked),
        "start": written(start),
        "minutes": draw(st.integers(5, 300)),
        "facts": draw(facts(of_one_session=not sessions)),
        **({"sessions": [written(each) for each in starts]} if sessions else {}),
    }


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M")


def as_booking(wanted: dict[str, Any]) -> Booking:
    clinic = wanted["clinic"]
    zone = ZoneInfo(clinic["timezone"])

    def moment(text: str) -> datetime:
        return instant(datetime.fromisoformat(text), zone)

    return Booking(
        playbook=wanted["playbook"],
        calendar=Calendar(
            zone=zone,
            working_days=frozenset(oracle.DAYS.index(name) for name in clinic["working_days"]),
            holidays=frozenset(map(date.fromisoformat, clinic["holidays"])),
        ),
        opened=moment(wanted["opened"]),
        consult=moment(wanted["consult"]),
        booked=moment(wanted["booked"]),
        starts=tuple(moment(text) for text in wanted.get("sessions") or [wanted["start"]]),
        minutes=wanted["minutes"],
        facts=wanted["facts"],
    )


def rows(made: Playbook, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """What the core plans, in the words of `bookend plan --json`."""
    entry = as_booking(wanted)
    case, tasks = plan_case(made, entry, code="K7Q2", clinic="riverside")
    planned = Course(case=case, tasks=tasks, playbook=made, calendar=entry.calendar)
    return [row(planned.step(task), task, entry.calendar) for task in tasks]


def row(step: Step, task: Task, calendar: Calendar) -> dict[str, Any]:
    return {
        "id": task.step,
        "session": task.session,
        "phase": step.phase.value,
        "role": step.role.value,
        "stop": step.stops.level.value,
        "due_local": f"{calendar.local(task.due):%Y-%m-%dT%H:%M}",
        "due_utc": f"{task.due:%Y-%m-%dT%H:%MZ}",
        "on_call": task.on_call,
        "late": task.late,
    }


@pytest.mark.parametrize("name", sorted(SHIPPED))
@settings(max_examples=some(60))
@given(data=st.data())
def test_a_shipped_playbook_is_planned_as_its_tables_say(name: str, data: st.DataObject) -> None:
    wanted = data.draw(bookings(name))

    assert rows(SHIPPED[name], wanted) == oracle.plan(wanted)


#: Days on which the clock of one of these zones changes, or the day after or before.
CHANGES = (
    ("Europe/London", date(2027, 3, 28)),
    ("Europe/London", date(2027, 10, 31)),
    ("Australia/Lord_Howe", date(2027, 4, 4)),
    ("Australia/Lord_Howe", date(2027, 10, 3)),
    ("Africa/Cairo", date(2027, 4, 30)),
    ("Africa/Cairo", date(2027, 10, 29)),
    ("America/Santiago", date(2027, 9, 5)),
    ("America/Santiago", date(2027, 4, 4)),
)
nights = st.sampled_from([time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 15), time(23, 45)])
lines = st.fixed_dictionaries(
    {
        "anchor": st.sampled_from(["T0", "END", "ARRIVE", "CONSULT", "BOOKED"]),
        "days": st.integers(-3, 3),
        "minutes": st.none() | st.integers(-3000, 3000),
        "at": nights,
        "closed": st.sampled_from(["prev", "next", "none"]),
        "scope": st.sampled_from(["session", "course"]),
    }
)


def as_row(number: int, line: dict[str, Any]) -> dict[str, Any]:
    elapsed = line["minutes"]
    day = f"{line['days']:+d}d@{line['at']:%H:%M} {line['closed']}"
    return {
        "id": f"made.step_{number}",
        "phase": "pre",
        "role": "nurse",
        "scope": line["scope"],
        "when": "always",
        "stop": "no",
        "due": line["anchor"] + (day if elapsed is None else f"{elapsed:+d}m"),
    }


def as_step(made: dict[str, Any]) -> Step:
    return step(made["id"], made["due"], phase=Phase.PRE, scope=Scope(made["scope"]))


@settings(max_examples=some(150))
@given(
    wanted=bookings("abl"),
    change=st.sampled_from(CHANGES),
    shift=st.integers(-2, 2),
    at=nights,
    drawn=st.lists(lines, min_size=1, max_size=8),
)
def test_any_steps_at_any_hour_of_the_nights_the_clocks_change_are_planned_by_the_rules(
    wanted: dict[str, Any],
    change: tuple[str, date],
    shift: int,
    at: time,
    drawn: list[dict[str, Any]],
) -> None:
    zone, night = change
    start = datetime.combine(night + shift * DAY, at)
    wanted["clinic"]["timezone"] = zone
    wanted |= {"start": written(start), "opened": written(start - 5 * DAY), "sessions": [written(start)]}
    wanted |= {"consult": written(start - 2 * DAY), "booked": written(start - DAY), "facts": {}}
    table = [as_row(number, line) for number, line in enumerate(drawn)]

    assert rows(playbook(*map(as_step, table)), wanted) == oracle.plan(wanted, table)


@given(moment=walls, days=st.integers(-200, 200), zone=st.sampled_from(ZONES))
@example(moment=datetime(2027, 3, 27, 9, 0), days=1, zone="Europe/London")
def test_an_offset_in_days_lands_on_that_date_at_that_time_whatever_the_clocks_do(
    moment: datetime, days: int, zone: str
) -> None:
    calendar = Calendar(zone=ZoneInfo(zone), working_days=frozenset(range(7)))
    anchor = instant(moment, calendar.zone)

    landed, on_call = due_at(due(f"T0{days:+d}d@10:00 none"), anchor, calendar)

    asked = datetime.combine(calendar.day(anchor) + days * DAY, time(10))
    assert calendar.local(landed).replace(tzinfo=None) == asked
    assert not on_call
