"""Commands of whoever owns the playbooks: sign one."""

from __future__ import annotations

import sys
from datetime import date, datetime
from typing import Annotated

import typer

from bot.cli import terminal
from bot.cli.given import practice as opened
from bot.core.errors import BookendError


def sign(
    playbook: Annotated[str, typer.Argument(metavar="PLAYBOOK", help="Its name, such as abl.")],
    director: Annotated[
        str, typer.Option(metavar="NAME", help="The medical director who signs, as in the clinic's file.")
    ],
    next_review: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="When it is read anew, such as 2028-01-04."),
    ],
    clinic: Annotated[str | None, typer.Option(help="For which clinic, where you have several.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Sign without being asked once more.")] = False,
) -> None:
    """Sign a playbook as the clinic's medical director.

    It shows what is signed and what changed since the last time. From then on new cases follow this text;
    cases that run keep theirs. Cases opened before anybody had signed stay planned and shown: cancel such a
    case and open it anew to have it asked.

    Example: bookend sign abl --director "Dr Ali" --next-review 2028-01-04
    """
    from bot.service import signing

    with opened(begin=True) as practice:
        chosen = signing.clinic_of(practice, clinic)
        offer = signing.offer(practice, chosen, playbook, director, next_review.date())
        terminal.say(*offer.lines)
        if not yes:
            _confirmed(offer.director.name, next_review.date())
        given = signing.sign(
            practice, chosen, playbook, offer.director, offer.next_review, digest=offer.digest
        )
    terminal.say(f"Signed: {given.playbook}, by {given.name}, next review {given.next_review}.")


def _confirmed(name: str, next_review: date) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter("Nobody is here to confirm: add --yes to sign what is shown.")
    try:
        sure = typer.confirm(f"Sign this as {name}, next review {next_review}?")
    except typer.Abort:
        sure = False
    if not sure:
        raise BookendError("Nothing was signed.")
