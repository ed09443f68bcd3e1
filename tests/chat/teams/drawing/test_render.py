"""Cards as Teams shows them: inside its limits whatever they hold, and every word as text."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.teams.drawing.kit import CARD, MESSAGE, SIX, compact
from bot.chat.teams.drawing.render import drawn
from bot.core.actions import Button
from bot.core.messages import Card, Notice, Response
from tests.chat import boards, samples
from tests.chat.cards import any_board, case_views, decision_cards, notices, task_cards
from tests.chat.teams.drawing.seen import actions, elements, presses, words
from tests.examples import some

EVERYTHING = st.one_of(task_cards, decision_cards, any_board, case_views, notices)
SAMPLES = [samples.WORKLIST, samples.PREP, samples.DECISION, boards.BOARD, samples.CASE, samples.BOOKED]


def bare(button: Button) -> Button:
    return replace(button, label="", style="")


def offered(what: Card | Response) -> list[Button]:
    """Every button that the service put on a card."""
    lines = getattr(what, "lines", ())
    of_lines = [button for line in lines for button in getattr(line, "buttons", ())]
    return [bare(button) for button in [*getattr(what, "buttons", ()), *of_lines]]


@settings(max_examples=some(60))
@given(EVERYTHING, st.none() | notices, st.booleans())
def test_teams_takes_whatever_is_drawn(what: Card | Response, note: Notice | None, channel: bool) -> None:
    message = drawn(what, note=note, channel=channel)
    activity = message.activity("bookend_card:a")
    ids = Counter(each["id"] for each in elements(message.content) if "id" in each)

    assert len(actions(message)) <= SIX
    assert len(compact(activity).encode("utf-16-le")) // 2 <= MESSAGE
    assert len(compact(message.content).encode()) < CARD
    assert [name for name, count in ids.items() if count > 1] == []
    assert message.summary.strip() and message.content["fallbackText"].strip()


@settings(max_examples=some(60))
@given(task_cards)
def test_what_is_pressed_is_a_button_of_the_card_and_comes_back_whole(what: Card) -> None:
    pressed = presses(drawn(what))

    assert [button for button in pressed if button not in offered(what)] == []


@pytest.mark.parametrize("card", [samples.WORKLIST, samples.PREP, samples.DECISION, samples.CASE])
def test_every_button_of_a_usual_card_can_be_pressed(card: Card) -> None:
    assert Counter(presses(drawn(card))) == Counter(offered(card))


@pytest.mark.parametrize("card", SAMPLES, ids=lambda card: card.heading)
def test_every_button_is_also_one_that_older_clients_know(card: Card | Response) -> None:
    for action in actions(drawn(card)):
        old = action["fallback"]
        assert old["type"] == "Action.Submit"
        assert {name: old[name] for name in ("title", "data")} == {
            name: action[name] for name in ("title", "data")
        }


def test_hostile_words_are_read_as_they_are() -> None:
    card = drawn(samples.hostile())

    assert "<script>" in words(card)
    assert not any("<" in each["text"] for each in elements(card.content) if each["type"] == "TextBlock")
    assert json.loads(compact(card.activity()))
