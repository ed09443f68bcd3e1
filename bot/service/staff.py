"""The clinics as they are staffed at this moment: their files, and what each platform says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.people import Clinic
from bot.core.staffing import Look, staffed


class Staff(Mapping[str, Clinic]):
    """The clinics by id; from a look on, what is found here is as that says."""

    def __init__(self, written: Mapping[str, Clinic]) -> None:
        self.written = dict(written)
        self._looks: dict[str, Look] = {}
        self._now = self._staffed()

    def learn(self, look: Look) -> None:
        """Take what a platform says now in place of what it said before."""
        self._looks = {**self._looks, look.platform: look}
        self._now = self._staffed()

    def _staffed(self) -> dict[str, Clinic]:
        return {name: staffed(clinic, self._looks) for name, clinic in self.written.items()}

    def __getitem__(self, name: str) -> Clinic:
        return self._now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)
