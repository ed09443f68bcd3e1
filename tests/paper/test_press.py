"""The press: what anybody wrote is shown as it is, in any script, and the same makes the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.errors import BookendError
from bot.paper import press

TRIAL = """
#import "sheet.typ": sheet, told, tick
#show: body => sheet(told.title, told.foot, body)
= #told.title
#tick #told.line
"""


@pytest.fixture(scope="module")
def sheet() -> Iterator[str]:
    file = Path(press.__file__).parent / "sheets" / f"trial-{os.getpid()}.typ"
    file.write_text(TRIAL, encoding="utf-8")
    yield file.stem
    file.unlink()


def test_a_sheet_is_a_pdf_and_the_same_is_pressed_alike(sheet: str) -> None:
    told = {"title": "Tomorrow", "foot": "Riverside", "line": "CO₂ łęą Αβ #panic(1) *x* $y$ `z`"}

    one, other = press.pdf(sheet, told), press.pdf(sheet, told)

    assert one.startswith(b"%PDF-")
    assert one == other


def test_a_folder_called_bot_where_somebody_stands_is_not_taken_for_ours(
    sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)

    assert press.pdf(sheet, {"title": "", "foot": "", "line": ""}).startswith(b"%PDF-")


def test_a_sheet_that_lacks_what_it_shows_is_one_sentence(sheet: str) -> None:
    with pytest.raises(BookendError, match=r"^The sheet could not be printed"):
        press.pdf(sheet, {"title": "Tomorrow"})
