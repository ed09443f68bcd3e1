"""The shelf: the playbooks of a folder, and from the store every version that was signed or planned with.

A file that cannot be read hides no other playbook: `current` raises what is wrong with the one that is asked
for, and what was signed stays in use. Parts are imported where they are used, as in `bot.app`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bot.core.errors import BookendError, Mistake, Mistakes, NotFound
from bot.core.playbook import Playbook

if TYPE_CHECKING:
    from bot.store.store import SqlStore

#: The files of a folder and of a clinic's overlays, each with when it was changed last, in ns, and its size.
_Seen = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What was found when the files looked like this; `wrong` is what hinders a playbook, "" all of them."""

    seen: _Seen
    books: Mapping[str, tuple[Playbook, Mapping[str, str]]]
    wrong: Mapping[str, tuple[Mistake, ...]]


class Bookshelf:
    """`bot.ports.Shelf` for a folder; `overlays` are the files with each clinic's own changes, "" others'.

    A `forgiving` one bears a playbook that cannot be read until somebody asks for it.
    """

    def __init__(
        self,
        folder: Path,
        store: SqlStore | None = None,
        overlays: Mapping[str, tuple[str, ...]] | None = None,
        *,
        forgiving: bool = False,
    ) -> None:
        self._folder = folder
        self._store = store
        self._overlays = dict(overlays or {})
        self._versions: dict[str, tuple[Playbook, Mapping[str, str]]] = {}
        self._found: dict[tuple[str, ...], _Found] = {}
        for files in {self._overlays.setdefault("", ()), *self._overlays.values()}:
            self._look(files)
        if not forgiving:
            _refuse(self.mistakes)

    @property
    def playbooks(self) -> Mapping[str, Playbook]:
        """Return the newest playbooks by id, as they are for whoever is no clinic here."""
        return {name: playbook for name, (playbook, _) in self._of("").books.items()}

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Return everything that is wrong in any of the files."""
        wrong = [its for found in self._found.values() for its in found.wrong.values()]
        return tuple(sorted({each for its in wrong for each in its}))

    def names(self, clinic: str) -> tuple[str, ...]:
        """Return the ids of a clinic's playbooks, those whose file cannot be read as well."""
        found = self._of(clinic)
        return tuple(sorted({*found.books, *filter(None, found.wrong)}))

    def current(self, playbook: str, clinic: str = "") -> Playbook:
        """Return the newest version of a clinic's playbook, whether signed or not; raise NotFound with the
        nearest ids, or Mistakes if its file cannot be read.
        """
        found = self._of(clinic)
        if playbook in found.books:
            return found.books[playbook][0]
        _refuse(found.wrong.get(playbook) or found.wrong.get("", ()))
        raise NotFound("playbook", playbook, found.books)

    def version(self, digest: str) -> Playbook:
        """Return exactly the version with this digest, though its file may have changed since."""
        return self._version(digest)[0]

    def texts(self, digest: str) -> Mapping[str, str]:
        """Return the texts (file name -> text) that a version is made of, to be kept with its cases."""
        return self._version(digest)[1]

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        """Return the names of the files that do not say the same in two versions."""
        from bot.files.digests import says

        old, new = self.texts(before), self.texts(after)
        differ = (name for name in {*old, *new} if says(old.get(name, "")) != says(new.get(name, "")))
        return tuple(sorted(PurePath(name).name for name in differ))

    def look_again(self) -> bool:
        """Read the files anew if any of them was touched; say whether they were."""
        touched = [files for files, found in self._found.items() if found.seen != self._seen(files)]
        for files in touched:
            self._look(files)
        return bool(touched)

    def _of(self, clinic: str) -> _Found:
        return self._found[self._overlays.get(clinic, self._overlays[""])]

    def _look(self, files: tuple[str, ...]) -> None:
        from bot.files.folders import look_into

        seen = self._seen(files)
        books, wrong = look_into(self._folder, files)
        self._found[files] = _Found(seen=seen, books=books, wrong=wrong)
        self._versions |= {playbook.digest: (playbook, texts) for playbook, texts in books.values()}

    def _seen(self, files: tuple[str, ...]) -> _Seen:
        paths = [*sorted(self._folder.glob("*.y*ml")), *map(Path, files)]
        looks = [(path, path.stat()) for path in paths if path.is_file()]
        return tuple((str(path), look.st_mtime_ns, look.st_size) for path, look in looks)

    def _version(self, digest: str) -> tuple[Playbook, Mapping[str, str]]:
        if digest not in self._versions:
            self._versions[digest] = self._kept(digest)
        return self._versions[digest]

    def _kept(self, digest: str) -> tuple[Playbook, Mapping[str, str]]:
        from bot.files.playbooks import parse_playbook

        kept = None
        if self._store is not None:
            with self._store.reading() as reading:
                kept = reading.kept_playbook(digest)
        if kept is None:
            raise BookendError(
                f"The playbook version {digest[:12]} is not in this database. Restore your backup."
            )
        name, texts = kept
        playbook = parse_playbook(texts, name)
        if playbook.digest != digest:
            raise BookendError(
                f"The text of {name} that is kept as version {digest[:12]} was changed. Restore your backup."
            )
        return playbook, texts


def _refuse(mistakes: Iterable[Mistake]) -> None:
    if found := tuple(mistakes):
        raise Mistakes(found)
