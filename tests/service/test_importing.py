"""A clinic's book taken in: cases opened, moved and cancelled once, and what is late caught up with."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.core.book_rows import BookRow, Kind
from bot.core.case import Case
from bot.core.errors import Conflict
from bot.core.people import Role
from bot.core.readiness import Ready
from bot.service import cases, importing
from bot.service.taking import MEANWHILE, Done
from tests.service.clinic import JO, MAX, RIVERSIDE, abl, london
from tests.service.riverside import Riverside

CLINIC = replace(RIVERSIDE, rooms={"room-1": (), "room-2": ()}, defaults={"abl": {"mode": "full_field"}})


def row(number: int, start: str = "2027-02-18 09:30", **changes: object) -> BookRow:
    made = BookRow(row=number, playbook="abl", start=london(start), number=f"A{number}")
    return replace(made, **changes)  # type: ignore[arg-type]


def take(clinic: Riverside, *rows: BookRow, gone: bool = False) -> Sequence[Done]:
    planned = importing.plan_import(clinic.practice, clinic.clinic, rows)
    return importing.take(clinic.practice, clinic.clinic, planned, gone=gone)


def sessions(clinic: Riverside) -> list[str]:
    """Every case as it stands: when, where, by whom, or that it is off."""
    with clinic.store.reading() as reading:
        found = reading.cases(reading.codes()).values()
    lines = ["off" if each.cancelled else _shown(each) for each in found]
    return sorted(line.strip() for line in lines)


def _shown(case: Case) -> str:
    first = case.sessions[0]
    return f"{first.start:%d %b %H:%M} {first.room} {case.assigned.get(Role.OPERATOR, '')}"


def test_a_row_becomes_a_case_with_what_is_usual_here_and_nobodys_word() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)

    (done,) = take(clinic, row(1, room="room-2", operator=MAX, minutes=45, session=2))

    with clinic.store.reading() as reading:
        case = reading.case(done.code)
    assert (case.sessions[0].minutes, case.sessions[0].room, case.assigned) == (
        45,
        "room-2",
        {Role.OPERATOR: MAX},
    )
    assert (case.facts["mode"], case.facts["session_no"], case.facts["smoker"]) == (
        "full_field",
        2,
        "unknown",
    )
    assert case.said == {}


def test_what_nobody_said_of_a_plan_is_taken_so_that_most_is_asked() -> None:
    clinic = Riverside("g.topical_anaesthetic", clinic=CLINIC)

    done = take(clinic, row(1), row(2, "2027-02-19 11:00"))

    with clinic.store.reading() as reading:
        facts = [case.facts for case in reading.cases(each.code for each in done).values()]
        asked = [len(reading.tasks(each.code)) for each in done]
    assert [each["anaesthesia"] for each in facts] == ["topical", "topical"]
    assert asked == [1, 1]


def test_the_same_file_twice_opens_nothing_and_writes_nothing() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)
    rows = [row(1), row(2, "2027-02-19 11:00"), row(3, "2027-01-11 11:00"), row(4, cancelled="no-show")]
    take(clinic, *rows)
    before = sessions(clinic)

    again = take(clinic, *rows)

    assert (list(again), sessions(clinic)) == ([], before)
    assert len(before) == 2


def test_a_later_file_moves_changes_and_cancels() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)
    take(clinic, *(row(number, room="room-1") for number in (1, 2, 3, 4)))

    done = take(
        clinic,
        row(1, "2027-02-25 10:00", room="room-2"),
        row(2, room="room-1", operator=MAX),
        row(3, room="room-1", cancelled="no-show"),
        row(4, room="room-1"),
    )

    assert sessions(clinic) == [
        "18 Feb 09:30 room-1",
        f"18 Feb 09:30 room-1 {MAX}",
        "25 Feb 10:00 room-2",
        "off",
    ]
    assert [each.problem for each in done] == ["", "", ""]
    assert any("Moved to Thu 25 Feb 10:00" in line for each in done for line in each.said)
    again = importing.plan_import(clinic.practice, CLINIC, [row(4, room="room-1")])
    assert again[0].kind is Kind.SAME


def test_what_is_gone_is_cancelled_only_when_that_was_said() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)
    take(clinic, row(1), row(2), row(3, "2027-03-18 09:30"))

    assert take(clinic, row(1)) == []
    kept = sessions(clinic)
    take(clinic, row(1), gone=True)

    assert "off" not in kept
    assert sessions(clinic) == ["18 Feb 09:30", "18 Mar 09:30", "off"], "another month is not in this file"


def test_what_people_moved_in_the_meantime_is_not_moved_back() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)
    (done,) = take(clinic, row(1))
    with clinic.store.writing() as tx:
        cases.move(clinic.practice, tx, done.code, london("2027-02-20 10:00"), by=JO)

    take(clinic, row(1))
    by_hand = sessions(clinic)
    take(clinic, row(1, "2027-02-20 10:00"))
    take(clinic, row(1, "2027-02-22 10:00"))

    assert by_hand == ["20 Feb 10:00"]
    assert sessions(clinic) == ["22 Feb 10:00"]


def test_rows_of_one_course_are_sessions_of_one_case() -> None:
    clinic = Riverside("g.skin_exam", "g.site_marked", clinic=CLINIC)
    later = row(2, "2027-03-18 09:30", course="P7", room="room-2")
    rows = [later, row(1, course="P7", room="room-1"), row(3, course="P8")]

    take(clinic, *rows)
    assert list(take(clinic, *rows)) == []
    take(clinic, *rows[1:], replace(later, start=london("2027-03-25 10:00")))
    take(clinic, *rows[1:], replace(later, cancelled="cancelled"), row(4, "2027-04-18 09:30", course="P7"))

    with clinic.store.reading() as reading:
        found = {case.code: case for case in reading.cases(reading.codes()).values()}
    course = next(case for case in found.values() if len(case.sessions) > 1)
    assert len(found) == 2 and course.cancelled is None
    assert [(f"{each.start:%d %b}", each.room, bool(each.cancelled)) for each in course.sessions] == [
        ("18 Feb", "room-1", False),
        ("25 Mar", "room-2", True),
        ("18 Apr", "room-2", False),
    ]


def test_a_session_that_the_course_cannot_have_is_named() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)

    done = take(clinic, row(1, course="P7"), row(2, "2027-02-18 15:30", course="P7"))

    assert "That is the same day" in done[1].problem
    assert sessions(clinic) == ["18 Feb 09:30"]


def test_one_row_that_is_refused_stops_no_other() -> None:
    clinic = Riverside("g.skin_exam", clinic=replace(CLINIC, defaults={"abl": {"mode": "sideways"}}))

    (done,) = take(clinic, row(1))

    assert "The clinic's file has a wrong default of abl" in done.problem
    assert sessions(clinic) == []


def test_a_batch_that_met_somebody_else_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic, tries = Riverside("g.skin_exam", clinic=CLINIC), []
    real = importing.imported.learn

    def contended(*args: object, **named: object) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Conflict("somebody else was faster")
        real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(importing.imported, "learn", contended)

    take(clinic, row(1))

    assert (len(tries), sessions(clinic)) == (2, ["18 Feb 09:30"])


def test_two_imports_at_once_open_no_case_twice() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)
    planned = importing.plan_import(clinic.practice, CLINIC, [row(1)])

    (first,) = importing.take(clinic.practice, CLINIC, planned)
    (second,) = importing.take(clinic.practice, CLINIC, planned)

    assert (first.problem, second.problem) == ("", MEANWHILE)
    assert sessions(clinic) == ["18 Feb 09:30"]


def test_how_a_book_is_read_is_remembered_clinic_by_clinic() -> None:
    clinic = Riverside("g.skin_exam", clinic=CLINIC)
    importing.remember(clinic.practice, CLINIC, {"start": "Beginn"}, {"Gesicht": "abl"}, "dmy")
    importing.remember(clinic.practice, CLINIC, {"room": "Raum"}, {}, "")

    kept = importing.memory(clinic.practice, CLINIC)

    assert kept.columns == {"start": "Beginn", "room": "Raum"}
    assert (kept.words, kept.dates) == ({"Gesicht": "abl"}, "dmy")
    assert importing.memory(clinic.practice, replace(CLINIC, id="hillside")).columns == {}


# --- going live

#: A consultation item that stops nothing, one that does, and one of the days before.
STEPS = ("g.contacts", "g.skin_exam", "g.confirm_contact")


def asked_on(clinic: Riverside) -> dict[str, dict[date, int]]:
    """How many cases were asked each item for the first time, day by day."""
    with clinic.store.reading() as reading:
        entries = [
            entry for code in reading.codes() for entry in reading.history(code) if entry.kind == "asked"
        ]
    found: dict[str, Counter[date]] = {}
    seen = set()
    for entry in sorted(entries, key=lambda each: each.at):
        for key in entry.detail.get("asked", ()):
            if key not in seen:
                seen.add(key)
                found.setdefault(key.split(":")[1], Counter())[clinic.clinic.calendar.day(entry.at)] += 1
    return {step: dict(days) for step, days in found.items()}


def test_a_clinic_goes_live_with_a_full_book_and_is_asked_ten_cases_a_day() -> None:
    live = replace(CLINIC, go_live=date(2027, 1, 14))
    clinic = Riverside(*STEPS, clinic=live)
    book = [row(number, "2027-01-13 09:30") for number in (1, 2)]
    book += [row(number, "2027-01-14 10:00") for number in (3, 4)]
    book += [row(number, f"2027-02-{number - 4:02d} 09:30") for number in range(5, 30)]

    done = take(clinic, *book)
    clinic.until("2027-01-14 18:00")

    tuesday, wednesday, thursday = (date(2027, 1, day) for day in (12, 13, 14))
    assert len(sessions(clinic)) == 27, "what starts before the clinic goes live stays on paper"
    assert Counter(each.turn for each in done) == {tuesday: 10, wednesday: 10, thursday: 7}
    by_start = [each.turn for each in sorted(done, key=lambda each: each.planned.appointment.start)]
    assert by_start == sorted(by_start), "the soonest procedure first"
    # a physician hears six forms in half a day, and the catch-up began on an afternoon
    assert asked_on(clinic)["g.skin_exam"] == {tuesday: 6, wednesday: 12, thursday: 9}
    assert asked_on(clinic)["g.contacts"] == {tuesday: 10, wednesday: 10, thursday: 7}


def test_a_stop_of_a_procedure_within_two_days_waits_for_no_turn() -> None:
    clinic = Riverside(*STEPS, clinic=CLINIC)
    soon = [row(number, "2027-01-14 10:00") for number in range(1, 15)]

    done = take(clinic, *soon)
    clinic.until("2027-01-12 18:00")

    assert Counter(each.turn for each in done) == {date(2027, 1, 12): 10, date(2027, 1, 13): 4}
    assert asked_on(clinic)["g.skin_exam"] == {date(2027, 1, 12): 14}
    assert asked_on(clinic)["g.contacts"] == {date(2027, 1, 12): 10}


def test_a_second_import_fills_the_days_that_are_left() -> None:
    clinic = Riverside(*STEPS, clinic=CLINIC)
    take(clinic, *(row(number) for number in range(1, 8)))

    done = take(clinic, *(row(number) for number in range(1, 15)))

    assert Counter(each.turn for each in done) == {date(2027, 1, 12): 3, date(2027, 1, 13): 4}
    assert importing.notes(clinic.practice) == [
        "Riverside catches up with 14 cases until Wed 13 Jan, 10 today."
    ]
    clinic.until("2027-01-14 09:00")
    assert importing.notes(clinic.practice) == []


def test_a_late_hard_item_is_never_waived() -> None:
    clinic = Riverside(*STEPS, clinic=CLINIC)
    (done,) = take(clinic, row(1, "2027-01-13 10:00"))

    clinic.until("2027-01-13 09:59")

    assert str(Ready.NOT_READY) in clinic.command("kit", f"case {done.code}").heading.replace(" ", "_")


def test_where_nobody_signed_the_playbook_nobody_takes_a_turn() -> None:
    clinic = Riverside(*STEPS, clinic=CLINIC, signed=False)

    (done,) = take(clinic, row(1))

    assert (done.turn, done.shadow) == (None, abl(*STEPS).id)
    clinic.until("2027-01-13 18:00")
    assert asked_on(clinic) == {}
