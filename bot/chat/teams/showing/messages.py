"""Messages of ours in Teams, where they stand: posted, and drawn anew unless that would change nothing."""

from __future__ import annotations

from bot.chat.standing import Standing
from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.client import TeamsClient
from bot.chat.teams.drawing.kit import Drawn
from bot.chat.teams.people.places import KnownPlaces
from bot.core.errors import Never, Undeliverable
from bot.core.places import Place
from bot.core.replies import MessageRef


class Messages:
    """Posts and edits; raises ChatTrouble. `alone` says that no other program draws the same cards."""

    def __init__(self, client: TeamsClient, places: KnownPlaces, *, alone: bool = False) -> None:
        self._client = client
        self._places = places
        self._standing = Standing(alone=alone)

    async def post(self, place: Place, what: Drawn, *, once: str = "", thread: str = "") -> MessageRef:
        """Post a message, in a channel as a post of its own or into a thread, and return where it stands."""
        message = await self._client.post(place, what.activity(mark(once)), thread=thread)
        ref = MessageRef(platform=PLATFORM, channel=place.conversation, message=message)
        self._standing.keep(ref, what.told)
        return ref

    async def edit(self, ref: MessageRef, what: Drawn) -> None:
        """Draw a message anew for everybody who sees it, unless exactly that is known to stand there."""
        place = self.place(ref)
        if self._standing.has(ref, what.told):
            return
        self._standing.forget(ref)
        await self._client.edit(place, ref.message, what.activity())
        self._standing.keep(ref, what.told)

    def place(self, ref: MessageRef) -> Place:
        """Return in which conversation a message stands."""
        if ref.platform != PLATFORM:
            raise Undeliverable(f"{ref} is no message of Teams.")
        return self.place_of(ref.channel)

    def place_of(self, conversation: str) -> Place:
        """Return where a conversation is reached; raise Undeliverable where Teams told nothing of it."""
        found = self._places.at(conversation)
        if found is None:
            raise Undeliverable("Teams has not told where this conversation is.", Never.MESSAGE_GONE)
        return found


def mark(once: str) -> str:
    """Return the id of the first element of what was sent with `once`; "" for what nobody looks for."""
    return f"bookend_card:{once}" if once else ""
