"""The page in a real browser: printed it is one A4 sheet with everything on it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.paper import render
from tests.paper.shown import SHIPPED, shown

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is missing: install the extra test."
)

#: How far what is printed stays from the edges, in CSS pixels: right, below, and below the foot.
EDGES = """() => {
    const edges = (what) => [...document.querySelectorAll(what)].map((each) => each.getBoundingClientRect());
    const [groups] = edges(".groups"), [foot] = edges(".sheet footer"), [sheet] = edges(".sheet");
    const printed = edges(".sheet .item, .sheet h2");
    return [
        groups.right - Math.max(...printed.map((each) => each.right)),
        groups.bottom - Math.max(...printed.map((each) => each.bottom)),
        sheet.bottom - foot.bottom,
    ];
}"""


@pytest.fixture(scope="module")
def browser(need_chromium: Path) -> Iterator[object]:
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=str(need_chromium), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("name", SHIPPED)
def test_printed_it_is_one_a4_page_with_every_step_on_it(browser: object, name: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800})  # type: ignore[attr-defined]
    page.set_content(render.page(shown(name)))

    pdf = page.pdf(prefer_css_page_size=True)
    page.emulate_media(media="print")
    right, bottom, foot = page.evaluate(EDGES)
    smallest = page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.sheet .item')).fontSize) * 0.75"
    )
    page.close()

    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    boxes = [[float(edge) for edge in box.split()] for box in re.findall(rb"/MediaBox \[([^]]+)\]", pdf)]
    assert [[round(edge) for edge in box] for box in boxes] == [[0, 0, 595, 842]]
    assert min(right, bottom, foot) >= -1, "something hangs over the edge of the sheet"
    assert smallest >= 8


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [390, 1440])
def test_on_a_screen_only_the_timeline_and_the_sheet_scroll_sideways(
    browser: object, wide: int, scheme: str
) -> None:
    page = browser.new_page(viewport={"width": wide, "height": 800}, color_scheme=scheme)  # type: ignore[attr-defined]
    page.set_content(render.page(shown("abl")))

    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.close()

    assert over <= 0
    assert ground == {"light": "rgb(251, 250, 247)", "dark": "rgb(21, 20, 19)"}[scheme]
