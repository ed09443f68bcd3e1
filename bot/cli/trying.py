"""Commands that need no clinic: to try Bookend, and to write and check its files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import checking, printed, terminal
from bot.cli.given import AsJson, Booking, Overlays, Playbooks, Story


def demo(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where to open it; 0 takes any free port.")
    ] = 8765,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in a browser as well.")
    ] = True,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", file_okay=False, help="Keep it here; without, all is forgotten at the end."
        ),
    ] = None,
) -> None:
    """Try an invented clinic in your browser.

    Eight invented patients, six invented staff, and a clock that you move. Nothing leaves this machine;
    it is not for real patients.

    Example: bookend demo
    """
    from bot.demo import Demo
    from bot.demo import demo as opened

    opened(Demo(port=port, data=data, browser=browser), terminal.say, terminal.progress)


def _there(files: list[Path] | None) -> list[Path]:
    if missing := [str(path) for path in files or () if not path.exists()]:
        raise typer.BadParameter(f"There is no file {', '.join(missing)}.")
    return files or []


def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]...", envvar="BOOKEND_PLAYBOOKS", callback=_there, show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find mistakes before anybody is prompted.

    FILES are playbooks, your clinic's file, bookings, scripts, or folders of them. Without any, the playbooks
    that Bookend would use are looked at.

    Example: bookend check clinic.yaml my-playbooks
    """
    return checking.check(files or (), as_json=as_json)


def plan(booking: Booking, playbooks: Playbooks, overlay: Overlays = None, as_json: AsJson = False) -> None:
    """Show what a booking would ask, of whom and when.

    Nothing is kept and nobody is prompted.

    Example: bookend plan booking.yaml
    """
    from bot.app import planned
    from bot.core.listing import plan_rows

    course = planned(*terminal.read(booking), playbooks, overlay or ())
    if as_json:
        terminal.show({"tasks": plan_rows(course, course.tasks)})
    else:
        printed.plan(course)


def rehearse(script: Story, playbooks: Playbooks, overlay: Overlays = None, as_json: AsJson = False) -> None:
    """Play a whole case and show every message.

    It runs on a clock of its own, with invented staff; nothing is kept and nobody is prompted.

    Example: bookend rehearse story.yaml
    """
    from bot.app import rehearsed
    from bot.core.listing import gate_row, played_rows

    played = rehearsed(*terminal.read(script), playbooks, overlay or ())
    if as_json:
        gates = [gate_row(session, found, played.course.calendar) for session, found in played.gates]
        tasks = played_rows(played.course)
        terminal.show({"tasks": tasks, "transcript": played.transcript, "readiness": gates})
    else:
        printed.rehearsed(played)


def schema(playbooks: Playbooks) -> None:
    """Print what an editor needs to complete playbooks.

    It is a JSON Schema; name it in the first line of a playbook, as the shipped ones do.

    Example: bookend schema > playbook.schema.json
    """
    from bot.files.schema import schema_text

    terminal.say(schema_text(playbooks).rstrip())
