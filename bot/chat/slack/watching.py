"""The red flags of a day as Block Kit."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from slack_sdk.models.blocks import Block

from bot.chat.slack.kit import SECTION, cut, safe, section
from bot.core.messages import FormPart, Watch
from bot.core.red_flags import Urgency

#: How soon to act, as a shape beside the words.
URGENCIES: Mapping[Urgency, str] = {
    Urgency.EMERGENCY: "🚨",
    Urgency.URGENT: "🔴",
    Urgency.SOON: "🟡",
    Urgency.NEXT_VISIT: "⚪",
}


def watching(part: FormPart) -> list[Block]:
    """Draw what to ask for today, under how soon to act; nothing where there is nothing to ask for."""
    lines = [f"*{safe(part.watching, 100)}*"]
    for act, flags in groupby(part.watch, key=lambda flag: flag.act):
        some = list(flags)
        lines.append(f"{URGENCIES[some[0].urgency]} *{safe(act, 100)}*")
        lines += [f"• *{safe(flag.title, 100)}:* {_signs(flag)}" for flag in some]
    return [section(cut("\n".join(lines), SECTION))] if part.watch else []


def _signs(flag: Watch) -> str:
    return " ".join(filter(None, [f"{safe(flag.signs, 300)}.", flag.then and f"_{safe(flag.then, 200)}_"]))
