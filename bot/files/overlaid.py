"""What `bookend check` says of overlays: what is wrong, what is not needed any more, and what it touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import Mistake, Mistakes
from bot.core.kinds import Level
from bot.core.playbook import Playbook
from bot.files.digests import said_by
from bot.files.entry import Entry
from bot.files.folders import lent_to, texts_with
from bot.files.overlays import Overlay
from bot.files.playbooks import Library
from bot.paths import shipped_playbooks


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlaid:
    """What was found in some overlays; `touches` is file -> the playbooks that it changes."""

    mistakes: Sequence[Mistake] = ()
    advice: Sequence[Mistake] = ()
    touches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def look_at_overlays(files: Iterable[str], folders: Iterable[Path]) -> Overlaid:
    """Look at overlays of the playbooks in the first of these folders that has some, else of those shipped.

    What is wrong with the playbooks themselves is not said here.
    """
    named = tuple(dict.fromkeys(files))
    beside = [folder for file in named for folder in (Path(file).parent, Path(file).parent / "playbooks")]
    try:
        library = _library(named, [*folders, *beside])
    except Mistakes as wrong:
        return Overlaid(mistakes=wrong.mistakes)
    books = library.playbooks()
    ours = {overlay.root.source.file for overlay in library.overlays()}
    advice = [each for overlay in library.overlays() for each in _advice(overlay, library.steps(), books)]
    touches = {overlay.root.source.file: tuple(_touched(overlay, books)) for overlay in library.overlays()}
    return Overlaid(
        mistakes=[each for each in library.mistakes() if each.file in ours], advice=advice, touches=touches
    )


def _library(files: Sequence[str], folders: Iterable[Path]) -> Library:
    for folder in filter(Path.is_dir, folders):
        texts, laid_over = texts_with(folder, files)
        library = Library(texts=texts, beside=lent_to(folder), laid_over=laid_over)
        if library.names():
            return library
    texts, laid_over = texts_with(shipped_playbooks(), files)
    return Library(texts=texts, laid_over=laid_over)


def _touched(overlay: Overlay, books: Mapping[str, Playbook]) -> Iterator[str]:
    for name, book in books.items():
        if any(step.overlay == overlay.name for step in (*book.steps, *book.left_out)):
            yield name


def _advice(overlay: Overlay, steps: Mapping[str, Entry], books: Mapping[str, Playbook]) -> Iterator[Mistake]:
    for name, (_, change) in overlay.changes.items():
        for key in _needless(steps[name], change) if name in steps else ():
            yield _at(key, f"{name}: {key.content} says what is shipped already; delete it here")
    soft = {step.id: step for book in books.values() for step in book.steps if step.softened}
    for name, (key, _) in overlay.changes.items():
        if name in soft:
            what = f"changed here: its {', '.join(soft[name].softened)}"
            yield _at(key, f"{name} ({soft[name].title}) IS SHIPPED AS A HARD STOP; {what}")
    left = {step.id: step for book in books.values() for step in book.left_out}
    for name, (key, _) in overlay.left_out.items():
        if name in left and left[name].stops.level is Level.HARD:
            yield _at(key, f"{name} ({left[name].title}) IS A HARD STOP, and nobody is asked for it any more")
        elif name in left and left[name].gate:
            yield _at(
                key, f"{name} ({left[name].title}) is a readiness moment, and nobody passes it any more"
            )


def _needless(step: Entry, change: Entry) -> Iterator[Entry]:
    for key, value in change.pairs() if change.is_mapping else ():
        shipped = step.get(str(key.content))
        if key.content == "ask" and shipped and value.is_mapping:
            yield from _needless(shipped, value)
        elif said_by(value) == (said_by(shipped) if shipped else None):
            yield key


def _at(entry: Entry, what: str) -> Mistake:
    return Mistake(file=entry.source.file, line=entry.line + 1, column=entry.column + 1, what=what)
