"""Appointments of the clinic's own book, read again and again: what each row asks of the cases we have.

A row is known by its appointment's number, else by procedure, start and room. What counts is what the *book*
changed since the last import: what people moved or cancelled with us in the meantime stays as they left it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.core.case import Case
from bot.core.times import Calendar


class Kind(StrEnum):
    """What a row comes to."""

    #: a case is opened
    BOOK = "book"
    #: the case is moved
    MOVE = "move"
    #: room or operator change
    CHANGE = "change"
    #: the case is cancelled
    CANCEL = "cancel"
    #: it is no longer in the file; cancelled only where that was said
    GONE = "gone"
    #: as it was at the last import
    SAME = "same"
    #: it starts before the clinic goes live
    PAPER = "paper"
    #: it has begun or is over, and was never ours
    OVER = "over"


@dataclass(frozen=True, kw_only=True, slots=True)
class BookRow:
    """A row of the book in our words; `number` is the appointment's own, `cancelled` why it is off."""

    row: int
    playbook: str
    start: datetime
    number: str = ""
    room: str = ""
    operator: str = ""
    minutes: int | None = None
    session: int | None = None
    cancelled: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the last import left: which case a row became, and what the book said of it then."""

    key: str
    code: str
    start: datetime
    room: str = ""
    operator: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What is to be done for a row: with which case, and what is said of it."""

    kind: Kind
    key: str
    appointment: BookRow | None = None
    known: Known | None = None
    code: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Book:
    """What an import is compared with: when it is, the clinic's days, and what was imported before."""

    clinic: str
    calendar: Calendar
    now: datetime
    go_live: date | None = None
    known: Mapping[str, Known] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)


def keyed(appointments: Iterable[BookRow], clinic: str) -> dict[str, BookRow]:
    """Return appointments by what they are known by: a digest, which tells nobody a number of the book."""
    seen: Counter[str] = Counter()
    found: dict[str, BookRow] = {}
    for each in sorted(appointments, key=lambda each: each.row):
        plain = each.number or f"{each.playbook}|{each.start.isoformat()}|{each.room}"
        seen[plain] += 1
        name = f"{clinic}\n{plain}\n{0 if each.number else seen[plain]}"
        found[hashlib.sha256(name.encode()).hexdigest()[:32]] = each
    return found


def compare(appointments: Iterable[BookRow], book: Book) -> list[Planned]:
    """Return what each row asks for, in their order, and last what is gone from the file."""
    rows = keyed(appointments, book.clinic)
    return [*(_row(key, each, book) for key, each in rows.items()), *_gone(rows, book)]


def _row(key: str, each: BookRow, book: Book) -> Planned:
    known = book.known.get(key)
    case = book.cases.get(known.code) if known else None
    code = known.code if known else ""
    planned = Planned(kind=Kind.SAME, key=key, appointment=each, known=known, code=code)
    if known is None or case is None:
        return replace(planned, kind=_new(each, book), code="")
    if each.cancelled or case.cancelled:
        return _off(planned, each, known, case, book)
    if case.sessions[0].started or case.sessions[0].cancelled:
        return planned
    if each.start not in (known.start, case.sessions[0].start):
        if each.start > book.now:
            return replace(planned, kind=Kind.MOVE)
        return replace(planned, note="the book moves it to a time that has passed: move it yourself")
    changed = (each.room, each.operator) != (known.room, known.operator)
    return replace(planned, kind=Kind.CHANGE if changed else Kind.SAME)


def _new(each: BookRow, book: Book) -> Kind:
    if each.cancelled:
        return Kind.SAME
    if book.go_live and book.calendar.day(each.start) < book.go_live:
        return Kind.PAPER
    return Kind.BOOK if each.start > book.now else Kind.OVER


def _off(planned: Planned, each: BookRow, known: Known, case: Case, book: Book) -> Planned:
    if not each.cancelled:
        if each.start != known.start and each.start > book.now:
            return replace(planned, kind=_new(each, book), note=f"{known.code} was cancelled; booked anew")
        return replace(planned, note="cancelled with us, and still in the book")
    if case.cancelled or case.sessions[0].started:
        return planned
    return replace(planned, kind=Kind.CANCEL)


def _gone(rows: Mapping[str, BookRow], book: Book) -> Iterator[Planned]:
    # a file says nothing of days that it does not cover: an export of one week cancels nothing of the next
    days = [book.calendar.day(each.start) for each in rows.values()]
    for key, known in book.known.items():
        case = book.cases.get(known.code)
        if key in rows or case is None or case.cancelled or not days:
            continue
        session = case.sessions[0]
        covered = min(days) <= book.calendar.day(known.start) <= max(days)
        if covered and session.start > book.now and not session.started:
            yield Planned(kind=Kind.GONE, key=key, known=known, code=known.code)


def now_known(planned: Planned, code: str) -> Known | None:
    """Return what is to be kept of a row for the next import, if that is new."""
    each = planned.appointment
    if each is None or not code:
        return None
    row = Known(key=planned.key, code=code, start=each.start, room=each.room, operator=each.operator)
    return None if row == planned.known else row
