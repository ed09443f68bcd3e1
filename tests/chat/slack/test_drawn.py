"""The gallery: each card and form as it was looked at last, and nothing that Slack would refuse."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.core.kinds import CardKind
from tests.chat.slack import limits
from tests.chat.slack.draw_again import DRAWN, written
from tests.chat.slack.gallery.whole import Json, gallery

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


@pytest.mark.parametrize("size", ["smallest", "typical", "largest"])
def test_every_kind_of_card_is_in_the_gallery_at_every_size(size: str) -> None:
    names = {file.name.split(".")[0].split("-")[0] for file in FILES if file.name.split(".")[1] == size}

    assert {*CardKind, "decision", "board", "case", "retired", "nudge"} <= names


def test_the_gallery_stays_small() -> None:
    assert sum(file.stat().st_size for file in FILES) < 600_000
