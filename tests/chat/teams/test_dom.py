"""Cards in a browser by Microsoft's own library: nothing is found wrong, and what is filled in comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.chat.teams.drawing.asked import Asked, Does, Opening
from bot.chat.teams.drawing.carried import button_of
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.kit import Drawn
from bot.chat.teams.drawing.render import drawn
from bot.chat.teams.drawing.returned import filled
from bot.core.case import Outcome
from bot.core.kinds import Catch
from bot.core.messages import Notice
from bot.core.replies import MessageRef
from tests.chat import samples
from tests.chat.cards import NASTY
from tests.chat.teams.client import Json, sent
from tests.chat.teams.dom import Client, browsing, teams
from tests.chat.teams.test_drawn import FILES, given

JO, ONCE = "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "a:jo/1700000000001"
CHECK, SUN = (part.task for part in samples.FORM.parts)
HERE = Opening(at=MessageRef(platform="teams", channel="a:jo", message="1700000000001"))


@pytest.fixture(scope="module")
def browser(need_chromium: Path, need_adaptive_cards: Path) -> Iterator[Browser]:
    with browsing(need_chromium) as running:
        yield running


@pytest.fixture
def client(browser: Browser, need_adaptive_cards: Path) -> Iterator[Client]:
    with teams(browser, need_adaptive_cards) as running:
        yield running
        assert running.complaints == []


def shown(client: Client, what: Drawn) -> None:
    assert client.show(what.activity()) == []


def fill(client: Client) -> None:
    """Fill in the form of the samples, input by input."""
    client.labelled("Same-day check: Temperature (°C)").fill("36.8")
    client.page.get_by_role("radio", name="Unwell today? No").check()
    client.page.get_by_role("checkbox", name="Pus or infection").check()
    client.page.get_by_role("checkbox", name="Open wound").check()
    client.page.get_by_role("radio", name="Yes", exact=True).last.check()
    client.labelled("Last unprotected sun").fill("2027-01-02")
    client.labelled("Looked at").fill("09:05")
    client.labelled("Remark").fill("fine & <well>, *all*")


ANSWERS = {
    CHECK: {"temperature": "36.8", "unwell": "no", "in_area": ("pus", "wound")},
    SUN: {
        "visible_tan": "yes",
        "last_sun": "2027-01-02",
        "seen_at": "09:05",
        "remark": "fine & <well>, *all*",
    },
}


def test_the_library_finds_nothing_wrong_with_any_card_or_form(client: Client) -> None:
    assert {file.stem: wrong for file in FILES if (wrong := client.show(given(file)))} == {}


@pytest.mark.parametrize(
    ("part", "finds"),
    [
        ({"type": "Nonsense"}, "UnknownElementType"),
        ({"type": "Input.Text", "id": "a", "isRequired": True}, "RequiredInputsShouldHaveLabel"),
        ({"type": "TextBlock", "text": "a", "color": "purple"}, "InvalidPropertyValue"),
        ({"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "a"}] * 7}, "TooManyActions"),
    ],
)
def test_the_library_says_what_is_wrong(client: Client, part: Json, finds: str) -> None:
    content = {"type": "AdaptiveCard", "version": "1.5", "body": [part]}

    assert finds in str(client.show({"attachments": [{"content": content}]}))


def test_what_is_filled_in_comes_back_as_it_was_meant(client: Client) -> None:
    shown(client, form(samples.FORM, opening=HERE))
    fill(client)

    data = client.press("Save")

    assert data is not None
    assert filled(data, JO, ONCE).entries == ANSWERS


def test_the_client_of_our_quick_tests_sends_the_same(client: Client) -> None:
    asked = form(samples.FORM, opening=HERE)
    shown(client, asked)
    fill(client)
    answers = {"temperature": "36.8", "unwell": "no", "in_area": "pus,wound", "visible_tan": "yes"}
    answers |= {"last_sun": "2027-01-02", "seen_at": "09:05", "remark": "fine & <well>, *all*"}

    assert client.press("Save") == sent(asked, "Save", **answers)
    assert client.press("Back") == sent(asked, "Back")


def test_what_is_required_is_asked_for_before_anything_is_sent(client: Client) -> None:
    shown(client, form(samples.FORM, opening=HERE))

    assert client.press("Save") is None
    assert client.page.get_by_text("Please fill in: Temperature").is_visible()
    assert client.page.get_by_text("Please choose: Unwell today?").is_visible()


@pytest.mark.parametrize(
    ("title", "does", "outcome"),
    [
        ("Not applicable", Does.DIFFERS, Outcome.NOT_APPLICABLE),
        ("Problem", Does.DIFFERS, Outcome.PROBLEM),
        ("Back", Does.BACK, Outcome.CONFIRMED),
        ("Open in a window", Does.WINDOW, Outcome.CONFIRMED),
    ],
)
def test_whoever_leaves_a_form_need_not_fill_it_in(
    client: Client, title: str, does: Does, outcome: Outcome
) -> None:
    shown(client, form(samples.FORM, opening=HERE))

    asked = Asked.of(client.press(title) or {})

    assert asked is not None
    assert (asked.does, asked.outcome, asked.opening) == (does, outcome, HERE)


def test_what_was_caught_is_told_with_the_answers_that_were_given_before_it(client: Client) -> None:
    shown(client, form(samples.FORM, opening=HERE))
    fill(client)
    kept = client.press("Caught & fixed")
    assert kept is not None
    shown(client, form(samples.FORM, opening=HERE, outcome=Outcome.CAUGHT, kept=kept))
    client.page.get_by_role("radio", name="Device or room").check()
    client.labelled("What is different, in one line").fill("lens, changed")

    data = client.press("Caught & fixed")

    found = filled(data or {}, JO, ONCE)
    assert (found.outcome, found.caught, found.note) == (Outcome.CAUGHT, Catch.DEVICE, "lens, changed")
    assert found.entries == ANSWERS


def test_what_is_chosen_behind_the_fold_comes_back_even_when_it_is_shut_again(client: Client) -> None:
    shown(client, form(samples.TRIAGE, opening=HERE))
    rare = client.page.get_by_role("checkbox", name="Brown patches")
    assert not rare.is_visible()
    fold = client.page.get_by_role("button", name="Show or hide 1 rarer ones")
    fold.click()
    rare.check()
    fold.click()
    assert not rare.is_visible()
    client.page.get_by_role("checkbox", name="High fever").check()
    client.page.get_by_role("radio", name="Urgent").check()

    (entry,) = filled(client.press("Save") or {}, JO, ONCE).entries.values()

    assert entry == {"symptoms": ("high_fever", "brown_patches"), "urgency": "urgent"}


def test_in_a_dialog_the_same_answers_come_back(client: Client) -> None:
    shown(client, form(samples.FORM, opening=HERE, dialog=True))
    fill(client)

    assert filled(client.press("Save") or {}, JO, ONCE).entries == ANSWERS


def test_a_press_on_a_card_is_the_button_that_was_drawn(client: Client) -> None:
    shown(client, drawn(samples.DECISION))

    button = button_of(client.press("Postpone") or {})

    assert button is not None
    assert (button.action, button.tasks, button.value) == (
        samples.DECISION.buttons[0].action,
        samples.DECISION.buttons[0].tasks,
        "postpone",
    )


@pytest.mark.parametrize("words", [*NASTY, samples.HOSTILE])
def test_no_words_of_a_person_become_anything_but_words(client: Client, words: str) -> None:
    shown(client, drawn(Notice(text=f"A {words}", heading=f"B {words}", lines=(f"C {words}",))))

    made = client.page.evaluate(
        "document.querySelectorAll('body :is(a, em, strong, ul, ol, img, script, .at)').length"
    )
    assert made == 0
