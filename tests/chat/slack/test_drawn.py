"""The gallery: each card and form as it was looked at last, and nothing that Slack would refuse.

The usual days in it are played by the real service, some twenty of them, which takes two or three seconds.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.chat.slack.drawing.carried import FORM, SCREEN
from bot.core.kinds import CardKind
from tests.chat.slack import limits
from tests.chat.slack.draw_again import DRAWN, written
from tests.chat.slack.gallery import Json, gallery

FILES = sorted(DRAWN.glob("*.json"))
SCHEMA = Path(__file__).with_name("block_kit.schema.json")
AGAIN = "Look at what changed, then draw it again: python -m tests.chat.slack.draw_again"


@cache
def schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def given(file: Path) -> Json:
    return dict(json.loads(file.read_text("utf-8")))


def refused_by_the_schema(what: Json) -> list[str]:
    """What Slack's reference forbids, for what it is: a message or a form."""
    kind = what.get("type", "message")
    part = schema().evolve(schema={**schema().schema, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})
    return [error.message for error in part.iter_errors(what)]


def refused_by_the_sdk(what: Json) -> list[str]:
    """What Slack's own models find wrong."""
    try:
        if "type" in what:
            View(**what).validate_json()
        for block in Block.parse_all(what["blocks"]):
            block.validate_json()
    except Exception as problem:
        return [str(problem)]
    return []


def refused_by_our_rules(what: Json) -> list[str]:
    """What neither of them knows."""
    return limits.of_view(what) if "type" in what else limits.of_message(what["text"], what["blocks"])


def test_every_card_and_form_is_drawn_as_it_was_looked_at_last() -> None:
    now = {f"{name}.json": written(what) for name, what in gallery().items()}
    then = {file.name: file.read_text("utf-8") for file in FILES}

    changed = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))

    assert changed == [], AGAIN


@pytest.mark.parametrize("refused", [refused_by_the_schema, refused_by_the_sdk, refused_by_our_rules])
def test_slack_takes_every_card_and_form(refused: Any) -> None:
    assert {file.stem: found for file in FILES if (found := refused(given(file)))} == {}


def cut(what: Json) -> list[str]:
    return [text for text in limits.words(what["blocks"]) if "…" in text]


def doors(what: Json) -> list[str]:
    pressed = (each["action_id"] for block in what["blocks"] for each in limits.elements(block))
    return [action for action in pressed if action.startswith(SCREEN)]


def test_what_is_cut_in_a_message_can_be_read_whole_behind_a_button() -> None:
    #: one line each, as long as Slack takes it
    lines = ("nudge.largest.json", "retired.largest.json")
    messages = {file.name: given(file) for file in FILES if file.name not in lines}
    shortened = {name: what for name, what in messages.items() if "text" in what and cut(what)}

    assert [name for name, what in shortened.items() if not doors(what)] == []
    assert {"worklist.largest.json", "case.largest.json", "notice.largest.json"} <= shortened.keys()


def test_a_form_cuts_no_words_but_those_that_stand_whole_beside_them() -> None:
    forms = {file.name: given(file) for file in FILES if given(file).get("callback_id") == FORM}

    found = {name: [text for text in cut(what) if not _whole(text, what)] for name, what in forms.items()}

    assert {name: texts for name, texts in found.items() if texts} == {}


def _whole(text: str, what: Json) -> bool:
    """Whether what is left of a text begins another one."""
    others = [line.lstrip("•* ") for each in limits.words(what["blocks"]) for line in each.split("\n")]
    return sum(each.startswith(text.removesuffix("…")) for each in others) > 1


@pytest.mark.parametrize("size", ["smallest", "typical", "largest"])
def test_every_kind_of_card_is_in_the_gallery_at_every_size(size: str) -> None:
    names = {file.name.split(".")[0].split("-")[0] for file in FILES if file.name.split(".")[1] == size}

    assert {*CardKind, "decision", "board", "case", "retired", "nudge", "home", "screen"} <= names


def test_the_gallery_stays_small() -> None:
    assert sum(file.stat().st_size for file in FILES) < 750_000
