"""The commands: each reads what it is given, calls one function below and says what came of it.

Exit 0: done and all is well. 1: something is wrong with what was looked at. 2: the command was used wrongly.
What is wrong goes to standard error, a sentence for each thing that can be done about it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot import printed, terminal
from bot.core.errors import BookendError
from bot.core.listing import gate_row, plan_rows, played_rows
from bot.paths import shipped_playbooks

app = typer.Typer(
    name="bookend",
    help="""Bookend asks clinic staff to confirm what must be true before and after every procedure.

    Try it: `bookend demo` opens an invented clinic in your browser.""",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

AsJson = Annotated[bool, typer.Option("--json", help="Print plain data, for another program.")]
Playbooks = Annotated[
    Path,
    typer.Option(
        envvar="BOOKEND_PLAYBOOKS",
        exists=True,
        file_okay=False,
        metavar="DIR",
        help="Your own playbooks.",
        default_factory=shipped_playbooks,
        show_default="those that came with Bookend",
    ),
]
Booking = Annotated[
    Path,
    typer.Argument(
        metavar="BOOKING",
        exists=True,
        dir_okay=False,
        allow_dash=True,
        show_default=False,
        help="A booking in YAML or JSON; - reads what is piped in.",
    ),
]
Story = Annotated[
    Path,
    typer.Argument(
        metavar="SCRIPT",
        exists=True,
        dir_okay=False,
        allow_dash=True,
        show_default=False,
        help="A booking and what people do with it, in YAML or JSON; - reads what is piped in.",
    ),
]


@app.command()
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


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILES]...", envvar="BOOKEND_PLAYBOOKS", exists=True, show_default=False),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Find mistakes before anybody is prompted.

    FILES are playbooks, your clinic's file, bookings, scripts, or folders of them. Without any, the playbooks
    that Bookend would use are looked at.

    Example: bookend check clinic.yaml my-playbooks
    """
    from bot.files.check import inspect

    found = inspect(files or [])
    if as_json:
        wrong, advice = ([asdict(each) for each in some] for some in (found.mistakes, found.advice))
        books = sorted(found.playbooks)
        terminal.show({"files": found.files, "playbooks": books, "mistakes": wrong, "advice": advice})
    else:
        terminal.warn(*map(str, found.mistakes))
        terminal.say(*(f"{each} (advice)" for each in found.advice))
        printed.checked(found.files, sorted(found.playbooks), len(found.mistakes))
    return 1 if found.mistakes else 0


@app.command()
def plan(booking: Booking, playbooks: Playbooks, as_json: AsJson = False) -> None:
    """Show what a booking would ask, of whom and when.

    Nothing is kept and nobody is prompted.

    Example: bookend plan booking.yaml
    """
    from bot.app import planned

    course = planned(*terminal.read(booking), playbooks)
    if as_json:
        terminal.show({"tasks": plan_rows(course, course.tasks)})
    else:
        printed.plan(course)


@app.command()
def rehearse(script: Story, playbooks: Playbooks, as_json: AsJson = False) -> None:
    """Play a whole case and show every message.

    It runs on a clock of its own, with invented staff; nothing is kept and nobody is prompted.

    Example: bookend rehearse story.yaml
    """
    from bot.app import rehearsed

    played = rehearsed(*terminal.read(script), playbooks)
    if as_json:
        gates = [gate_row(session, found, played.course.calendar) for session, found in played.gates]
        tasks = played_rows(played.course)
        terminal.show({"tasks": tasks, "transcript": played.transcript, "readiness": gates})
    else:
        printed.rehearsed(played)


@app.command()
def schema(playbooks: Playbooks) -> None:
    """Print what an editor needs to complete playbooks.

    It is a JSON Schema; name it in the first line of a playbook, as the shipped ones do.

    Example: bookend schema > playbook.schema.json
    """
    from bot.files.schema import schema_text

    terminal.say(schema_text(playbooks).rstrip())


def main() -> None:
    """Run the command that was typed, and end with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; what goes wrong is said in a sentence, never as a traceback."""
    try:
        ended = app(arguments, prog_name="bookend", standalone_mode=False)
        return ended if isinstance(ended, int) else 0
    except typer.TyperException as wrong:
        return _used_wrongly(wrong)
    except BookendError as trouble:
        terminal.warn(str(trouble))
    except OSError as trouble:
        where = f"{trouble.filename}: " if trouble.filename else ""
        terminal.warn(f"{where}{trouble.strerror or trouble}.")
    except Exception as surprise:
        if os.environ.get("BOOKEND_DEBUG"):
            raise
        terminal.warn(
            f"Something went wrong that nobody foresaw ({type(surprise).__name__}: {surprise}). "
            "Set BOOKEND_DEBUG=1, try again, and report what it shows."
        )
    return 1


def _used_wrongly(wrong: typer.TyperException) -> int:
    context = getattr(wrong, "ctx", None)
    path = context.command_path if context else "bookend"
    said = wrong.format_message()
    terminal.warn(said if said.startswith("Usage:") else f"{said} See `{path} --help`.")
    return 2
