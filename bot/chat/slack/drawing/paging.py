"""Pages: everything that a card says, in as many pages as it takes, each piece on exactly one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.chat.slack.drawing.kit import ROW, SECTION, Piece

#: What must not be broken in two: a link or a moment, an escape, a gap, a word.
_WHOLE = re.compile(r"<[^>]*>|&[a-z]+;|\s+|[^\s<&]+|.", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """What a page has room for: pieces, blocks of them, and letters."""

    pieces: int
    blocks: int
    letters: int


def pages(pieces: Iterable[Piece], room: Room) -> tuple[tuple[Piece, ...], ...]:
    """Return pieces in their order on pages that have room for them; there is always one page."""
    found: list[list[Piece]] = [[]]
    for piece in (part for whole in pieces for part in parts(whole)):
        if found[-1] and not _fits([*found[-1], piece], room):
            found.append([])
        found[-1].append(piece)
    return tuple(map(tuple, found))


def parts(piece: Piece) -> Iterator[Piece]:
    """Return a piece as pieces that each fill a paragraph and a row of buttons at most."""
    *before, last = _paragraphs(piece.text)
    yield from (replace(piece, text=text, buttons=()) for text in before)
    yield replace(piece, text=last, buttons=piece.buttons[:ROW])
    for start in range(ROW, len(piece.buttons), ROW):
        yield replace(piece, text="", buttons=piece.buttons[start : start + ROW])


def _paragraphs(text: str) -> Sequence[str]:
    words = [each[at : at + SECTION] for each in _WHOLE.findall(text) for at in range(0, len(each), SECTION)]
    found = [""]
    for word in words:
        if len(found[-1]) + len(word) > SECTION:
            found.append("")
        found[-1] += word
    return found


def _fits(some: Sequence[Piece], room: Room) -> bool:
    blocks = sum(1 + (len(piece.buttons) > 1) for piece in some)
    letters = sum(len(piece.text) for piece in some)
    return len(some) <= room.pieces and blocks <= room.blocks and letters <= room.letters
