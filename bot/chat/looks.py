"""How a card looks on every platform: the shapes of states, what stands first, which button stands out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.core.actions import Action, Button
from bot.core.boards import RowState
from bot.core.case import case_of
from bot.core.kinds import Level
from bot.core.messages import Line, LineState, TaskCard
from bot.core.red_flags import Urgency

#: How each state is shown: a shape beside the words; colour is never the only sign.
LINES: Mapping[LineState, str] = {
    LineState.OPEN: "⬜",
    LineState.LATER: "🕓",
    LineState.OVERDUE: "⚠️",
    LineState.DONE: "✅",
    LineState.BLOCKED: "🛑",
    LineState.VOID: "▫️",
}
ROWS: Mapping[RowState, str] = {
    RowState.READY: "✅ Ready",
    RowState.OVERRIDE: "☑️ Ready, override",
    RowState.ON_TRACK: "🔵 On track",
    RowState.NOT_READY: "⚠️ Not ready",
    RowState.STOP: "🛑 Stop",
    RowState.COMPLICATION: "🚨 Complication",
    RowState.AFTER: "🩹 Aftercare",
    RowState.CANCELLED: "▫️ Cancelled",
}
LEVELS: Mapping[Level, str] = {Level.NONE: "", Level.MD: "physician decides", Level.HARD: "hard stop"}
#: How soon to act, as a shape beside the words.
URGENCIES: Mapping[Urgency, str] = {
    Urgency.EMERGENCY: "🚨",
    Urgency.URGENT: "🔴",
    Urgency.SOON: "🟡",
    Urgency.NEXT_VISIT: "⚪",
}
TONES: Mapping[str, str] = {"good": "✅ ", "bad": "⚠️ "}

#: In which order the lines of a case are read where there is more than one page of them: what stops first.
_WORST_FIRST = (
    *(LineState.BLOCKED, LineState.OVERDUE, LineState.OPEN, LineState.LATER),
    *(LineState.DONE, LineState.VOID),
)


def called_by(label: str, who: str) -> str:
    """Return how a body names a case: its label, and whom its code stands for where that may be."""
    return f"{label} · {who}" if who else label


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """Return lines in the order in which they are read: what stops first."""
    return sorted(lines, key=lambda line: _WORST_FIRST.index(line.state))


def standing_out(card: TaskCard) -> TaskCard:
    """Return a card on which one button stands out: its own, else the next line's; none of what must wait."""
    buttons = (button for line in card.lines for button in line.buttons)
    # a colour must not push a physician to go on
    offered = [button for button in buttons if button.action is not Action.DECIDE]
    own = any(button.style == "primary" for button in card.buttons)
    if own or card.waits or not card.buttons or not offered:
        first = None
    else:
        first = next((button for button in offered if button.style == "primary"), offered[0])
    lines = (
        replace(line, buttons=tuple(_styled(b, b is first) for b in line.buttons)) for line in card.lines
    )
    return replace(card, lines=tuple(lines)) if card.buttons else card


def _styled(button: Button, stands_out: bool) -> Button:
    return replace(button, style="primary" if stands_out else button.style.replace("primary", ""))


def called(button: Button) -> str:
    """Return what a button is called by itself: "Answer, K7Q2", "Go for the 3 clean, 3 cases"."""
    codes = {case_of(task) for task in button.tasks}
    of = f"{len(codes)} cases" if len(codes) > 1 else "".join(codes)
    return f"{button.label}, {of}" if of else button.label
