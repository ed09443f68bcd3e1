"""The red flags of a day as a part of a card."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.chat.looks import URGENCIES
from bot.chat.teams.drawing.kit import Json, bold, box, paragraph, run, safe
from bot.core.messages import FormPart, Watch


def watching(part: FormPart, most: int = 0) -> list[Json]:
    """Draw what to ask for today, under how soon to act; each text of so much weight at most, 0 for all."""
    return (
        [box([paragraph(bold(safe(part.watching, most))), *_flags(part, most)], "emphasis")]
        if part.watch
        else []
    )


def _flags(part: FormPart, most: int) -> Iterator[Json]:
    for act, flags in groupby(part.watch, key=lambda flag: flag.act):
        some = list(flags)
        yield paragraph(bold(f"{URGENCIES[some[0].urgency]} {safe(act, most)}"))
        for flag in some:
            yield paragraph(*_flag(flag, most), spacing="small")


def _flag(flag: Watch, most: int) -> Iterator[Json]:
    yield bold(f"• {safe(flag.title, most)}: ")
    yield run(f"{safe(flag.signs, most)}.")
    yield run(f" {safe(flag.then, most)}" if flag.then else "", italic=True)
