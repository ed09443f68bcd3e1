"""What people send, a button, a form, a typed reply or a command, and where messages stand.

`once` names one delivery: a repeat of it gets the same answer again and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.kinds import Catch


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageRef:
    """Where a message stands on its platform: the conversation and the message in it."""

    platform: str
    channel: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """To whom: an account ("person") or a channel of a platform."""

    platform: str
    account: str = ""
    channel: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pressed:
    """A button was pressed."""

    platform: str
    account: str
    once: str
    action: Action
    tasks: tuple[str, ...] = ()
    revision: int = 0
    value: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """A form came back: task key -> field -> what was typed; `revisions` are those of its opening.

    `caught` says what kind of thing was put right, where that is the outcome.
    """

    platform: str
    account: str
    once: str
    entries: Mapping[str, Mapping[str, str | tuple[str, ...]]]
    revisions: Mapping[str, int]
    action: Action = Action.FORM
    outcome: Outcome = Outcome.CONFIRMED
    note: str = ""
    value: str = ""
    caught: Catch | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """A typed reply; `message` is the message it answers, `None` when it names none.

    `alone` says that it could name none, where a platform has no threads: then the one card is meant that
    asks something. `at` is when it was sent, where a platform may deliver it hours later.
    """

    platform: str
    account: str
    once: str
    text: str
    message: MessageRef | None = None
    alone: bool = False
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pointed:
    """A problem is reported from a message, which may be anybody's; `under` is the message in whose thread it
    stands. In its `text` a case code is looked for; it is kept nowhere.
    """

    platform: str
    account: str
    once: str
    message: MessageRef
    under: MessageRef | None = None
    text: str = field(default="", repr=False)


Reply = Pressed | Filled | Typed | Pointed

#: What a command begins with: words that only look, and words that change something.
LOOKING = ("help", "mine", "today", "status", "board", "overdue", "case")
CHANGING = (
    "new",
    "move",
    "session",
    "cancel",
    "event",
    "fact",
    "override",
    "amend",
    "hold",
    "release",
    "who",
    "ask-all",
    "assign",
    "rooms",
    "here",
)
COMMANDS = (*LOOKING, *CHANGING)
#: Those that open something, at least when they are written without the rest.
OPENING = ("new", "move", "cancel", "event", "override", "amend", "ask-all", "rooms")
#: Those that are about the channel in which they are written.
OF_CHANNEL = ("here",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """A command: `words` stood behind the bot's name, `options` are what a form or a terminal adds.

    `at` is when it was sent, as with a typed reply. `channel` is where it was said, "" in a direct
    conversation and where others than the clinic's own people read.
    """

    platform: str
    account: str
    once: str
    words: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None
    channel: str = ""
