"""The evening's paper sheet: every case of the day, by its code, in the order in which things are done."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.service.sheet import coming, day_sheet, next_day
from tests.service.clinic import ALI, RIVERSIDE, london
from tests.service.riverside import Riverside

DAY = date(2027, 2, 18)
STEPS = (
    "g.skin_exam",
    "g.change_check",
    "g.identity_arrival",
    "g.same_day_check",
    "g.timeout",
    "g.aftercare",
)


def told(clinic: Riverside, day: date = DAY) -> dict[str, Any]:
    with clinic.store.reading() as reading:
        return day_sheet(clinic.practice, reading, clinic.clinic, day)


def codes(clinic: Riverside, day: date = DAY) -> list[str]:
    with clinic.store.reading() as reading:
        return [case.code for _, case in coming(reading, clinic.clinic, day)]


def boxes(case: dict[str, Any], part: str = "boxes") -> list[tuple[str, str, str, str]]:
    return [(each["at"], each["title"], each["stop"], each["who"]) for each in case[part]]


def test_the_sheet_has_the_boxes_of_the_day_in_their_order_and_what_is_open_from_before() -> None:
    clinic = Riverside(*STEPS).book(room="room-2", operator="max").until("2027-02-17 17:30")

    (case,) = told(clinic)["cases"]

    assert (case["code"], case["time"], case["room"]) == ("K7Q2", "09:30", "Room 2")
    assert boxes(case, "before") == [
        ("Tue 12 Jan 15:00", "Skin exam", "hard", "Dr Ali"),
        ("Tue 16 Feb 11:00", "Anything new?", "md", "Jo Sample"),
    ]
    assert boxes(case) == [
        ("08:45", "Identity at arrival", "hard", "Fran Draft"),
        ("08:55", "Same-day check", "hard", "Jo Sample"),
        ("09:25", "Time-out", "hard", "Max Model"),
        ("10:50", "Aftercare explained", "md", "Jo Sample"),
    ]
    assert (case["state"], told(clinic)["counts"]) == ("not ready", "1 procedure, 1 not ready")


def test_what_was_answered_is_no_longer_open_and_a_stop_says_why() -> None:
    clinic = Riverside(*STEPS).book().until("2027-01-12 15:01")
    clinic.answer(ALI, "Skin exam", exam_done="no")

    (case,) = told(clinic)["cases"]

    assert [(each["title"], each["blocked"]) for each in case["before"]] == [
        ("Skin exam: exam done: no", True),
        ("Anything new?", False),
    ]
    assert case["state"] == "stop"


def test_all_of_the_days_cases_stand_on_it_and_no_others() -> None:
    clinic = Riverside("g.timeout", book=None)
    clinic.book("2027-02-18 11:00", code="M3PX").book("2027-02-18 09:30")
    clinic.book("2027-02-19 09:30", code="T9WF").book("2027-01-20 09:30", "2027-02-18 15:00", code="H4RD")
    clinic.book("2027-02-18 16:00", code="W8NB")
    clinic.command("fran", "cancel W8NB patient is ill")

    assert codes(clinic) == ["K7Q2", "M3PX", "H4RD"]


def test_a_session_of_a_course_is_named_and_an_earlier_one_that_comes_first() -> None:
    clinic = Riverside("g.timeout").book("2027-02-17 09:30", "2027-02-18 15:00")

    (case,) = told(clinic)["cases"]

    assert (case["session"], case["summary"]) == ("session 2 of 2", "An earlier session comes first")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2027-02-17 18:00", "2027-02-18"),
        # Saturday is closed, but somebody comes
        ("2027-02-19 18:00", "2027-02-20"),
        # over a weekend and a holiday, on which nobody is booked
        ("2027-02-12 18:00", "2027-02-16"),
    ],
)
def test_the_next_day_is_the_next_that_is_open_or_on_which_somebody_comes(now: str, day: str) -> None:
    clinic = Riverside("g.timeout").book("2027-02-20 10:00")

    with clinic.store.reading() as reading:
        assert str(next_day(reading, RIVERSIDE, london(now))) == day


def test_nothing_that_tells_who_a_patient_is_stands_on_it() -> None:
    from bot.core.identity import Identity

    clinic = Riverside(*STEPS).book()
    with clinic.store.writing() as tx:
        who = Identity(name="Wilhelmina Markedname", born=date(1970, 1, 2), record="R-4711")
        tx.identify("K7Q2", who, clinic.clock.now())
    clinic.clinic = replace(clinic.clinic, names_on=frozenset({"workspace"}))

    said = repr(told(clinic))

    assert "K7Q2" in said
    assert [word for word in ("Markedname", "1970", "4711") if word in said] == []


def test_a_day_on_which_nobody_comes_is_an_empty_sheet() -> None:
    assert told(Riverside("g.timeout"))["counts"] == "0 procedures"
