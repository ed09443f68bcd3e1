"""The command that takes the clinic's own appointment book in: read, shown, and only then done."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printed_import, terminal
from bot.cli.given import AsJson, readable
from bot.cli.given import practice as opened
from bot.core.errors import BookendError

if TYPE_CHECKING:
    from bot.core.book_rows import BookRow
    from bot.core.people import Clinic
    from bot.service.practice import Practice
    from bot.service.taking import Done


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What was said of the file: which column is which, what its words mean, how its dates stand."""

    columns: Mapping[str, str]
    words: Mapping[str, str]
    dates: str


File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", callback=readable, help="Appointments as CSV; - reads what is pasted or piped in."
    ),
]
Clinics = Annotated[str | None, typer.Option(help="For which clinic, where you have several.")]
ColumnNames = Annotated[
    list[str] | None, typer.Option("--map", metavar="OURS=HEADING", help="Which column is which; remembered.")
]
Meanings = Annotated[
    list[str] | None,
    typer.Option("--word", metavar="THEIRS=OURS", help="What a word of the file means; remembered."),
]
Order = Annotated[str, typer.Option(metavar="dmy|mdy", help="Whether 02/03 is a day or a month first.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Take the good rows although others are wrong.")]
Gone = Annotated[
    bool,
    typer.Option("--gone-means-cancelled", help="Cancel what is no longer in the file, on days it covers."),
]
Sure = Annotated[bool, typer.Option("--yes", help="Cancel without being asked once more.")]


def import_(
    file: File,
    clinic: Clinics = None,
    columns: ColumnNames = None,
    words: Meanings = None,
    dates: Order = "",
    dry_run: DryRun = False,
    skip_bad: SkipBad = False,
    gone: Gone = False,
    yes: Sure = False,
    as_json: AsJson = False,
) -> int:
    """Take appointments in from your own booking system.

    Import the same export again whenever you like: what moved is moved, what is off is cancelled, and nothing
    is opened twice. Names, birth dates, telephone numbers and the like are not read. Where a row is wrong,
    nothing is taken, and every such row is named.

    Example: bookend import appointments.csv --dry-run
    """
    from bot.service import importing, signing

    said = Said(columns=_pairs(columns), words=_pairs(words), dates=dates)
    with opened(begin=not dry_run) as practice:
        chosen = signing.clinic_of(practice, clinic)
        found = _read(practice, chosen, file, said)
        planned = importing.plan_import(practice, chosen, found.appointments, whole=not found.problems)
        told = printed_import.Told(clinic=chosen, reading=found, planned=planned, gone=gone)
        may = not dry_run and (skip_bad or not found.problems)
        if not as_json:
            printed_import.plan(told, done=may)
        done = _taken(practice, told, said, yes=yes) if may else []
    if as_json:
        terminal.show(printed_import.data(told, done, dry_run=dry_run, taken=may))
    else:
        printed_import.done(told, done, dry_run=dry_run, taken=may)
    return 1 if found.problems or any(each.problem for each in done) else 0


def _pairs(given: Sequence[str] | None) -> Mapping[str, str]:
    pairs = [each.rpartition("=") if each.count("=") > 1 else each.partition("=") for each in given or ()]
    for (name, sign, value), each in zip(pairs, given or (), strict=True):
        if not (name.strip() and sign and value.strip()):
            raise typer.BadParameter(f"{each!r} is not NAME=VALUE.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _read(practice: Practice, clinic: Clinic, file: Path, said: Said) -> printed_import.Reading:
    from bot.files.book_rows import Reader, Words
    from bot.files.columns import find_columns
    from bot.files.sheets import read_sheet
    from bot.files.wall_times import ORDERS
    from bot.service import importing, signing

    if said.dates and said.dates not in ORDERS:
        raise typer.BadParameter(f"Say --dates {' or --dates '.join(ORDERS)}.")
    raw, name = terminal.read_raw(file)
    memory = importing.memory(practice, clinic)
    sheet = read_sheet(raw, name)
    found = find_columns(sheet.headings, said.columns, memory.columns)
    known = Words(means={**memory.words, **said.words}, dates=said.dates or memory.dates)
    reader = Reader(clinic=clinic, playbooks=signing.books(practice, clinic), columns=found, words=known)
    rows: list[BookRow] = []
    with terminal.progress(f"Reading {name}") as show:
        for number, each in enumerate(reader.read(sheet)):
            rows.append(each)
            if number % 500 == 0:
                show(number / len(sheet.rows))
    return printed_import.Reading(
        sheet=sheet, columns=found, appointments=rows, problems=reader.problems, skipped=reader.skipped
    )


def _sure_of_gone(told: printed_import.Told, found: printed_import.Reading, *, yes: bool) -> None:
    """Let nobody cancel by a file that was cut off, nor open twice what only moved."""
    gone = len(told.missing)
    if not gone:
        return
    if not told.gone and "number" not in found.columns.at:
        raise BookendError(
            f"{printed_import.gone_words(gone)}, which has no column with the appointments' own numbers:"
            " nobody can tell whether they moved or are off. Nothing was taken. Export the numbers as well,"
            " or say --gone-means-cancelled."
        )
    if told.gone and not yes:
        _confirmed(gone)


def _confirmed(gone: int) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter(
            "Nobody is here to confirm what is cancelled: look at it with --dry-run, then add --yes."
        )
    try:
        sure = typer.confirm(f"Cancel {gone} that {'is' if gone == 1 else 'are'} no longer in the file?")
    except typer.Abort:
        sure = False
    if not sure:
        raise BookendError("Nothing was taken.")


def _taken(practice: Practice, told: printed_import.Told, said: Said, *, yes: bool) -> list[Done]:
    from bot.service import importing

    _sure_of_gone(told, told.reading, yes=yes)
    with terminal.progress("Taking appointments in") as show:
        done = importing.take(practice, told.clinic, told.planned, gone=told.gone, progress=show)
    importing.remember(practice, told.clinic, said.columns, said.words, said.dates)
    return done
