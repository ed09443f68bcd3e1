"""`bookend import`, as a front desk uses it: what it says, what it refuses, and what it never keeps."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.test_cli import SOON, Bookend, bookend, written

__all__ = ["bookend"]

HEAD = "Appt ID;Date;Start;Service;Room;Provider;Patient Name;DOB;Price\n"


def row(number: int, days: int = 0, **changes: str) -> str:
    """A row of an export: an invented patient, an appointment of the ablative laser."""
    cells = {
        "number": f"{number}",
        "date": f"{SOON + timedelta(days=days):%d.%m.%Y}",
        "start": "09:30",
        "service": "abl",
        "room": "Room 2",
        "provider": "Max Model",
        "name": "Erika Muster",
        "dob": "01.02.1970",
        "price": "=cmd",
        **changes,
    }
    return ";".join(cells.values()) + "\n"


@pytest.fixture
def book(bookend: Bookend) -> Iterator[str]:
    """An export with two appointments, and a database to take them in."""
    assert bookend("migrate").code == 0
    yield written("book.csv", HEAD + row(1) + row(2, 1))


def test_an_import_says_how_it_read_the_file_and_gives_each_case_its_code(
    bookend: Bookend, book: str
) -> None:
    said = bookend("import", book)

    assert (said.code, "Read as: number = Appt ID, date = Date" in said.out) == (0, True)
    assert "Not read, because it says who the patient is: Patient Name, DOB." in said.out
    assert "2 rows: 2 new." in said.out
    assert "no medical director has signed abl" in said.out
    assert "Write the codes into your own book" in said.out


def test_nothing_of_a_patient_is_kept_or_said(bookend: Bookend, book: str) -> None:
    said = bookend("import", book)

    kept = Path("bookend.db").read_bytes()
    for word in ("Erika", "Muster", "01.02.1970"):
        assert word not in said.out + said.err
        assert word.encode() not in kept


def test_a_dry_run_shows_it_and_changes_nothing(bookend: Bookend, book: str) -> None:
    said = bookend("import", book, "--dry-run", "--json")

    assert (said.code, said.data["counts"]["book"], said.data["taken"]) == (0, 2, False)
    assert [each["case"] for each in said.data["rows"]] == [None, None]
    assert bookend("import", book, "--dry-run", "--json").data["counts"]["book"] == 2


def test_pasted_rows_are_read_and_the_same_again_is_as_before(bookend: Bookend, book: str) -> None:
    text = Path(book).read_text("utf-8")

    first = bookend("import", "-", "--json", piped=text)
    again = bookend("import", "-", "--json", piped=text)

    assert (first.data["counts"]["book"], again.data["counts"]["same"]) == (2, 2)
    assert [each["case"] for each in first.data["rows"]] == [each["case"] for each in again.data["rows"]]


def test_a_wrong_row_stops_all_unless_the_good_ones_are_asked_for(bookend: Bookend, book: str) -> None:
    written(book, HEAD + row(1) + row(2, service="Botox") + row(3, date="31.02.2027"))

    none = bookend("import", book)
    some = bookend("import", book, "--skip-bad")

    assert (none.code, some.code) == (1, 1)
    assert "row 3, Service: 'Botox' is no playbook of Riverside Skin Clinic" in none.err
    assert "row 4, Date: there is no such date as '31.02.2027'" in none.err
    assert "Nothing was taken: 2 mistakes in the file." in none.err
    assert "3 rows: 1 new, 2 wrong." in some.out


def test_what_was_said_of_columns_and_words_is_remembered(bookend: Bookend, book: str) -> None:
    head = HEAD.replace("Service", "What").replace("Room", "Where")
    written(book, head + row(1, service="Full face", room="The big one"))

    unknown = bookend("import", book)
    told = bookend(
        "import", book, "--map", "procedure=What", "--map", "room=Where", "--word", "Full face=abl",
        "--word", "The big one=room-2",
    )  # fmt: skip
    again = bookend("import", book)

    assert (unknown.code, told.code, again.code) == (1, 0, 0)
    assert "Which column is `procedure`" in unknown.err
    assert "1 as before" in again.out


def test_gone_is_cancelled_only_when_that_is_said_and_sure(bookend: Bookend, book: str) -> None:
    bookend("import", book)
    written(book, HEAD + row(2, 1) + row(3, -1))

    kept = bookend("import", book, "--dry-run")
    unsure = bookend("import", book, "--gone-means-cancelled")
    no = bookend("import", book, "--gone-means-cancelled", keyboard="n\n")
    yes = bookend("import", book, "--gone-means-cancelled", "--yes", "--json")

    assert "1 gone from the file" in kept.out
    assert "cancelled: gone from the file" in no.out, "seen before it is confirmed"
    assert (unsure.code, no.code, yes.code) == (2, 1, 0)
    assert yes.data["counts"] | {"gone": 1, "book": 1} == yes.data["counts"]
    assert bookend("import", book, "--json").data["counts"]["gone"] == 0


def test_without_numbers_what_is_gone_may_have_moved_and_nothing_is_opened_twice(
    bookend: Bookend, book: str
) -> None:
    bare = "Start;Service\n"
    written(book, f"{bare}{SOON} 09:30;abl\n{SOON} 11:00;abl\n{SOON} 12:00;abl\n")
    bookend("import", book)
    written(book, f"{bare}{SOON} 09:30;abl\n{SOON} 11:15;abl\n{SOON} 12:00;abl\n")

    said = bookend("import", book)

    assert said.code == 1
    assert "nobody can tell whether they moved or are off. Nothing was taken." in said.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--map", "number"], 2, "'number' is not NAME=VALUE"),
        (["--map", "number=DOB"], 1, "'DOB' says who the patient is"),
        (["--dates", "ymd"], 2, "Say --dates dmy or --dates mdy"),
        (["--clinic", "hillside"], 1, "There is no clinic 'hillside'"),
    ],
)
def test_what_was_said_wrongly_is_refused(
    bookend: Bookend, book: str, words: list[str], code: int, said: str
) -> None:
    refused = bookend("import", book, *words)

    assert (refused.code, said in refused.err) == (code, True)


def test_a_file_that_is_not_there_or_no_table_says_so(bookend: Bookend, book: str) -> None:
    Path("book.xlsx").write_bytes(b"PK\x03\x04\x00\xff\xfe")

    assert "There is no file nowhere.csv" in bookend("import", "nowhere.csv").err
    assert "save it as CSV" in bookend("import", "book.xlsx").err


def test_before_the_clinic_goes_live_all_stays_on_paper(bookend: Bookend, book: str) -> None:
    clinic = Path("clinic.yaml").read_text("utf-8")
    written("clinic.yaml", clinic.replace("go_live: 2026-09-01", f"go_live: {SOON + timedelta(days=1)}"))

    said = bookend("import", book, "--json").data

    assert (said["counts"]["book"], said["counts"]["paper"]) == (1, 1)
