"""Columns of a clinic's book: which is which, and those that say who the patient is, which nobody reads."""

import pytest

from bot.core.errors import BookendError
from bot.files.columns import OURS, find_columns, says_who


@pytest.mark.parametrize(
    "heading",
    [
        *("Name", "Patient", "Patient Name", "FirstName", "first_name", "Surname", "Last name", "Full Name"),
        *(
            "DOB",
            "Date of Birth",
            "Birthdate",
            "Geburtsdatum",
            "Phone",
            "Mobile No",
            "Tel.",
            "E-mail",
            "Email",
        ),
        *(
            "Address",
            "Postcode",
            "ZIP",
            "City",
            "MRN",
            "Medical record number",
            "Chart no",
            "NHS Number",
            "SSN",
        ),
        *(
            "Patient ID",
            "Client",
            "Client service",
            "Customer",
            "Insurance",
            "Gender",
            "Age",
            "Emergency contact",
        ),
    ],
)
def test_a_column_that_says_who_the_patient_is_is_known(heading: str) -> None:
    assert says_who(heading)


@pytest.mark.parametrize(
    "heading",
    [
        *(
            "Start",
            "Date",
            "Time",
            "Service",
            "Procedure name",
            "Room name",
            "Provider name",
            "Status",
            "Stage",
        ),
        *(
            "Appointment ID",
            "Duration",
            "Price",
            "Agenda",
            "Sortierung",
            "Operator",
            "Session",
            "Telehealth link",
        ),
    ],
)
def test_a_column_that_says_nothing_of_the_patient_is_not_dropped(heading: str) -> None:
    assert not says_who(heading)


def test_columns_are_guessed_by_their_headings() -> None:
    headings = (
        "Appointment ID",
        "Date",
        "Start time",
        "Treatment",
        "Room",
        "Provider",
        "Duration (min)",
        "Name",
        "Price",
    )

    found = find_columns(headings, {}, {})

    assert dict(found.at) == {
        "number": 0, "date": 1, "start": 2, "procedure": 3, "room": 4, "operator": 5, "minutes": 6
    }  # fmt: skip
    assert (found.dropped, found.unused) == (("Name",), ("Price",))


def test_what_is_said_now_goes_before_what_was_remembered_and_that_before_a_guess() -> None:
    headings = ("Start", "Beginn", "Treatment", "What", "Where")

    found = find_columns(
        headings, {"procedure": "What"}, {"procedure": "Treatment", "start": "Beginn", "room": "Gone"}
    )

    assert (found.at["procedure"], found.at["start"]) == (3, 1)
    assert "room" not in found.at


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"proc": "What"}, "Did you mean 'procedure'"),
        ({"procedure": "Waht"}, "Did you mean 'What'"),
        ({"number": "Patient No"}, "says who the patient is"),
        ({}, "Which column is `procedure`"),
    ],
)
def test_a_column_that_cannot_be_is_refused(said: dict[str, str], words: str) -> None:
    with pytest.raises(BookendError, match=words):
        find_columns(("Start", "What", "Patient No"), said, {})


def test_a_date_needs_its_time() -> None:
    with pytest.raises(BookendError, match="Which column is `start`"):
        find_columns(("Treatment", "Date"), {}, {})
    assert find_columns(("Treatment", "Date", "Time"), {}, {}).at["time"] == 2


def test_no_heading_that_is_guessed_says_who_the_patient_is() -> None:
    assert [word for _, words in OURS.values() for word in words if says_who(word)] == []
