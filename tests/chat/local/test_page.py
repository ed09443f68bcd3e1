"""The page in a real browser: pressed, filled in and typed into, by hand and by keyboard only."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bot.core.actions import Action
from bot.core.replies import Filled, MessageRef, Pressed, Typed
from tests.chat import samples
from tests.chat.local.house import JO, House, running

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
DRAFT = "Saved: Prep for K7Q2."


@pytest.fixture(scope="module")
def browser(need_chromium: Path) -> Iterator[Browser]:
    with sync_playwright() as play:
        running_browser = play.chromium.launch(executable_path=need_chromium, args=QUIET)
        yield running_browser
        running_browser.close()


@dataclass(kw_only=True)
class Visit:
    """A person at the page, and what nobody should see: complaints of the browser, requests elsewhere."""

    house: House
    page: Page
    do: Callable[[Coroutine[Any, Any, Any]], Any]
    prep: MessageRef
    address: str
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(params=[LAPTOP], ids=["laptop"])
def visit(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    house = House()
    with running(house) as (address, do):
        prep = do(house.furnish())
        house.desk.redraw = lambda card: do(house.chat.update(prep, card))
        context = browser.new_context(viewport=request.param, reduced_motion="reduce")
        visit = Visit(house=house, page=context.new_page(), do=do, prep=prep, address=address)
        visit.page.set_default_timeout(10_000)
        visit.page.on("console", lambda said: visit.complaints.append(said.text))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("request", lambda asked: visit.requests.append(asked.url))
        visit.page.goto(address)
        yield visit
        context.close()
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(f"{address}/")] == []


on_a_phone = pytest.mark.parametrize("visit", [PHONE], indirect=True, ids=["phone"])


def card(page: Page, heading: str) -> Any:
    return page.locator("#messages article").filter(has=page.get_by_role("heading", name=heading, exact=True))


def test_it_opens_split_with_a_nurse_on_the_left_and_the_board_on_the_right(visit: Visit) -> None:
    page = visit.page

    expect(page.get_by_role("heading", name="Jo Park")).to_be_visible()
    expect(page.get_by_role("heading", name="#procedures")).to_be_visible()
    expect(page.locator(".row").filter(has_text="V3HN").get_by_text("Stop", exact=True)).to_be_visible()
    expect(page.get_by_text("Not for real patients: this page answers only on this machine.")).to_be_visible()
    left, right = page.locator("#phone").bounding_box(), page.locator("#panel").bounding_box()
    assert left and right and left["x"] + left["width"] <= right["x"]


def test_another_person_has_other_messages(visit: Visit) -> None:
    page = visit.page

    page.get_by_role("link", name="Dr Ali").click()

    expect(page.get_by_role("heading", name="Dr Ali Reza")).to_be_visible()
    expect(page.get_by_text("First date allowed: Mon 4 May 2026")).to_be_visible()
    expect(page.get_by_text("Home kit ready")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Dr Ali Reza")).to_be_visible()


def test_a_new_message_for_somebody_else_shows_at_their_face(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#face-sam")).not_to_have_class("face has-fresh")

    visit.do(visit.house.chat.send(samples.PREP, replace(JO, account="sam"), once="for sam"))

    expect(page.get_by_role("link", name="Sam , nurse , new messages")).to_be_visible()
    page.locator("#face-sam").click()
    expect(page.locator("#face-sam")).not_to_have_class("face has-fresh")


def test_a_pressed_button_is_answered_and_the_card_changes_by_itself(visit: Visit) -> None:
    page = visit.page

    card(page, "Your list · Mon 16 Feb").get_by_role("button", name="Confirm").click()

    expect(page.locator("#toast").get_by_text("Confirmed: Home kit ready.")).to_be_visible()
    expect(card(page, "Prep").get_by_text("Confirmed by Jo Park 08:46")).to_be_visible()
    assert [each.action for each in visit.house.desk.heard if isinstance(each, Pressed)] == [Action.CONFIRM]


def test_a_form_says_what_is_missing_at_its_fields_and_is_taken_when_it_is_right(visit: Visit) -> None:
    page = visit.page
    card(page, "Prep").get_by_role("button", name="Open the form").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("checkbox", name="Cold sore").check()

    sheet.get_by_role("button", name="Save").click()
    expect(sheet.get_by_text("Say how warm, such as 36.8.")).to_be_visible()
    expect(sheet.get_by_text("Choose yes or no.")).to_be_visible()
    expect(sheet.get_by_label("Temperature")).to_be_focused()
    expect(sheet.get_by_role("checkbox", name="Cold sore")).to_be_checked()

    sheet.get_by_label("Temperature").fill("36.8")
    sheet.get_by_role("radiogroup", name="Unwell today?").get_by_label("No").check()
    sheet.get_by_role("button", name="Save").click()

    expect(sheet).to_be_hidden()
    expect(page.locator("#toast").get_by_text(DRAFT)).to_be_visible()
    taken = [each for each in visit.house.desk.heard if isinstance(each, Filled)][-1]
    assert taken.entries["K7Q2:g.same_day_check:1:1"] == {
        "temperature": "36.8",
        "unwell": "no",
        "in_area": ("cold_sore",),
    }
    assert taken.revisions == {"K7Q2:g.same_day_check:1:1": 3, "K7Q2:abl.sun_day:1:1": 1}


def test_another_outcome_is_told_with_its_words(visit: Visit) -> None:
    page = visit.page
    card(page, "Prep").get_by_role("button", name="Open the form").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Temperature").fill("39.1")
    sheet.get_by_role("radiogroup", name="Unwell today?").get_by_label("Yes").check()

    sheet.get_by_text("Not as expected?").click()
    sheet.get_by_label("What is different, in one line").fill("fever since the morning")
    sheet.get_by_role("button", name="Problem").click()

    expect(sheet).to_be_hidden()
    taken = [each for each in visit.house.desk.heard if isinstance(each, Filled)][-1]
    assert (taken.outcome, taken.note) == ("problem", "fever since the morning")


def test_a_live_change_keeps_a_half_filled_form_its_focus_and_an_open_why(visit: Visit) -> None:
    page = visit.page
    page.locator("#m3-1-why summary").click()
    card(page, "Prep").get_by_role("button", name="Open the form").click()
    field_in_hand = page.get_by_role("dialog").get_by_label("Temperature")
    field_in_hand.fill("36.")

    visit.do(visit.house.chat.update(visit.prep, replace(samples.PREP, heading="Prep, changed")))
    visit.do(visit.house.chat.nudge(visit.prep, "Four lines are still open.", once="nudge"))

    expect(page.locator("#messages").get_by_text("Four lines are still open.")).to_have_count(1)
    expect(page.locator(f"#m{visit.prep.message}").get_by_text("Prep, changed")).to_have_count(1)
    expect(field_in_hand).to_have_value("36.")
    expect(field_in_hand).to_be_focused()
    expect(page.get_by_text("Starting on the morning of treatment worked as well")).to_have_count(1)
    assert page.locator("#m3-1-why").get_attribute("open") is not None


def test_what_was_filled_in_is_not_lost_by_one_escape(visit: Visit) -> None:
    page = visit.page
    card(page, "Prep").get_by_role("button", name="Open the form").click()
    page.get_by_role("dialog").get_by_label("Temperature").fill("36.8")

    page.keyboard.press("Escape")

    expect(page.get_by_text("What you filled in is not saved.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("dialog").get_by_label("Temperature")).to_have_value("36.8")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert not any(isinstance(each, Filled) for each in visit.house.desk.heard)


def test_a_form_whose_answer_stops_the_procedure_is_taken_and_over(visit: Visit) -> None:
    page = visit.page
    card(page, "Prep").get_by_role("button", name="Open the form").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Temperature").fill("39")
    sheet.get_by_role("radiogroup", name="Unwell today?").get_by_label("No").check()

    sheet.get_by_role("button", name="Save").click()

    expect(sheet).to_be_hidden()
    expect(page.locator("#toast").get_by_text("Needs the physician: temperature 39.")).to_be_visible()


def test_a_typed_undo_goes_to_the_card_that_was_answered_last(visit: Visit) -> None:
    page = visit.page
    box = page.get_by_label("Reply or command")
    card(page, "Your list · Mon 16 Feb").get_by_role("button", name="Reply").click()
    box.fill("all ok")
    box.press("Enter")
    expect(page.get_by_text("To: Prep")).to_be_visible()

    box.fill("undo")
    box.press("Enter")
    expect(page.locator(".whisper").get_by_text("Noted: undo")).to_be_visible()

    said = [each for each in visit.house.desk.heard if isinstance(each, Typed)]
    assert [each.message and each.message.message for each in said] == ["3", "3"]


def test_a_typed_reply_goes_to_the_newest_card_or_to_the_one_that_was_picked(visit: Visit) -> None:
    page = visit.page
    box = page.get_by_label("Reply or command")
    expect(page.get_by_text("To: Prep")).to_be_visible()

    box.fill("2 na no medicines")
    box.press("Enter")
    expect(page.locator(".whisper").get_by_text("Noted: 2 na no medicines")).to_be_visible()
    card(page, "Your list · Mon 16 Feb").get_by_role("button", name="Reply").click()
    box.fill("all ok")
    box.press("Enter")
    expect(page.locator(".whisper").get_by_text("Noted: all ok")).to_be_visible()

    visit.do(visit.house.chat.nudge(visit.prep, "Four lines are still open.", once="nudge"))
    expect(page.locator("#messages").get_by_text("Four lines are still open.")).to_be_visible()
    expect(page.locator(".whisper")).to_have_count(4)
    said = [each for each in visit.house.desk.heard if isinstance(each, Typed)]
    assert [(each.text, each.message and each.message.message) for each in said] == [
        ("2 na no medicines", visit.prep.message),
        ("all ok", "3"),
    ]


def test_a_typed_command_opens_what_was_asked_for(visit: Visit) -> None:
    page = visit.page
    box = page.get_by_label("Reply or command")

    box.fill("status")
    box.press("Enter")

    expect(page.get_by_role("dialog").get_by_text("Isotretinoin: last dose 3 Nov 2025")).to_be_visible()


def test_what_is_pressed_proposes_an_urgency_and_chooses_none(visit: Visit) -> None:
    page = visit.page
    box = page.get_by_label("Reply or command")
    box.fill("event K7Q2")
    box.press("Enter")
    sheet = page.get_by_role("dialog")
    proposed = sheet.locator(".proposed")

    sheet.get_by_label("Grouped blisters").check()
    expect(proposed).to_have_text("What is pressed speaks for: Physician within 1 hour, seen today.")
    sheet.get_by_label("High fever").check()
    expect(proposed).to_have_text("What is pressed speaks for: Emergency now.")
    sheet.get_by_label("High fever").uncheck()
    sheet.get_by_label("Grouped blisters").uncheck()
    sheet.get_by_text("1 sign of other days").click()
    sheet.get_by_label("Brown patches").check()

    expect(proposed).to_have_text("What is pressed speaks for: Physician within 24 to 48 hours.")
    expect(sheet.get_by_role("radio", checked=True)).to_have_count(0)
    assert page.evaluate("() => document.activeElement.closest('.rare') !== null")


def test_a_mistake_is_shown_to_who_made_it_and_the_words_are_kept(visit: Visit) -> None:
    page = visit.page
    box = page.get_by_label("Reply or command")

    box.fill("done")
    box.press("Enter")

    expect(
        page.locator(".whisper").get_by_text("Three lines are open. Say which: 1, 2 or 3.")
    ).to_be_visible()
    expect(box).to_have_value("done")
    page.get_by_role("link", name="Sam").click()
    expect(page.locator("#messages").get_by_text("Three lines are open.")).to_have_count(0)


def test_a_row_of_the_board_opens_its_case(visit: Visit) -> None:
    page = visit.page

    page.get_by_role("button", name="09:30 · K7Q2 · Room 2 · CO₂").click()

    expect(page.get_by_role("dialog").get_by_text("Cleared to come")).to_be_visible()


def test_the_clock_is_moved_and_the_day_played_and_paused(visit: Visit) -> None:
    page = visit.page
    visit.house.hands.prompts.append(
        lambda: visit.house.chat.send(replace(samples.PREP, heading="Room"), JO, once="room")
    )

    page.get_by_role("button", name="Next prompt").click()
    expect(page.locator(".hour")).to_have_text("08:55")
    expect(card(page, "Room")).to_be_visible()
    expect(page.get_by_text("messages to Jo: 3")).to_be_visible()
    page.get_by_role("button", name="+1 hour").click()
    expect(page.locator(".hour")).to_have_text("09:55")
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator(".date")).to_have_text("Tue 17 Feb 2026")

    page.get_by_role("button", name="Play the day").click()
    expect(page.get_by_text("09:00 Jo's list arrives.")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play the day")).to_be_visible()


def test_the_page_follows_again_when_the_server_was_away(visit: Visit) -> None:
    page = visit.page
    page.context.set_offline(True)
    page.get_by_role("button", name="+1 hour").click()
    expect(page.get_by_text("Bookend does not answer.")).to_be_visible()

    page.context.set_offline(False)
    page.get_by_role("button", name="+1 hour").click()

    expect(page.locator(".hour")).to_have_text("09:45")
    visit.complaints.clear()


def test_everything_can_be_done_by_keyboard_only(visit: Visit) -> None:
    page = visit.page
    keys = page.keyboard
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the reply box")).to_be_focused()
    keys.press("Enter")
    expect(page.get_by_label("Reply or command")).to_be_focused()

    card(page, "Prep").get_by_role("button", name="Open the form").focus()
    keys.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    keys.press("Tab")
    expect(sheet.locator("summary").first).to_be_focused()
    keys.press("Tab")
    expect(sheet.get_by_label("Temperature")).to_be_focused()
    keys.type("36.8")
    keys.press("Tab")
    keys.press("Space")
    for _ in range(40):
        assert page.evaluate("() => document.activeElement.closest('dialog') !== null")
        keys.press("Tab")
        if page.locator("button[type=submit]:focus").count():
            break
    keys.press("Enter")

    expect(sheet).to_be_hidden()
    expect(page.locator("#toast").get_by_text(DRAFT)).to_be_visible()
    taken = [each for each in visit.house.desk.heard if isinstance(each, Filled)][-1]
    assert taken.entries["K7Q2:g.same_day_check:1:1"] == {"temperature": "36.8", "unwell": "no"}
    expect(card(page, "Prep").get_by_role("button", name="Open the form")).to_be_focused()


@on_a_phone
def test_on_a_phone_one_half_is_shown_at_a_time_and_nothing_is_wider_than_the_screen(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("#phone")).to_be_visible()
    expect(page.locator("#panel")).to_be_hidden()

    page.get_by_role("button", name="#procedures").click()

    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("#phone")).to_be_hidden()
    assert page.evaluate("() => document.documentElement.scrollWidth") == PHONE["width"]


@on_a_phone
def test_every_button_on_a_phone_is_large_enough_for_a_gloved_finger(visit: Visit) -> None:
    page = visit.page
    card(page, "Prep").get_by_role("button", name="Open the form").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    sizes = page.evaluate(
        """() => [...document.querySelectorAll("button, summary, .option span, a.face, input[type=text]")]
            .filter((each) => each.checkVisibility() && !each.matches(".open"))
            .map((each) => [each.textContent.trim() || each.id, each.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.width < 47.9 || box.height < 47.9))
            .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    )
    assert sizes == []
