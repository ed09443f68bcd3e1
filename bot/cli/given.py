"""What commands are given: arguments and options that several of them share, and the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.terminal import PIPED
from bot.paths import shipped_playbooks

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.service.practice import Practice

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


Overlays = Annotated[
    list[Path] | None,
    typer.Option(
        "--overlay",
        exists=True,
        dir_okay=False,
        metavar="FILE",
        help="Your clinic's own changes of them; name each file.",
    ),
]


def readable(path: Path | None) -> Path | None:
    """Refuse a file that is not there; `-` is what is piped in."""
    if path is not None and str(path) != PIPED and not path.is_file():
        raise typer.BadParameter(f"{path} is a folder." if path.is_dir() else f"There is no file {path}.")
    return path


Booking = Annotated[
    Path,
    typer.Argument(
        metavar="BOOKING",
        callback=readable,
        show_default=False,
        help="A booking in YAML or JSON; - reads what is piped in.",
    ),
]
Story = Annotated[
    Path,
    typer.Argument(
        metavar="SCRIPT",
        callback=readable,
        show_default=False,
        help="A booking and what people do with it, in YAML or JSON; - reads what is piped in.",
    ),
]


def _capitals(code: str) -> str:
    return code.upper()


Code = Annotated[str, typer.Argument(metavar="CODE", callback=_capitals, help="A case's code, such as K7Q2.")]
Session = Annotated[int | None, typer.Option(min=1, metavar="N", help="Which session of a course.")]
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", exists=True, file_okay=False, help="Look at a demo kept there, not at your clinic."
    ),
]


def settings() -> Settings:
    """Read the settings."""
    from bot.config import settings as read

    return read()


@contextmanager
def practice(*, begin: bool = False) -> Iterator[Practice]:
    """Open the practice that the settings name; `begin` makes its database where there is none."""
    from bot.app import opened

    with opened(settings(), begin=begin) as (found, _):
        yield found


@contextmanager
def looked_at(data: Path | None) -> Iterator[Practice]:
    """Open the practice that is to be looked at: a demo that was kept, or the clinic's own."""
    if data is None:
        with practice() as found:
            yield found
    else:
        from bot.demo import kept

        with kept(data) as scene:
            yield scene.practice
