"""What a card says, piece by piece and whole; messages and pages take from it what they have room for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.chat.looks import LEVELS, LINES, ROWS, TONES, called_by, worst_first
from bot.chat.slack.drawing.kit import Piece, safe
from bot.core.actions import Action, Button
from bot.core.boards import Board, BoardRow, RowState
from bot.core.due import LISTS
from bot.core.messages import Card, CaseView, DecisionCard, Form, Line, LineState, Notice, Response, TaskCard

_OPEN = (LineState.OPEN, LineState.LATER, LineState.OVERDUE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """Everything that a card says, in the order in which it is read; `count` is how many lines or cases."""

    heading: str
    pieces: tuple[Piece, ...]
    buttons: tuple[Button, ...] = ()
    count: int


def content(what: Card | Response) -> Content:
    """Return everything that a card, a view or a notice says."""
    match what:
        case TaskCard():
            return _of_tasks(what)
        case DecisionCard():
            return _of_decision(what)
        case Board():
            return _of_board(what)
        case CaseView():
            return _of_case(what)
        case Notice():
            return _of_notice(what)
        case Form():
            return Content(heading=what.heading, pieces=_label(what), count=0)


def history(view: CaseView) -> Content:
    """Return all that was said and done in a case, the newest first."""
    pieces = tuple(_piece(f"• {safe(line)}") for line in reversed(view.history))
    heading = f"History of {view.code}" if view.code else "History"
    return Content(heading=heading, pieces=(*_label(view), *pieces), count=len(pieces))


def line_piece(line: Line, *, why: bool, numbered: bool = True) -> Piece:
    """Return a line of a card: its number, title and state, its case, what was said, why it is asked.

    A number is what a typed reply names: where nobody can reply, there is none.
    """
    asked = line.state in (*_OPEN, LineState.BLOCKED)
    number = f"{line.number}. " if numbered else ""
    title, said = f"{number}{safe(line.title)}", safe(line.said)
    # what is over steps back: it is not bold, and who answered stands beside it
    words = (f"*{title}*", safe(line.due), _level(line)) if asked else (title, safe(line.due), said)
    first = joined(f"{LINES[line.state]} {words[0]}", *words[1:])
    reason = f"_{safe(line.why)}_" if why and line.why and line.state in _OPEN else ""
    return Piece(
        text="\n".join(
            filter(None, [first, safe(called_by(line.label, line.who)), said if asked else "", reason])
        ),
        short=joined(
            f"{LINES[line.state]} {number}{safe(line.title, 60)}", safe(line.label, 60), safe(line.who, 40)
        ),
        buttons=line.buttons,
        about=f"{line.number}. {line.title}",
    )


def _level(line: Line) -> str:
    return f"_{LEVELS[line.level]}_" if LEVELS[line.level] else ""


def row_piece(row: BoardRow) -> Piece:
    """Return a case that somebody must look at: first who, what and whose it is, small facts below."""
    when, code, where = row.label.partition(row.code)
    ready = row.state is RowState.OVERRIDE
    what, *others = row.blocks if row.blocks and not ready else (row.summary, *row.blocks)
    owner = f"up to *{safe(row.owner)}*" if row.owner else ""
    first = joined(f"{_mark(row)} *{safe(called_by(when + code, row.who))}*", safe(what), owner)
    told = what == row.summary or row.state is RowState.COMPLICATION
    below = joined("" if told else safe(row.summary), safe(where.removeprefix(" · ")))
    since = f"since {safe(row.since)}" if row.since else ""
    ahead = f"next: {safe(row.ahead)}" if row.ahead else ""
    lines = filter(None, [first, *(f"• {safe(block)}" for block in others), below, joined(since, ahead)])
    return Piece(text="\n".join(lines), short=joined(ROWS[row.state], safe(row.label, 90), safe(row.who, 40)))


def _mark(row: BoardRow) -> str:
    """Return the shape of a row's state; a stop and a complication are also named."""
    shape = ROWS[row.state].partition(" ")[0]
    return f"{ROWS[row.state]} ·" if row.state in (RowState.STOP, RowState.COMPLICATION) else shape


def joined(*parts: str) -> str:
    """Return parts side by side, those that say nothing left out."""
    return " · ".join(part for part in parts if part)


def news(lines: Iterable[str]) -> Iterator[str]:
    """Draw what just changed."""
    return (f"✨ {safe(line)}" for line in lines)


def warned(notes: Iterable[str]) -> Iterator[str]:
    """Draw what somebody must know besides."""
    return (f":warning: {safe(note)}" for note in notes)


def gates(view: CaseView) -> Iterator[str]:
    """Draw the gates of a case, each with what blocks it."""
    return (f"*{safe(name)}:* {safe(stands)}" for name, stands in view.gates)


def aloud(card: TaskCard) -> Iterator[str]:
    """Draw what is still open before anybody goes on, and what is said aloud, each as one paragraph."""
    told = {":octagonal_sign: *Not yet. Still open:*": card.waits, ":loudspeaker: *Say aloud:*": card.aloud}
    for first, lines in told.items():
        if lines:
            yield "\n".join([first, *map(_led, lines)])


def sources(card: TaskCard) -> str:
    """Draw who answered what is said aloud: small, so that nobody reads it out."""
    return joined(*map(safe, card.sources))


def _led(said: str) -> str:
    """Draw what is said with its first words, up to a colon or the end of a question, in bold."""
    found = re.match(r"([^:?]*[:?]) (.+)", safe(said))
    return f"• *{found[1]}* {found[2]}" if found else f"• {safe(said)}"


def _of_tasks(card: TaskCard) -> Content:
    lines = [line_piece(line, why=card.kind not in LISTS) for line in card.lines]
    above = filter(None, (*news(card.news), *aloud(card), sources(card)))
    return Content(
        heading=card.heading,
        pieces=(*_label(card), *map(_piece, above), *lines),
        buttons=card.buttons,
        count=len(card.lines),
    )


def _of_decision(card: DecisionCard) -> Content:
    told = [*decision_lines(card), *([safe(card.why)] if card.why else [])]
    return Content(
        heading=card.heading,
        pieces=(*_label(card), *map(_piece, told)),
        buttons=card.buttons,
        count=len(card.reasons),
    )


def decision_lines(card: DecisionCard) -> list[str]:
    """Draw a stop: what stops, for which reasons, what was said, and the first date allowed."""
    stop = joined(f"{'✅' if card.settled else '🛑'} *{safe(card.title)}*", LEVELS[card.level])
    reasons = [f"• {safe(reason)}" for reason in card.reasons]
    first = f"First date allowed: *{safe(card.first_allowed)}*" if card.first_allowed else ""
    return [*filter(None, [stop, *reasons, safe(card.said), first])]


def _of_board(board: Board) -> Content:
    exceptions = [_with_door(row_piece(row), row) for row in board.exceptions]
    calm = [_piece("✅ *Nothing needs you.*")] if board.quiet else []
    praise = [_piece(f"🌟 {safe(board.praise)}")] if board.praise else []
    above = (*_titled(board.counts), *map(_piece, warned(board.notes)))
    return Content(
        heading=board.heading,
        pieces=(*above, *exceptions, *calm, *_folded(board), *praise),
        count=len(board.rows),
    )


def _folded(board: Board) -> Iterator[Piece]:
    for words, rows in board.folds:
        yield _piece(f"*{safe(words)}*")
        for row in rows:
            yield _piece(joined(ROWS[row.state], safe(called_by(row.label, row.who)), safe(row.summary)))


def _with_door(piece: Piece, row: BoardRow) -> Piece:
    door = Button(action=Action.CASE, label=row.code, tasks=(row.code,))
    return Piece(text=piece.text, short=piece.short, buttons=(door,), about="show this case")


def _of_case(view: CaseView) -> Content:
    lines = [line_piece(line, why=False, numbered=False) for line in worst_first(view.lines)]
    return Content(
        heading=view.heading,
        pieces=(*_label(view), *map(_piece, (*warned(view.notes), *gates(view))), *lines),
        buttons=view.buttons,
        count=len(view.lines),
    )


def _of_notice(notice: Notice) -> Content:
    return Content(
        heading=notice.heading,
        pieces=tuple(map(_piece, notice_lines(notice))),
        buttons=notice.buttons,
        count=len(notice.lines) or 1,
    )


def notice_heading(notice: Notice) -> str:
    """Return what a notice that comes unasked is called, "" for an answer; its tone stands there."""
    return TONES.get(notice.tone, "") + notice.heading if notice.heading else ""


def notice_lines(notice: Notice) -> list[str]:
    """Draw a notice line by line: a new code first and large, a link last."""
    said = [safe(line) for line in notice.text.splitlines() if line.strip()] or ["Noted."]
    code = [f"*`{safe(notice.code)}`*"] if notice.code else []
    first = ("" if notice.heading else TONES.get(notice.tone, "")) + said[0]
    link = [f"<{notice.link[1]}|{safe(notice.link[0])}>"] if notice.link else []
    return [*code, first, *said[1:], *(f"• {safe(line)}" for line in notice.lines), *link]


def _label(what: TaskCard | DecisionCard | CaseView | Form) -> tuple[Piece, ...]:
    return _titled(called_by(what.label, what.who))


def _titled(words: str) -> tuple[Piece, ...]:
    return (_piece(f"*{safe(words)}*"),) if words else ()


def _piece(text: str) -> Piece:
    return Piece(text=text, short=text)
