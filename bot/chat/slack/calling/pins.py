"""The day's board is pinned while it lives. That a pin cannot be set is no reason to keep the board back."""

from __future__ import annotations

from contextlib import suppress

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.calling.faults import mapped
from bot.core.boards import Board
from bot.core.errors import ChatTrouble, TryLater, Undeliverable, Unsure
from bot.core.messages import Card
from bot.core.replies import MessageRef


class Pins:
    """Sets and takes away pins, each once as far as this program knows: a second try is harmless."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._pinned: dict[MessageRef, bool] = {}

    async def follow(self, ref: MessageRef, card: Card) -> None:
        """Pin a board that lives, and unpin one whose day is over; leave every other card alone."""
        wanted = isinstance(card, Board) and not card.closed
        if isinstance(card, Board) and self._pinned.get(ref) is not wanted:
            with suppress(ChatTrouble):
                await self._set(ref, pinned=wanted)

    async def leave(self, ref: MessageRef) -> None:
        """Unpin a message that shows no board any more."""
        if self._pinned.get(ref):
            with suppress(ChatTrouble):
                await self._set(ref, pinned=False)

    async def _set(self, ref: MessageRef, *, pinned: bool) -> None:
        method = self._client.pins_add if pinned else self._client.pins_remove
        try:
            with mapped():
                await method(channel=ref.channel, timestamp=ref.message)
        except (TryLater, Unsure):
            # asked again at the next edit
            raise
        except Undeliverable:
            # it is so already, or Slack does not let us: no use in asking at every edit
            pass
        self._pinned[ref] = pinned
