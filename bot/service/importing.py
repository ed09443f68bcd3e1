"""Importing a clinic's book: rows open, move and cancel cases; twice the same file changes nothing.

Rows are taken a few at a time, each with what is remembered of it: an import that is broken off goes on where
it stopped when it is started again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.core import wording
from bot.core.book_rows import Book, BookRow, Kind, Planned, compare, now_known
from bot.core.errors import Conflict
from bot.core.people import Clinic
from bot.service import imported
from bot.service.practice import Practice
from bot.service.taking import BY, Batch, Done, begun, take_row

#: So many rows are written in one go.
AT_ONCE = 20
TRIES = 3
#: What changes something.
ACTS = (Kind.BOOK, Kind.SESSION, Kind.MOVE, Kind.CHANGE, Kind.CANCEL, Kind.GONE)


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
    courses: dict[str, str] = {}
    batch: Batch | None = None
    for first in range(0, len(rows), AT_ONCE):
        batch, taken = _batch(practice, clinic, rows[first : first + AT_ONCE], courses, batch)
        done += taken
        progress(min(1.0, (first + AT_ONCE) / len(rows)))
    return done


def _acts(planned: Planned, *, gone: bool) -> bool:
    if planned.kind is Kind.SAME:
        # moved with us and in the book alike: nothing to do but to know it
        return not planned.note and now_known(planned, planned.code, planned.session) is not None
    return planned.kind in ACTS and (gone or planned.kind is not Kind.GONE)


def _by_start(planned: Planned) -> tuple[bool, datetime | None]:
    each = planned.appointment
    return (False, None) if each is None else (True, each.start)


def _batch(
    practice: Practice,
    clinic: Clinic,
    rows: Sequence[Planned],
    courses: dict[str, str],
    before: Batch | None,
) -> tuple[Batch, list[Done]]:
    for attempt in range(TRIES):
        try:
            with practice.store.writing() as tx:
                batch = begun(practice, tx, clinic, courses, before)
                return batch, [take_row(batch, each) for each in rows]
        except Conflict:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")
