"""What the contract suite needs to know of a platform: how to start it, and what its people would see."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from bot.core.replies import Address, MessageRef
from bot.ports import Chat

#: Before anything that a test sends.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A message as a person sees it: all its words, how many buttons it has, and its thread."""

    words: str
    buttons: int
    thread: tuple[str, ...] = ()


class Trial(Protocol):
    """A platform on trial: its Chat, two places to write to, and eyes that do not go through the port."""

    chat: Chat
    person: Address
    channel: Address

    async def seen(self, ref: MessageRef) -> Seen:
        """Return what stands at a message."""

    async def count(self, to: Address) -> int:
        """Return how many cards stand in a conversation."""

    async def begin_again(self) -> None:
        """Replace `chat` by a new one after a kill: nothing was closed, and only what lasts is there."""


OpenTrial = Callable[[], AbstractAsyncContextManager[Trial]]
