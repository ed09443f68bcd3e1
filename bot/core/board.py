"""The board: what a manager must see in ten seconds. First how today goes, then whom to ask about what.

Line 1 counts the sessions of one day, so that its numbers add up. Then come the exceptions, the worst
first: today's, those that come, then aftercare that is overdue. All others need nobody and may be folded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.core import wording
from bot.core.boards import Board, BoardPart, BoardRow, RowState
from bot.core.case import Override, Session
from bot.core.course import Course
from bot.core.people import Clinic
from bot.core.postponing import put_off
from bot.core.rooms import NO_ROOMS, RoomDuties
from bot.core.standing import on_board, row

_WORST_FIRST = (
    RowState.COMPLICATION,
    RowState.STOP,
    RowState.NOT_READY,
    RowState.OVERRIDE,
    RowState.AFTER,
    RowState.CANCELLED,
    RowState.ON_TRACK,
    RowState.READY,
)
_PARTS = (BoardPart.TODAY, BoardPart.COMING, BoardPart.AFTER)

#: How line 1 counts the day's sessions, in order; those in brackets only where there are any.
_DONE, _IN_ROOM, _CLEARED, _ON_TRACK, _NOT_READY, _STOP = (
    *("done", "in the room"),
    *("cleared", "on track", "not ready", "stop"),
)
_ALWAYS = (_CLEARED, _ON_TRACK, _NOT_READY, _STOP)
_STATES: Mapping[RowState, str] = {
    RowState.READY: _CLEARED,
    RowState.OVERRIDE: _CLEARED,
    RowState.ON_TRACK: _ON_TRACK,
    RowState.STOP: _STOP,
}


def board(
    clinic: Clinic,
    courses: Sequence[tuple[Course, Sequence[Override]]],
    now: datetime,
    *,
    rooms: RoomDuties = NO_ROOMS,
    notes: Sequence[str] = (),
    closed: datetime | None = None,
    praise: str = "",
    looked: datetime | None = None,
) -> Board:
    """Draw the board of a clinic from its open cases; `closed` is when the day ended whose board it is, and
    `looked` when somebody last looked whether all that is due went out.
    """
    at = min(now, closed) if closed else now
    found = [(c, row(c, overrides, clinic, now, rooms)) for c, overrides in courses if on_board(c, now)]
    rows = sorted((each for _, each in found), key=_worst_first)
    checked = wording.when(looked or now, now, clinic.calendar)
    ended = f"closed {wording.clock(closed, clinic.calendar)}" if closed else f"checked {checked}"
    counts = " · ".join((*_complications(rows), *_counts(list(_today(found, at))), ended))
    heading = f"{clinic.title} · {wording.day_words(clinic.calendar.day(at))}"
    return Board(
        heading=heading,
        text=f"{counts}. {_troubles(rows, notes)}",
        counts=counts,
        rows=tuple(rows),
        checked=checked,
        notes=tuple(notes),
        closed=wording.clock(closed, clinic.calendar) if closed else "",
        praise=praise,
    )


def _worst_first(row: BoardRow) -> tuple[bool, bool, int, int]:
    harmed = row.state is RowState.COMPLICATION
    return row.needs_nobody, not harmed, _PARTS.index(row.part), _WORST_FIRST.index(row.state)


def _today(found: Iterable[tuple[Course, BoardRow]], now: datetime) -> Iterator[str]:
    for course, its in found:
        for session in course.case.sessions:
            if course.calendar.day(session.start) == course.calendar.day(now) and not session.cancelled:
                yield _stands(course, session, its, now)


def _stands(course: Course, session: Session, row: BoardRow, now: datetime) -> str:
    if session.finished:
        return _DONE
    if session.started:
        return _IN_ROOM
    if session.end < now and session.number not in put_off(course):
        # nobody said that it took place: with everything answered it is taken for done
        return _NOT_READY if row.overdue else _DONE
    if session.number != row.session:
        return _ON_TRACK
    return _STATES.get(row.state, _NOT_READY)


def _counts(states: Sequence[str]) -> Iterator[str]:
    yield f"{len(states)} today"
    for name in (_DONE, _IN_ROOM, *_ALWAYS):
        number = states.count(name)
        if number or name in _ALWAYS:
            yield f"{number} {_many(name, number)}"


def _complications(rows: Iterable[BoardRow]) -> Iterator[str]:
    number = sum(each.state is RowState.COMPLICATION for each in rows)
    if number:
        yield f"{number} {_many('complication', number)}"


def _many(name: str, number: int) -> str:
    return f"{name}s" if name in ("complication", _STOP) and number != 1 else name


def _troubles(rows: Iterable[BoardRow], notes: Sequence[str]) -> str:
    said = (note.removesuffix(".") for note in notes)
    troubles = [*said, *(f"{each.code} {each.summary}" for each in rows if not each.needs_nobody)]
    more = f"; and {len(troubles) - 6} more" if len(troubles) > 6 else ""
    return f"{'; '.join(troubles[:6])}{more}." if troubles else "Nothing needs you."
