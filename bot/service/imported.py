"""What is kept of imports: how a clinic's book is read, which row became which case, who waits for a turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.core.book_rows import Known
from bot.core.outgoing import Arrangement
from bot.core.people import Clinic
from bot.ports import Reading, Transaction

#: The kinds of arrangements: how a book is read, a row of it, and the day of a case on the catch-up list.
BOOK = "import_book"
ROW = "imported"
TURN = "catch_up"


@dataclass(frozen=True, kw_only=True, slots=True)
class BookMemory:
    """How a clinic's book is read: our column -> its heading, its words -> ours, and how dates stand."""

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""

    def with_more(self, columns: Mapping[str, str], words: Mapping[str, str], dates: str) -> BookMemory:
        """Return the memory with what is said now."""
        return BookMemory(
            columns={**self.columns, **columns}, words={**self.words, **words}, dates=dates or self.dates
        )


def memory(reading: Reading, clinic: Clinic) -> BookMemory:
    """Return how this clinic's book was read last."""
    kept = reading.arrangement(BOOK, clinic.id)
    if kept is None:
        return BookMemory()
    return BookMemory(columns=kept.detail["columns"], words=kept.detail["words"], dates=kept.detail["dates"])


def remember(tx: Transaction, clinic: Clinic, book: BookMemory, *, by: str, at: datetime) -> None:
    """Keep how a clinic's book is read."""
    detail = {"columns": dict(book.columns), "words": dict(book.words), "dates": book.dates}
    _keep(tx, Arrangement(kind=BOOK, key=clinic.id, clinic=clinic.id, by=by, at=at, detail=detail))


def known(reading: Reading, clinic: Clinic) -> dict[str, Known]:
    """Return the rows that became cases, by what they are known by."""
    return {kept.key: _known(kept) for kept in reading.arrangements(clinic.id, ROW)}


def known_now(reading: Reading, key: str) -> Known | None:
    """Return what is known of one row at this moment."""
    kept = reading.arrangement(ROW, key)
    return _known(kept) if kept else None


def _known(kept: Arrangement) -> Known:
    return Known(
        key=kept.key,
        code=kept.detail["case"],
        start=datetime.fromisoformat(kept.detail["start"]),
        room=kept.detail["room"],
        operator=kept.detail["operator"],
        session=kept.detail["session"],
        course=kept.detail["course"],
    )


def learn(tx: Transaction, clinic: Clinic, row: Known, *, by: str, at: datetime) -> None:
    """Keep what the book said of a row, and which case it is."""
    detail = {
        "case": row.code,
        "start": row.start.isoformat(),
        "room": row.room,
        "operator": row.operator,
        "session": row.session,
        "course": row.course,
    }
    _keep(tx, Arrangement(kind=ROW, key=row.key, clinic=clinic.id, by=by, at=at, detail=detail))


def _keep(tx: Transaction, made: Arrangement) -> None:
    kept = tx.arrangement(made.kind, made.key)
    if kept is None:
        tx.arrange(made)
    elif kept.detail != made.detail:
        tx.arrange(replace(made, revision=kept.revision))


def turns(reading: Reading, clinic: Clinic, today: date) -> Counter[date]:
    """Return how many cases wait for each day of the catch-up list, from today on."""
    days = (date.fromisoformat(kept.detail["day"]) for kept in reading.arrangements(clinic.id, TURN))
    return Counter(day for day in days if day >= today)


def take_turn(tx: Transaction, clinic: Clinic, code: str, day: date, *, by: str, at: datetime) -> None:
    """Put a case on the catch-up list of a day."""
    detail = {"day": day.isoformat()}
    tx.arrange(Arrangement(kind=TURN, key=code, clinic=clinic.id, by=by, at=at, detail=detail))


def end_turns(tx: Transaction, clinic: Clinic, today: date, at: datetime) -> None:
    """End the turns of days that are over."""
    for kept in tx.arrangements(clinic.id, TURN):
        if date.fromisoformat(kept.detail["day"]) < today:
            tx.arrange(replace(kept, ended=at))
