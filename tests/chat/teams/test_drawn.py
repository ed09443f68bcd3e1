"""The gallery: each card and form as it was looked at last, and nothing that Teams would refuse.

The usual days in it are played by the real service, some twenty of them, which takes two or three seconds.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.core.kinds import CardKind
from tests.chat.teams import limits
from tests.chat.teams.client import elements
from tests.chat.teams.draw_again import DRAWN, written
from tests.chat.teams.gallery import Json, gallery
from tests.examples import some_of

FILES = sorted(DRAWN.glob("*.json"))
SCHEMA = Path(__file__).with_name("adaptive_card.schema.json")
AGAIN = "Look at what changed, then draw it again: python -m tests.chat.teams.draw_again"


@cache
def schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))


def given(file: Path) -> Json:
    return dict(json.loads(file.read_text("utf-8")))


def refused_by_the_schema(what: Json) -> list[str]:
    """What Microsoft's reference forbids, or what we do not draw with."""
    return [f"{error.json_path}: {error.message}" for error in schema().iter_errors(what)]


def test_every_card_and_form_is_drawn_as_it_was_looked_at_last() -> None:
    now = {f"{name}.json": written(what) for name, what in gallery().items()}
    then = {file.name: file.read_text("utf-8") for file in FILES}

    changed = sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))

    assert changed == [], AGAIN


@pytest.mark.parametrize("refused", [refused_by_the_schema, limits.of_message], ids=["schema", "rules"])
def test_teams_takes_every_card_and_form(refused: Any) -> None:
    # the schema takes its time
    files = some_of(FILES) if refused is refused_by_the_schema else FILES

    assert {file.stem: found for file in files if (found := refused(given(file)))} == {}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema().schema)


@pytest.mark.parametrize("size", ["smallest", "typical", "largest"])
def test_every_kind_of_card_is_in_the_gallery_at_every_size(size: str) -> None:
    names = {file.name.split(".")[0].split("-")[0] for file in FILES if file.name.split(".")[1] == size}

    assert {*CardKind, "decision", "board", "case", "retired", "nudge", "screen"} <= names


def test_every_kind_of_input_is_in_the_gallery() -> None:
    found = {each["type"] for file in FILES for each in elements(given(file)) if "Input." in each["type"]}

    kinds = {"Text", "Number", "Date", "Time", "ChoiceSet"}
    assert found == {f"Input.{kind}" for kind in kinds}


def test_the_gallery_stays_small() -> None:
    assert sum(file.stat().st_size for file in FILES) < 1_150_000
