"""Moments in the reader's own zone: Slack writes them for whoever reads, and our words where it cannot.

What is drawn already is gone through once more, so that its words, its order and what fits are the same with
and without zones. A day stands with every time, since today here may be tomorrow where somebody reads; but
not ten times on a card that begins with it. The time comes first: Slack begins a date with a capital letter,
as in "Today", which looks odd amid a sentence.
https://docs.slack.dev/messaging/formatting-message-text#date-formatting lists what may stand in `FORMAT`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.chat.slack.drawing.kit import BLOCKS, DOOR, SECTION, Drawn, context, escaped, letters_of, section
from bot.core.instants import Instants

#: "9:30 AM today" or "14:00 Feb 16, 2026", as the reader has set it: a card holds dozens, so each is short.
FORMAT = "{time} {date_short_pretty}"
#: The same on a card whose first lines name that day.
TIME = "{time}"
#: How many blocks name a card's day: its heading, and which case it is.
_FIRST = 2
#: How long a whole message may be with its moments: `MESSAGE` with room for some dozens of them.
ZONED = 10_000
#: Said where a message would be too long with its moments.
CLINICS = "Times here are the clinic’s."

_ZONED = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")


def in_zone(said: Drawn, instants: Instants) -> Drawn:
    """Write every moment of a message for its reader; where there are too many, say whose times these are."""
    return replace(said, blocks=zoned(said.blocks, instants)[:BLOCKS])


def zoned(blocks: Sequence[Block], instants: Instants) -> Sequence[Block]:
    """Write every moment in blocks for their reader in the same way, in a message or in a window."""
    named = "\n".join(words_of(block) for block in blocks[:_FIRST])
    found = [_zoned(words_of(block), instants, named) for block in blocks]
    if all(text == words_of(block) for text, block in zip(found, blocks, strict=True)):
        return blocks
    more = sum(len(text) - len(words_of(block)) for text, block in zip(found, blocks, strict=True))
    long = sum(map(letters_of, blocks)) + more > ZONED
    drawn = [part for block, text in zip(blocks, found, strict=True) for part in _parts(block, text)]
    # what grew by being split must leave room for the button below it
    if long or len(drawn) > max(len(blocks), BLOCKS - DOOR) or any(len(words_of(b)) > SECTION for b in drawn):
        return [*blocks, context(CLINICS)]
    return drawn


def in_words(text: str) -> str:
    """Return what a text says where no moment is written for its reader: the clinic's own time."""
    return _ZONED.sub(r"\1", text)


def words_of(block: Block) -> str:
    """Return what a block says in words, as Slack takes them; "" of one with buttons alone."""
    match block:
        case SectionBlock(text=MarkdownTextObject(text=words)):
            return words or ""
        case ContextBlock(elements=[MarkdownTextObject(text=words)]):
            return words or ""
        case HeaderBlock(text=PlainTextObject(text=words)):
            return escaped(words or "")
    return ""


def _parts(block: Block, text: str) -> Iterator[Block]:
    """Yield a block with its moments; a paragraph that is too long with them becomes several."""
    if text == words_of(block):
        yield block
        return
    waiting = ""
    for line in text.split("\n"):
        if waiting and len(waiting) + 1 + len(line) > SECTION:
            yield _block(block, waiting, last=False)
            waiting = ""
        waiting = f"{waiting}\n{line}" if waiting else line
    yield _block(block, waiting, last=True)


def _block(block: Block, text: str, *, last: bool) -> Block:
    match block:
        case SectionBlock(accessory=ButtonElement() | None as accessory):
            return section(text, accessory if last else None)
        case HeaderBlock():
            # a header takes no moments: what tells one is drawn as a line
            return section(f"*{text}*")
    return context(text)


def _zoned(words: str, instants: Instants, named: str) -> str:
    own = [escaped(each) for each in instants.own]
    own = sorted([*own, *_cut_short(words, own)], key=len, reverse=True)
    told = replace(instants, own=tuple(own))
    return "".join(_at(at, piece, instants.days.get(piece, ""), named) for piece, at in told.pieces(words))


def _cut_short(words: str, own: Sequence[str]) -> Iterator[str]:
    """Yield what is left of people's words that were cut because they are long."""
    for end in (found.start() for found in re.finditer("…", words)):
        for each in own:
            lengths = range(min(len(each), end), 0, -1)
            yield from islice((each[:n] + "…" for n in lengths if words.endswith(each[:n], 0, end)), 1)


def _at(at: datetime | None, words: str, day: str, named: str) -> str:
    if at is None:
        return words
    return f"<!date^{int(at.timestamp())}^{TIME if day and day in named else FORMAT}|{words}>"
