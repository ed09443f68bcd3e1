"""What `bookend diff` compares: the playbooks of a folder, of one file, or all that share a file."""

from __future__ import annotations

from pathlib import Path

from bot.core.errors import BookendError, Mistakes
from bot.core.playbook import Playbook
from bot.files.folders import lent_to, texts_in
from bot.files.kinds import ALONE, kind_of, unreadable
from bot.files.playbooks import Library
from bot.files.reader import read_text
from bot.paths import shipped_playbooks


def playbooks_at(path: Path) -> dict[str, Playbook]:
    """Return the playbooks that a path means, by name; Mistakes lists all that is wrong with them.

    A file of facts, red flags or shared steps means every playbook of its folder; without any, the shipped.
    """
    if path.is_dir():
        return _all(Library(texts=texts_in(path), beside=lent_to(path)), path)
    texts = {str(path): read_text(path), **texts_in(path.parent)}
    library = Library(texts=texts, beside=lent_to(path.parent))
    root = library.root(str(path))
    match kind_of(root):
        case "playbook":
            playbook = library.playbook(root)
            return {playbook.id: playbook}
        case "facts" | "red_flags" | "include" as kind:
            return _all(_in_place(path, texts, kind), path)
        case _:
            raise Mistakes(unreadable(root))


def _in_place(path: Path, texts: dict[str, str], kind: str) -> Library:
    """Return the playbooks beside a shared file, or else those that ship, with it in its like's place."""
    beside = Library(texts=texts, beside=lent_to(path.parent))
    if not beside.names():
        beside = Library(texts={**texts_in(shipped_playbooks()), str(path): texts[str(path)]})
    said = beside.root(str(path)).need(kind)

    def alike(file: str) -> bool:
        other = beside.root(file)
        return kind_of(other) == kind and (kind in ALONE or other.need(kind).content == said.content)

    kept = {file: text for file, text in beside.texts.items() if file == str(path) or not alike(file)}
    return Library(texts=kept, beside=beside.beside)


def _all(library: Library, path: Path) -> dict[str, Playbook]:
    found = {name: library.playbook(library.named(name)) for name in library.names()}
    if not found:
        raise BookendError(f"There is no playbook in {path}.")
    return found
