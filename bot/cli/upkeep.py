"""Commands for whoever keeps Bookend running: the database, its history, and what may be wrong."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import printed, terminal
from bot.cli.given import AsJson, readable, settings
from bot.core.errors import BookendError


def migrate() -> None:
    """Make the database, or bring it up to date.

    Back it up first. `bookend serve` does the same when it starts.

    Example: bookend migrate
    """
    from bot.store.schema import migrate as migrated

    known = settings()
    known.key()
    with terminal.progress("Bringing the database up to date"):
        before, after = migrated(known.database_url)
    now = f"schema {after}"
    terminal.say(
        f"It was up to date: {now}." if before == after else f"Done: {now}, before {before or 'nothing'}."
    )


def rekey() -> None:
    """Encrypt patients' names with your newest secret.

    Put the new secret first in BOOKEND_IDENTITY_KEYS, the old one behind it, and
    start every `bookend serve` again. Then run this while they work. When
    `bookend doctor` says that no name is under an older secret, take that out.

    Example: bookend rekey
    """
    from bot.app import store_of

    with store_of(settings()) as store, terminal.progress("Encrypting with the newest secret"):
        done = store.renew_identities()
    terminal.say(f"Done: {done} {'name' if done == 1 else 'names'}. Nothing needs an older secret any more.")


def doctor(
    send_test: Annotated[
        bool, typer.Option("--send-test", help="Send a test message instead; without --to, it asks to whom.")
    ] = False,
    to: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A person or a channel of your file; `channels` are all of them."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Look at settings, files, database and platforms.

    It changes nothing, and says what to do about what is wrong. A test message goes to whomever you name, is
    edited and retired, and you read what came back.

    Example: bookend doctor --send-test --to jo --to channels
    """
    from bot.doctor import examine
    from bot.doctor import send_test as tried

    if to and not send_test:
        raise BookendError("--to says where a test message goes: add --send-test.")
    findings = tried(to or [_to_whom()]) if send_test else examine(os.environ)
    if as_json:
        terminal.show({"findings": [asdict(finding) for finding in findings]})
    else:
        printed.findings(findings)
    return 1 if any(finding.state == "wrong" for finding in findings) else 0


def _to_whom() -> str:
    if not sys.stdin.isatty():
        raise BookendError(
            "Say where to: `--to jo` for a person, `--to board` for a channel, or `--to channels`."
        )
    return str(
        typer.prompt("To whom? A person or a channel of your file, or `channels` for all of them")
    ).strip()


def verify(
    seal: Annotated[
        Path | None,
        typer.Option(metavar="FILE", callback=readable, help="A seal that you kept elsewhere."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find what was changed in any case's history.

    It names every line that was changed, removed, added or reordered.

    Example: bookend audit verify --seal seal.json
    """
    from bot.app import store_of

    with store_of(settings()) as store:
        problems = store.verify(terminal.read_json(seal) if seal else None)
    if as_json:
        terminal.show({"problems": problems})
    else:
        terminal.warn(*problems)
        terminal.say(*(() if problems else ("Every history is as it was written.",)))
    return 1 if problems else 0


def seal() -> None:
    """Print the newest seal, to be kept elsewhere.

    Example: bookend audit seal > seal.json
    """
    from bot.app import store_of

    with store_of(settings()) as store:
        newest = store.export_seal()
    if newest is None:
        raise BookendError(
            "There is no seal yet: `bookend serve` makes one each minute in which something happened."
        )
    terminal.show(newest)
