"""What Teams tells us of, in our own terms: one activity, of which nothing is missing and nothing is odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

Json = Mapping[str, Any]


class Kind(StrEnum):
    """What happened."""

    #: somebody wrote a line
    MESSAGE = "message"
    #: somebody pressed a button on a card
    PRESS = "press"
    #: a client wants a card as it is now; nobody did anything
    REFRESH = "refresh"
    #: somebody opened a dialog
    OPEN = "open"
    #: somebody sent a dialog off
    SUBMIT = "submit"
    #: Bookend was added for a person or to a team, or its app is newer
    JOINED = "joined"
    #: Bookend was taken out
    LEFT = "left"
    #: a team, a channel or its people are no longer as they were
    CHANGED = "changed"
    #: an invoke that Bookend does not know; it must be answered all the same
    INVOKE = "invoke"
    #: anything else
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """Something that Teams told us; "" is what it did not say.

    `conversation` is without the thread, whose first message is `thread`. `account` is the person's object id
    in the tenant, in small letters, `member` the id by which Teams calls them; `others` are the accounts of
    those who came to a team or left it. `reply_to` is the message on which a button was pressed, `data` what
    the button and the inputs carried. `text` is without the mentions of Bookend; `mentioned` has the ids of
    other people by how their mentions stand in it. An `invoke` waits for an answer that is not empty.
    """

    kind: Kind
    name: str = ""
    id: str = ""
    service: str = ""
    conversation: str = ""
    thread: str = ""
    personal: bool = False
    channel: str = ""
    team: str = ""
    account: str = ""
    member: str = ""
    others: tuple[str, ...] = ()
    reply_to: str = ""
    text: str = field(default="", repr=False)
    html: str = field(default="", repr=False)
    mentions_bot: bool = False
    mentioned: Mapping[str, str] = field(default_factory=dict, repr=False)
    at: datetime | None = None
    data: Json = field(default_factory=dict, repr=False)
    invoke: bool = False
