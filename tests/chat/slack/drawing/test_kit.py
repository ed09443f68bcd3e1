"""How much a person reads in a block is counted without making what Slack takes of it."""

import json
from pathlib import Path

import pytest
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ImageBlock,
    ImageElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.chat.slack.drawing.kit import letters_in, letters_of
from tests.chat.slack.draw_again import DRAWN

SURE = ConfirmObject(title="Sure?", text="It cannot be undone.", confirm="Yes", deny="No")
ASKING = ButtonElement(text="Go", action_id="a", confirm=SURE)
PICTURE = ImageElement(image_url="https://clinic.example/a.png", alt_text="A")
SAID = MarkdownTextObject(text="Said")
ODD = [
    ActionsBlock(elements=[ASKING, ButtonElement(text="Stop", action_id="b")]),
    SectionBlock(text=SAID, accessory=ASKING),
    SectionBlock(text=SAID, accessory=PICTURE),
    SectionBlock(fields=["one", "two", "three"]),
    SectionBlock(text=SAID, fields=["one"]),
    ImageBlock(image_url=PICTURE.image_url, alt_text="A", title=PlainTextObject(text="A picture")),
]


@pytest.mark.parametrize("block", ODD, ids=lambda block: block.type)
def test_every_block_is_counted_as_slack_takes_it(block: Block) -> None:
    assert letters_of(block) == letters_in(block.to_dict()) > 0


def of(file: Path) -> list[Block]:
    """The blocks of a message or a form as it was looked at last."""
    return Block.parse_all(json.loads(file.read_text("utf-8"))["blocks"])


def test_all_that_is_ever_drawn_is_counted_as_slack_takes_it() -> None:
    blocks = [block for file in DRAWN.glob("*.json") for block in of(file)]

    counted = [letters_of(block) for block in blocks]

    assert counted == [letters_in(block.to_dict()) for block in blocks]
    assert sum(counted) > 10_000
