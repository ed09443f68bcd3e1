"""What comes back from a card: the very button that stood there, or a word on why it counts for nothing."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.teams.drawing.carried import (
    KEY,
    WHICH,
    Screen,
    button_of,
    choosing,
    filling,
    form_of,
    pressing,
    screen_of,
    turning,
)
from bot.core.actions import Action, Button
from bot.core.errors import Refused
from tests.chat.cards import buttons

ANSWER = Button(action=Action.FORM, label="", tasks=("K7Q2:g.a:1:1",), revision=3)
CONFIRM = Button(action=Action.CONFIRM, label="", tasks=("M4XD:g.b:1:1",), revision=1)
#: Whatever a client could send in a button's place.
json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
)
odd = st.one_of(
    json,
    st.dictionaries(st.sampled_from(["press", "choose", "screen", "form"]), json),
)


@given(buttons)
def test_a_button_comes_back_as_it_was_drawn(button: Button) -> None:
    assert button_of(pressing(button)) == replace(button, label="", style="")


def test_a_press_for_what_is_chosen_is_the_button_that_stood_there() -> None:
    carried = choosing({0: ANSWER, 3: CONFIRM})

    assert button_of({**carried, WHICH: "0"}) == ANSWER
    assert button_of({**carried, WHICH: "3"}) == CONFIRM


@pytest.mark.parametrize(
    ("chosen", "why"), [({}, "Choose an item"), ({WHICH: ""}, "Choose an item"), ({WHICH: "1"}, "no such")]
)
def test_where_nothing_is_chosen_that_has_this_button_nothing_is_changed(
    chosen: dict[str, str], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        button_of({**choosing({0: ANSWER, 3: CONFIRM}), **chosen})


@pytest.mark.parametrize("screen", [Screen(), Screen(word="case", about="K7Q2", page=4)])
def test_a_screen_comes_back_as_it_was(screen: Screen) -> None:
    assert screen_of(turning(screen)) == screen


def test_a_form_comes_back_as_it_was() -> None:
    assert form_of(filling({"tasks": ["K7Q2:g.a:1:1"]})) == {"tasks": ["K7Q2:g.a:1:1"]}


def test_each_is_told_from_the_others() -> None:
    carried = (pressing(ANSWER), turning(Screen()), filling({}))

    assert [button_of(each) is None for each in carried] == [False, True, True]
    assert [screen_of(each) is None for each in carried] == [True, False, True]
    assert [form_of(each) is None for each in carried] == [True, True, False]


@given(odd)
def test_of_what_we_never_sent_nothing_counts(found: Any) -> None:
    for read in (button_of, screen_of, form_of):
        try:
            read({KEY: found, WHICH: "0"})
        except Refused as refused:
            assert "Nothing was changed" in str(refused)


@pytest.mark.parametrize("data", [{}, {KEY: None}, {KEY: "press"}, {KEY: {"other": 1}}, {WHICH: "0"}])
def test_a_card_of_another_version_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="another version"):
        button_of(data)
