"""What the store keeps beside cases: lines of history, cards and their places, the outbox, arrangements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.core.case import Case, Task
from bot.core.replies import Address, MessageRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of a case's history; its plain `detail` may be erased later, and the chain still verifies.

    `kind` is one of opened, answered, decided, undone, amended, fact, moved, session_added, cancelled, event,
    marked, late, override, asked, reminded, escalated, shadowed, waits, resumed, claimed,
    acknowledged, snoozed, looked, identified, reopened, held, hold_released, handed, shift_ended, assigned,
    asked_too, booking_changed, left, erased.
    """

    kind: str
    at: datetime
    by: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A changed case with its new or changed tasks, and the line of history that says so."""

    case: Case
    tasks: Sequence[Task]
    entry: Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Posting:
    """A card's place in the world: what kind it is, whom it is for, and where it was posted once it was.

    `key` is unique and says what the card bundles, e.g. "prep:K7Q2:1:20270218T0930:jo"; `case` and `session`
    are set on cards of one case, `day` on lists of one day. A `closed` posting is never drawn again.
    """

    key: str
    clinic: str
    kind: str
    to: Address
    person: str = ""
    case: str = ""
    session: int = 0
    day: date | None = None
    ref: MessageRef | None = None
    closed: bool = False


class Verb(StrEnum):
    """What the outbox asks of a platform."""

    #: post the card, or edit it where it stands; drawn from state when it goes out
    DRAW = "draw"
    #: one line in the card's thread; the row's text, which may begin with @ and the id of who is mentioned
    NUDGE = "nudge"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A row of the outbox. `id` is opaque and unique for ever: a platform can be asked whether it took it.

    `attempts` counts the earlier tries; `unsure` means that the reply to one of them was lost, and then only
    those count that may have arrived; `followed` that another one of its card waits behind it.
    """

    id: str
    card: str
    verb: Verb
    at: datetime
    text: str = ""
    attempts: int = 0
    unsure: bool = False
    followed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrangement:
    """What a clinic arranged until it is `ended`: who has which room today, a hold, a hand-off that waits.

    `kind` and `key` name it once; whoever owns a kind reads and writes its `detail`.
    """

    kind: str
    key: str
    clinic: str
    by: str
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    ended: datetime | None = None
    revision: int = 0
