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
    #: a session is added to the case of its course
    SESSION = "session"
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
    """A row of the book in our words; `number` is the appointment's own, `cancelled` why it is off.

    Rows with one `course` are sessions of one case.
    """

    row: int
    playbook: str
    start: datetime
    number: str = ""
    room: str = ""
    operator: str = ""
    minutes: int | None = None
    session: int | None = None
    course: str = ""
    cancelled: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What the last import left: which case and session a row became, and what the book said of it then."""

    key: str
    code: str
    start: datetime
    room: str = ""
    operator: str = ""
    session: int = 1
    course: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What is to be done for a row: with which case, and what is said of it."""

    kind: Kind
    key: str
    appointment: BookRow | None = None
    known: Known | None = None
    code: str = ""
    session: int = 1
    course: str = ""
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
        found[_digest(clinic, plain, str(0 if each.number else seen[plain]))] = each
    return found


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:32]


def compare(appointments: Iterable[BookRow], book: Book) -> list[Planned]:
    """Return what each row asks for, in their order, and last what is gone from the file."""
    rows = keyed(appointments, book.clinic)
    planned = [_row(key, each, book) for key, each in rows.items()]
    return [*_courses(planned, book), *_gone(rows, book)]


def _courses(planned: Iterable[Planned], book: Book) -> list[Planned]:
    """Let new rows of one course be sessions of one case: of the one that runs, else of the soonest row's."""
    planned = list(planned)
    codes = {row.course: row.code for row in book.known.values() if row.course and _runs(row, book)}
    first: dict[str, Planned] = {}
    for each in sorted(planned, key=_start):
        if each.kind is Kind.BOOK and each.course and each.course not in codes:
            first.setdefault(each.course, each)
    return [
        each
        if each.kind is not Kind.BOOK or not each.course or first.get(each.course) is each
        else replace(each, kind=Kind.SESSION, code=codes.get(each.course, ""))
        for each in planned
    ]


def _runs(row: Known, book: Book) -> bool:
    case = book.cases.get(row.code)
    return case is not None and not case.cancelled


def _start(planned: Planned) -> datetime:
    assert planned.appointment is not None
    return planned.appointment.start


def _row(key: str, each: BookRow, book: Book) -> Planned:
    known = book.known.get(key)
    case = book.cases.get(known.code) if known else None
    code, number = (known.code, known.session) if known else ("", 1)
    course = _digest(book.clinic, "course", each.playbook, each.course) if each.course else ""
    planned = Planned(
        kind=Kind.SAME, key=key, appointment=each, known=known, code=code, session=number, course=course
    )
    if known is None or case is None:
        return replace(planned, kind=_new(each, book), code="")
    session = case.session(known.session)
    off = bool(case.cancelled or session.cancelled)
    if each.cancelled or off:
        return _off(planned, each, known, book, off=off or session.started is not None)
    if session.started:
        return planned
    if each.start not in (known.start, session.start):
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


def _off(planned: Planned, each: BookRow, known: Known, book: Book, *, off: bool) -> Planned:
    if not each.cancelled:
        if each.start != known.start and each.start > book.now:
            return replace(planned, kind=_new(each, book), note=f"{known.code} was cancelled; booked anew")
        return replace(planned, note="cancelled with us, and still in the book")
    return planned if off else replace(planned, kind=Kind.CANCEL)


def _gone(rows: Mapping[str, BookRow], book: Book) -> Iterator[Planned]:
    # a file says nothing of days that it does not cover: an export of one week cancels nothing of the next
    days = [book.calendar.day(each.start) for each in rows.values()]
    for key, known in book.known.items():
        case = book.cases.get(known.code)
        if key in rows or case is None or case.cancelled or not days:
            continue
        session = case.session(known.session)
        covered = min(days) <= book.calendar.day(known.start) <= max(days)
        if covered and session.start > book.now and not (session.started or session.cancelled):
            yield Planned(kind=Kind.GONE, key=key, known=known, code=known.code, session=known.session)


def now_known(planned: Planned, code: str, session: int) -> Known | None:
    """Return what is to be kept of a row for the next import, if that is new."""
    each = planned.appointment
    if each is None or not code:
        return None
    row = Known(
        key=planned.key,
        code=code,
        start=each.start,
        room=each.room,
        operator=each.operator,
        session=session,
        course=planned.course,
    )
    return None if row == planned.known else row
