"""Every command, under what somebody looks for, and what is typed given to the one that it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

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


def typed(arguments: Sequence[str]) -> int:
    """Run the command that was typed and return its exit code."""
    try:
        ended = _command()(list(arguments), prog_name="bookend", standalone_mode=False)
    except typer.TyperException as wrong:
        return _used_wrongly(wrong)
    return ended if isinstance(ended, int) else 0


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
