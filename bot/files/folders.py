"""A folder of playbooks: its texts and what they say; one that cannot be read hides none of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from bot.core.errors import Mistake, Mistakes
from bot.core.playbook import Playbook
from bot.files.playbooks import Library
from bot.files.reader import read_text
from bot.paths import shipped_playbooks

SUFFIXES = (".yaml", ".yml")
#: The playbooks of a folder that can be read, each with its texts, and the mistakes of the others by name;
#: those of files that are no playbook's alone stand under "".
Seen = tuple[Mapping[str, tuple[Playbook, Mapping[str, str]]], Mapping[str, tuple[Mistake, ...]]]


def files_in(folder: Path) -> list[Path]:
    """Return the YAML files of a folder."""
    return sorted(path for path in folder.glob("*.y*ml") if path.suffix in SUFFIXES and path.is_file())


def load_folder(folder: Path) -> dict[str, str]:
    """Return the texts of all YAML files in a folder, by file name."""
    return {path.name: read_text(path) for path in files_in(folder)}


def texts_in(folder: Path) -> dict[str, str]:
    """Return the same texts by where they lie, so that a mistake can be found."""
    return {str(folder / name): text for name, text in load_folder(folder).items()}


def load_playbooks(folder: Path) -> dict[str, Playbook]:
    """Return all playbooks of a folder by name; Mistakes lists all that is wrong in any of them."""
    found, wrong = look_into(folder)
    if wrong:
        raise Mistakes(sorted({mistake for its in wrong.values() for mistake in its}))
    return {name: playbook for name, (playbook, _) in found.items()}


def look_into(folder: Path, overlays: Iterable[str] = ()) -> Seen:
    """Return what a folder holds, with a clinic's own changes laid over it."""
    try:
        texts, laid_over = texts_with(folder, overlays)
    except Mistakes as unread:
        return {}, {"": unread.mistakes}
    return _seen(tuple(texts.items()), laid_over)


def texts_with(folder: Path, overlays: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the texts of a folder and of overlays, and by which names the overlays stand among them."""
    texts = texts_in(folder)
    by_place = {Path(file).resolve(): file for file in texts}
    laid_over = tuple(by_place.get(Path(file).resolve(), file) for file in overlays)
    texts |= {file: _overlay_text(file) for file in laid_over if file not in texts}
    return texts, laid_over


def lent_to(folder: Path) -> dict[str, str]:
    """Return the shipped texts, from which a folder takes what it lacks; they themselves lack nothing."""
    shipped = shipped_playbooks()
    return {} if folder.resolve() == shipped else texts_in(shipped)


def _overlay_text(file: str) -> str:
    # a pipe would be waited for, for ever
    if not Path(file).exists() or Path(file).is_file():
        return read_text(Path(file))
    raise Mistakes([Mistake(file=file, line=1, column=1, what="this is no file")])


@lru_cache(maxsize=8)
def _seen(texts: tuple[tuple[str, str], ...], laid_over: tuple[str, ...]) -> Seen:
    # the same texts mean the same playbooks: a program that looks again need not read them again
    library = Library(texts=dict(texts), laid_over=laid_over)
    # what is there twice, or changes what is not there, is found first: it counts against its playbook
    library.mistakes()
    found: dict[str, tuple[Playbook, Mapping[str, str]]] = {}
    wrong: dict[str, tuple[Mistake, ...]] = {}
    for name in library.names():
        try:
            found[name] = library.playbook(library.named(name)), library.texts_of(name)
        except Mistakes as its:
            wrong[name] = its.mistakes
    if mistakes := library.mistakes():
        wrong[""] = tuple(mistakes)
    return found, wrong
