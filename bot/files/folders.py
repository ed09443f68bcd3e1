"""A folder of playbooks in which one that cannot be read hides none of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from bot.core.errors import Mistake, Mistakes
from bot.core.playbook import Playbook
from bot.files.playbooks import Library, load_folder

#: The playbooks by name, each with its texts, and what is wrong with the others.
Looked = tuple[Mapping[str, tuple[Playbook, Mapping[str, str]]], Mapping[str, tuple[Mistake, ...]]]


def look_into(folder: Path, overlays: Iterable[str] = ()) -> Looked:
    """Return the playbooks of a folder that can be read, each with its texts, and the mistakes of the others
    by name; those of files that are no playbook's alone stand under "".
    """
    try:
        texts = load_folder(folder)
    except Mistakes as unread:
        return {}, {"": unread.mistakes}
    return _read(tuple((str(folder / name), text) for name, text in texts.items()))


# the same texts mean the same playbooks: a program that looks again need not read them again
@lru_cache(maxsize=8)
def _read(texts: tuple[tuple[str, str], ...]) -> Looked:
    library = Library(texts=dict(texts))
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
