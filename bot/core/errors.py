"""Everything that can go wrong, as a drawn tree: each error says who is told, in words that can be shown.

BookendError
├── Mistakes         what somebody wrote is wrong: every mistake with its place       -> who wrote it
├── Refused          a person may not or cannot do this now; nothing has changed      -> that person alone
│   ├── NotFound         no such case, step, fact or person: the nearest names
│   ├── NotAllowed       their role may not: who may
│   ├── Settled          answered, moved or closed already: by whom and when
│   ├── Unclear          it could mean two things: the choices
│   └── WrongValues      fields of a form that need another look, all at once
├── Conflict         somebody else changed it in the same moment: look again and retry
├── StoreTrouble     the database is full, locked, read-only, too new or away         -> whoever runs Bookend
└── ChatTrouble      a platform did not take a message
    ├── TryLater         it said when to come back
    │   └── Paced            nothing was asked of it: we keep to its limits ourselves
    ├── Unsure           the reply was lost: it may or may not have been posted
    └── Undeliverable    it will never take this, and for which reason: tell the manager
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum


class BookendError(Exception):
    """The root of the tree; `str()` of any of them is fit to be shown."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mistake:
    """One mistake in something a person wrote; `line` and `column` count from 1, 0 when there is no place."""

    file: str
    line: int = 0
    column: int = 0
    what: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.what}"


class Mistakes(BookendError):
    """All mistakes of a file, a booking or a script at once; nothing of it was taken."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class Refused(BookendError):
    """Said to the person who tried, and to nobody else; nothing has changed."""


class NotFound(Refused):
    """No such thing; names the nearest ones, or says something else where there are none."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), *, otherwise: str = "") -> None:
        self.kind, self.name = kind, name
        near = did_you_mean(name, known) or f" {otherwise}".rstrip()
        super().__init__(f"There is no {kind} {name!r}.{near}")


class NotAllowed(Refused):
    """The person's role may not do this; the text names who may."""


class Settled(Refused):
    """The task was answered, moved or closed already; the text says by whom and when."""


class Unclear(Refused):
    """A typed reply that could mean more than one thing; the text gives the choices."""


class WrongValues(Refused):
    """Fields of a form that need another look: field name -> what is wrong."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(f"{field}: {what}" for field, what in self.problems.items()))


class Conflict(BookendError):
    """A guarded write found another state than expected; the transaction is undone, look again."""


class StoreTrouble(BookendError):
    """The database cannot be used as it is; the text says what to do."""


class ChatTrouble(BookendError):
    """A chat platform did not take a message."""


class TryLater(ChatTrouble):
    """The platform asked us to come back."""

    def __init__(self, why: str, after: timedelta) -> None:
        self.after = after
        super().__init__(why)


class Paced(TryLater):
    """It would be more than the platform takes: nothing was sent, and this was no try."""


class Unsure(ChatTrouble):
    """The reply to a send was lost; the message may stand there or not."""


class Never(StrEnum):
    """Why a platform will never take a message."""

    #: somebody deleted the message that was to be changed
    MESSAGE_GONE = "message_gone"
    #: the channel is archived, gone, or Bookend is not in it
    CHANNEL_LOST = "channel_lost"
    #: the channel is shared with another company
    CHANNEL_SHARED = "channel_shared"
    #: the person left, is switched off, or is no full member
    PERSON_LOST = "person_lost"
    #: the app lacks a right
    NO_RIGHT = "no_right"
    #: anything else
    REFUSED = "refused"


class Undeliverable(ChatTrouble):
    """The platform will never take this message."""

    def __init__(self, why: str, reason: Never = Never.REFUSED) -> None:
        self.reason = reason
        super().__init__(why)


def did_you_mean(name: str, known: Iterable[str], *, alike: float = 0.5) -> str:
    """Return " Did you mean 'a' or 'b'?" with the nearest known names, or nothing; 1 is the same name."""
    near = get_close_matches(name, list(known), n=3, cutoff=alike)
    return f" Did you mean {' or '.join(repr(each) for each in near)}?" if near else ""
