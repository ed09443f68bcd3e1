"""The red flags of a day as Block Kit."""

from __future__ import annotations

from itertools import groupby

from slack_sdk.models.blocks import Block

from bot.chat.looks import URGENCIES
from bot.chat.slack.drawing.kit import SECTION, Piece, cut, laid, safe
from bot.core.messages import FormPart, Watch


def watching(part: FormPart) -> list[Block]:
    """Draw what to ask for today, under how soon to act; nothing where there is nothing to ask for."""
    lines = [f"*{safe(part.watching)}*"]
    for act, flags in groupby(part.watch, key=lambda flag: flag.act):
        some = list(flags)
        lines.append(f"{URGENCIES[some[0].urgency]} *{safe(act)}*")
        lines += [f"• *{safe(flag.title)}:* {_signs(flag)}" for flag in some]
    told = (Piece(text=text, short=text) for text in (cut(line, SECTION) for line in lines))
    return laid(told, len(lines)) if part.watch else []


def _signs(flag: Watch) -> str:
    return " ".join(filter(None, [f"{safe(flag.signs)}.", flag.then and f"_{safe(flag.then)}_"]))
