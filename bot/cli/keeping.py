"""Commands that keep what must not be lost, and let go of what must not be kept."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import terminal
from bot.cli.given import AsJson, Code, readable, settings
from bot.cli.owning import agreed
from bot.core import sentences, wording
from bot.core.errors import BookendError
from bot.core.keeping import Because, Erasure

if TYPE_CHECKING:
    from datetime import datetime

    from bot.config import Settings
    from bot.restore import Restored
    from bot.service.erasing import Purged

_ON_POSTGRES = (
    "This database is on PostgreSQL, which makes its own backups: "
    'pg_dump --format=custom --file=bookend.dump "$BOOKEND_DATABASE_URL". Keep BOOKEND_HISTORY_KEY and '
    "BOOKEND_IDENTITY_KEYS elsewhere: they are not in it."
)


def backup(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Where to; in a folder it is named by the moment.")
    ],
) -> int:
    """Copy the database while Bookend runs, and prove the copy.

    The keys are not in it: it says what else to keep, and where that is.

    Example: bookend backup backups/
    """
    from bot.clock import WallClock
    from bot.keys import require_not_lost
    from bot.store.copies import back_up

    known = settings()
    database = known.database()
    if database is None:
        raise BookendError(_ON_POSTGRES)
    require_not_lost(database)
    if not database.is_file():
        raise BookendError(f"There is no database {database} yet: there is nothing to keep.")
    to = _where_to(file, f"{database.stem}-{WallClock().now():%Y%m%dT%H%M%SZ}.db")
    with terminal.progress("Copying and looking through the copy"):
        looked = back_up(database, to, known.key())
    cases = wording.count(len(looked.lines), "case")
    terminal.warn(*looked.problems)
    terminal.say(
        f"{to}: {cases}, every history as it was written."
        if not looked.problems
        else f"{to} is written, {cases}, but not all of it is whole: see above, and keep older backups.",
        *_kept_apart(known, database),
    )
    return 1 if looked.problems else 0


def _where_to(said: str, name: str) -> Path:
    """Return the file that is meant: a folder is one that is there, or ends with a stroke and is made."""
    if said.endswith(("/", os.sep)):
        Path(said).mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(said) / name if Path(said).is_dir() else Path(said)


def _kept_apart(known: Settings, database: Path) -> Iterator[str]:
    keys = {"key": known.history_key, "names.key": known.identity_keys}
    names = {"key": "BOOKEND_HISTORY_KEY", "names.key": "BOOKEND_IDENTITY_KEYS"}
    where = [names[end] if told else f"{database}.{end}" for end, told in keys.items()]
    yield f"Not in it, and needed with it: {' and '.join(where)}. Keep them in another place than the backup."
    yield "Keep your clinic's file and your playbooks as well."
    listed = known.erased_list()
    if listed is not None and listed.exists():
        yield f"And {listed}: without it this backup brings back what is erased from now on."


def restore(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            callback=readable,
            show_default=False,
            help="What `bookend backup` wrote; on PostgreSQL none, after pg_restore.",
        ),
    ] = None,
    seal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", callback=readable, help="A seal that you kept elsewhere."),
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Take it although something in it is not whole.")
    ] = False,
) -> None:
    """Put a backup in the place of the database.

    End `bookend serve` first. What is there now is kept. Nothing is changed unless the backup is whole; what
    may have been sent since it was made is asked about before it is sent again.

    Example: bookend restore backups/bookend-20270104T020000Z.db
    """
    from bot.restore import made_ready
    from bot.restore import restore as restored

    known, kept = settings(), terminal.read_json(seal) if seal else None
    with terminal.progress("Looking through the backup"):
        done = (
            made_ready(known, seal=kept, anyway=anyway)
            if file is None
            else restored(known, file, seal=kept, anyway=anyway)
        )
    terminal.warn(*done.problems)
    terminal.say(*_told(done))


def _told(done: Restored) -> Iterator[str]:
    of = f", as it was at {_shown(done.of)}" if done.of else ""
    yield f"Restored: {wording.count(done.cases, 'case')}{of}. Whatever was said since then is not in it."
    if done.erased:
        yield f"{wording.count(done.erased, 'case')} of it had been erased on request, and is again."
    yield (
        "Messages may have gone out since. For four days Slack is asked of each whether it stands already; "
        "in Teams, where nobody can ask, one may come once more."
    )
    if done.aside:
        yield f"What was there before is kept in {done.aside}/: delete it when nobody needs it any more."
    if done.later:
        yield f"It knew more of {sentences.listed(done.later)}: answer there again what is still true."
    if done.opened:
        yield (
            f"Opened since, and not in it: {sentences.listed(done.opened)}. Open each anew with "
            "`bookend new`, and write its new code where the old one stands."
        )
    for code in (*done.later, *done.opened)[:1]:
        yield f"To look at one as it was: BOOKEND_DATABASE_URL={done.before} bookend case {code}"
    yield "Start `bookend serve` again, and tell your staff that answers since then are asked for once more."


def erase(
    code: Code,
    because: Annotated[
        Because, typer.Option(metavar="WHY", show_default=False, help="request or mistake: no sentence.")
    ],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who has it erased, as in the clinic's file.")],
    yes: Annotated[bool, typer.Option("--yes", help="Erase without being asked once more.")] = False,
) -> None:
    """Erase who a patient is, and all that was said of them.

    The case must be over. Its code, its dates and who answered when stay, and the chain still verifies. It is
    remembered beside the database, so that no backup brings it back.

    Example: bookend erase K7Q2 --because request --by kit
    """
    from bot.app import opened
    from bot.core.naming import person_meant
    from bot.files.keeping import remember
    from bot.service import erasing

    known = settings()
    with opened(known) as (practice, store):
        with store.reading() as reading:
            clinic = practice.clinic_of(reading.case(code))
        person = person_meant(clinic, by)
        erased = Erasure(code=code, by=person.id, because=because, at=practice.clock.now())
        erasing.require_erasable(practice, erased)
        if not yes:
            agreed(
                f"Erase all that is known of {code}, as {person.name}? It cannot be undone.",
                "Nothing is erased.",
            )
        if listed := known.erased_list():
            remember(listed, erased)
        erasing.erase(practice, erased)
        store.sweep_out()
    terminal.say(f"{code} is erased: its code, its dates and who answered when are left.", *_left(listed))


def _left(listed: Path | None) -> Iterator[str]:
    if listed is None:
        yield (
            "Nothing remembers this outside the database: set BOOKEND_ERASED to a file, or a backup from "
            "before brings it back."
        )
    else:
        yield f"{listed} remembers it: keep that file with the keys. `bookend restore` erases it again."
    yield "Backups from before hold it until you delete them, and Slack and Teams what people wrote there."


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and keep it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let go of what was kept as long as your file says.

    `bookend serve` does the same each night.

    Example: bookend purge --dry-run
    """
    from bot.app import opened
    from bot.service import erasing

    with opened(settings()) as (practice, store):
        found = erasing.purge(practice, only_look=dry_run)
        if any(found.values()) and not dry_run:
            store.sweep_out()
    if as_json:
        terminal.show({clinic: asdict(each) for clinic, each in found.items()})
    else:
        terminal.say(*(_purged_words(clinic, each, dry_run) for clinic, each in found.items()))


def _purged_words(clinic: str, found: Purged, dry_run: bool) -> str:
    parts = [
        f"{what} of {sentences.listed(codes)}"
        for what, codes in (("the name", found.names), ("all that was said", found.answers))
        if codes
    ]
    parts += [wording.count(found.messages, "row of messages", "rows of messages")] if found.messages else []
    if not parts:
        return f"{clinic}: nothing is kept longer than it should be."
    return f"{clinic}: {'would go' if dry_run else 'gone'}: {'; '.join(parts)}."


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
