"""Beginnings that many tests share are played once: the next test that begins alike goes on from a copy.

A beginning is what was done to a new clinic by `book` and `until` alone. Whoever touches anything else in
between (presses, writes into the store, moves the clock, lets the platform fail) ends it, and the rest is
played.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from sqlite3 import Connection, connect
from typing import TYPE_CHECKING

from tests.service.seen import Notes
from tests.service.workspace import Message
from tests.store.memory import raw

if TYPE_CHECKING:
    from tests.service.riverside import Riverside

#: How many beginnings are remembered, a few hundred kilobytes each; tests that begin alike stand together.
MOST = 64
_KEPT: dict[tuple[str, ...], "Moment"] = {}


class Beginning:
    """How a clinic began, as long as nothing else happened to it; `opened` says with what it was opened."""

    def __init__(self, clinic: "Riverside", opened: str) -> None:
        self._deeds = (opened,)
        self._left = _traces(clinic)

    @property
    def over(self) -> bool:
        """Say whether it has ended: from then on everything is played."""
        return not self._deeds

    def goes_on(self, clinic: "Riverside", deed: str, play: Callable[[], object]) -> None:
        """Do what a deed says: play it, unless exactly this was played before."""
        if self.over or _traces(clinic) != self._left:
            self._deeds = ()
            play()
            return
        # what raises has ended the beginning
        before, self._deeds = self._deeds, ()
        deeds = (*before, deed)
        if known := _KEPT.pop(deeds, None):
            known.restore(clinic)
        else:
            play()
            known = Moment.of(clinic)
        _KEPT[deeds] = known
        while len(_KEPT) > MOST:
            del _KEPT[next(iter(_KEPT))]
        self._deeds, self._left = deeds, _traces(clinic)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """A clinic at a moment: what is stored, what its platform was sent, and what was told of it."""

    stored: Connection
    now: datetime
    messages: list[Message]
    nudges: set[str]
    notes: Notes

    @classmethod
    def of(cls, clinic: "Riverside") -> "Moment":
        """Copy a clinic as it is now."""
        stored = connect(":memory:")
        raw(clinic.store).backup(stored)
        return cls(
            stored=stored,
            now=clinic.clock.now(),
            messages=[_copy(each) for each in clinic.workspace.messages],
            nudges={*clinic.workspace.nudges},
            notes=clinic.notes(),
        )

    def restore(self, clinic: "Riverside") -> None:
        """Make a clinic what this one was; the messages that it has stay the same ones."""
        self.stored.backup(raw(clinic.store))
        clinic.clock.advance(self.now)
        messages = clinic.workspace.messages
        for stands, became in zip(messages, self.messages, strict=False):
            for each in fields(Message):
                setattr(stands, each.name, getattr(_copy(became), each.name))
        messages += map(_copy, self.messages[len(messages) :])
        clinic.workspace.nudges |= self.nudges
        clinic.note_again(self.notes)


def _copy(message: Message) -> Message:
    return replace(message, drawings=[*message.drawings], thread=[*message.thread])


def _traces(clinic: "Riverside") -> tuple[object, ...]:
    """Return what is never the same again once somebody did anything to a clinic."""
    stored = raw(clinic.store)
    (tables,) = stored.execute("PRAGMA schema_version").fetchone()
    workspace, chat = clinic.workspace, clinic.chat
    return (
        *(stored.total_changes, tables, clinic.clock.now(), clinic.woken, clinic.noted()),
        *(clinic.store, clinic.clock, clinic.desk, clinic.office, clinic.practice),
        *clinic.practice.clinics.values(),
        *(chat, chat.passing, workspace, workspace.heard, len(workspace.messages), len(workspace.nudges)),
    )
