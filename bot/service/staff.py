"""The clinics as they are staffed at this moment: their files with the channels that managers chose, and what
each platform says of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.core.people import Clinic
from bot.core.replies import Address
from bot.core.staffing import Look, staffed


class Staff(Mapping[str, Clinic]):
    """The clinics by id; from a look on, what is found here is as that says.

    `written` are they without any look: as their files say, with the channels that were chosen instead.
    """

    def __init__(self, files: Mapping[str, Clinic]) -> None:
        self.files = dict(files)
        self.written = dict(files)
        self._boards: Mapping[str, Sequence[Address]] = {}
        self._looks: dict[str, Look] = {}
        self._now = self._staffed()

    def learn(self, look: Look) -> None:
        """Take what a platform says now in place of what it said before."""
        self._looks = {**self._looks, look.platform: look}
        self._now = self._staffed()

    def choose(self, boards: Mapping[str, Sequence[Address]]) -> list[Address]:
        """Let boards stand in these channels, by clinic, not in those of the files; return the new ones."""
        before = {each for some in self._boards.values() for each in some}
        fresh = [each for some in boards.values() for each in some if each not in before]
        if boards != self._boards:
            self._boards = boards
            # whoever looks at these clinics again and again has this very mapping
            self.written.update({name: self._as_chosen(clinic) for name, clinic in self.files.items()})
            self._now = self._staffed()
        return fresh

    def _as_chosen(self, clinic: Clinic) -> Clinic:
        for to in self._boards.get(clinic.id, ()):
            clinic = with_board(clinic, to)
        return clinic

    def _staffed(self) -> dict[str, Clinic]:
        return {name: staffed(clinic, self._looks) for name, clinic in self.written.items()}

    def __getitem__(self, name: str) -> Clinic:
        return self._now[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)


def with_board(clinic: Clinic, to: Address) -> Clinic:
    """Return a clinic whose board stands in a channel, on the platform of that."""
    channels = {**clinic.channels.get(to.platform, {}), "board": to.channel}
    return replace(clinic, channels={**clinic.channels, to.platform: channels})
