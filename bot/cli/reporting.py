"""Commands that report a week to managers: how it went in each clinic, and how loud Bookend itself was."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import printed, terminal
from bot.cli.given import AsJson
from bot.cli.given import practice as opened

if TYPE_CHECKING:
    from bot.core.noise import Noise
    from bot.core.people import Clinic
    from bot.core.weekly import Week, Weekly
    from bot.service.practice import Practice

WEEK_HELP = "Which week, such as 2027-W06; without, the last one that is over."


def _monday(text: str | None) -> date | None:
    """Read an ISO week, such as 2027-W06."""
    if text is None:
        return None
    try:
        year, _, number = text.upper().partition("-W")
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise typer.BadParameter(f"{text} is no week; write it like 2027-W06.") from None


WeekNamed = Annotated[str | None, typer.Option("--week", metavar="WEEK", help=WEEK_HELP)]
Csv = Annotated[
    Path | None,
    typer.Option("--csv", metavar="FILE", dir_okay=False, help="Write a table for a spreadsheet instead."),
]


def weekly(week: WeekNamed = None, as_json: AsJson = False, as_csv: Csv = None) -> None:
    """Say of each clinic how a week went.

    It is a line of what was answered in time, caught and overridden, and one of how loud Bookend was.

    No patient and no member of staff is in it. A week begins on Monday in the clinic's own zone. The columns
    of --csv: week, clinic; due, answered and per cent before the start (pre) and after it (post); catches,
    overrides, unreached patients; messages, repeats, messages answered at first asking, and how many of both
    came after hours.

    Example: bookend weekly --week 2027-W06 --csv week-6.csv
    """
    from bot.core.weekly import weekly_lines, weekly_row

    monday = _monday(week)
    with opened() as practice:
        found = _found(practice, monday)
    if as_csv:
        _write(as_csv, found)
        terminal.say(f"{as_csv} holds {len(found)} line{'' if len(found) == 1 else 's'}.")
    elif as_json:
        terminal.show({"weeks": [weekly_row(each) for each in found]})
    else:
        for each in found:
            terminal.say(each.week.words, *weekly_lines(each))


def _found(practice: Practice, monday: date | None) -> list[Weekly]:
    from bot.service.weekly import weekly_of

    with practice.store.reading() as reading:
        return [
            weekly_of(practice, reading, clinic, _week(practice, clinic, monday))
            for clinic in practice.clinics.values()
        ]


def _week(practice: Practice, clinic: Clinic, monday: date | None) -> Week:
    from bot.core.weekly import week_of
    from bot.service.weekly import last_week

    now = practice.clock.now()
    if monday is None:
        return last_week(clinic, now)
    week = week_of(clinic, monday)
    if week.begins > now:
        raise typer.BadParameter(f"{week.name} has not begun.")
    return week


def _write(file: Path, found: Sequence[Weekly]) -> None:
    from bot.core.weekly import COLUMNS, weekly_row

    with file.open("w", encoding="utf-8", newline="") as opened_file:
        table = csv.DictWriter(opened_file, fieldnames=list(COLUMNS))
        table.writeheader()
        table.writerows(weekly_row(each) for each in found)


def noise(week: WeekNamed = None, as_json: AsJson = False) -> None:
    """Say how loud Bookend was in a week.

    By role: messages, repeats, what was answered at first asking, and what came after hours.

    An edit of a card makes no telephone buzz and does not count.

    Example: bookend noise --week 2027-W06
    """
    monday = _monday(week)
    with opened() as practice:
        found = list(_noise(practice, monday))
    if as_json:
        terminal.show({"noise": [_plain(*each) for each in found]})
    else:
        printed.noise(found)


def _noise(practice: Practice, monday: date | None) -> Iterator[tuple[Clinic, Week, tuple[Noise, ...]]]:
    from bot.service.weekly import noise_of

    with practice.store.reading() as reading:
        for clinic in practice.clinics.values():
            week = _week(practice, clinic, monday)
            yield clinic, week, noise_of(reading, clinic, week)


def _plain(clinic: Clinic, week: Week, found: Sequence[Noise]) -> dict[str, object]:
    names = ("messages", "repeats", "answered_first", "after_hours")
    roles = {each.role.value: {name: getattr(each, name) for name in names} for each in found}
    return {"clinic": clinic.id, "week": week.name, "roles": roles}
