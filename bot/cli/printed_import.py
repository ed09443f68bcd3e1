"""What an import found and did, as people read it and as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.cli import terminal
from bot.core import wording
from bot.core.book_rows import BookRow, Kind, Planned
from bot.core.people import Clinic

if TYPE_CHECKING:
    from bot.files.book_rows import Problem
    from bot.files.columns import Columns
    from bot.files.sheets import Sheet
    from bot.service.taking import Done

#: What each kind is called in a sum, in this order.
SUMS: Mapping[Kind, str] = {
    Kind.BOOK: "new",
    Kind.SESSION: "sessions added",
    Kind.MOVE: "moved",
    Kind.CHANGE: "changed",
    Kind.CANCEL: "cancelled",
    Kind.GONE: "gone from the file",
    Kind.SAME: "as before",
    Kind.PAPER: "on paper, before you go live",
    Kind.OVER: "begun or over already",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a file came to: its columns, its appointments, and what is wrong with the other rows."""

    sheet: Sheet
    columns: Columns
    appointments: Sequence[BookRow]
    problems: Sequence[Problem]
    skipped: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What was read and what it comes to; `gone` when it was said that gone means cancelled."""

    clinic: Clinic
    reading: Reading
    planned: Sequence[Planned]
    gone: bool

    @property
    def missing(self) -> list[Planned]:
        """Return what is no longer in the file."""
        return [each for each in self.planned if each.kind is Kind.GONE]


def gone_words(gone: int) -> str:
    """Say how many appointments of earlier imports a file lacks."""
    are = "is" if gone == 1 else "are"
    return f"{wording.count(gone, 'appointment')} of an earlier import {are} not in this file"


def plan(told: Told, *, done: bool) -> None:
    """Say how the file was read, what is wrong in it, and what it comes to."""
    from bot.files.book_rows import told_once

    columns = told.reading.columns
    named = ", ".join(f"{ours} = {columns.headings[at]}" for ours, at in columns.at.items())
    terminal.say(f"Read as: {named}.")
    if columns.dropped:
        terminal.say(f"Not read, because it says who the patient is: {', '.join(columns.dropped)}.")
    if columns.unused:
        terminal.say(f"Not used: {', '.join(columns.unused)}.")
    if told.reading.sheet.noted:
        terminal.say(told.reading.sheet.noted)
    if "room" in columns.at and not told.clinic.rooms:
        terminal.say("Rooms are not taken: the clinic's file names none (`rooms`).")
    terminal.warn(*told_once(list(told.reading.problems)))
    terminal.say(_sum(told))
    if not done:
        _rows(told, {})
    elif told.gone and told.missing:
        # what is cancelled because it is missing is seen before it is confirmed
        terminal.table(("Row", "Case", "When", "What"), (_shown(told, each, None) for each in told.missing))


def done(told: Told, found: Sequence[Done], *, dry_run: bool, taken: bool) -> None:
    """Say what was done, row by row, and who is asked late things when."""
    if dry_run:
        terminal.say("Nothing was changed: this was a dry run.")
        return
    bad = len(told.reading.problems)
    if not taken:
        what = (
            f"Nothing was taken: {wording.count(bad, 'mistake')} in {told.reading.sheet.rows and 'the file'}."
        )
        terminal.warn(f"{what} Mend what is named above, or add --skip-bad to take the other rows.")
        return
    _rows(told, {id(each.planned): each for each in found})
    terminal.warn(*(f"{_place(each.planned)}: {each.problem}" for each in found if each.problem))
    terminal.say(*_caught_up(found))


def _sum(told: Told) -> str:
    counts = Counter(each.kind for each in told.planned)
    parts = [f"{counts[kind]} {words}" for kind, words in SUMS.items() if counts[kind]]
    parts += [f"{told.reading.skipped} left out"] if told.reading.skipped else []
    parts += [f"{len({each.row for each in told.reading.problems})} wrong"] if told.reading.problems else []
    return f"{wording.count(len(told.reading.sheet.rows), 'row')}: {', '.join(parts) or 'nothing'}."


def _rows(told: Told, found: Mapping[int, Done]) -> None:
    shown = [each for each in told.planned if each.note or each.kind in _SHOWN]
    if shown:
        rows = (_shown(told, each, found.get(id(each))) for each in shown)
        terminal.table(("Row", "Case", "When", "What"), rows)
    if told.missing and not told.gone:
        terminal.say("What is gone from the file stays as it is; --gone-means-cancelled cancels it.")


_SHOWN = (Kind.BOOK, Kind.SESSION, Kind.MOVE, Kind.CHANGE, Kind.CANCEL, Kind.GONE)


def _shown(told: Told, each: Planned, did: Done | None) -> tuple[str, ...]:
    start = each.appointment.start if each.appointment else each.known.start if each.known else None
    when = wording.moment(start, told.clinic.calendar) if start else ""
    code = (did.code if did else "") or each.code
    usual = "cancelled: gone from the file" if each.kind is Kind.GONE and told.gone else SUMS[each.kind]
    what = each.note or " ".join(did.said if did else ()) or usual
    return str(each.appointment.row if each.appointment else ""), code, when, what


def _place(each: Planned) -> str:
    return f"row {each.appointment.row}, {each.code or 'new'}" if each.appointment else each.code


def _caught_up(found: Sequence[Done]) -> Iterator[str]:
    days = Counter(each.turn for each in found if each.turn is not None)
    if days:
        parts = [f"{number} on {wording.day_words(day)}" for day, number in sorted(days.items())]
        yield (
            f"To catch up with: {wording.count(sum(days.values()), 'case')}, the soonest procedure first:"
            f" {', '.join(parts)}. What must be settled within two days is asked at once."
        )
    for playbook, number in sorted(Counter(each.shadow for each in found if each.shadow).items()):
        yield (
            f"Only planned and shown: {wording.count(number, 'case')}, because no medical director has signed"
            f" {playbook}."
        )
    if any(each.planned.kind is Kind.BOOK and each.code for each in found):
        yield "Write the codes into your own book: Bookend knows no names."


def data(told: Told, found: Sequence[Done], *, dry_run: bool, taken: bool) -> dict[str, Any]:
    """Return the same as plain data."""
    did = {id(each.planned): each for each in found}
    columns = told.reading.columns
    problems = [
        {"row": each.row, "column": each.column, "what": each.what} for each in told.reading.problems
    ] + [
        {"row": _row_number(each.planned), "column": "", "what": each.problem}
        for each in found
        if each.problem
    ]
    return {
        "clinic": told.clinic.id,
        "dry_run": dry_run,
        "taken": taken,
        "columns": {ours: columns.headings[at] for ours, at in columns.at.items()},
        "not_read": list(columns.dropped),
        "not_used": list(columns.unused),
        "counts": {kind.value: sum(each.kind is kind for each in told.planned) for kind in Kind},
        "left_out": told.reading.skipped,
        "problems": problems,
        "rows": [_row(told, each, did.get(id(each))) for each in told.planned],
    }


def _row_number(each: Planned) -> int | None:
    return each.appointment.row if each.appointment else None


def _row(told: Told, each: Planned, did: Done | None) -> dict[str, Any]:
    start = each.appointment.start if each.appointment else each.known.start if each.known else None
    return {
        "row": _row_number(each),
        "kind": each.kind.value,
        "case": (did.code if did else "") or each.code or None,
        "start": told.clinic.calendar.local(start).isoformat() if start else None,
        "note": each.note or None,
        "said": list(did.said) if did else [],
        "asked_on": did.turn if did else None,
    }
