"""The terminal: tables and a progress bar for people, plain text for pipes, JSON for programs.

Rich is loaded only where somebody looks, so that a command whose output is piped starts at once.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import Any

from bot.core.errors import BookendError

#: A file of this name is what is piped in.
PIPED = "-"
#: Nothing that a person writes is longer, in bytes.
LONGEST = 4_000_000


def say(*lines: str) -> None:
    """Say something on standard output."""
    for line in lines:
        print(seen(line), flush=True)


def warn(*lines: str) -> None:
    """Say something on standard error: a mistake, or what a program that reads our output must not get."""
    for line in lines:
        print(seen(line), file=sys.stderr, flush=True)


def seen(text: str) -> str:
    """Return a text with each character that would steer a terminal or turn the reading direction written as
    an escape: a title in a file must not wipe out the line above it.
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


#: All control characters but tab and line feed, and those that turn or isolate a direction.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def show(found: Mapping[str, Any]) -> None:
    """Print data for a program."""
    say(json.dumps(found, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def read(path: Path) -> tuple[str, str]:
    """Return a file's text and the name to call it by; `-` is what is piped in."""
    if str(path) != PIPED:
        from bot.files.reader import read_text

        return read_text(path), str(path)
    try:
        return sys.stdin.buffer.read(LONGEST).decode("utf-8-sig"), "(standard input)"
    except UnicodeDecodeError:
        raise BookendError("What is piped in is not UTF-8 text.") from None


def read_raw(path: Path) -> tuple[bytes, str]:
    """Return a file as it is, in whatever encoding, and the name to call it by; `-` is what is piped in."""
    if str(path) == PIPED:
        return sys.stdin.buffer.read(), "(standard input)"
    return path.read_bytes(), str(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return what a JSON file of ours holds."""
    text, name = read(path)
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BookendError(f"{name} is not what Bookend wrote: expected JSON in braces.")
    return found


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows: with colour and lines on a terminal, else in columns that are wide enough and no wider."""
    if sys.stdout.isatty():
        _drawn(headings, rows)
    else:
        say(*_columns([headings, *rows]))


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _drawn(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*headings, box=box.SIMPLE_HEAD, header_style="bold", padding=(0, 1, 0, 0), pad_edge=False)
    drawn.columns[0].no_wrap = True
    for row in rows:
        drawn.add_row(*(Text(seen(cell), style=_COLOURS.get(cell, "")) for cell in row))
    Console().print(drawn)


#: Words that a reader looks for; the word says it, the colour only helps to find it.
_COLOURS = {
    **dict.fromkeys(("hard", "stop", "complication", "blocked"), "bold red"),
    **dict.fromkeys(("md", "late", "on call", "not ready", "wrong"), "yellow"),
    **dict.fromkeys(("ready", "good"), "green"),
}


@contextmanager
def progress(what: str) -> Iterator[Callable[[float], None]]:
    """Show how far something has come, from 0 to 1; without a terminal only what it is."""
    if not sys.stderr.isatty():
        warn(f"{what} …")
        yield lambda share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda share: bar.update(task, total=1.0, completed=share)
