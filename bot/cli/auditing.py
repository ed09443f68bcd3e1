"""The command that writes a page of evidence for an audit."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import terminal
from bot.cli.given import settings

#: How far the page looks back where nobody says.
BACK = timedelta(days=90)
_DAYS = ["%Y-%m-%d"]


def page(
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write it, such as audit.html.")
    ],
    since: Annotated[
        datetime | None,
        typer.Option(formats=_DAYS, metavar="DAY", help="The first day; without, 90 days ago."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=_DAYS, metavar="DAY", help="The last day; without, today.")
    ] = None,
) -> None:
    """Write a page of evidence for an audit.

    It says what is asked of Slack and Teams and why, what flows where and is kept how long, who looked at
    names, what was overridden, who signed what, and whether every history is whole. It prints on A4.

    Example: bookend audit page --out audit.html --since 2027-01-01
    """
    from bot.app import opened
    from bot.evidence import Span
    from bot.evidence import page as drawn
    from bot.laid import lay
    from bot.store.tables import SCHEMA

    known = settings()
    with opened(known, platforms=known.whole()) as (practice, store):
        calendar = next(iter(practice.clinics.values())).calendar
        last = until.date() if until else calendar.day(practice.clock.now())
        first = since.date() if since else last - BACK
        begins, ends = (calendar.instant(day, time()) for day in (first, last + timedelta(days=1)))
        span = Span(since=begins, until=ends)
        lay(out, drawn(practice, store, span, schema=SCHEMA).encode())
    terminal.say(f"{out}: from {first} until {last}. Open it in a browser, and print it from there.")
