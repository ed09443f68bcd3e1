"""Importing a clinic's book: rows open, move and cancel cases; twice the same file changes nothing.

Rows are taken a few at a time, each with what is remembered of it: an import that is broken off goes on where
it stopped when it is started again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.core import wording
from bot.core.beginning import usual_facts
from bot.core.book_rows import Book, BookRow, Kind, Planned, compare, now_known
from bot.core.case import Booking
from bot.core.catch_up import caught_up, is_late, next_turn
from bot.core.course import Course
from bot.core.errors import Conflict, Refused
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Role
from bot.ports import Transaction
from bot.service import cases, imported
from bot.service.practice import Practice
from bot.service.signing import in_force

#: Who did it, in a case's history.
BY = "import"
#: The fact that says which session of a course a single appointment is.
SESSION = "session_no"
#: Said of a row that two imports took in at once.
MEANWHILE = "Another import took it in meanwhile, so nothing was done with it. Import the file once more."
#: So many rows are written in one go.
AT_ONCE = 20
TRIES = 3
#: What changes something.
ACTS = (Kind.BOOK, Kind.MOVE, Kind.CHANGE, Kind.CANCEL, Kind.GONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What became of a row: its case, what was said, on which day late items of a new case are asked, and the
    playbook that nobody signed, if it is only shown.
    """

    planned: Planned
    code: str = ""
    said: tuple[str, ...] = ()
    problem: str = ""
    turn: date | None = None
    shadow: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    """Rows that are written in one go; `taken` counts the cases on each day of the catch-up list."""

    practice: Practice
    tx: Transaction
    clinic: Clinic
    now: datetime
    taken: Counter[date]


def memory(practice: Practice, clinic: Clinic) -> imported.BookMemory:
    """Return how this clinic's book was read last."""
    with practice.store.reading() as reading:
        return imported.memory(reading, clinic)


def remember(
    practice: Practice, clinic: Clinic, columns: Mapping[str, str], words: Mapping[str, str], dates: str
) -> None:
    """Keep what was said of a clinic's book for the next import."""
    if columns or words or dates:
        with practice.store.writing() as tx:
            book = imported.memory(tx, clinic).with_more(columns, words, dates)
            imported.remember(tx, clinic, book, by=BY, at=practice.clock.now())


def notes(practice: Practice) -> list[str]:
    """Say of each clinic how many cases that were booked before are still to be caught up with."""
    said = []
    with practice.store.reading() as reading:
        for clinic in practice.clinics.values():
            today = clinic.calendar.day(practice.clock.now())
            if waiting := imported.turns(reading, clinic, today):
                number, last = sum(waiting.values()), wording.day_words(max(waiting))
                how_many = wording.count(number, "case")
                said.append(
                    f"{clinic.title} catches up with {how_many} until {last}, {waiting[today]} today."
                )
    return said


def plan_import(
    practice: Practice, clinic: Clinic, appointments: Sequence[BookRow], *, whole: bool = True
) -> list[Planned]:
    """Return what these rows would change now; nothing is written.

    Unless they are the `whole` file, nothing counts as gone: it may stand in a row that could not be read.
    """
    with practice.store.reading() as reading:
        known = imported.known(reading, clinic)
        cases_now = reading.cases(row.code for row in known.values())
    book = Book(
        clinic=clinic.id,
        calendar=clinic.calendar,
        now=practice.clock.now(),
        go_live=clinic.go_live,
        known=known,
        cases=cases_now,
    )
    found = compare(appointments, book)
    return found if whole else [each for each in found if each.kind is not Kind.GONE]


def take(
    practice: Practice,
    clinic: Clinic,
    planned: Sequence[Planned],
    *,
    gone: bool = False,
    progress: Callable[[float], None] = lambda share: None,
) -> list[Done]:
    """Do what was planned, the soonest procedure first; what is gone is cancelled only if that was said."""
    rows = sorted((each for each in planned if _acts(each, gone=gone)), key=_by_start)
    done: list[Done] = []
    for first in range(0, len(rows), AT_ONCE):
        done += _batch(practice, clinic, rows[first : first + AT_ONCE])
        progress(min(1.0, (first + AT_ONCE) / len(rows)))
    return done


def _acts(planned: Planned, *, gone: bool) -> bool:
    if planned.kind is Kind.SAME:
        # moved with us and in the book alike: nothing to do but to know it
        return not planned.note and now_known(planned, planned.code) is not None
    return planned.kind in ACTS and (gone or planned.kind is not Kind.GONE)


def _by_start(planned: Planned) -> tuple[bool, datetime | None]:
    each = planned.appointment
    return (False, None) if each is None else (True, each.start)


def _batch(practice: Practice, clinic: Clinic, rows: Sequence[Planned]) -> list[Done]:
    for attempt in range(TRIES):
        try:
            with practice.store.writing() as tx:
                batch = _begun(practice, tx, clinic)
                return [_row(batch, each) for each in rows]
        except Conflict:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _begun(practice: Practice, tx: Transaction, clinic: Clinic) -> _Batch:
    now = practice.clock.now()
    today = clinic.calendar.day(now)
    imported.end_turns(tx, clinic, today, now)
    return _Batch(practice=practice, tx=tx, clinic=clinic, now=now, taken=imported.turns(tx, clinic, today))


def _row(batch: _Batch, planned: Planned) -> Done:
    if imported.known_now(batch.tx, planned.key) != planned.known:
        return Done(planned=planned, code=planned.code, problem=MEANWHILE)
    try:
        done = _DOES[planned.kind](batch, planned)
    except Refused as why:
        return Done(planned=planned, code=planned.code, problem=str(why))
    if (row := now_known(planned, done.code)) is not None:
        imported.learn(batch.tx, batch.clinic, row, by=BY, at=batch.now)
    return done


def _book(batch: _Batch, planned: Planned) -> Done:
    day: date | None = None

    def paced(course: Course) -> Course:
        nonlocal day
        if course.case.shadow or not is_late(course):
            return course
        day = next_turn(batch.taken, batch.clinic.calendar, batch.now)
        return caught_up(course, day, batch.now)

    booking = _booking(batch, _row_of(planned))
    course = cases.open_case(batch.practice, batch.tx, booking, clinic=batch.clinic.id, by=BY, paced=paced)
    code = course.case.code
    if day is not None:
        batch.taken[day] += 1
        imported.take_turn(batch.tx, batch.clinic, code, day, by=BY, at=batch.now)
    shadow = course.playbook.id if course.case.shadow else ""
    return Done(planned=planned, code=code, turn=day, shadow=shadow)


def _booking(batch: _Batch, each: BookRow) -> Booking:
    playbook, _ = in_force(batch.practice, batch.tx, batch.clinic.id, each.playbook)
    facts = usual_facts(playbook, batch.clinic.defaults.get(playbook.id, {}))
    if each.session is not None and SESSION in playbook.facts:
        facts[SESSION] = each.session
    return Booking(
        playbook=each.playbook,
        calendar=batch.clinic.calendar,
        opened=batch.now,
        starts=(each.start,),
        minutes=each.minutes,
        facts=facts,
        room=each.room,
        operator=each.operator or None,
        # nobody said these facts of this patient: an answer takes their place
        told=False,
    )


def _move(batch: _Batch, planned: Planned) -> Done:
    start = _row_of(planned).start
    cases.may_still_change(batch.practice, batch.tx, planned.code, start=start, session=1)
    said = cases.move(batch.practice, batch.tx, planned.code, start, by=BY, session=1)
    _place(batch, planned)
    return Done(planned=planned, code=planned.code, said=said)


def _change(batch: _Batch, planned: Planned) -> Done:
    return Done(planned=planned, code=planned.code, said=_place(batch, planned))


def _place(batch: _Batch, planned: Planned) -> tuple[str, ...]:
    """Take over what the book changed of room and operator; what was changed with us stays."""
    each, known = _row_of(planned), planned.known
    room = each.room if known and each.room != known.room else None
    operator = each.operator if known and each.operator != known.operator else None
    if room is None and operator is None:
        return ()
    entry = Entry(kind="booking_changed", at=batch.now, by=BY, detail={"room": room, "operator": operator})
    cases.change_case(
        batch.practice, batch.tx, planned.code, entry, lambda course: _placed(batch, course, room, operator)
    )
    said = ([f"Room: {room or 'none'}."] if room is not None else []) + (
        [f"Operator: {operator or 'whoever is on duty'}."] if operator is not None else []
    )
    return tuple(said)


def _placed(batch: _Batch, course: Course, room: str | None, operator: str | None) -> Course:
    case = course.case
    first, *others = case.sessions
    sessions = (first if room is None else replace(first, room=room, device=""), *others)
    assigned = dict(case.assigned)
    if operator is not None:
        assigned.pop(Role.OPERATOR, None)
        assigned |= {Role.OPERATOR: operator} if operator else {}
    placed = replace(course, case=replace(case, sessions=sessions, assigned=assigned))
    # another room may be one that is held, or the way out of one
    return cases.on_hold(batch.practice, batch.tx, placed)


def _cancel(batch: _Batch, planned: Planned) -> Done:
    reason = planned.appointment.cancelled if planned.appointment else "no longer in the clinic's book"
    # sessions that were added by hand are no row of the book
    session = 1 if len(batch.tx.case(planned.code).sessions) > 1 else None
    cases.may_still_change(batch.practice, batch.tx, planned.code, session=session)
    cases.cancel(batch.practice, batch.tx, planned.code, by=BY, reason=reason, session=session)
    return Done(planned=planned, code=planned.code)


def _same(batch: _Batch, planned: Planned) -> Done:
    return Done(planned=planned, code=planned.code)


def _row_of(planned: Planned) -> BookRow:
    assert planned.appointment is not None
    return planned.appointment


_DOES: Mapping[Kind, Callable[[_Batch, Planned], Done]] = {
    Kind.BOOK: _book,
    Kind.MOVE: _move,
    Kind.CHANGE: _change,
    Kind.CANCEL: _cancel,
    Kind.GONE: _cancel,
    Kind.SAME: _same,
}
