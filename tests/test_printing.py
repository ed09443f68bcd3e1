"""`bookend sheet`: a day's cases as a PDF, wherever it is wanted."""

from pathlib import Path

import pytest

from tests.test_cli import Bookend, a_case, bookend

__all__ = ["bookend"]


def test_the_sheet_of_a_day_is_a_pdf_beside_you_or_where_you_say(bookend: Bookend) -> None:
    a_case(bookend)

    beside = bookend("sheet", "--day", "2027-02-18")
    named = bookend("sheet", "--day", "2027-02-18", "--clinic", "riverside", "--out", "day.pdf")

    assert (beside.code, beside.out) == (
        0,
        "riverside-2027-02-18.pdf holds the sheet of Thursday 2027-02-18.\n",
    )
    assert named.out == "day.pdf holds the sheet of Thursday 2027-02-18.\n"
    for file in ("riverside-2027-02-18.pdf", "day.pdf"):
        assert Path(file).read_bytes().startswith(b"%PDF-")


def test_without_a_day_it_is_the_next_one(bookend: Bookend) -> None:
    a_case(bookend)

    assert bookend("sheet", "--out", "next.pdf").out.startswith("next.pdf holds the sheet of ")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--day", "tomorrow"), 2, "'tomorrow' does not match"),
        (("--clinic", "hillside"), 1, "hillside"),
        (("--out", "day.yaml"), 1, "day.yaml is no name of a PDF; nothing was written."),
    ],
)
def test_what_cannot_be_printed_is_said_and_nothing_is_written(
    bookend: Bookend, words: tuple[str, ...], code: int, said: str
) -> None:
    a_case(bookend)
    before = sorted(Path().iterdir())

    found = bookend("sheet", *words)

    assert (found.code, said in found.err) == (code, True), found.err
    assert sorted(Path().iterdir()) == before
