"""Bookings: local times become instants, facts are checked by name and value, and mistakes have places."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.core.case import Booking
from bot.core.errors import Mistakes
from bot.core.times import Calendar
from bot.files.bookings import parse_booking
from bot.files.playbooks import parse_playbook
from tests.files.samples import TEXTS, place, pointed

PLAYBOOKS = {"tiny": parse_playbook(TEXTS, "tiny")}
CLINIC = {
    "timezone": "America/Chicago",
    "working_days": ["mon", "tue", "wed", "thu", "fri"],
    "holidays": ["2027-02-15"],
}
BOOKING = {
    "playbook": "tiny",
    "clinic": CLINIC,
    "opened": "2027-01-12T13:45",
    "consult": "2027-01-12T14:00",
    "booked": "2027-01-12T15:10",
    "start": "2027-02-18T09:30",
    "minutes": 60,
    "facts": {"age": 52, "area_face": "yes", "isotretinoin_last_dose": "2026-08-31"},
}


def read(**changes: Any) -> Booking:
    """Return the booking with some of it changed; what is `None` is left out."""
    said = {name: value for name, value in {**BOOKING, **changes}.items() if value is not None}
    return parse_booking(json.dumps(said), "booking.json", PLAYBOOKS)


def chicago(*wall: int) -> datetime:
    """Return the instant of a wall time in Chicago."""
    return datetime(*wall, tzinfo=ZoneInfo("America/Chicago")).astimezone(UTC)  # type: ignore[misc,arg-type]


def test_a_booking_is_read_whole_and_its_times_are_the_clinics() -> None:
    booking = read()

    assert booking == Booking(
        playbook="tiny",
        calendar=Calendar(zone=ZoneInfo("America/Chicago"), holidays=frozenset({date(2027, 2, 15)})),
        opened=datetime(2027, 1, 12, 19, 45, tzinfo=UTC),
        consult=datetime(2027, 1, 12, 20, tzinfo=UTC),
        booked=datetime(2027, 1, 12, 21, 10, tzinfo=UTC),
        starts=(chicago(2027, 2, 18, 9, 30),),
        minutes=60,
        facts={"age": 52, "area_face": "yes", "isotretinoin_last_dose": date(2026, 8, 31)},
        told=False,
    )


def test_yaml_says_the_same_as_json() -> None:
    text = """
    playbook: tiny
    clinic: {timezone: America/Chicago, working_days: [mon, tue, wed, thu, fri], holidays: [2027-02-15]}
    opened: 2027-01-12 13:45
    consult: 2027-01-12T14:00
    booked: 2027-01-12T15:10:00
    start: 2027-02-18T09:30
    minutes: 60
    facts: {age: 52, area_face: yes, isotretinoin_last_dose: 2026-08-31}
    """

    assert parse_booking(text, "booking.yaml", PLAYBOOKS) == read()


def test_what_may_be_left_out_is_left_to_the_playbook_and_the_clinic() -> None:
    calendar, opened = Calendar(zone=ZoneInfo("Europe/London")), datetime(2027, 1, 12, 9, tzinfo=UTC)
    text = '{"playbook": "tiny", "start": "2027-02-18T09:30"}'

    booking = parse_booking(text, "booking.json", PLAYBOOKS, calendar, opened)

    assert (booking.calendar, booking.opened) == (calendar, opened)
    assert (booking.consult, booking.booked, booking.minutes, booking.facts) == (None, None, None, {})


def test_sessions_give_the_starts_and_count_themselves() -> None:
    facts = {"session_no": 7, "last_session": "no", "age": 52}
    booking = read(sessions=["2027-02-18T09:30", "2027-03-18T09:30"], facts=facts)

    assert booking.starts == (chicago(2027, 2, 18, 9, 30), chicago(2027, 3, 18, 9, 30))
    assert booking.facts == {"age": 52}


def test_without_sessions_a_booking_may_say_which_one_it_is() -> None:
    assert read(facts={"session_no": 2, "last_session": "no"}).facts == {
        "session_no": 2,
        "last_session": "no",
    }


def test_a_number_or_date_nobody_knows_is_nothing() -> None:
    assert read(facts={"age": "unknown", "isotretinoin_last_dose": "unknown", "smoker": None}).facts == {
        "age": None,
        "isotretinoin_last_dose": None,
    }


WRONG = {
    "an unknown key": ('"minutes": 60', '▸"minuts": 60', "Did you mean 'minutes'?"),
    "an unknown playbook": ('"tiny"', '▸"tinny"', "Did you mean 'tiny'?"),
    "no start": (', "start": "2027-02-18T09:30"', "", "`start` is missing"),
    "no moment of opening": (', "opened": "2027-01-12T13:45"', "", "`opened` is missing"),
    "no clinic": ('"clinic": {', '"klinic": {', "`clinic` is missing"),
    "a time with a zone": ('"2027-02-18T09:30"', '▸"2027-02-18T09:30Z"', "the clinic's date and time"),
    "a date without a time": ('"2027-02-18T09:30"', '▸"2027-02-18"', "the clinic's date and time"),
    "an impossible date": ('"2027-02-18T09:30"', '▸"2027-02-30T09:30"', "no such date as '2027-02-30'"),
    "an impossible time": ('"2027-02-18T09:30"', '▸"2027-02-18T24:30"', "no such time of day as '24:30'"),
    "a date of long ago": ('"2027-02-18T09:30"', '▸"0001-01-01T00:00"', "a date such as"),
    "an unknown fact": ('"age"', '▸"aeg"', "Did you mean 'age'?"),
    "a value a fact cannot have": ('"area_face": "yes"', '"area_face": ▸"maybe"', "one of no, yes"),
    "a truth of JSON": ('"area_face": "yes"', '"area_face": ▸true', "Did you mean 'yes'?"),
    "an age in words": ('"age": 52', '"age": ▸"old"', "expected a number"),
    "a date in another notation": ('"2026-08-31"', '▸"31/08/2026"', "a date such as"),
    "half a minute": ('"minutes": 60', '"minutes": ▸0.5', "a whole number from 1 to 1440"),
    "an unknown time zone": ('"America/Chicago"', '▸"Chicago"', "Did you mean 'America/Chicago'?"),
    "an unknown key of the clinic": ('"timezone"', '▸"zone": "UTC", "timezone"', "no key 'zone'"),
    "an unknown working day": ('"mon"', '▸"monday"', "Did you mean 'mon'"),
    "no working day": ('["mon", "tue", "wed", "thu", "fri"]', "▸[]", "at least one day"),
    "no session": ('"minutes"', '"sessions": ▸[], "minutes"', "at least one session"),
    "sessions out of order": (
        '"start": "2027-02-18T09:30"',
        '"sessions": ["2027-02-18T09:30", ▸"2027-02-17T09:30"]',
        "the order of time",
    ),
    "a start that is not the first session": (
        '"start": "2027-02-18T09:30"',
        '"sessions": ["2027-02-19T09:30"], "start": ▸"2027-02-18T09:30"',
        "leave `start` out",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_found_in_its_place(name: str) -> None:
    before, after, words = WRONG[name]
    whole = json.dumps(BOOKING)
    assert before in whole
    changed = whole.replace(before, after, 1)
    text, where = pointed(changed if "▸" in changed else "▸" + changed, "booking.json")

    with pytest.raises(Mistakes) as wrong:
        parse_booking(text, "booking.json", PLAYBOOKS)

    there = [mistake.what for mistake in wrong.value.mistakes if place(mistake) == where]
    assert words in " ".join(there)


def test_a_fact_that_contradicts_the_booking_is_a_mistake() -> None:
    facts = TEXTS["facts.yaml"] + "  playbook: {title: Playbook, values: [tiny, abl]}\n"
    playbooks = {"tiny": parse_playbook({**TEXTS, "facts.yaml": facts}, "tiny")}
    said = {**BOOKING, "facts": {"playbook": "abl"}}

    with pytest.raises(Mistakes, match="the booking names the playbook tiny"):
        parse_booking(json.dumps(said), "booking.json", playbooks)


@pytest.mark.parametrize("text", ["", "[]", "hello", "{", "null"])
def test_what_is_no_booking_at_all_says_so(text: str) -> None:
    with pytest.raises(Mistakes) as wrong:
        parse_booking(text, "booking.json", PLAYBOOKS)

    assert len(wrong.value.mistakes) == 1
    assert place(wrong.value.mistakes[0]).startswith("booking.json:1:")
