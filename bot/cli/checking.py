"""`bookend check`: what is wrong with the files, said for people or as data.

It is typed again and again while somebody writes, by editors and before every commit, so the commonest way to
type it has a short way of its own: loading Typer, and what Typer loads, takes longer than reading a playbook.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.cli import terminal


def only_files(arguments: Sequence[str]) -> list[Path]:
    """Return what `check` is to look at if all that was typed are files and folders that are there, else
    none: whatever else was typed is Typer's to understand, or to refuse.
    """
    named, *words = arguments or ("",)
    files = [Path(word) for word in words]
    plain = named == "check" and not any(word.startswith("-") for word in words)
    return files if plain and all(file.exists() for file in files) else []


def check(files: Sequence[Path], *, as_json: bool = False) -> int:
    """Say what is to be said of files and folders; return 1 if anything is wrong, else 0."""
    from bot.clock import WallClock
    from bot.files.check import inspect

    found = inspect(files, WallClock().now().date())
    books = sorted(found.playbooks)
    if as_json:
        wrong, advice = ([asdict(each) for each in some] for some in (found.mistakes, found.advice))
        data = {"files": found.files, "playbooks": books, "mistakes": wrong, "advice": advice}
        terminal.show({**data, "touches": found.touches})
    else:
        terminal.warn(*map(str, found.mistakes))
        terminal.say(*(f"{each} (advice)" for each in found.advice))
        _say_touched(found.touches)
        _sum_up(found.files, books, len(found.mistakes))
    return 1 if found.mistakes else 0


def _sum_up(files: Sequence[str], playbooks: Sequence[str], mistakes: int) -> None:
    from bot.core.wording import count

    found = count(mistakes, "mistake") if mistakes else "no mistakes"
    books = f" (playbooks: {', '.join(playbooks)})" if playbooks else ""
    terminal.say(f"{count(len(files), 'file')} checked{books}: {found}.")


def _say_touched(touches: Mapping[str, Sequence[str]]) -> None:
    for file, books in touches.items():
        of = ", ".join(books) or "no playbook"
        each = ": a change in it waits for a signature under each of them" if books else ""
        terminal.say(f"{file} is part of {of}{each}.")
