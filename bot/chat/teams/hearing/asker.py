"""Who said something in Teams, by which name it is known again, and where they said it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from bot.chat.teams import PLATFORM
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.core.replies import Address, MessageRef


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who said something: in their personal chat with Bookend or in a channel, perhaps in a thread of it.

    `once` is the same when Teams tells of it again. `at` is the message that was pressed, or the one under
    which a line was written, the first of its thread.
    """

    account: str
    once: str
    personal: bool
    conversation: str
    channel: str = ""
    at: MessageRef | None = None

    @property
    def address(self) -> Address:
        """Return how the desk and the outbox call them."""
        return Address(platform=PLATFORM, account=self.account)

    @property
    def own(self) -> MessageRef | None:
        """Return the message in their own chat on which they pressed: no other is drawn anew for them."""
        return self.at if self.personal else None


def asker_of(activity: Activity) -> Asker:
    """Return who did what an activity tells of."""
    # a post of its own in a channel begins a thread, and answers nothing
    under = activity.thread if activity.thread != activity.id else ""
    about = under if activity.kind is Kind.MESSAGE else activity.reply_to
    return Asker(
        account=activity.account,
        once=":".join((activity.kind, activity.conversation, about, activity.id or _digest(activity))),
        personal=activity.personal,
        conversation=activity.conversation,
        channel=activity.channel,
        at=ref(activity.conversation, about) if about else None,
    )


def ref(conversation: str, message: str) -> MessageRef:
    """Return where a message stands."""
    return MessageRef(platform=PLATFORM, channel=conversation, message=message)


def _digest(activity: Activity) -> str:
    """Return what names something that Teams gave no id: who said it, and all that they said."""
    said = [activity.account, activity.text, activity.data]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]
