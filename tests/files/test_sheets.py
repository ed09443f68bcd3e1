"""Tables as other programs export them: separators, encodings, quotes, blank lines, and formulas as text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BookendError
from bot.files import sheets
from bot.files.sheets import Row, read_sheet
from tests.examples import some


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_found(separator: str) -> None:
    sheet = read_sheet(separator.join(["Start", '"Room, or ; | place"', "No"]).encode(), "a.csv")

    assert sheet.headings == ("Start", "Room, or ; | place", "No")


@pytest.mark.parametrize(
    ("encoding", "noted"), [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("cp1252", "cp1252")]
)
def test_every_usual_encoding_is_read(encoding: str, noted: str) -> None:
    sheet = read_sheet("Prozedur;Raum\nKühlung – groß;Süd\n".encode(encoding), "a.csv")

    assert sheet.rows == (Row(number=2, cells=("Kühlung – groß", "Süd")),)
    assert (noted in sheet.noted) and bool(noted) is bool(sheet.noted)


def test_blank_lines_count_as_a_spreadsheet_counts_them_and_are_no_rows() -> None:
    sheet = read_sheet(b'\r\nA,B\r\n\r\n"two\r\nlines",x\r\n,,\r\nlast,y', "a.csv")

    assert sheet.headings == ("A", "B")
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(4, "two\r\nlines"), (6, "last")]


def test_a_formula_is_its_letters() -> None:
    sheet = read_sheet(b"""A,B\n=cmd|' /C calc'!A0,"=1+1"\n""", "a.csv")

    assert sheet.rows[0].cells == ("=cmd|' /C calc'!A0", "=1+1")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"\n , \n", "is empty"),
        (b"PK\x03\x04\x00\xff\xfe\x00", "save it as CSV"),
        (b"A\n" + b"x" * 200_000, "field larger than"),
        (",".join(map(str, range(300))).encode(), "more than 200 columns"),
    ],
)
def test_what_is_no_table_says_what_to_do(raw: bytes, words: str) -> None:
    with pytest.raises(BookendError, match=words):
        read_sheet(raw, "a.csv")


def test_more_rows_than_a_book_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)

    with pytest.raises(BookendError, match="more than 3 rows"):
        read_sheet(b"A\n1\n2\n3\n", "a.csv")


@given(st.binary(max_size=300))
@settings(max_examples=some(300))
def test_no_bytes_end_in_anything_but_a_table_or_a_sentence(raw: bytes) -> None:
    try:
        sheet = read_sheet(raw, "a.csv")
    except BookendError as said:
        assert "a.csv" in str(said)
    else:
        assert all(any(row.cells) for row in sheet.rows)
