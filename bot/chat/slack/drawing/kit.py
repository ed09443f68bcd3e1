"""Block Kit in small: a person's words as harmless text, lines and buttons, and what fits in one message."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
    TextObject,
)

from bot.chat.buttons import carried, packed
from bot.chat.letters import flat
from bot.chat.looks import called
from bot.chat.slack.drawing.carried import SCREEN, Screen
from bot.core.actions import Button

#: Slack's limits: blocks in a message; characters in a section, a header, on a button and behind it, and in
#: the text beside the blocks; buttons in a row.
BLOCKS, SECTION, HEADER, LABEL, VALUE, TEXT, ROW = 50, 3000, 150, 75, 2000, 3000, 25
#: Slack also refuses long messages as a whole (`msg_blocks_too_long`). It documents no figure; people met
#: refusals from 11,000 characters on.
MESSAGE = 8000
#: Blocks kept for the lines whose buttons find no room: enough for a whole message of them.
_SPARE = 6
#: How long a paragraph of several pieces is, where there is room for more of them: one that is longer is hard
#: to read, and has no room for the reader's own times.
PARAGRAPH = 1200
#: A line that is longer than this is told short in a message.
LONG = 1200
#: The block and the letters kept in every message for the button that opens all of it.
DOOR, DOOR_LETTERS = 1, 100


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A message: its blocks, and the same in one text for notifications and screen readers."""

    text: str
    blocks: Sequence[Block]

    @property
    def told(self) -> Any:
        """All of it, to be compared."""
        return [self.text, self.json()]

    def json(self, *, mark: str = "") -> list[dict[str, Any]]:
        """Return the blocks as Slack takes them; `mark` becomes the id of the first."""
        first, *others = self._json
        return [first | {"block_id": mark} if mark else first, *others]

    @cached_property
    def _json(self) -> Sequence[dict[str, Any]]:
        # compared, sent and remembered: Slack's models look into all of themselves each time they are asked
        return [block.to_dict() for block in self.blocks]


def message(text: str, *blocks: Block) -> Drawn:
    """Return a message of these blocks, with a person's words beside them."""
    return Drawn(text=safe(text, TEXT) or "Bookend", blocks=blocks)


def line(text: str, mention: str = "") -> Drawn:
    """Return one line for a thread; it calls the member that it mentions, and nobody else."""
    call = f"<@{mention}> " if re.fullmatch(r"[UW][A-Z0-9]+", mention) else ""
    return Drawn(text=f"{call}{safe(text, TEXT - 100)}", blocks=[section(f"{call}{safe(text, TEXT - 100)}")])


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A line of a card: its text, a shorter one for where space is short, and what can be pressed."""

    text: str
    short: str
    buttons: tuple[Button, ...] = ()
    about: str = ""


def safe(text: str, most: int = sys.maxsize) -> str:
    """Return a person's words on one line, as text: `<!channel>` calls nobody. At most so many characters."""
    return cut(escaped(flat(text)), most)


def escaped(text: str) -> str:
    """Return words in which Slack reads no link, mention or date."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, most: int) -> str:
    """Return at most so many characters, up to the end of a word if one ends near; no half of an escape."""
    if len(text) <= most:
        return text
    left = re.sub(r"&[a-z]*$", "", text[: most - 1])
    word = left.rpartition(" ")[0]
    return (word if 2 * len(word) > most else left).rstrip(" ·,:") + "…"


def plain(text: str, most: int) -> PlainTextObject:
    """Return a label, in which Slack reads no formatting, links or emoji."""
    return PlainTextObject(text=cut(flat(text) or "…", most), emoji=False)


def few(lines: Iterable[str], *, most: int, each: int) -> str:
    """Return the first lines as one paragraph, each with at most so many characters."""
    return cut("\n".join(cut(line, each) for line in islice(lines, most)), SECTION)


def section(text: str, accessory: ButtonElement | None = None) -> SectionBlock:
    """Return a paragraph of `safe` words."""
    return SectionBlock(text=_markdown(text), accessory=accessory)


def context(text: str) -> ContextBlock:
    """Return a paragraph of `safe` words in small print."""
    return ContextBlock(elements=[_markdown(text)])


def one_moment() -> list[Block]:
    """Say that an answer is on its way, and what to do if none comes: Bookend may end before it is there."""
    late = "Nothing was changed yet. If this still stands here in a minute, close it and press again."
    return [section("One moment…"), context(late)]


def head(heading: str, label: str = "") -> list[Block]:
    """Return what stands at the top: what it is, and which case it is about."""
    below = [section(f"*{safe(label, 300)}*")] if label else []
    return [HeaderBlock(text=plain(heading, HEADER)), *below]


def buttons(some: Sequence[Button], about: str = "") -> list[Block]:
    """Return a row of buttons, if there are any; `about` tells a screen reader what they belong to."""
    offered = _elements(some, about)
    return [ActionsBlock(elements=offered)] if offered else []


def stacked(pieces: Sequence[Piece], above: Sequence[Block], below: Sequence[Block]) -> list[Block]:
    """Return lines in what is left of a message: with all their words, else short, else the first of them."""
    letters = MESSAGE - DOOR_LETTERS - sum(map(letters_of, (*above, *below)))
    pieces = [piece if len(piece.text) <= LONG else replace(piece, text=piece.short) for piece in pieces]
    if sum(len(piece.text) + 1 for piece in pieces) > letters:
        pieces = [replace(piece, text=piece.short) for piece in pieces]
    fitting = tuple(_first(pieces, letters))
    left = len(pieces) - len(fitting)
    more = [context(f"… and {left} more that do not fit here.")] if left else []
    room = BLOCKS - DOOR - len(above) - len(below) - len(more)
    blocks = laid(fitting, room, PARAGRAPH)
    return [*(blocks if len(blocks) <= room else laid(fitting, room)), *more]


def _first(pieces: Iterable[Piece], letters: int) -> Iterator[Piece]:
    for piece in pieces:
        letters -= len(piece.text) + 1
        if letters < 0:
            return
        yield piece


def laid(pieces: Iterable[Piece], room: int, paragraph: int = SECTION) -> list[Block]:
    """Return pieces as so many blocks at most, each with its buttons while there is room for them.

    Pieces without buttons share a paragraph of so many letters.
    """
    blocks: list[Block] = []
    waiting: list[str] = []
    for piece in pieces:
        # the lines furthest down lose their buttons first: a typed reply still names them by number
        offered = _elements(piece.buttons, piece.about) if len(blocks) + 3 + _SPARE <= room else []
        if offered or len(_below([*waiting, piece.text])) > paragraph:
            blocks += [section(_below(waiting))] if waiting else []
            waiting = []
        if offered:
            blocks += _alone(piece.text, offered)
        else:
            waiting.append(piece.text)
    return [*blocks, *([section(_below(waiting))] if waiting else [])]


def _below(texts: Sequence[str]) -> str:
    """Return texts below each other, a free line around those of several lines."""
    said = "".join(texts[:1])
    for before, text in pairwise(texts):
        said += ("\n\n" if "\n" in before + text else "\n") + text
    return said


def _alone(text: str, offered: Sequence[ButtonElement]) -> list[Block]:
    if text and len(offered) == 1:
        return [section(text, offered[0])]
    return [*([section(text)] if text else []), ActionsBlock(elements=list(offered))]


def door(label: str, screen: Screen, about: str = "") -> ButtonElement:
    """Return a button that opens a screen, or turns to another page of it."""
    return ButtonElement(
        text=plain(label, LABEL),
        action_id=f"{SCREEN}.{screen.word}.{screen.page}",
        value=packed(screen.carried()),
        accessibility_label=cut(flat(f"{label}: {about}"), LABEL) if about else None,
    )


def shown(blocks: Iterable[Block]) -> tuple[Counter[str], set[str]]:
    """Return what can be read in blocks, line by line, and what their buttons carry."""
    lines, values = Counter[str](), set[str]()
    for block in blocks:
        match block:
            case SectionBlock(text=MarkdownTextObject(text=text), accessory=accessory):
                lines.update(str(text).split("\n"))
                values |= _values([accessory])
            case ContextBlock(elements=elements):
                words = [each.text for each in elements if isinstance(each, MarkdownTextObject)]
                lines.update(line for text in words for line in text.split("\n"))
            case ActionsBlock(elements=elements):
                values |= _values(elements)
    return lines, values


def _values(elements: Iterable[object]) -> set[str]:
    return {str(each.value) for each in elements if isinstance(each, ButtonElement)}


def _elements(some: Sequence[Button], about: str) -> list[ButtonElement]:
    # a button that cannot carry all it stands for is not drawn: it would do less than it says
    fitting = [(button, value) for button in some if len(value := carried(button)) <= VALUE]
    return [
        ButtonElement(
            text=plain(button.label, LABEL),
            action_id=f"{button.action}.{place}",
            value=value,
            style=button.style if button.style in ("primary", "danger") else None,
            accessibility_label=cut(flat(f"{called(button)}: {about}"), LABEL) if about else None,
        )
        for place, (button, value) in enumerate(fitting[:ROW])
    ]


def letters_of(block: Block) -> int:
    """Count the characters that a person reads in a block."""
    match block:
        case SectionBlock(text=text, accessory=accessory, fields=[]):
            return sum(map(_letters, (text, accessory)))
        case HeaderBlock(text=text):
            return _letters(text)
        case ContextBlock(elements=elements) | ActionsBlock(elements=elements):
            return sum(map(_letters, elements))
    return letters_in(block.to_dict())


def _letters(part: object) -> int:
    match part:
        case ButtonElement(text=label, confirm=None):
            return _letters(label)
        case TextObject(text=words):
            return len(words or "")
        case JsonObject():
            return letters_in(part.to_dict())
    return 0


def letters_in(what: object) -> int:
    """Count the characters that a person reads in what Slack takes."""
    if isinstance(what, Mapping):
        own = what.get("text")
        inside = (letters_in(each) for each in what.values() if not isinstance(each, str))
        return (len(own) if isinstance(own, str) else 0) + sum(inside)
    return sum(letters_in(each) for each in what) if isinstance(what, list) else 0


def _markdown(text: str) -> MarkdownTextObject:
    return MarkdownTextObject(text=text or "-", verbatim=True)
