"""Commands that show a playbook to whoever answers for it: what changed, and how it looks."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import terminal
from bot.cli.given import AsJson


def _there(path: Path) -> Path:
    if not path.exists():
        raise typer.BadParameter(f"There is no file or folder {path}.")
    return path


def diff(
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD",
            callback=_there,
            show_default=False,
            help="How it was: a playbook, facts, shared steps, or a folder of them.",
        ),
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", callback=_there, show_default=False, help="How it is now.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say in plain sentences what changed in a playbook.

    A change in what every procedure shares names the playbooks that it touches.

    Example: bookend diff abl-2026.yaml my-playbooks/abl.yaml
    """
    from bot.core.touched import across, comparable, short_names
    from bot.files.compared import playbooks_at

    was, now = playbooks_at(old), playbooks_at(new)
    before, after = comparable(was, now)
    found = across(before, after, short_names({**was, **now}))
    if as_json:
        changes = [{**asdict(each.change), "playbooks": each.playbooks} for each in found]
        terminal.show({"changes": changes})
    else:
        terminal.say(*([each.words(several=len(after) > 1) for each in found] or ["Nothing changed."]))
