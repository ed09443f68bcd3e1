"""What somebody does and sees in a Teams client's page, in a real browser: no hand looks behind it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.playground import BOT_NAME

#: Chromium that asks nobody but the page, see tests/chat/local.
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
#: How long something may take to come, in milliseconds, on a machine that does much else.
PATIENCE = 30_000
MINE = "Personal Chat"
#: Where one writes.
BOX = "[role=textbox][contenteditable=true]"


def pictures() -> Path | None:
    """Where pictures are kept, `None` where nobody wants any."""
    folder = os.environ.get("BOOKEND_TEST_PICTURES")
    return Path(folder) if folder else None


@contextmanager
def in_browser(chromium: Path, url: str) -> Iterator[TeamsPage]:
    """Open a client's page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1400}, device_scale_factor=2)
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.goto(url)
        try:
            yield TeamsPage(page)
        finally:
            if folder := pictures():
                page.screenshot(path=folder / "teams-at-the-end.png")
            browser.close()


class TeamsPage:
    """One person's hands and eyes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, where: str) -> None:
        """Go to a channel, or to the personal chat."""
        self.page.get_by_text(where, exact=True).first.click()

    def sees(self, *words: str) -> None:
        """Wait until all of these words stand in the conversation that is open."""
        for each in words:
            expect(self.page.get_by_text(each).last).to_be_visible()

    def pictured(self, words: str, name: str) -> None:
        """Keep a picture of the newest card that says this, where pictures are wanted."""
        if folder := pictures():
            card = self.page.locator(".ac-adaptiveCard").filter(has_text=words).last
            card.screenshot(path=folder / f"{name}.png")

    def words(self) -> str:
        """All that stands in the page."""
        return self.page.inner_text("body")

    def messages(self) -> int:
        """Count what Bookend said in the conversation that is open; what is edited stays one."""
        return self.page.get_by_text(BOT_NAME, exact=True).count()

    def says(self, text: str) -> None:
        """Type a line in the personal chat."""
        self.page.locator(BOX).last.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def posts(self, text: str) -> None:
        """Begin a conversation in a channel, with the bot mentioned."""
        self.page.locator(BOX).first.click()
        self._mentions(text)
        self.page.get_by_role("button", name="Post", exact=True).click()

    def replies(self, text: str, *, below: str) -> None:
        """Write a reply below a card in a channel, with the bot mentioned."""
        thread = self.page.locator(f"div:has({BOX})").filter(has_text=below).last
        thread.locator(BOX).last.click()
        self._mentions(text)
        self.page.keyboard.press("Enter")

    def presses(self, label: str, about: str = "") -> None:
        """Press the newest button on a card that begins with these words, and says what it is about."""
        begins = re.compile(rf"^{re.escape(label)}.*{re.escape(about)}")
        found = self.page.get_by_role("button", name=begins).last
        expect(found).to_be_visible()
        found.click()

    def fills(self, label: str, text: str) -> None:
        """Type into an input of the newest card that has it."""
        self.page.get_by_label(label).last.fill(text)

    def chooses(self, label: str, option: str) -> None:
        """Choose one of a few options that all stand there."""
        group = self.page.get_by_role("radiogroup", name=re.compile(re.escape(label)))
        group.last.get_by_role("radio", name=option, exact=True).check()

    def _mentions(self, text: str) -> None:
        self.page.keyboard.type("@")
        self.page.get_by_role("menuitem", name=BOT_NAME).click()
        self.page.keyboard.type(f" {text}")
