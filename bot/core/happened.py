"""What happened that a count and the log may tell of: ids and case codes, and nothing that anybody said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What it was."""

    #: prompts went to the outbox
    ASKED = "asked"
    #: a platform took a message, a new drawing of one, or a line in its thread
    SENT = "sent"
    #: a platform did not take it this time, and it waits for another try
    RETRIED = "retried"
    #: it will never arrive
    GIVEN_UP = "given up"
    #: what somebody pressed, filled in, typed or commanded was kept
    ANSWERED = "answered"
    #: the same came again: it got the same answer, and changed nothing
    REPEATED = "repeated"
    #: it was refused, and changed nothing
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """One thing that happened, or a `number` of them; "" and `None` where it has no such thing.

    `why` is one of few words, never a sentence; `about` is a card or an item; `waited` is how long it took
    from the moment at which it could have been sent.
    """

    kind: Kind
    platform: str = ""
    clinic: str = ""
    why: str = ""
    about: str = ""
    number: int = 1
    waited: timedelta | None = None
