"""Who works when: shifts by weekday and date, and who is on duty at a moment."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.core.people import Clinic, Person, Role, Shift
from bot.core.times import Calendar

MONDAY = date(2027, 2, 15)
SUNDAY = date(2027, 2, 14)
ZURICH = ZoneInfo("Europe/Zurich")
LATE = Shift(person="sam", starts=time(12), ends=time(20))
CLINIC = Clinic(
    id="lakeside",
    title="Lakeside",
    calendar=Calendar(zone=ZURICH, hours={0: (time(8), time(18))}),
    people={
        name: Person(id=name, name=name.title(), roles=frozenset({Role.NURSE}))
        for name in ("jo", "sam", "lea")
    },
    roster={0: {Role.NURSE: ("jo", LATE)}, 6: {Role.NURSE: ("lea",)}},
)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 2, 15, hour, minute, tzinfo=ZURICH)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        (at(7, 59), ()),
        (at(8), ("jo",)),
        (at(12), ("jo", "sam")),
        (at(17, 59), ("jo", "sam")),
        (at(18), ("sam",)),
        (at(20), ()),
    ],
)
def test_a_shift_begins_with_its_first_minute_and_ends_before_its_last(
    moment: datetime, there: tuple[str, ...]
) -> None:
    assert CLINIC.on_duty(Role.NURSE, moment.astimezone(UTC)) == there


def test_whoever_has_no_hours_works_their_own_else_the_opening_hours() -> None:
    early = replace(CLINIC.people["jo"], hours=(time(7), time(11)))
    clinic = replace(CLINIC, people={**CLINIC.people, "jo": early})

    assert [(each.starts, each.ends) for each in CLINIC.shifts(Role.NURSE, MONDAY)] == [
        *((time(8), time(18)), (time(12), time(20)))
    ]
    assert clinic.shifts(Role.NURSE, MONDAY)[0] == Shift(person="jo", starts=time(7), ends=time(11))


def test_a_person_with_two_shifts_is_rostered_once() -> None:
    split = (
        Shift(person="jo", starts=time(8), ends=time(10)),
        Shift(person="jo", starts=time(14), ends=time(18)),
    )
    clinic = replace(CLINIC, roster={0: {Role.NURSE: split}})

    assert clinic.rostered(Role.NURSE, MONDAY) == ("jo",)
    assert clinic.on_duty(Role.NURSE, at(12)) == ()


def test_the_weekly_roster_is_silent_on_a_closed_day_and_a_dated_exception_is_not() -> None:
    holiday = replace(CLINIC, calendar=replace(CLINIC.calendar, holidays=frozenset({MONDAY})))
    named = replace(holiday, roster_changes={MONDAY: {Role.NURSE: ("lea",)}})

    assert CLINIC.rostered(Role.NURSE, SUNDAY) == ()
    assert holiday.rostered(Role.NURSE, MONDAY) == ()
    assert named.rostered(Role.NURSE, MONDAY) == ("lea",)


def test_a_dated_exception_changes_only_the_roles_it_names() -> None:
    clinic = replace(CLINIC, roster_changes={MONDAY: {Role.PHYSICIAN: ("ali",)}})

    assert clinic.rostered(Role.NURSE, MONDAY) == ("jo", "sam")
    assert replace(CLINIC, roster_changes={MONDAY: {Role.NURSE: ()}}).rostered(Role.NURSE, MONDAY) == ()
