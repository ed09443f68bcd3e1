"""The command that prints a day's paper sheet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import terminal
from bot.cli.given import practice as opened
from bot.core.errors import BookendError

if TYPE_CHECKING:
    from bot.core.people import Clinic
    from bot.service.practice import Practice


def sheet(
    day: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Of which day; without, the next one that is open.",
        ),
    ] = None,
    clinic: Annotated[str | None, typer.Option(help="Of which clinic, where you have several.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Where to; without, beside you.")
    ] = None,
) -> None:
    """Print a day's cases on paper, with boxes to tick.

    A PDF for A4: who comes, what is open, what is done when. It shows codes and never a name. Print it in the
    evening, for the day on which nothing else works.

    Example: bookend sheet --day 2027-02-18
    """
    from bot.evening import pressed
    from bot.laid import lay
    from bot.service import signing

    with opened() as practice:
        chosen = signing.clinic_of(practice, clinic)
        wanted = day.date() if day else _next(practice, chosen)
        target = out or Path(f"{chosen.id}-{wanted}.pdf")
        if target.suffix.lower() != ".pdf":
            raise BookendError(f"{target} is no name of a PDF; nothing was written.")
        lay(target, pressed(practice, chosen, wanted))
    terminal.say(f"{target} holds the sheet of {wanted:%A} {wanted}.")


def _next(practice: Practice, clinic: Clinic) -> date:
    from bot.service.sheet import next_day

    with practice.store.reading() as reading:
        return next_day(reading, clinic, practice.clock.now())
