"""Commands that show a playbook to whoever answers for it: what changed, and how it looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import terminal
from bot.cli.given import AsJson, Overlays, Playbooks
from bot.cli.given import practice as opened
from bot.core.errors import BookendError, NotFound

if TYPE_CHECKING:
    from bot.core.playbook import Playbook
    from bot.paper.render import Shown

#: What a drawing may be written over: an earlier one, never a playbook.
DRAWN = (".html", ".htm", ".svg")


def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD",
            show_default=False,
            help="How it was: a file, a folder, or a name such as abl for the text that was signed last.",
        ),
    ],
    new: Annotated[str, typer.Argument(metavar="NEW", show_default=False, help="How it is now, likewise.")],
    as_json: AsJson = False,
) -> None:
    """Say in plain sentences what changed in a playbook.

    A change in what every procedure shares names the playbooks that it touches.

    Example: bookend diff abl-2026.yaml my-playbooks/abl.yaml
    """
    from bot.core.difference.touched import across, comparable, short_names

    was, now = _version(old), _version(new)
    before, after = comparable(was, now)
    found = across(before, after, short_names({**was, **now}))
    if as_json:
        changes = [{**asdict(each.change), "playbooks": each.playbooks} for each in found]
        terminal.show({"changes": changes})
    else:
        terminal.say(*([each.words(several=len(after) > 1) for each in found] or ["Nothing changed."]))


def _version(named: str) -> Mapping[str, Playbook]:
    """Return the playbooks of a file or folder, or the one of that name as it was signed last."""
    if Path(named).exists():
        from bot.files.compared import playbooks_at

        return playbooks_at(Path(named))
    if not named.isidentifier():
        raise typer.BadParameter(f"There is no file or folder {named}.")
    from bot.service import signing

    with opened() as practice:
        clinic = signing.clinic_of(practice, None)
        given = signing.signed(practice, clinic).get(named)
        if given is None:
            raise BookendError(f"There is no file {named}, and no playbook of that name was ever signed.")
        return {named: practice.shelf.version(given.digest)}


def preview(
    playbook: Annotated[
        str,
        typer.Argument(metavar="PLAYBOOK", help="Its name, such as abl, or its file.", show_default=False),
    ],
    playbooks: Playbooks,
    overlay: Overlays = None,
    facts: Annotated[
        str | None,
        typer.Option(
            metavar="FACTS", help="Only what one patient gets: smoker=yes,age=17, or a file with `facts:`."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, help="Where to; without, beside you.")
    ] = None,
    svg: Annotated[bool, typer.Option("--svg", help="The timeline alone, as SVG.")] = False,
) -> None:
    """Draw a playbook as one page: who is asked what and when.

    Printed, the page is one A4 sheet: the checklist for the day on which nothing else works. Nothing in it
    comes from elsewhere, and no case is needed.

    Example: bookend preview abl --facts smoker=yes,area_face=yes
    """
    from bot.paper import render

    what = _shown(playbook, _books(playbook, playbooks, overlay or ()), facts)
    target = out or Path(f"{what.playbook.id}.{'svg' if svg else 'html'}")
    if target.is_file() and target.suffix.lower() not in DRAWN:
        raise BookendError(f"{target} is there already and no page of ours; nothing was written.")
    target.write_text(render.svg(what) if svg else render.page(what), "utf-8")
    terminal.say(f"{target} holds {what.playbook.title}.")


def _shown(name: str, books: Mapping[str, Playbook], facts: str | None) -> Shown:
    from bot.clock import WallClock
    from bot.core.difference.touched import short_names
    from bot.files.patients import facts_given
    from bot.paper.render import Shown

    book = books[name] if name in books else next(iter(books.values()))
    return Shown(
        playbook=book,
        note="This is its text as it is now. Ask bookend status whether it is signed.",
        facts=None if facts is None else facts_given(facts, book),
        start=WallClock().now().date(),
        playbooks=short_names(books),
    )


def _books(name: str, folder: Path, overlays: Sequence[Path]) -> Mapping[str, Playbook]:
    """Return the playbooks of a folder, or the one of a file, which then is the only one."""
    from bot.files.compared import playbooks_at
    from bot.shelf import Bookshelf

    if Path(name).is_file():
        return _of_file(Path(name), overlays)
    own = {"": tuple(map(str, overlays))}
    found = Bookshelf(folder, overlays=own).playbooks if overlays else playbooks_at(folder)
    if name not in found:
        raise NotFound("playbook", name, found)
    return found


def _of_file(path: Path, overlays: Sequence[Path]) -> Mapping[str, Playbook]:
    from bot.files.compared import playbooks_at

    found = playbooks_at(path)
    if len(found) > 1:
        raise typer.BadParameter(f"{path} is part of {', '.join(found)}: name one of them.")
    if overlays:
        raise typer.BadParameter(f"An overlay is laid over a folder: name the playbook, {next(iter(found))}.")
    return found
