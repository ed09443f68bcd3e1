"""Invented notes, those that may be kept and those that may not, and how the guard judges them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.core.guard import minding, unnamed
from bot.core.identity import Identity

_FOLDER = Path(__file__).parent.parent / "data" / "notes"
#: The patient of the notes whose kind is `known`, and the clinic's staff.
PATIENT = Identity(name="Zuzana Testova", born=date(1979, 9, 30), record="RX-4711-Q")
STAFF = ("Jo Park", "Max Lee", "Dr Ali Example", "Prof Sommer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A note, what kind of thing it is about, and what the guard said of it."""

    kind: str
    text: str
    said: str


def judged(name: str) -> list[Note]:
    """Return the notes of a file, each with what the guard says."""
    with minding(lambda: [PATIENT], STAFF):
        return [Note(kind=kind, text=text, said=_said(text)) for kind, text in _read(name)]


def _said(text: str) -> str:
    try:
        unnamed(text)
    except ValueError as why:
        return str(why)
    return ""


def _read(name: str) -> Iterator[tuple[str, str]]:
    for line in (_FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, _, text = line.partition(" | ")
            yield kind, text


def rate(wrong: list[Note], notes: list[Note]) -> str:
    """Return how many of the notes were judged wrongly, in words."""
    return f"{len(wrong)} of {len(notes)} ({len(wrong) / len(notes):.1%})"
