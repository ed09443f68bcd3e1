"""A table as other programs export it: comma, semicolon or tab between cells, in the encodings they write.

Every cell is text and nothing else: `=cmd` is four letters here.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.errors import BookendError

#: More is no appointment book, in bytes and in rows.
LONGEST = 64_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 200
SEPARATORS = ",;\t|"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row that is not blank; `number` is the one that a spreadsheet shows beside it."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A table: the headings of its columns, and the rows below; `noted` is what was guessed of its text."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    noted: str = ""


def read_sheet(raw: bytes, name: str) -> Sheet:
    """Return the table in a file; raise BookendError with what to do where there is none."""
    if len(raw) > LONGEST:
        raise BookendError(f"{name} is larger than {LONGEST // 1_000_000} MB: export fewer weeks at once.")
    text, noted = _decoded(raw, name)
    rows = _rows(text, name)
    head = next(rows, None)
    if head is None:
        raise BookendError(f"{name} is empty: expected a row of headings and a row for each appointment.")
    if len(head.cells) > MOST_COLUMNS:
        raise BookendError(f"{name} has more than {MOST_COLUMNS} columns: this is no list of appointments.")
    return Sheet(headings=head.cells, rows=tuple(rows), noted=noted)


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), ""
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    if b"\0" in raw:
        raise BookendError(f"{name} is no table of text: save it as CSV (an .xlsx file is none).")
    return raw.decode("cp1252", "replace"), "It is no UTF-8 text, and was read as Windows text (cp1252)."


def _rows(text: str, name: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS:
                raise BookendError(f"{name} has more than {MOST_ROWS:,} rows: export fewer weeks at once.")
            stripped = tuple(cell.strip() for cell in cells)
            if any(stripped):
                yield Row(number=number, cells=stripped)
    except csv.Error as wrong:
        raise BookendError(
            f"{name}, after row {number}: {wrong}. Is a quotation mark not closed? Save it as CSV again."
        ) from None


def _separator(text: str) -> str:
    """Return what stands between the headings: of the usual separators the one that is there most often."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    # what stands in quotes separates nothing
    bare = "".join(head.split('"')[::2])
    return max(SEPARATORS, key=bare.count)
