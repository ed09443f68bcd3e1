"""Cards, views and notices as Block Kit: pure functions that decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from slack_sdk.models.blocks import SectionBlock

from bot.chat.slack.kit import (
    SECTION,
    Drawn,
    Piece,
    buttons,
    context,
    cut,
    head,
    message,
    safe,
    section,
    stacked,
)
from bot.core.boards import Board, BoardRow, RowState
from bot.core.due import LISTS
from bot.core.kinds import Level
from bot.core.messages import Card, CaseView, DecisionCard, Form, Line, LineState, Notice, Response, TaskCard

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
TONES: Mapping[str, str] = {"good": "✅ ", "bad": "⚠️ "}

#: How many cases on a board are told with all that blocks them; the others with their state alone.
WHOLE = 12

_OPEN = (LineState.OPEN, LineState.LATER, LineState.OVERDUE)


def drawn(what: Card | Response) -> Drawn:
    """Draw a card, a view or a notice. A form opens only by a press, and here it says so."""
    match what:
        case TaskCard():
            return _task_card(what)
        case DecisionCard():
            return _decision(what)
        case Board():
            return _board(what)
        case CaseView():
            return _case(what)
        case Notice():
            return _notice(what)
        case Form():
            return over("This needs its form: press the button on the card, or write it behind /bookend.")


def over(why: str) -> Drawn:
    """Draw one line that says why a card is over, without buttons."""
    return message(why, section(safe(why, SECTION)))


def _task_card(card: TaskCard) -> Drawn:
    news = [context("\n".join(f"✨ {safe(line, 150)}" for line in card.news[:8]))] if card.news else []
    above = [*head(card.heading, card.label), *news, *_aloud(card)]
    below = buttons(card.buttons)
    pieces = [_line(line, why=card.kind not in LISTS) for line in card.lines]
    return message(card.text, *above, *stacked(pieces, above, below), *below)


def _aloud(card: TaskCard) -> list[SectionBlock]:
    told = {":octagonal_sign: *Not yet. Still open:*": card.waits, ":loudspeaker: *Say aloud:*": card.aloud}
    return [
        section(cut("\n".join([first, *(f"• {safe(each, 250)}" for each in lines)]), SECTION))
        for first, lines in told.items()
        if lines
    ]


def _line(line: Line, *, why: bool) -> Piece:
    title = f"{LINES[line.state]} *{line.number}. {safe(line.title, 200)}*"
    level = LEVELS[line.level] if line.state in (*_OPEN, LineState.BLOCKED) else ""
    first = _joined(title, safe(line.due, 80), level and f"_{level}_")
    reason = f"_{safe(line.why, 300)}_" if why and line.why and line.state in _OPEN else ""
    rest = (safe(line.label, 150), safe(line.said, 300), reason)
    return Piece(
        text="\n".join([first, *filter(None, rest)]),
        short=_joined(f"{LINES[line.state]} {line.number}. {safe(line.title, 60)}", safe(line.label, 60)),
        buttons=line.buttons,
        about=f"{line.number}. {line.title}",
    )


def _decision(card: DecisionCard) -> Drawn:
    stop = _joined(f"{'✅' if card.settled else '🛑'} *{safe(card.title, 300)}*", LEVELS[card.level])
    reasons = [f"• {safe(reason, 250)}" for reason in card.reasons[:8]]
    first = f"First date allowed: *{safe(card.first_allowed, 60)}*" if card.first_allowed else ""
    body = section("\n".join(filter(None, [stop, *reasons, safe(card.said, 300), first])))
    why = [context(safe(card.why, 500))] if card.why else []
    return message(card.text, *head(card.heading, card.label), body, *why, *buttons(card.buttons))


def _board(board: Board) -> Drawn:
    notes = "\n".join(f":warning: {safe(note, 300)}" for note in board.notes[:8])
    above = [
        *head(board.heading),
        section(f"*{safe(board.counts, 500)}*"),
        *([section(notes)] if notes else []),
    ]
    ended = f"🔒 Closed {safe(board.closed, 20)}" if board.closed else ""
    praise = f"🌟 {safe(board.praise, 500)}" if board.praise else ""
    folds = [f"*{safe(words, 60)}:* {safe(_codes(rows), 400)}" for words, rows in board.folds]
    small = "\n".join(filter(None, [praise, *folds, ended]))
    below = [context(small)] if small else []
    pieces = [_row(row, whole=place < WHOLE) for place, row in enumerate(board.exceptions)]
    if board.quiet:
        pieces = [Piece(text="✅ *Nothing needs you.*", short="✅ Nothing needs you.")]
    return message(board.text, *above, *stacked(pieces, above, below), *below)


def _codes(rows: Sequence[BoardRow]) -> str:
    return " · ".join(row.code for row in rows)


def _row(row: BoardRow, *, whole: bool) -> Piece:
    first = _joined(ROWS[row.state], f"*{safe(row.label, 150)}*")
    owner = f"owner: *{safe(row.owner, 80)}*" if row.owner else ""
    since = f"since {safe(row.since, 60)}" if row.since else ""
    ahead = f"next: {safe(row.ahead, 60)}" if row.ahead else ""
    blocks = [f"• {safe(block, 200)}" for block in row.blocks[:4]]
    lines = filter(None, [first, safe(row.summary, 200), *blocks, _joined(owner, since, ahead)])
    short = _joined(ROWS[row.state], safe(row.label, 90))
    return Piece(text="\n".join(lines) if whole else short, short=short)


def _case(view: CaseView) -> Drawn:
    gates = "\n".join(f"*{safe(name, 60)}:* {safe(stands, 250)}" for name, stands in view.gates[:8])
    notes = "\n".join(f":warning: {safe(note, 400)}" for note in view.notes[:6])
    above = [*head(view.heading, view.label), *map(section, filter(None, (notes, gates)))]
    history = "\n".join(f"• {safe(line, 150)}" for line in view.history[-10:])
    below = [*([context(history)] if history else []), *buttons(view.buttons)]
    pieces = [_line(line, why=False) for line in view.lines]
    return message(view.text, *above, *stacked(pieces, above, below), *below)


def _notice(notice: Notice) -> Drawn:
    said = [safe(line, 700) for line in notice.text.splitlines()[:20] if line.strip()] or ["Noted."]
    lines = [safe(line, 300) for line in notice.lines[:30]]
    heading = [f"*{safe(notice.heading, 150)}*"] if notice.heading else []
    heading += [f"*`{safe(notice.code, 20)}`*"] if notice.code else []
    first = TONES.get(notice.tone, "") + said[0]
    link = [f"<{notice.link[1]}|{safe(notice.link[0], 150)}>"] if notice.link else []
    body = "\n".join([*heading, first, *said[1:], *(f"• {line}" for line in lines), *link])
    return message(
        " ".join([notice.text, *notice.lines]), section(cut(body, SECTION)), *buttons(notice.buttons)
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
