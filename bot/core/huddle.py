"""The huddle: when the day's one message is posted and when it ends, and what got worse since it was seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from bot.core.boards import Board, BoardPart, BoardRow, RowState
from bot.core.people import Clinic
from bot.core.times import Closed

#: How long before opening the huddle is posted where the clinic names no time.
BEFORE = timedelta(minutes=15)

#: How bad each state is; a case that climbs past "override" needs somebody now.
_BAD = (RowState.READY, RowState.ON_TRACK, RowState.OVERRIDE, RowState.NOT_READY, RowState.STOP)
_FINE = _BAD[:3]
_WORDS: Mapping[RowState, str] = {
    RowState.READY: "cleared",
    RowState.ON_TRACK: "on track",
    RowState.OVERRIDE: "ready with override",
    RowState.NOT_READY: "not ready",
    RowState.STOP: "stopped",
}


def begins(clinic: Clinic, day: date) -> datetime:
    """Return when the huddle of a day is posted."""
    if clinic.huddle is not None:
        return clinic.calendar.instant(day, clinic.huddle)
    return clinic.calendar.instant(day, clinic.calendar.opening(day)[0]) - BEFORE


def ends(clinic: Clinic, day: date) -> datetime:
    """Return when a day's huddle is drawn for the last time."""
    return clinic.calendar.instant(day, clinic.calendar.opening(day)[1])


def live(clinic: Clinic, now: datetime) -> bool:
    """Say whether today's huddle is there and still follows what happens."""
    day = clinic.calendar.day(now)
    return clinic.calendar.is_open(day) and begins(clinic, day) <= now < ends(clinic, day)


def last_ended(clinic: Clinic, now: datetime) -> date:
    """Return the day whose huddle was the last to end."""
    day = clinic.calendar.day(now)
    if clinic.calendar.is_open(day) and now >= ends(clinic, day):
        return day
    return clinic.calendar.open_day(day - timedelta(days=1), Closed.PREVIOUS)


def ends_week(clinic: Clinic, day: date) -> bool:
    """Say whether a day is the last of its week on which the clinic is open."""
    later = (day + timedelta(days=n) for n in range(1, 7 - day.weekday()))
    return not any(clinic.calendar.is_open(each) for each in later)


def next_moment(clinic: Clinic, now: datetime) -> datetime:
    """Return when a huddle is posted or ends next."""
    day = clinic.calendar.open_day(clinic.calendar.day(now), Closed.NEXT)
    later = clinic.calendar.open_day(day + timedelta(days=1), Closed.NEXT)
    moments = (begins(clinic, day), ends(clinic, day), begins(clinic, later))
    return next(each for each in moments if each > now)


def standings(board: Board) -> dict[str, str]:
    """Return how the sessions stand that were cleared to come: "K7Q2:1" -> its state."""
    return {_session(row): row.state.value for row in board.rows if _watched(row)}


def worse(before: Mapping[str, str], board: Board) -> Iterator[tuple[BoardRow, str]]:
    """Yield the sessions that were fine and are not ready now, or are stopped, each with the words for it."""
    for row in board.rows:
        was = before.get(_session(row))
        if _watched(row) and was is not None and not row.held and _got_worse(RowState(was), row.state):
            # it rings on telephones that lie about: what was answered stands on the board alone
            why = f" {row.blocking.rstrip('?')}." if row.blocking else ""
            yield row, f"{row.label}: was {_WORDS[RowState(was)]}, now {_WORDS[row.state]}.{why}"


def _got_worse(was: RowState, now: RowState) -> bool:
    return now not in _FINE and _BAD.index(was) < _BAD.index(now)


def _watched(row: BoardRow) -> bool:
    return row.near and row.part is not BoardPart.AFTER and row.state in _BAD


def _session(row: BoardRow) -> str:
    return f"{row.code}:{row.session}"
