"""Pictures of every card and form, as Microsoft's own library draws them in a browser.

`BOOKEND_TEST_PICTURES=FOLDER pytest tests/chat/teams/test_pictures.py` keeps them, by day and by night, in a
chat and on a telephone; BOOKEND_TEST_PICTURED, a part of a name, takes fewer.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chat.teams.dom import DESKTOP, PHONE, Client, browsing, teams
from tests.chat.teams.test_drawn import FILES, given

#: The folder in which somebody wants to look at them.
KEPT = "BOOKEND_TEST_PICTURES"
WIDTHS = {"desktop": DESKTOP, "phone": PHONE}
#: What is wider than the window: nobody should have to push a card aside to read it.
WIDER = "document.documentElement.scrollWidth - innerWidth"
#: What is cut off at the edge of its own place.
CUT = (
    "[...document.querySelectorAll('.ac-textBlock, .ac-richTextBlock, .ac-pushButton')]"
    ".filter((each) => each.scrollWidth > each.clientWidth + 1 && each.clientWidth)"
    ".map((each) => each.textContent)"
)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_card_and_form_is_read_without_pushing_it_aside(
    need_chromium: Path, need_adaptive_cards: Path, tmp_path: Path, width: str
) -> None:
    folder = Path(os.environ.get(KEPT, tmp_path))
    folder.mkdir(exist_ok=True)
    wanted = os.environ.get("BOOKEND_TEST_PICTURED", "")
    looks = ("light", "dark") if KEPT in os.environ else ("light",)

    with (
        browsing(need_chromium) as browser,
        teams(browser, need_adaptive_cards, width=WIDTHS[width]) as client,
    ):
        wide = {
            f"{file.stem}.{look}": problems
            for file in FILES
            if wanted in file.stem
            for look in looks
            if (problems := _taken(client, file, folder / f"{file.stem}.{width}.{look}.png", look))
        }

    assert wide == {}


def _taken(client: Client, file: Path, picture: Path, look: str) -> list[str]:
    """Take a picture of a card; return what of it is wider than its place."""
    client.show(given(file), look)
    if KEPT in os.environ:
        client.page.screenshot(path=picture, full_page=True)
    wide: int = client.page.evaluate(WIDER)
    cut: list[str] = client.page.evaluate(CUT)
    return [f"{wide} pixels too wide"] * (wide > 0) + cut
