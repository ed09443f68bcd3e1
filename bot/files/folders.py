"""A folder of playbooks in which one that cannot be read hides none of the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.core.errors import Mistake, Mistakes
from bot.core.playbook import Playbook
from bot.files.playbooks import Library, load_folder


def look_into(
    folder: Path, overlays: Iterable[str] = ()
) -> tuple[dict[str, tuple[Playbook, dict[str, str]]], dict[str, tuple[Mistake, ...]]]:
    """Return the playbooks of a folder that can be read, each with its texts, and the mistakes of the others
    by name; those of files that are no playbook's alone stand under "".
    """
    try:
        library = Library(texts={str(folder / name): text for name, text in load_folder(folder).items()})
    except Mistakes as unread:
        return {}, {"": unread.mistakes}
    found: dict[str, tuple[Playbook, dict[str, str]]] = {}
    wrong: dict[str, tuple[Mistake, ...]] = {}
    for name in library.names():
        try:
            found[name] = library.playbook(library.named(name)), library.texts_of(name)
        except Mistakes as its:
            wrong[name] = its.mistakes
    if mistakes := library.mistakes():
        wrong[""] = tuple(mistakes)
    return found, wrong
