"""Rows of a clinic's own book, read in the clinic's words; every row that cannot be read says why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.core.book_rows import BookRow
from bot.core.errors import did_you_mean
from bot.core.people import Clinic, Role
from bot.core.playbook import Playbook
from bot.files.columns import Columns
from bot.files.entry import LONGEST
from bot.files.sheets import Row, Sheet
from bot.files.wall_times import has_day, order_of, read_start

#: What any word of the file may mean: rows with it are left out, such as another clinic's.
SKIP = "skip"
#: Columns whose words can be explained.
_WORDED = ("procedure", "room", "operator", "status")
#: What a word may mean instead of a room or a person: as if nothing stood there.
NONE = "none"
#: Words of a status that mean that an appointment is off, and the reason that is kept.
OFF = {
    **dict.fromkeys(
        ("cancelled", "canceled", "cancellation", "deleted", "abgesagt", "storniert"), "cancelled"
    ),
    **dict.fromkeys(("noshow", "didnotattend", "dna", "missed", "nichterschienen"), "no-show"),
}
_PLAIN = re.compile(r"[\W_]+")


#: No more of a cell is ever repeated.
LONGEST_WORD = 40
#: So many rows with the same mistake are named.
MOST_SHOWN = 5
#: What a start that could not be read becomes; its row is not taken.
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """What is wrong in a row: in which column, and what to do."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.what}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """How a clinic's book speaks: what its words mean, and in which order dates stand, if that was said."""

    means: Mapping[str, str] = field(default_factory=dict)
    dates: str = ""


@dataclass(kw_only=True, slots=True)
class Reader:
    """Reads the rows of one sheet; `problems` and `skipped` fill as it goes."""

    clinic: Clinic
    playbooks: Mapping[str, Playbook]
    columns: Columns
    words: Words
    problems: list[Problem] = field(default_factory=list)
    skipped: int = 0
    _order: str = ""
    _numbers: dict[str, int] = field(default_factory=dict)
    _procedures: dict[str, str] = field(default_factory=dict)
    _people: dict[str, str] = field(default_factory=dict)
    _rooms: dict[str, str] = field(default_factory=dict)
    _means: dict[str, str] = field(default_factory=dict)
    _said: dict[tuple[str, str], str] = field(default_factory=dict)

    def read(self, sheet: Sheet) -> Iterator[BookRow]:
        """Yield the appointments of all rows that can be read."""
        self._learn(sheet)
        for row in sheet.rows:
            before = len(self.problems)
            found = self._appointment(row)
            if found is not None and len(self.problems) == before:
                yield found

    def _learn(self, sheet: Sheet) -> None:
        chosen = self.clinic.playbooks or tuple(self.playbooks)
        for book in (self.playbooks[name] for name in chosen if name in self.playbooks):
            self._procedures |= {_plain(each): book.id for each in (book.id, book.short, book.title)}
        for person in self.clinic.people.values():
            self._people |= {_plain(person.id): person.id, _plain(person.name): person.id}
        self._rooms = {_plain(name): name for name in self.clinic.rooms}
        self._means = {_plain(theirs): ours for theirs, ours in self.words.means.items()}
        column = next((name for name in ("date", "start") if name in self.columns.at), "start")
        self._order = self.words.dates or order_of(self._cell(row, column) for row in sheet.rows)

    def _cell(self, row: Row, ours: str) -> str:
        at = self.columns.at.get(ours)
        return row.cells[at] if at is not None and at < len(row.cells) else ""

    def _wrong(self, row: Row, ours: str, what: str) -> None:
        self.problems.append(Problem(row=row.number, column=self.columns.heading(ours), what=what))

    def _appointment(self, row: Row) -> BookRow | None:
        if any(self._meant(row, ours) == SKIP for ours in _WORDED):
            self.skipped += 1
            return None
        playbook = self._procedure(row)
        start = self._start(row)
        return BookRow(
            row=row.number,
            playbook=playbook,
            start=start,
            number=self._number(row),
            room=self._room(row),
            operator=self._operator(row),
            minutes=self._whole(row, "minutes", LONGEST),
            session=self._whole(row, "session", 100),
            course=self._cell(row, "course"),
            cancelled=OFF.get(_plain(self._meant(row, "status")), ""),
        )

    def _meant(self, row: Row, ours: str) -> str:
        said = self._cell(row, ours)
        return self._means.get(_plain(said), said) if said else ""

    def _procedure(self, row: Row) -> str:
        meant = self._meant(row, "procedure")
        if not meant:
            self._wrong(row, "procedure", "nothing stands here")
        elif (found := self._procedures.get(_plain(meant))) is not None:
            return found
        else:
            other = f"PLAYBOOK, or ={SKIP} for rows like this"
            self._unknown(row, "procedure", meant, "is no playbook of", other, self._procedures.values())
        return ""

    def _number(self, row: Row) -> str:
        if "number" not in self.columns.at:
            return ""
        number = self._cell(row, "number")
        first = self._numbers.setdefault(number, row.number)
        if not number:
            self._wrong(row, "number", "the appointment has no number, and could not be known again")
        elif first != row.number:
            self._wrong(row, "number", f"{_short(number)} stands in row {first} already")
        return number

    def _room(self, row: Row) -> str:
        meant = self._meant(row, "room")
        if not meant or meant == NONE or not self._rooms:
            return ""
        found = self._rooms.get(_plain(meant))
        if found is None:
            self._unknown(row, "room", meant, "is no room of", f"ROOM, ={NONE} or ={SKIP}", self.clinic.rooms)
        return found or ""

    def _operator(self, row: Row) -> str:
        meant = self._meant(row, "operator")
        if not meant or meant == NONE:
            return ""
        person = self.clinic.people.get(self._people.get(_plain(meant), ""))
        if person is not None and person.may(Role.OPERATOR):
            return person.id
        lacks = "is no operator of" if person else "is nobody of"
        known = [each.id for each in self.clinic.people.values() if each.may(Role.OPERATOR)]
        self._unknown(row, "operator", meant, lacks, f"PERSON, ={NONE} or ={SKIP}", known)
        return ""

    def _unknown(self, row: Row, ours: str, meant: str, lacks: str, other: str, known: Iterable[str]) -> None:
        # a word that is unknown once is unknown in thousands of rows: what was meant is looked for once
        if (ours, meant) not in self._said:
            names = tuple(dict.fromkeys(known))
            hint = did_you_mean(meant, names) or (f" There: {', '.join(names)}." if names else "")
            self._said[ours, meant] = (
                f"{_short(meant)} {lacks} {self.clinic.title}; say --word {_short(meant)}={other}.{hint}"
            )
        self._wrong(row, ours, self._said[ours, meant])

    def _whole(self, row: Row, ours: str, most: int) -> int | None:
        said = self._cell(row, ours)
        found = re.match(r"\d{1,4}", said)
        if said and not (found and 1 <= int(found[0]) <= most):
            self._wrong(row, ours, f"expected a whole number from 1 to {most}, found {_short(said)}")
        return int(found[0]) if found else None

    def _start(self, row: Row) -> datetime:
        said, clock, column = self._cell(row, "start"), "", "start"
        if "date" in self.columns.at and not has_day(said):
            column = "date"
            said, clock = self._cell(row, "date"), self._cell(row, "time") or said
        try:
            return read_start(said[:LONGEST_WORD], clock[:LONGEST_WORD], self._order, self.clinic.calendar)
        except ValueError as wrong:
            self._wrong(row, column, str(wrong))
            return _NEVER


def told_once(problems: list[Problem]) -> list[str]:
    """Say each thing that is wrong once, with the first rows that it is wrong in."""
    rows: dict[tuple[str, str], list[int]] = {}
    for each in sorted(problems):
        rows.setdefault((each.column, each.what), []).append(each.row)
    return [f"{_some(numbers)}, {column}: {what}" for (column, what), numbers in rows.items()]


def _some(rows: list[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    shown = ", ".join(map(str, rows[:MOST_SHOWN]))
    rest = len(rows) - MOST_SHOWN
    return f"rows {shown} and {rest} more" if rest > 0 else f"rows {shown}"


def _plain(word: str) -> str:
    return _PLAIN.sub("", word).casefold()


def _short(said: str) -> str:
    return repr(said if len(said) <= LONGEST_WORD else f"{said[: LONGEST_WORD - 3]}...")
