"""The board as an Adaptive Card: one line for each session that needs somebody, and below who is well."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.looks import ROWS, called_by
from bot.chat.teams.drawing.kit import Json, bold, box, few, joined, paragraph, safe, small
from bot.chat.teams.drawing.pieces import Content, Piece, warned
from bot.core.actions import Action, Button
from bot.core.boards import Board, BoardRow, RowState

#: What looks like a stop, by more than its shape.
_STOPS = (RowState.STOP, RowState.COMPLICATION)


def of_board(board: Board) -> Content:
    """Return a board: the counts, what concerns the whole clinic, the exceptions, and who is well."""
    counts = paragraph(bold(safe(board.counts, 500)))
    calm = [paragraph(bold("✅ Nothing needs you."))] if board.quiet else []
    return Content(
        heading=board.heading,
        above=(counts, *warned(board.notes), *calm),
        pieces=tuple(map(row_piece, board.exceptions)),
        below=tuple(small(each, spacing="small") for each in _small(board)),
        noun="case",
        command="status",
        apart=True,
    )


def row_piece(row: BoardRow) -> Piece:
    """Return a case that somebody must look at: who, what and whose it is, then since when, what next."""
    when, code, where = row.label.partition(row.code)
    ready = row.state is RowState.OVERRIDE
    what, *others = row.blocks if row.blocks and not ready else (row.summary, *row.blocks)
    first = joined(
        bold(f"{_mark(row)} {called_by(safe(when + code, 120), safe(row.who, 60))}"),
        safe(what, 300),
        _owner(row),
    )
    told = what == row.summary or row.state is RowState.COMPLICATION
    since = f"since {safe(row.since, 60)}" if row.since else ""
    ahead = f"next: {safe(row.ahead, 100)}" if row.ahead else ""
    also = f"also: {'; '.join(few(others, 600, 150))}" if others else ""
    place = ("" if told else safe(row.summary, 150), safe(where.removeprefix(" · "), 150))
    below = (also, " · ".join(filter(None, place)), " · ".join(filter(None, (since, ahead))))
    items = [paragraph(*first), *(small(each, spacing="none") for each in below if each)]
    some = joined(
        bold(f"{_mark(row)} {called_by(safe(when + code, 120), safe(row.who, 60))}"),
        safe(what, 60),
        _owner(row),
    )
    short = [paragraph(*some, spacing="small")]
    stops = row.state in _STOPS
    return Piece(
        whole=(box(items, "attention"),) if stops else tuple(items),
        short=(box(short, "attention"),) if stops else tuple(short),
        buttons=(Button(action=Action.CASE, label="Show", tasks=(row.code,)),),
        name=row.code,
    )


def _owner(row: BoardRow) -> Json:
    return bold(f"up to {safe(row.owner, 60)}" if row.owner else "")


def _mark(row: BoardRow) -> str:
    """Return the shape of a row's state; a stop and a complication are also named."""
    return f"{ROWS[row.state]} ·" if row.state in _STOPS else ROWS[row.state].partition(" ")[0]


def _small(board: Board) -> Iterator[str]:
    if board.praise:
        yield f"🌟 {safe(board.praise, 400)}"
    for words, rows in board.folds:
        yield f"{safe(words, 60)}: {safe(' · '.join(row.code for row in rows), 300)}"
    if board.closed:
        yield f"🔒 Closed {safe(board.closed, 20)}"
