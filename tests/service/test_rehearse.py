"""Rehearsals: what `bookend rehearse` promises, played through the real service on a virtual clock."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import VirtualClock
from bot.core.errors import Refused
from bot.core.facts import DERIVED
from bot.core.listing import gate_row, played_rows
from bot.core.playbook import Playbook
from bot.core.readiness import Ready
from bot.files.scripts import parse_script
from bot.service.practice import Practice
from bot.service.rehearse import CLINIC, Played, rehearsal_clinic, rehearse
from bot.service.transcript import PLATFORM
from tests.contract import BOOKING
from tests.examples import some
from tests.service.clinic import Shelf, abl, shipped
from tests.store.memory import memory_store

ROW = {
    "id",
    "session",
    "phase",
    "role",
    "stop",
    "due_local",
    "due_utc",
    "on_call",
    "late",
    "status",
    "reopened",
}
Line = dict[str, Any]


def play(
    *script: Line,
    steps: tuple[str, ...] = (),
    facts: Mapping[str, Any] | None = None,
    book: Playbook | None = None,
    **booking: Any,
) -> Played:
    """Play a script of the shipped playbook, of a few of its steps, or of another."""
    book = book or abl(*steps)
    text = json.dumps(
        {"booking": {**BOOKING, "facts": facts or {}, **booking}, "script": script}, default=str
    )
    read = parse_script(text, "script.json", {"abl": book})
    store = memory_store()
    clock = VirtualClock(read.booking.opened)
    practice = Practice(
        store=store,
        shelf=Shelf((book,)),
        clock=clock,
        clinics={CLINIC: rehearsal_clinic(read.booking.calendar)},
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )
    try:
        return rehearse(practice, clock, read)
    finally:
        store.close()


def answer_up_to(until: str) -> Line:
    return {"do": "answer_when_due", "until": until}


def status(played: Played) -> dict[str, str]:
    """What became of each step, of its newest row."""
    return {row["id"]: row["status"] for row in played_rows(played.course)}


def row(played: Played, step: str, session: int = 1) -> dict[str, Any]:
    (found,) = [r for r in played_rows(played.course) if (r["id"], r["session"]) == (step, session)]
    return found


# --- answered normally


def test_a_whole_case_answered_normally_ends_done() -> None:
    played = play(answer_up_to("2027-09-30T12:00"), facts={"age": 52, "area_face": "yes"})

    rows = played_rows(played.course)
    assert {row["status"] for row in rows} == {"done"}
    assert all(row.keys() == ROW for row in rows)
    assert [(r["due_utc"], r["id"]) for r in rows] == sorted((r["due_utc"], r["id"]) for r in rows)
    assert not any(row["reopened"] for row in rows)


def test_a_row_says_when_by_the_clinics_clock_and_in_utc() -> None:
    found = row(play(steps=("abl.check_3", "g.medicines")), "abl.check_3")

    assert found == {
        "id": "abl.check_3",
        "session": 1,
        "phase": "follow_up",
        "role": "nurse",
        "stop": "md",
        "due_local": "2027-02-21T10:00",
        "due_utc": "2027-02-21T16:00Z",
        "on_call": True,
        "late": False,
        "status": "open",
        "reopened": False,
    }


@pytest.mark.parametrize(("until", "found"), [("2027-01-12T14:59", "open"), ("2027-01-12T15:00", "done")])
def test_what_is_due_at_the_last_moment_is_answered(until: str, found: str) -> None:
    played = play(answer_up_to(until), steps=("g.skin_exam",))

    assert status(played) == {"g.skin_exam": found}


@pytest.mark.parametrize(
    ("until", "pressed"),
    [
        ("2027-02-18T08:44", (False, False, False)),
        ("2027-02-18T08:45", (True, False, False)),
        ("2027-02-18T09:30", (True, True, False)),
        ("2027-02-18T10:30", (True, True, True)),
    ],
)
def test_real_moments_are_pressed_at_their_planned_moments(until: str, pressed: tuple[bool, ...]) -> None:
    played = play(answer_up_to(until), steps=("g.timeout",))

    session = played.course.case.session(1)
    moments = (session.arrived, session.started, session.finished)
    assert tuple(moment is not None for moment in moments) == pressed


def test_a_stop_that_only_facts_make_gets_the_physicians_go_ahead() -> None:
    played = play(
        answer_up_to("2027-02-19T12:00"),
        steps=("g.medical_history", "abl.isotretinoin", "g.readiness", "g.timeout"),
        facts={"smoker": "yes", "isotretinoin": "current"},
    )

    assert set(status(played).values()) == {"done"}
    assert "physician" in str(played.course.task("g.medical_history", 1).decision.by)


def test_only_a_hard_stop_from_facts_ends_blocked() -> None:
    played = play(
        answer_up_to("2027-02-19T12:00"),
        steps=("abl.isotretinoin", "g.medical_history", "g.readiness", "g.timeout"),
        facts={"mode": "full_field", "isotretinoin": "past", "isotretinoin_last_dose": "2026-12-01"},
    )

    assert {step for step, what in status(played).items() if what == "blocked"} == {"abl.isotretinoin"}


def test_unanswered_items_of_earlier_are_answered_when_people_answer_again() -> None:
    played = play(
        {"do": "nothing", "until": "2027-01-20T12:00"},
        answer_up_to("2027-01-20T12:00"),
        steps=("g.skin_exam", "g.medicines", "abl.visit_7"),
    )

    assert status(played) == {"g.skin_exam": "done", "g.medicines": "done", "abl.visit_7": "open"}


def test_a_moment_that_nobody_pressed_in_time_was_at_its_planned_time() -> None:
    played = play(
        {"do": "nothing", "until": "2027-02-20T12:00"},
        answer_up_to("2027-02-20T13:00"),
        steps=("g.treatment_record", "g.observation_short"),
    )

    assert row(played, "g.treatment_record")["due_local"] == "2027-02-18T10:30"
    assert row(played, "g.observation_short")["due_local"] == "2027-02-18T10:45"
    assert set(status(played).values()) == {"done"}


# --- the lines of a script


def test_an_answer_sets_facts_and_the_rest_is_as_usual() -> None:
    played = play(
        {"at": "2027-01-12T14:30", "do": "answer", "task": "g.medical_history", "values": {"smoker": "yes"}},
        steps=("g.medical_history", "abl.smoking_stop", "abl.smoking_after"),
    )

    assert status(played) == {
        "g.medical_history": "blocked",
        "abl.smoking_stop": "open",
        "abl.smoking_after": "open",
    }
    assert played.course.case.facts["smoker"] == "yes"


@pytest.mark.parametrize(("told", "item"), [("no", "void"), ("yes", "open")])
def test_an_answer_takes_the_place_of_what_a_story_supposes_and_contradicts_what_somebody_told(
    told: str, item: str
) -> None:
    played = play(
        {"at": "2027-01-12T14:30", "do": "answer", "task": "g.medical_history", "values": {"smoker": "no"}},
        steps=("g.medical_history", "abl.smoking_stop"),
        facts={"smoker": "yes"},
        told=told,
    )

    assert status(played)["abl.smoking_stop"] == item
    assert ("smoker" in played.course.case.disputed) == (told == "yes")


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"prescribed": "no"}, "blocked"),
        ({"prescribed": "no", "reason_for_none": "allergic to it"}, "done"),
        ({"patient_has_it": "no"}, "done"),
    ],
)
def test_a_line_that_says_no_is_given_no_reason_that_it_did_not_write(
    values: dict[str, str], ends: str
) -> None:
    played = play(
        {"at": "2027-02-11T10:30", "do": "answer", "task": "abl.hsv_prescribed", "values": values},
        steps=("abl.hsv_prescribed",),
        facts={"area_face": "yes"},
    )

    assert status(played) == {"abl.hsv_prescribed": ends}


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ({"last_dose_date": "2026-08-19"}, "blocked"),
        ({"last_dose_date": "2026-08-18"}, "done"),
        ({"last_dose_date": "2026-08-19", "decision": "proceed"}, "done"),
        ({"last_dose_date": "2026-08-19", "decision": "wait_until"}, "blocked"),
        ({}, "done"),
    ],
)
def test_a_line_without_a_decision_waits_for_the_physicians(values: dict[str, str], ends: str) -> None:
    dose = {"isotretinoin": "past", **values} if values else {}
    played = play(
        {"at": "2027-01-12T14:30", "do": "answer", "task": "abl.isotretinoin", "values": dose},
        steps=("abl.isotretinoin",),
        facts={"isotretinoin": "past", "isotretinoin_last_dose": "2026-08-19"},
    )

    assert status(played) == {"abl.isotretinoin": ends}


@pytest.mark.parametrize(
    ("milligrams", "adrenaline", "ends"),
    [
        (270, "without", "done"),
        (271, "without", "blocked"),
        (420, "with", "done"),
        (421, "with", "blocked"),
    ],
)
def test_a_dose_that_a_line_gives_is_one_of_lidocaine(milligrams: int, adrenaline: str, ends: str) -> None:
    dose = {"total_mg": milligrams, "weight_kg": 60, "adrenaline": adrenaline}
    played = play(
        {"at": "2027-02-18T09:10", "do": "answer", "task": "g.injected_anaesthetic", "values": dose},
        steps=("g.injected_anaesthetic",),
        facts={"anaesthesia": "injected"},
    )

    assert status(played) == {"g.injected_anaesthetic": ends}


@pytest.mark.parametrize("outcome", ["problem", "not_applicable"])
def test_a_problem_that_somebody_reported_waits_for_the_physician_whoever_answers_normally(
    outcome: str,
) -> None:
    played = play(
        {
            "at": "2027-01-12T14:30",
            "do": "answer",
            "task": "g.allergies",
            "outcome": outcome,
            "note": "lamp broke",
        },
        answer_up_to("2027-01-12T16:00"),
        steps=("g.allergies", "g.medical_history"),
    )

    assert status(played) == {"g.allergies": "blocked", "g.medical_history": "done"}


def test_an_answer_that_stops_waits_for_a_decision_whoever_answers_normally() -> None:
    script = (
        {
            "at": "2027-02-16T11:00",
            "do": "answer",
            "task": "g.change_check",
            "values": {"new_medicine": "yes"},
        },
        answer_up_to("2027-02-17T12:00"),
    )
    decision = {
        "at": "2027-02-17T13:00",
        "do": "decide",
        "task": "g.change_check",
        "choice": "proceed",
        "reason": "eye drops",
    }

    waits = play(*script, steps=("g.change_check", "g.confirm_contact"))
    decided = play(*script, decision, steps=("g.change_check", "g.confirm_contact"))

    assert (status(waits)["g.change_check"], status(decided)["g.change_check"]) == ("blocked", "done")


def test_a_fact_adds_and_voids() -> None:
    played = play(
        {"at": "2027-01-13T09:00", "do": "set_fact", "fact": "smoker", "value": "yes"},
        {"at": "2027-01-14T09:00", "do": "set_fact", "fact": "fitzpatrick", "value": "III"},
        steps=("abl.smoking_stop", "abl.test_spot", "abl.pih_28"),
        facts={"fitzpatrick": "V"},
    )

    assert status(played) == {"abl.smoking_stop": "open", "abl.test_spot": "void", "abl.pih_28": "open"}


def test_a_move_reopens_what_will_be_too_old_and_judges_the_rest_again() -> None:
    played = play(
        answer_up_to("2027-02-16T12:00"),
        {"at": "2027-02-16T13:00", "do": "move", "start": "2027-03-18T09:30"},
        steps=("g.skin_exam", "g.change_check", "g.followups_booked", "x.new_date"),
    )

    reopened = {r["id"]: (r["status"], r["reopened"]) for r in played_rows(played.course)}
    assert reopened == {
        "g.skin_exam": ("done", False),
        "g.change_check": ("open", True),
        "g.followups_booked": ("open", True),
        "x.new_date": ("open", False),
    }
    assert row(played, "g.change_check")["due_local"] == "2027-03-16T11:00"
    assert "Asked again" in "\n".join(played.transcript)


def test_answered_normally_after_a_move_everything_ends_done_again() -> None:
    played = play(
        answer_up_to("2027-02-16T12:00"),
        {"at": "2027-02-16T13:00", "do": "move", "start": "2027-08-18T09:30"},
        answer_up_to("2027-08-19T12:00"),
        steps=("g.skin_exam", "g.consent_info", "g.change_check", "x.new_date", "g.timeout", "g.readiness"),
    )

    assert set(status(played).values()) == {"done"}
    assert not any(r["reopened"] for r in played_rows(played.course))


def test_a_cancel_voids_what_is_not_done_and_asks_only_its_own() -> None:
    played = play(
        answer_up_to("2027-02-16T12:00"),
        {"at": "2027-02-17T16:00", "do": "cancel", "reason": "ill"},
        {"do": "nothing", "until": "2027-02-18T12:00"},
        steps=("g.skin_exam", "g.timeout", "abl.visit_7", "c.notify", "c.close"),
    )

    assert status(played) == {
        "g.skin_exam": "done",
        "g.timeout": "void",
        "abl.visit_7": "void",
        "c.notify": "open",
        "c.close": "open",
    }


def test_an_event_adds_its_own_items_and_the_follow_ups_stay() -> None:
    played = play(
        answer_up_to("2027-02-19T12:00"),
        {"at": "2027-02-19T12:30", "do": "event", "urgency": "urgent"},
        answer_up_to("2027-03-30T12:00"),
        steps=("abl.visit_7", "e.triage", "e.same_day_review", "e.recontact"),
    )

    assert set(status(played).values()) == {"done"}
    assert row(played, "e.triage")["due_local"] == "2027-02-19T13:00"
    assert row(played, "e.recontact")["on_call"] is True


def test_a_course_asks_again_what_will_be_too_old_for_a_later_session() -> None:
    sessions = ["2027-02-18T09:30", "2027-04-15T09:30", "2027-09-16T09:30"]
    played = play(
        answer_up_to("2027-02-20T12:00"),
        steps=("g.skin_exam", "g.timeout"),
        start=sessions[0],
        sessions=sessions,
    )

    exams = {
        r["session"]: (r["status"], r["due_local"])
        for r in played_rows(played.course)
        if r["id"] == "g.skin_exam"
    }
    assert exams == {1: ("done", "2027-01-12T15:00"), 3: ("open", "2027-09-09T10:00")}


def test_readiness_is_told_for_every_gate_with_what_blocks() -> None:
    played = play(
        answer_up_to("2027-02-10T12:00"),
        steps=("g.skin_exam", "g.change_check", "g.readiness", "g.timeout"),
    )

    rows = [gate_row(session, found, played.course.calendar) for session, found in played.gates]
    assert [(r["gate"], r["state"], [b["id"] for b in r["blocks"]]) for r in rows] == [
        ("week_before", "ready", []),
        ("cleared_to_come", "not_ready", ["g.change_check", "g.readiness"]),
        ("huddle", "not_ready", ["g.change_check", "g.readiness"]),
        ("arrival", "not_ready", ["g.change_check", "g.readiness"]),
        ("cleared_to_start", "not_ready", ["g.change_check", "g.readiness", "g.timeout"]),
    ]


def test_the_transcript_holds_every_message() -> None:
    played = play(
        {"do": "nothing", "until": "2027-01-12T17:00"},
        steps=("g.skin_exam",),
    )

    assert [line.split("  ", 1)[1] for line in played.transcript] == [
        "-> physician  Consultation, CO₂ / Er:YAG resurfacing · Thu 18 Feb 09:30 · "
        f"{played.course.case.code}: 1 item to answer: Skin exam.",
        f"-> physician  (thread) Still open: Skin exam · {played.course.case.code}.",
        f"-> physician  (thread) Still open: Skin exam · {played.course.case.code}.",
        "-> manager  Please look: still open: 1 item to answer: Skin exam.",
    ]


def test_a_title_is_named_once_with_how_often_it_is_meant_and_a_question_ends_as_one() -> None:
    played = play(
        {"do": "answer_when_due", "until": "2027-03-31T12:00"},
        steps=("g.booking_record", "g.change_check"),
        sessions=["2027-02-18T09:30", "2027-04-01T09:30"],
    )

    said = [line.rsplit("to answer: ", 1)[-1] for line in played.transcript if "to answer" in line]
    assert "Booking record (2)." in said
    assert "Anything new?" in said


@pytest.mark.parametrize(
    "line",
    [
        {"at": "2027-01-13T09:00", "do": "answer", "task": "e.triage"},
        {"at": "2027-01-13T09:00", "do": "set_fact", "fact": "session_no", "value": 2},
    ],
)
def test_a_line_that_cannot_be_played_says_why(line: Line) -> None:
    with pytest.raises(Refused):
        play(line, steps=("g.skin_exam", "e.triage"))


def test_what_was_settled_before_is_refused_as_a_person_would_be_and_the_rehearsal_goes_on() -> None:
    answer: Line = {"at": "2027-01-13T09:00", "do": "answer", "task": "g.skin_exam"}
    again = {**answer, "at": "2027-01-13T09:30"}

    played = play(answer, again, {"at": "2027-01-13T10:00", "do": "cancel"}, steps=("g.skin_exam",))

    assert any("refused: Skin exam: Confirmed by" in said for said in played.transcript)
    assert played.course.case.cancelled


# --- whatever the patient, whatever happens


def words_of(fact: str) -> st.SearchStrategy[Any]:
    known = shipped().facts[fact]
    allowed = shipped().narrowed.get(fact, known.words)
    if allowed:
        return st.sampled_from(allowed)
    return st.integers(12, 80) if fact == "age" else st.dates(date(2026, 1, 1), date(2027, 1, 12))


NAMES = sorted(name for name in shipped().facts if name not in (*DERIVED, "event_urgency"))
PATIENTS = st.fixed_dictionaries({}, optional={name: words_of(name) for name in NAMES})
DAYS = st.dates(date(2027, 1, 13), date(2027, 2, 17))
HAPPENS = st.one_of(
    DAYS.map(lambda day: {"at": f"{day}T09:10", "do": "event", "urgency": "routine"}),
    st.tuples(DAYS, st.integers(1, 40)).map(
        lambda to: {
            "at": f"{to[0]}T09:20",
            "do": "move",
            "start": f"{date.fromordinal(to[0].toordinal() + to[1])}T11:00",
        }
    ),
    st.tuples(
        DAYS, st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), words_of(name)))
    ).map(lambda fact: {"at": f"{fact[0]}T09:30", "do": "set_fact", "fact": fact[1][0], "value": fact[1][1]}),
    DAYS.map(lambda day: {"until": f"{day}T09:40", "do": "nothing"}),
    DAYS.map(lambda day: answer_up_to(f"{day}T09:50")),
)
SCRIPTS = st.lists(HAPPENS, max_size=4).map(
    lambda lines: sorted(lines, key=lambda line: line.get("at", line.get("until")))
)
STEPS = (
    "g.medical_history",
    "g.allergies",
    "g.consent_info",
    "g.minor",
    "g.lidocaine_allergy",
    "g.anticoagulant",
    "abl.isotretinoin",
    "g.immune",
    "abl.pih_plan",
    "abl.test_spot",
    "abl.smoking_stop",
    "abl.hsv_prescribed",
    "g.change_check",
    "g.readiness",
    "g.pregnancy_day",
    "g.injected_anaesthetic",
    "g.timeout",
    "abl.check_5",
    "abl.visit_7",
    "e.triage",
    "e.report",
    "x.new_date",
    "x.med_instructions",
)


@settings(max_examples=some(6), derandomize=True)
@given(PATIENTS, SCRIPTS)
def test_answered_normally_any_case_ends_done_but_for_hard_stops_from_facts(
    facts: dict[str, Any], script: list[Line]
) -> None:
    played = play(*script, answer_up_to("2027-05-01T12:00"), steps=STEPS, facts=facts)

    ends = {r["id"]: r["status"] for r in played_rows(played.course) if r["status"] not in ("done", "void")}
    told = {line["fact"]: line["value"] for line in script if line["do"] == "set_fact"}
    wanted = {**facts, **told}
    known = played.course.case.facts
    assert set(ends.values()) <= {"blocked"}
    assert ends.keys() <= {"abl.isotretinoin"}
    assert {name: str(known[name]) for name in wanted} == {name: str(value) for name, value in wanted.items()}
    assert [line for line in played.transcript if "None" in line] == []


def test_a_patient_with_everything_wrong_can_be_played() -> None:
    worst = {name: fact.words[-1] for name, fact in shipped().facts.items() if fact.words}
    facts = {
        name: word for name, word in worst.items() if name in NAMES and name not in ("device_class", "target")
    }

    played = play(answer_up_to("2027-02-19T12:00"), facts={**facts, "age": 16})

    due = [r for r in played_rows(played.course) if r["due_utc"] <= "2027-02-19T18:00Z"]
    assert {r["status"] for r in due} <= {"done", "blocked"}
    assert {r["id"] for r in due if r["status"] == "blocked"} <= {"abl.isotretinoin"}


def test_what_stopped_a_procedure_that_is_over_is_asked_no_more() -> None:
    played = play(
        answer_up_to("2027-05-01T12:00"),
        steps=("abl.isotretinoin", "g.timeout", "g.treatment_record"),
        facts={"mode": "full_field", "isotretinoin": "current"},
    )

    told = [line for line in played.transcript if "Isotretinoin" in line]
    assert status(played)["abl.isotretinoin"] == "blocked"
    assert told and not [line for line in told if " Mar " in line or " Apr " in line]


@pytest.mark.parametrize("start", ["2027-03-29T09:00", "2027-03-30T09:00", "2027-04-06T09:00"])
def test_answered_in_time_a_procedure_after_closed_days_is_ready(start: str) -> None:
    weekdays = {"timezone": "Europe/London", "working_days": ["mon", "tue", "wed", "thu", "fri"]}
    played = play(
        answer_up_to("2027-05-01T12:00"), steps=STEPS, sessions=[start], start=start, clinic=weekdays
    )

    assert {ready.state for _, ready in played.gates} == {Ready.READY}


# --- two people


def checked_by_two(*script: Line) -> Played:
    """The shipped text, but the cream is checked by two."""
    whole = abl("g.topical_anaesthetic")
    steps = tuple(replace(step, double=True) for step in whole.steps)
    return play(
        *script,
        book=replace(whole, steps=steps, digest="two people"),
        facts={"anaesthesia": "topical"},
    )


def test_where_two_are_asked_both_people_answer() -> None:
    played = checked_by_two(answer_up_to("2027-02-18T08:30"))

    (task,) = played.course.tasks
    assert status(played) == {"g.topical_anaesthetic": "done"}
    assert task.first is not None and task.answer is not None and task.first.by != task.answer.by


def test_a_story_can_let_two_people_differ() -> None:
    task = "g.topical_anaesthetic"
    at, later = "2027-02-18T08:30", "2027-02-18T08:32"

    played = checked_by_two(
        {"at": at, "do": "answer", "task": task, "by": "nurse", "values": {"occlusion": "none"}},
        {"at": later, "do": "answer", "task": task, "by": "nurse2", "values": {"occlusion": "label_only"}},
    )

    assert status(played) == {task: "blocked"}


def test_a_story_can_say_that_nobody_was_reached() -> None:
    line = {"do": "answer", "task": "abl.call_1", "outcome": "unreached"}

    played = play(
        *({"at": f"2027-02-{day}", **line} for day in ("19T10:00", "19T17:00", "20T10:00")),
        steps=("abl.call_1",),
    )

    assert status(played) == {"abl.call_1": "blocked"}
