"""Home as Slack shows it: a pure function of what somebody sees first. Of a patient it says the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, DividerBlock
from slack_sdk.models.views import View

from bot.chat.buttons import packed
from bot.chat.slack.drawing.carried import HOME, Screen
from bot.chat.slack.drawing.kit import PARAGRAPH, Piece, buttons, door, head, laid, safe, section
from bot.chat.slack.drawing.modal import BLOCKS
from bot.chat.slack.drawing.paging import Room, pages, parts
from bot.chat.slack.drawing.pieces import Content, content
from bot.chat.slack.drawing.screens import note
from bot.chat.slack.drawing.zones import zoned
from bot.core.messages import Home, Notice

#: What one's own list and the board have room for; the rest is behind a button.
ROOM = Room(pieces=16, blocks=28, letters=5000)


def drawn_home(home: Home, said: Notice | None = None) -> dict[str, Any]:
    """Draw Home: what waits with its buttons, what comes later, doors, the board; `said` just happened."""
    return _view(
        [
            *head(home.heading),
            *(note(said) if said else ()),
            *zoned([*_first(content(home.mine), Screen(word="mine"))], home.instants),
            *buttons(home.mine.buttons),
            *zoned([*_later(home)], home.instants),
            *_doors(home),
            *_board(home),
        ]
    )


def closed_home(why: str) -> dict[str, Any]:
    """Draw Home for somebody who sees no case: one sentence."""
    return _view([section(safe(why))])


def _first(whole: Content, rest: Screen) -> Iterator[Block]:
    first, *others = pages(whole.pieces, ROOM)
    yield from laid(first, BLOCKS, PARAGRAPH)
    if others:
        yield ActionsBlock(elements=[door(f"Show all {whole.count}", rest, whole.heading)])


def _later(home: Home) -> Iterator[Block]:
    if home.later:
        yield from head("Later today")
        pieces = (Piece(text=f"🕓 {safe(line)}", short="") for line in home.later)
        yield from laid((part for piece in pieces for part in parts(piece)), BLOCKS, PARAGRAPH)


def _doors(home: Home) -> Iterator[Block]:
    if home.doors:
        yield ActionsBlock(elements=[door(label, Screen(word=word)) for word, label in home.doors])


def _board(home: Home) -> Iterator[Block]:
    if home.board:
        yield DividerBlock()
        yield from head(home.board.heading)
        yield from zoned([*_first(content(home.board), Screen(word="status"))], home.instants)


def _view(blocks: list[Block]) -> dict[str, Any]:
    view = View(type="home", private_metadata=packed(Screen(word=HOME).carried()), blocks=blocks)
    return dict(view.to_dict())
