"""The commands: each reads what it is given, calls one function below and says what came of it.

Exit 0: done and all is well. 1: something is wrong with what was looked at. 2: the command was used wrongly.
What is wrong goes to standard error, a sentence for each thing that can be done about it.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from bot import logs
from bot.cli import (
    auditing,
    beginning,
    connecting,
    importing,
    keeping,
    owning,
    printing,
    reporting,
    running,
    showing,
    terminal,
    trying,
    upkeep,
    writing,
)
from bot.core.errors import BookendError

#: Every command under what somebody looks for; `audit` has three of its own.
_GROUPS: Mapping[str, Sequence[Callable[..., object]]] = {
    "Begin": (
        *(trying.demo, beginning.init, connecting.slack_manifest, connecting.teams_package),
        running.serve,
    ),
    "Cases": (
        *(running.status, running.case, running.new, importing.import_, running.move, running.session),
        *(running.cancel, running.event, owning.ask_all, running.export, printing.sheet),
    ),
    "Playbooks": (
        *(writing.new_playbook, trying.check, trying.plan, trying.rehearse, showing.preview),
        *(showing.diff, owning.sign, trying.schema),
    ),
    "Weeks": (reporting.weekly, reporting.noise),
    "Upkeep": (
        upkeep.doctor,
        upkeep.migrate,
        keeping.backup,
        keeping.restore,
        keeping.erase,
        keeping.purge,
        upkeep.rekey,
    ),
}


#: What ends a program in the midst of anything, and the signal that it came by.
_ENDS: Mapping[type[BaseException], signal.Signals] = {
    KeyboardInterrupt: signal.SIGINT,
    SystemExit: signal.SIGTERM,
}
#: After how many seconds a signal is given once more that was dropped.
AGAIN = 0.05


class _Grouped(TyperGroup):
    """The commands in their groups, as `bookend --help` lists them."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write one section for each group."""
        widest = max(map(len, self.commands))
        groups: dict[str, list[tuple[str, str]]] = {}
        for name, each in self.commands.items():
            row = name.ljust(widest), each.get_short_help_str(formatter.width - widest - 6)
            groups.setdefault(str(getattr(each, "rich_help_panel", "")), []).append(row)
        for group, rows in groups.items():
            with formatter.section(group):
                formatter.write_dl(rows)


app = typer.Typer(
    name="bookend",
    cls=_Grouped,
    help="""Bookend asks clinic staff to confirm what must be true before and after every procedure.

    Try it: `bookend demo` opens an invented clinic in your browser.""",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)

audit = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Prove that no history was changed.")

for group, commands in _GROUPS.items():
    for command in commands:
        named = command.__name__.strip("_").replace("_", "-")
        app.command(named, rich_help_panel=group)(command)
for proof in (upkeep.verify, upkeep.seal, auditing.page):
    audit.command()(proof)
app.add_typer(audit, name="audit", rich_help_panel="Upkeep")


def main() -> None:
    """Run the command that was typed and end with its exit code; told to end, tidy up before."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.unraisablehook = _half_made
    logs.begin()
    for stream in (sys.stdout, sys.stderr):
        # where CO₂ cannot be written, it is written as an escape, which JSON reads as well
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def _half_made(what: sys.UnraisableHookArgs) -> None:
    if what.exc_type in _ENDS:
        # it fell on what was just being tidied up, where Python drops it: it is meant for all of us
        number, main = _ENDS[what.exc_type], threading.main_thread().ident
        threading.Timer(AGAIN, lambda: signal.pthread_kill(main or 0, number)).start()
    # what Ctrl-C met half made complains as it goes, in a traceback that helps nobody
    elif os.environ.get("BOOKEND_DEBUG"):
        sys.__unraisablehook__(what)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; what goes wrong is said in a sentence, never as a traceback."""
    try:
        ended = _command()(list(arguments), prog_name="bookend", standalone_mode=False)
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


@cache
def _command() -> Callable[..., object]:
    # built once: a test runs many commands in one program
    return get_command(app).main


def _used_wrongly(wrong: typer.TyperException) -> int:
    context = getattr(wrong, "ctx", None)
    path = context.command_path if context else "bookend"
    # the words of Python's own error stand before ours
    said = wrong.format_message().replace("Value error, ", "")
    end = "" if said.endswith((".", "?", ")")) else "."
    terminal.warn(said if said.startswith("Usage:") else f"{said}{end} See `{path} --help`.")
    return 2
