"""The newest of what a program remembers of a platform: so many, and the oldest is forgotten for the next."""

from __future__ import annotations

from typing import Generic, TypeVar

Name = TypeVar("Name")
What = TypeVar("What")


class Newest(Generic[Name, What]):
    """Remembers by name, in this program's memory alone: what must outlive it belongs into the store."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Name, What] = {}

    def __contains__(self, name: Name) -> bool:
        return name in self._kept

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: Name) -> What | None:
        """Return what is remembered by a name, if it still is."""
        return self._kept.get(name)

    def keep(self, name: Name, what: What) -> None:
        """Remember something as the newest."""
        self._kept.pop(name, None)
        self._kept[name] = what
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]

    def forget(self, name: Name) -> None:
        """Know no more of a name."""
        self._kept.pop(name, None)

    def clear(self) -> None:
        """Know nothing any more."""
        self._kept.clear()
