"""Run by test_pictures.py where only loopback exists: the README's pictures of Slack, of a real day.

The unmodified `bookend serve` works for an invented clinic in the stand-in's page; what is pictured is what
its nurse and its manager see there. `BOOKEND_TEST_PICTURES=FOLDER pytest tests/chat/slack/test_pictures.py -k
readme` keeps `slack-nurse.png` and `slack-manager.png`, to be put into `.github/`.
"""

from __future__ import annotations

import base64
import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from bot.clock import WallClock
from tests.chat.slack.hands import BOARD, Hands
from tests.chat.slack.pictures import KEPT
from tests.chat.slack.serve_day import (
    HERE,
    JO,
    KIT,
    MAX,
    ROBIN,
    a_form_is_mended,
    a_patient_is_booked,
    a_stop_is_decided,
    a_thread_answers,
    furnished,
    she_is_treated,
)
from tests.chat.slack.staff import CHANNELS, STAFF
from tests.serving import in_slack, serving
from tests.slack_standin import workspace

#: Pixels: a telephone, and a channel beside Slack's sidebar.
PHONE, CHANNEL = 390, 760
#: What was said to one person alone is left out: the stand-in shows it to everybody.
ALONE = """
.topbar, .sidebar, .composer, .channel-header, .msg-hover-actions {display: none !important}
.app, .body, .main, .messages {display: block !important; height: auto !important}
.app, .body, .main, .messages {overflow: visible !important}
.modal {width: 100% !important; max-height: none !important; box-shadow: none !important}
.modal-body {max-height: none !important}
.msg:hover {background: none !important}
.msg:has(.badge-eph) {display: none !important}
"""
#: What Slack makes of a coded moment for a reader in the clinic: the stand-in shows its code.
AS_READ = """zone => {
  const day = at => at.toLocaleDateString("en-CA", {timeZone: zone});
  const near = {[-1]: "yesterday", 0: "today", 1: "tomorrow"};
  const written = (_, seconds, how) => {
    const at = new Date(seconds * 1000), away = (new Date(day(at)) - new Date(day(new Date()))) / 864e5;
    const date = at.toLocaleDateString("en-US", {timeZone: zone, dateStyle: "medium"});
    const time = at.toLocaleTimeString("en-GB", {timeZone: zone, timeStyle: "short"});
    return how.replace("{time}", time).replace("{date_short_pretty}", near[away] ?? date);
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode())
    texts.currentNode.data = texts.currentNode.data.replace(/<!date\\^(\\d+)\\^([^|>]*)\\|[^>]*>/g, written);
}"""
BESIDE = """<body style="margin: 0; background: #e8e8e8">
<div style="display: inline-flex; gap: 24px; padding: 24px; align-items: flex-start">{}</div></body>"""
SHEET = """<img style="width: {}px; border-radius: 12px" src="data:image/png;base64,{}">"""


def one_is_treated(hands: Hands) -> str:
    """One patient is treated, another comes tomorrow; return the code of the first."""
    first = a_patient_is_booked(hands)
    hands.sees(JO, "Skin exam")
    a_form_is_mended(hands)
    a_stop_is_decided(hands)
    a_thread_answers(hands, first)
    she_is_treated(hands, first)
    hands.press(MAX, "Finish")
    hands.sees(JO, "Aftercare told")
    tomorrow = WallClock().now().astimezone(HERE) + timedelta(days=1)
    with hands.told(ROBIN, "into your appointment book") as heard:
        hands.slack.command(
            ROBIN, "/bookend", f"new glow {tomorrow:%Y-%m-%d} 11:30 room-2 max", channel=BOARD
        )
    hands.sees(JO, heard[-1].partition(". Write ")[0].rpartition(" ")[2])
    return first


def two_need_somebody(hands: Hands, first: str) -> None:
    """Whoever was treated calls with a complication, and somebody at the desk is not who was booked."""
    stranger = a_patient_is_booked(hands)
    hands.press(ROBIN, "Arrived")
    hands.press(ROBIN, "Answer", "Identity")
    with hands.told(ROBIN, "Identity at arrival"):
        assert hands.fill(ROBIN, both_match="no") == {}
    with hands.told(JO, "complication reported"):
        hands.slack.command(JO, "/bookend", f"event {first} urgent", channel=BOARD)
    hands.sees(BOARD, "1 complication", "1 stop", stranger)


def seen_by(browser: Browser, url: str, who: str, where: str, width: int) -> Page:
    """Open a conversation as somebody, in a window as wide as their screen."""
    page = browser.new_page(device_scale_factor=2, viewport={"width": 1200, "height": 900})
    page.goto(url)
    page.locator(".actas select").select_option(who)
    page.locator(".sidebar-item", has_text=where).first.click()
    page.set_viewport_size({"width": width, "height": 6000})
    page.add_style_tag(content=ALONE)
    page.evaluate(AS_READ, HERE.key)
    return page


def beside(browser: Browser, width: int, *shots: bytes) -> bytes:
    """Lay pictures side by side, as two telephones on a table."""
    page = browser.new_page(device_scale_factor=2)
    sheets = (SHEET.format(width, base64.b64encode(shot).decode()) for shot in shots)
    page.set_content(BESIDE.format("".join(sheets)))
    return page.locator("div").screenshot()


def test_the_readmes_pictures(
    need_slack_standin: Path, need_chromium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if "proxy" in name.lower()]:
        monkeypatch.delenv(name)
    folder = Path(os.environ.get(KEPT, tmp_path))
    with (
        workspace(need_slack_standin, people=STAFF, channels=CHANNELS) as slack,
        serving(tmp_path, furnished(tmp_path) | in_slack(slack.api_url)),
        sync_playwright() as playwright,
    ):
        hands = Hands(slack)
        first = one_is_treated(hands)
        browser = playwright.chromium.launch(executable_path=need_chromium, args=["--no-sandbox"])
        url = slack.api_url.removesuffix("api/")
        page = seen_by(browser, url, JO, "jo", PHONE)
        nurse = page.locator(".messages").screenshot()
        hands.press(JO, "Answer", "Medication disclosure")
        page.locator(".modal").wait_for()
        form = page.locator(".modal").screenshot()
        page.locator(".modal-x").dispatch_event("click")
        two_need_somebody(hands, first)
        page = seen_by(browser, url, KIT, "procedures", CHANNEL)
        # a clinic that never closes has its huddle at an hour that nobody would believe
        page.locator(".msg", has_text="Hello, I am Bookend").evaluate("hello => hello.remove()")
        (folder / "slack-manager.png").write_bytes(page.locator(".messages").screenshot())
        (folder / "slack-nurse.png").write_bytes(beside(browser, PHONE, nurse, form))
        browser.close()

    for name in ("slack-nurse.png", "slack-manager.png"):
        assert (folder / name).stat().st_size > 50_000
