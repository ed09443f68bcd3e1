"""Messages of ours in Teams, where they stand: posted, and drawn anew unless that would change nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.chat.standing import Standing
from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.client import TeamsClient
from bot.chat.teams.drawing.kit import Drawn
from bot.chat.teams.people.places import KnownPlaces
from bot.core.errors import Never, Undeliverable
from bot.core.places import Place
from bot.core.replies import Address, MessageRef

#: Hears of somebody or a channel where nothing can be said any more.
Unreached = Callable[[Address], Awaitable[None]]
_LOST = (Never.PERSON_LOST, Never.CHANNEL_LOST)


class Messages:
    """Posts and edits; raises ChatTrouble. `alone` says that no other program draws the same cards."""

    def __init__(
        self,
        client: TeamsClient,
        places: KnownPlaces,
        *,
        unreached: Unreached | None = None,
        alone: bool = False,
    ) -> None:
        self._client = client
        self._places = places
        self._unreached = unreached
        self._standing = Standing(alone=alone)

    async def post(self, place: Place, what: Drawn, *, thread: str = "") -> MessageRef:
        """Post a message, in a channel as a post of its own or into a thread, and return where it stands."""
        async with self._reaching(place):
            message = await self._client.post(place, what.activity(), thread=thread)
        ref = MessageRef(platform=PLATFORM, channel=place.conversation, message=message)
        self._standing.keep(ref, what.told)
        return ref

    async def edit(self, ref: MessageRef, what: Drawn) -> None:
        """Draw a message anew for everybody who sees it, unless exactly that is known to stand there."""
        place = await self.place(ref)
        if self._standing.has(ref, what.told):
            return
        self._standing.forget(ref)
        async with self._reaching(place):
            await self._client.edit(place, ref.message, what.activity())
        self._standing.keep(ref, what.told)

    async def place(self, ref: MessageRef) -> Place:
        """Return in which conversation a message stands."""
        if ref.platform != PLATFORM:
            raise Undeliverable(f"{ref} is no message of Teams.")
        # another program may have posted it, to somebody of whom it alone heard
        await self._places.catch_up(ref.channel)
        return self.place_of(ref.channel)

    def place_of(self, conversation: str) -> Place:
        """Return where a conversation is reached; raise Undeliverable where Teams told nothing of it."""
        found = self._places.at(conversation)
        if found is None:
            raise Undeliverable("Teams has not told where this conversation is.", Never.MESSAGE_GONE)
        return found

    @asynccontextmanager
    async def _reaching(self, place: Place) -> AsyncIterator[None]:
        try:
            yield
        except Undeliverable as refused:
            if refused.reason in _LOST and self._unreached is not None:
                channel = place.is_channel
                to = {"channel" if channel else "account": place.name}
                await self._unreached(Address(platform=PLATFORM, **to))
            raise
