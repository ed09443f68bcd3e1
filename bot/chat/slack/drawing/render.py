"""Cards, views and notices as Block Kit: pure functions that decide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.chat.buttons import carried
from bot.chat.looks import called_by, standing_out
from bot.chat.slack.drawing.carried import CARD, HISTORY, Screen
from bot.chat.slack.drawing.kit import (
    BLOCKS,
    DOOR,
    DOOR_LETTERS,
    MESSAGE,
    ROW,
    SECTION,
    TEXT,
    VALUE,
    Drawn,
    Piece,
    buttons,
    context,
    cut,
    door,
    escaped,
    few,
    head,
    laid,
    message,
    safe,
    section,
    shown,
    stacked,
)
from bot.chat.slack.drawing.paging import Room, pages
from bot.chat.slack.drawing.pieces import (
    Content,
    aloud,
    content,
    decision_lines,
    gates,
    line_piece,
    news,
    notice_heading,
    notice_lines,
    row_piece,
    sources,
    warned,
)
from bot.chat.slack.drawing.zones import in_zone
from bot.chat.spoken import spoken
from bot.core.boards import Board, BoardRow
from bot.core.due import LISTS
from bot.core.messages import Card, CaseView, DecisionCard, Form, Notice, Response, TaskCard

#: All of what a message says, opened from that message.
HERE = Screen(word=CARD)

#: What one of several messages has room for that together say one thing.
_ROOM = Room(pieces=40, blocks=BLOCKS - DOOR, letters=MESSAGE - DOOR_LETTERS)

#: How many cases on a board are told with all that blocks them; the others with their state alone.
WHOLE = 12


def in_one_text(what: Card | Response) -> str:
    """Return a message as one text that fits beside its blocks."""
    return spoken(what, TEXT, lambda each: len(escaped(each)))


def drawn(what: Card | Response, screen: Screen | None = HERE) -> Drawn:
    """Draw a card, a view or a notice; where a message has no room for all of it, a button opens `screen`.

    A form opens only by a press, and here it says so.
    """
    return _opening(screen, what, content(what), _drawn(what))


def _opening(screen: Screen | None, what: Card | Response, whole: Content, said: Drawn) -> Drawn:
    """Return a message with its moments, and with the buttons that open what it leaves out."""
    zoned = said if isinstance(what, Form) else in_zone(said, what.instants)
    doors: list[ButtonElement] = []
    if isinstance(what, CaseView):
        doors.append(door("History", Screen(word=HISTORY, about=what.code), what.heading))
    if screen is not None and left_out(whole, said):
        doors.append(door(f"Show all {whole.count}", screen, whole.heading))
    return replace(zoned, blocks=_with(doors, zoned.blocks)) if doors else zoned


def _with(doors: Sequence[ButtonElement], blocks: Sequence[Block]) -> list[Block]:
    """Return blocks with more buttons in their last row, or in a row of their own."""
    *others, last = blocks
    if isinstance(last, ActionsBlock) and len(last.elements) + len(doors) <= ROW:
        row: list[Any] = [*last.elements, *doors]
        return [*others, ActionsBlock(elements=row)]
    return [*blocks, ActionsBlock(elements=list(doors))]


def in_full(what: Response, screen: Screen | None) -> list[Drawn]:
    """Draw an answer for one person alone, in several messages where no screen can show all of it."""
    said, whole = _drawn(what), content(what)
    if screen is not None or isinstance(what, Form) or not left_out(whole, said):
        return [_opening(screen, what, whole, said)]
    *before, last = pages(whole.pieces, _ROOM)
    some = [message(whole.heading or what.text, *laid(page, BLOCKS)) for page in before]
    end = message(whole.heading or what.text, *laid(last, BLOCKS), *buttons(whole.buttons))
    return [in_zone(each, what.instants) for each in (*some, end)]


def left_out(whole: Content, said: Drawn) -> bool:
    """Say whether a message leaves out anything of what there is to say, or to press."""
    lines, values = shown(said.blocks)
    wanted = Counter(line for piece in whole.pieces for line in piece.text.split("\n") if line)
    offered = [button for piece in whole.pieces for button in piece.buttons] + [*whole.buttons]
    # what no button can carry is pressed nowhere
    return bool(wanted - lines) or any(len(carried(b)) <= VALUE and carried(b) not in values for b in offered)


def _drawn(what: Card | Response) -> Drawn:
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
    return message(why, context(safe(why, SECTION)))


def _task_card(card: TaskCard) -> Drawn:
    card = standing_out(card)
    told = few(news(card.news), most=8, each=150)
    said: list[Block] = [section(cut(each, SECTION)) for each in aloud(card)]
    said += [context(cut(each, SECTION)) for each in (sources(card),) if each]
    above = [*head(card.heading, called_by(card.label, card.who)), *([context(told)] if told else []), *said]
    below = buttons(card.buttons, card.heading)
    pieces = [line_piece(line, why=card.kind not in LISTS) for line in card.lines]
    return message(in_one_text(card), *above, *stacked(pieces, above, below), *below)


def _decision(card: DecisionCard) -> Drawn:
    body = section(few(decision_lines(card), most=11, each=300))
    why = [context(safe(card.why, 500))] if card.why else []
    return message(
        in_one_text(card),
        *head(card.heading, called_by(card.label, card.who)),
        body,
        *why,
        *buttons(card.buttons, card.heading),
    )


def _board(board: Board) -> Drawn:
    notes = few(warned(board.notes), most=8, each=300)
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
    return message(in_one_text(board), *above, *stacked(pieces, above, below), *below)


def _codes(rows: Sequence[BoardRow]) -> str:
    return " · ".join(row.code for row in rows)


def _row(row: BoardRow, *, whole: bool) -> Piece:
    piece = row_piece(row)
    return piece if whole else replace(piece, text=piece.short)


def _case(view: CaseView) -> Drawn:
    notes, stands = few(warned(view.notes), most=6, each=400), few(gates(view), most=8, each=320)
    above = [
        *head(view.heading, called_by(view.label, view.who)),
        *map(section, filter(None, (notes, stands))),
    ]
    below = buttons(view.buttons, view.heading)
    pieces = [line_piece(line, why=False, numbered=False) for line in view.lines]
    return message(in_one_text(view), *above, *stacked(pieces, above, below), *below)


def _notice(notice: Notice) -> Drawn:
    heading = head(notice_heading(notice)) if notice.heading else []
    body = section(few(notice_lines(notice), most=60, each=700))
    about = notice.heading or notice.text
    return message(in_one_text(notice), *heading, body, *buttons(notice.buttons, about))
