"""A card in a real browser, drawn by Microsoft's own library, filled in and pressed as a person does.

The library is loaded from the disk; the browser is offline.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.chat.teams.client import Json

HERE = Path(__file__).parent
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
#: Pixels: a card in a chat, and on a telephone.
DESKTOP, PHONE = 700, 320


class Client:
    """Somebody's Teams: one card, and what its buttons send."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(5000)
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, activity: Json, look: str = "light") -> list[str]:
        """Show the card of a message; return all that the library finds wrong with it."""
        (attached,) = activity["attachments"]
        found: list[str] = self.page.evaluate(
            "([card, look]) => show(card, look)", [attached["content"], look]
        )
        return found

    def press(self, title: str) -> Json | None:
        """Press a button; return what it sends, `None` where the client lets nothing through."""
        self.page.evaluate("pressed.length = 0")
        self.page.get_by_role("button", name=title, exact=True).click()
        sent: list[Any] = self.page.evaluate("pressed")
        return dict(sent[0]["data"]) if sent else None

    def labelled(self, label: str) -> Locator:
        """Return the input that is called so; what is required has a star behind its label."""
        return self.page.get_by_label(label)


@contextmanager
def browsing(chromium: Path) -> Iterator[Browser]:
    """A browser for as long as it is needed."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def teams(browser: Browser, modules: Path, *, width: int = DESKTOP) -> Iterator[Client]:
    """A client of this width; `modules` is where the library lies."""
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
    client = Client(context.new_page())
    client.page.set_content("<!doctype html><html lang=en><title>Teams</title><body></body></html>")
    client.page.add_style_tag(path=modules / "adaptivecards" / "dist" / "adaptivecards.css")
    client.page.add_style_tag(path=HERE / "cards.css")
    client.page.add_script_tag(path=modules / "markdown-it" / "dist" / "markdown-it.min.js")
    client.page.add_script_tag(path=modules / "adaptivecards" / "dist" / "adaptivecards.min.js")
    client.page.add_script_tag(path=HERE / "cards.js")
    yield client
    context.close()
