"""Rows of a clinic's book: read in its own words, and every row that cannot be read says why."""

from datetime import date

import pytest

from bot.core.book_rows import BookRow
from bot.files.book_rows import Reader, Words, told_once
from bot.files.clinic import parse_clinic
from bot.files.columns import find_columns
from bot.files.folders import load_playbooks
from bot.files.sheets import read_sheet
from bot.paths import shipped_playbooks
from tests.files.samples import CLINIC

BOOKS = load_playbooks(shipped_playbooks())
RIVERSIDE = parse_clinic(
    CLINIC.replace("[tiny]", "[abl, lhr]").replace(
        "people:\n", "people:\n  max: {name: Max Model, roles: [operator], slack: U0MAX}\n"
    ),
    "clinic.yaml",
)
HEAD = "No,Start,Service,Room,Provider,Minutes,Session,Status,Name\n"


def read(text: str, *, dates: str = "", **means: str) -> tuple[list[BookRow], Reader]:
    sheet = read_sheet(text.encode(), "a.csv")
    columns = find_columns(sheet.headings, {}, {})
    words = Words(means={name.replace("_", " "): ours for name, ours in means.items()}, dates=dates)
    reader = Reader(clinic=RIVERSIDE, playbooks=BOOKS, columns=columns, words=words)
    return list(reader.read(sheet)), reader


def test_a_row_is_read_whole() -> None:
    (found,), reader = read(
        HEAD + "17,2027-02-18 09:30,CO₂ / Er:YAG resurfacing,Room 2,max MODEL,45 min,2 of 6,Booked,Erika"
    )

    assert found == BookRow(
        row=2,
        playbook="abl",
        start=RIVERSIDE.calendar.instant(date(2027, 2, 18), found.start.time()),
        number="17",
        room="room-2",
        operator="max",
        minutes=45,
        session=2,
    )
    assert reader.problems == []
    assert "Erika" not in repr(found)


def test_the_clinics_own_words_are_understood_once_they_were_explained() -> None:
    rows = HEAD + "1,2027-02-18 09:30,Full face,The big room,Locum,,,,\n2,2027-02-18 10:30,Botox,,,,,,\n"

    (found,), reader = read(rows, Full_face="abl", the_big_room="room-2", LOCUM="none", Botox="skip")

    assert (found.playbook, found.room, found.operator) == ("abl", "room-2", "")
    assert (reader.problems, reader.skipped) == ([], 1)


def test_rows_of_another_clinic_are_left_out_by_any_of_their_words() -> None:
    rows = HEAD + "1,2027-02-18 09:30,abl,Hillside 1,Nobody here,,,,\n2,2027-02-18 09:30,abl,,Locum,,,,\n"

    found, reader = read(rows, Hillside_1="skip", Locum="skip")

    assert (found, reader.problems, reader.skipped) == ([], [], 2)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("Cancelled", "cancelled"),
        ("canceled", "cancelled"),
        ("No-Show", "no-show"),
        ("Confirmed", ""),
        ("", ""),
    ],
)
def test_a_status_says_whether_an_appointment_is_off(status: str, reason: str) -> None:
    (found,), _ = read(HEAD + f"1,2027-02-18 09:30,abl,,,,,{status},")

    assert found.cancelled == reason


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("1,2027-02-31 09:30,abl,,,,,,", "Start", "no such date"),
        ("1,02/03/2027 09:30,abl,,,,,,", "Start", "--dates dmy"),
        ("1,,abl,,,,,,", "Start", "no date stands here"),
        ("1,2027-02-18 09:30,Botox,,,,,,", "Service", "say --word 'Botox'=PLAYBOOK, or =skip"),
        ("1,2027-02-18 09:30,naf,,,,,,", "Service", "'naf' is no playbook of Riverside"),
        ("1,2027-02-18 09:30,,,,,,,", "Service", "nothing stands here"),
        ("1,2027-02-18 09:30,abl,room 3,,,,,", "Room", "Did you mean 'room-2'"),
        ("1,2027-02-18 09:30,abl,,Dr Ali,,,,", "Provider", "'Dr Ali' is no operator of Riverside"),
        ("1,2027-02-18 09:30,abl,,Nobody,,,,", "Provider", "'Nobody' is nobody of Riverside"),
        ("1,2027-02-18 09:30,abl,,,0,,,", "Minutes", "a whole number from 1"),
        ("1,2027-02-18 09:30,abl,,,,first,,", "Session", "a whole number from 1"),
        (",2027-02-18 09:30,abl,,,,,,", "No", "no number"),
    ],
)
def test_a_row_that_cannot_be_read_says_where_why_and_what_to_do(row: str, column: str, words: str) -> None:
    found, reader = read(HEAD + row)

    assert found == []
    assert [(each.row, each.column) for each in reader.problems] == [(2, column)]
    assert words in reader.problems[0].what


def test_a_number_that_stands_twice_names_the_first_row() -> None:
    found, reader = read(HEAD + "1,2027-02-18 09:30,abl,,,,,,\n\n1,2027-02-19 09:30,abl,,,,,,")

    assert [each.row for each in found] == [2]
    assert str(reader.problems[0]) == "row 4, No: '1' stands in row 2 already"


def test_the_same_mistake_in_many_rows_is_said_once() -> None:
    rows = "".join(f"{number},2027-02-18 09:30,Botox,,,,,,\n" for number in range(9))

    _, reader = read(HEAD + rows)

    (line,) = told_once(reader.problems)
    assert line.startswith("rows 2, 3, 4, 5, 6 and 4 more, Service: 'Botox' is no playbook")


def test_date_and_time_may_stand_apart_and_a_full_start_beside_a_date_counts() -> None:
    apart, _ = read("Date,Time,Service\n18/02/2027,09:30,abl")
    beside, _ = read("Date,Start,Service\n2027-02-18,9:30,abl\n2027-02-18,2027-02-19 08:00,abl")

    assert [RIVERSIDE.calendar.local(each.start).isoformat() for each in (*apart, *beside)] == [
        "2027-02-18T09:30:00+00:00",
        "2027-02-18T09:30:00+00:00",
        "2027-02-19T08:00:00+00:00",
    ]
