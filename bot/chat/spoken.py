"""A message in one plain text: what a locked telephone shows, and what a screen reader reads out.

It says what it is, which procedure, when, where and which case, what is asked and what can be pressed. Of the
patient it says no more than the code: what was answered, why something stops and what people wrote stand on
the card alone, where a screen reader goes on from block to block. A word to whoever just did something is
read out as it is: it says what they said themselves, where they said it and where nothing rings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.chat.letters import flat
from bot.core.actions import Action
from bot.core.boards import Board, BoardRow, RowState
from bot.core.kinds import CardKind, Level
from bot.core.messages import Card, CaseView, DecisionCard, Form, Line, LineState, Notice, Response, TaskCard

#: How each state is called aloud.
STATES = {
    RowState.READY: "ready",
    RowState.OVERRIDE: "ready with override",
    RowState.ON_TRACK: "on track",
    RowState.NOT_READY: "not ready",
    RowState.STOP: "stop",
    RowState.COMPLICATION: "complication",
    RowState.AFTER: "aftercare",
    RowState.CANCELLED: "cancelled",
}
LEVELS = {Level.NONE: "", Level.MD: "The physician decides.", Level.HARD: "It is a hard stop."}
#: How the lines of a case are called that wait for somebody, the worst first.
_STANDS = {
    LineState.BLOCKED: "Stopped",
    LineState.OVERDUE: "Late",
    LineState.OPEN: "Open",
    LineState.LATER: "Later",
}

#: What one letter weighs at most: "&amp;".
HEAVIEST = 5
#: Letters kept for saying how much is left out.
_LEFT = 40
_ANSWERED = (LineState.DONE, LineState.VOID)


def spoken(what: Card | Response, most: int, weigh: Callable[[str], int] = len) -> str:
    """Return a message as one text that weighs `most` at most; what finds no room is counted."""
    return _fitting([flat(each) for each in _said(what) if each.strip()], Room(most, weigh))


def _said(what: Card | Response) -> Iterable[str]:
    match what:
        case TaskCard():
            return _tasks(what)
        case DecisionCard():
            return _decision(what)
        case Board():
            return _board(what)
        case Notice():
            return _notice(what)
        case CaseView():
            return _case(what)
        case Form():
            return [f"{what.heading}, {what.label}."]


@dataclass(frozen=True, slots=True)
class Room:
    """How much a text may weigh, and how that is found out."""

    most: int
    weigh: Callable[[str], int]


def _fitting(said: Sequence[str], room: Room) -> str:
    kept = [*_first(said, room)]
    if len(kept) == len(said):
        return " ".join(kept)
    if kept:
        return f"{' '.join(kept)} … and {len(said) - len(kept)} more on the card."
    return f"{_cut(said[0], room)} … and more on the card."


def _first(said: Iterable[str], room: Room) -> Iterator[str]:
    left = room.most - _LEFT
    for each in said:
        left -= room.weigh(each) + 1
        if left < 0:
            return
        yield each


def _cut(text: str, room: Room) -> str:
    """Return as many whole words as fit; a word that is too long by itself is cut."""
    words = " ".join(_first(text.split(" "), room))
    return words or text[: room.most // HEAVIEST - _LEFT]


def _tasks(card: TaskCard) -> Iterator[str]:
    left = [line for line in card.lines if line.state not in _ANSWERED]
    if card.over:
        yield card.over
    elif not left and card.lines and not card.buttons:
        yield f"{_about(card)}: all answered."
        yield from _answered(card.lines)
    elif any(line.label for line in left):
        yield from _listed(card, left)
    else:
        yield card.text
        late = [line.title for line in left if line.state is LineState.OVERDUE]
        yield _sentence(f"Overdue: {', '.join(late)}") if late else ""
    yield "" if card.over else _wanted(button.label for button in card.buttons)


def _listed(card: TaskCard, left: Sequence[Line]) -> Iterator[str]:
    # a list of what waits for somebody counts what stops: there it waits for them
    counted = card.kind is CardKind.CLEARANCE or card.label
    stopped = [] if counted else [line for line in left if line.state is LineState.BLOCKED]
    open_ = [line for line in left if line not in stopped]
    if counted or open_:
        yield card.text if counted else f"{_about(card)}: {len(open_)} to answer."
    if stopped:
        named = _sentence(", ".join(f"{line.title}, {line.label}" for line in stopped))
        yield f"Stopped: {named}" if open_ else f"{_about(card)}: stopped, {named}"
    for label, lines in groupby(sorted(open_, key=lambda line: line.label), key=lambda line: line.label):
        yield _sentence(f"{label}: {_titles(lines)}")


def _about(card: TaskCard) -> str:
    return f"{card.heading}, {card.label}" if card.label else card.heading


def _answered(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if line.by:
            yield f"{line.title}: {line.by}{f', {line.label}' if line.label else ''}."


def _titles(lines: Iterable[Line]) -> str:
    return ", ".join(f"{line.title} ({line.due})" if line.due else line.title for line in lines)


def _decision(card: DecisionCard) -> Iterator[str]:
    yield f"{card.heading}, {card.label}."
    yield "" if card.settled else LEVELS[card.level]
    yield f"{card.by}." if card.by else ""
    # what settles a fact names it, and a locked telephone shows these words
    yield _wanted(button.label for button in card.buttons if button.action is not Action.SETTLE)


def _board(board: Board) -> Iterator[str]:
    yield f"{board.heading}: {board.counts}."
    yield from map(_sentence, board.notes)
    yield from map(_row, board.exceptions)
    yield "Nothing needs you." if board.quiet else ""
    yield from (f"{words}: {', '.join(row.code for row in rows)}." for words, rows in board.folds)
    yield f"Closed {board.closed}." if board.closed and f"closed {board.closed}" not in board.counts else ""
    yield board.praise


def _row(row: BoardRow) -> str:
    more = [
        row.blocking,
        f"owner {row.owner}" if row.owner else "",
        f"since {row.since}" if row.since else "",
        f"next: {row.ahead}" if row.ahead else "",
    ]
    return _sentence(", ".join(filter(None, (f"{row.label}: {STATES[row.state]}", *more))))


def _case(view: CaseView) -> Iterator[str]:
    yield f"Case {view.label or view.code or view.heading}."
    for state, said in _STANDS.items():
        if lines := [line for line in view.lines if line.state is state]:
            yield _sentence(f"{said}: {_titles(lines)}")
    yield from _answered(view.lines)
    yield _wanted(button.label for button in view.buttons)


def _notice(notice: Notice) -> Iterator[str]:
    yield f"{notice.heading}." if notice.heading else ""
    yield notice.text
    yield notice.code and f"The code is {notice.code}."
    yield from () if notice.telling else notice.lines
    yield f"The link {notice.link[0]} leads there." if notice.link else ""
    yield _wanted(button.label for button in notice.buttons)


def _wanted(labels: Iterable[str]) -> str:
    named = list(dict.fromkeys(labels))
    return _sentence(f"To press: {', '.join(named)}") if named else ""


def _sentence(words: str) -> str:
    return words if words.endswith(("?", ".", "!")) else f"{words}."
