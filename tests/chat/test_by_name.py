"""Where names may stand, it is the body of a card, and never where it rings or nobody sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.chat.spoken import spoken
from bot.core.messages import Home
from tests.chat.gallery.a_day import Page
from tests.chat.gallery.by_name import NAME, shown
from tests.chat.gallery.edges import line
from tests.chat.gallery.whole import scenes
from tests.chat.slack import gallery as slack
from tests.chat.teams import gallery as teams

Json = dict[str, Any]
#: By platform, where the words of a card stand; all else is a notification, a button, or seen by nobody.
BODY = {"slack": ("blocks",), "teams": ("body",)}
#: Inside of a body, what is no words to be read there.
NO_WORDS = (
    "value",
    "action_id",
    "block_id",
    "url",
    "data",
    "verb",
    "id",
    "accessibility_label",
    "tooltip",
)
DRAWN: dict[str, dict[str, Json]] = {"slack": slack.gallery(), "teams": teams.gallery()}
NAMED = [
    (platform, name)
    for platform, found in DRAWN.items()
    for name in found
    if "-by-name.typical" in name or "-by-name.largest" in name
]

#: A screen and Home ring nowhere.
RINGS = [name for name, what in scenes().items() if "-by-name" in name and not isinstance(what, Page | Home)]


def body(what: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(what, dict):
        for name, value in what.items():
            if name in keys:
                yield value
            else:
                yield from body(value, keys)
    elif isinstance(what, list):
        for each in what:
            yield from body(each, keys)


def without(what: Any, keys: tuple[str, ...]) -> Any:
    """What is left of a message where these are taken out."""
    if isinstance(what, dict):
        return {name: without(value, keys) for name, value in what.items() if name not in keys}
    return [without(each, keys) for each in what] if isinstance(what, list) else what


def words(what: Any) -> str:
    return json.dumps(what, ensure_ascii=False)


@pytest.mark.parametrize(("platform", "name"), NAMED)
def test_a_name_stands_in_the_body_alone(platform: str, name: str) -> None:
    message = DRAWN[platform][name]

    assert "Zebrafinch" in words([without(each, NO_WORDS) for each in body(message, BODY[platform])])
    assert "Zebrafinch" not in words(without(message, BODY[platform]))
    unseen = [*body(message, NO_WORDS)]
    assert "Zebrafinch" not in words(unseen)


@pytest.mark.parametrize("name", RINGS)
def test_what_a_locked_telephone_shows_is_the_same_with_and_without_names(name: str) -> None:
    what, strict = scenes()[name], scenes()[name.replace("-by-name", "")]
    assert not isinstance(what, Page | Home | str) and not isinstance(strict, Page | Home | str)

    assert spoken(what, 4000) == spoken(strict, 4000)


@pytest.mark.parametrize("platform", BODY)
def test_the_code_stands_before_the_name_also_where_both_have_little_room(platform: str) -> None:
    crowded = words(DRAWN[platform]["worklist-by-name.largest"])

    assert crowded.count("K7Q2 · Zebrafinch") > 10


@pytest.mark.parametrize("name", [name for name in DRAWN["slack"] if name.endswith("-by-name.largest")])
def test_whatever_stands_in_a_name_is_text(name: str) -> None:
    drawn = words(DRAWN["slack"][name])

    assert "&lt;!channel&gt;" in drawn
    assert "<!channel>" not in drawn and "<https://a.b" not in drawn


def test_a_name_is_in_no_words_that_an_error_could_show() -> None:
    card = shown(scenes()["prep.typical"], NAME)

    assert NAME not in repr(card) and NAME not in repr(shown(scenes()["board.typical"], NAME))
    assert "who=" not in repr(line(1))
