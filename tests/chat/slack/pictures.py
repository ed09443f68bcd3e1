"""Run by test_pictures.py where only loopback exists: the gallery in the stand-in's page, as people see it.

`BOOKEND_TEST_PICTURES=FOLDER pytest tests/chat/slack/test_pictures.py` keeps the pictures, each in the width
of a screen and of a telephone; BOOKEND_TEST_PICTURED, a part of a name, takes fewer.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, sync_playwright
from slack_sdk import WebClient

from tests.chat.slack.gallery import Json, gallery
from tests.service.clinic import CALENDAR
from tests.slack_standin import BOT_TOKEN, SlackStandIn, workspace

JO, CHANNEL = "U0JO", "C0CARDS"
#: The folder in which somebody wants to look at them.
KEPT = "BOOKEND_TEST_PICTURES"
#: Pixels: a window beside a sidebar, and a telephone.
WIDTHS = {"screen": 760, "phone": 390}
#: Pixels: the tallest form is taken whole.
HEIGHT = 8000
#: Fields of Slack that the stand-in does not know; it says so in red.
UNKNOWN = {"[number_input]", "[timepicker]", "[multi_static_select]"}
ALONE = ".topbar, .sidebar, .composer, .channel-header {display: none !important}"
MOMENT = re.compile(r"<!date\^(\d+)\^([^|>]*)\|[^>]*>")
#: Slack's own width of a form; and all of it, not the part that fits on a screen.
WHOLE = ".modal {width: min(520px, 96vw) !important} .modal, .modal-body {max-height: none !important}"


def as_read(given: Json) -> Json:
    """What a reader in the clinic's zone sees: the stand-in shows how moments are coded."""
    return dict(json.loads(MOMENT.sub(_written, json.dumps(given, ensure_ascii=False))))


def _written(found: re.Match[str]) -> str:
    at = datetime.fromtimestamp(int(found[1]), CALENDAR.zone)
    return found[2].replace("{time}", f"{at:%H:%M}").replace("{date_short_pretty}", f"{at:%b %-d, %Y}")


@contextmanager
def triggers() -> Iterator[tuple[str, list[str]]]:
    """An address for events, and the ids with which the people's commands let a form be opened."""
    found: list[str] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
            found.extend(said.get("trigger_id", ()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", found
        finally:
            server.shutdown()
            thread.join()


def of_message(page: Page, client: WebClient, given: Json, file: Path) -> set[str]:
    """Take a picture of a message, or of a Home as one; return what the page does not know."""
    sent = client.chat_postMessage(channel=CHANNEL, text=given.get("text", "Home"), blocks=given["blocks"])
    message = page.locator(f".msg[data-ts='{sent['ts']}']")
    message.screenshot(path=file)
    return {*message.locator(".bk-unknown").all_text_contents()}


def of_form(page: Page, client: WebClient, given: Json, file: Path, trigger: str) -> set[str]:
    """Take a picture of a form, as tall as it is; return what the page does not know."""
    client.views_open(trigger_id=trigger, view=given)
    form = page.locator(".modal")
    form.screenshot(path=file)
    unknown = {*form.locator(".bk-unknown").all_text_contents()}
    page.locator(".modal-x").dispatch_event("click")
    form.wait_for(state="detached")
    return unknown


def pictures(
    slack: SlackStandIn, page: Page, named: dict[str, Json], folder: Path, found: list[str]
) -> set[str]:
    """Take a picture of each in each width; return what the page does not know."""
    client = WebClient(BOT_TOKEN, base_url=slack.api_url)
    slack.command(JO, "/bookend", channel=CHANNEL)
    unknown: set[str] = set()
    widths = WIDTHS if KEPT in os.environ else {"screen": WIDTHS["screen"]}
    for size, width in widths.items():
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.goto(slack.api_url.removesuffix("api/"))
        page.add_style_tag(content=ALONE + WHOLE)
        for name, given in ((name, as_read(each)) for name, each in named.items()):
            file = folder / f"{name}.{size}.png"
            if given.get("type") == "modal":
                unknown |= of_form(page, client, given, file, found[-1])
            else:
                unknown |= of_message(page, client, given, file)
    return unknown


def test_every_card_and_form_is_drawn(
    need_slack_standin: Path, need_chromium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if "proxy" in name.lower()]:
        monkeypatch.delenv(name)
    folder = Path(os.environ.get(KEPT, tmp_path))
    wanted = os.environ.get("BOOKEND_TEST_PICTURED", "")
    named = {name: given for name, given in gallery().items() if wanted in name}
    folder.mkdir(exist_ok=True)

    with (
        triggers() as (url, found),
        workspace(
            need_slack_standin, people={JO: "jo"}, channels={CHANNEL: "cards"}, events_url=url
        ) as slack,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=need_chromium, args=["--no-sandbox"])
        unknown = pictures(slack, browser.new_page(), named, folder, found)
        browser.close()

    assert unknown <= UNKNOWN
    assert {*named} <= {file.name.removesuffix(".screen.png") for file in folder.glob("*.screen.png")}
