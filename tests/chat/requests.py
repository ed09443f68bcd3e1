"""What `slack.requests` and `teams.requests` share: the day of eighteen procedures, played into a platform of
our own, and how often that was asked for what.

The staff work as in `tests.noise`; every card that they get, and the board, also goes to that platform, by
the client and the pace that serve has. What a press itself costs, a form or a line for whoever pressed, and
that people are looked up again after some minutes, comes on top.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clock import VirtualClock
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef
from bot.ports import Chat
from bot.service.deliver import delivered
from bot.service.practice import Practice
from bot.service.tick import tick
from tests.noise.clinic import clinic
from tests.noise.day import Day
from tests.service.clinic import here
from tests.service.workspace import PLATFORM, Workspace, WorkspaceChat


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A platform of our own: how we speak there, who somebody is there, its board, and what it was asked."""

    chat: Chat
    account: Callable[[str], str]
    board: str
    calls: Callable[[], Counter[str]]

    def there(self, to: Address) -> Address:
        """The same person or channel there."""
        if to.account:
            return Address(platform=self.chat.platform, account=self.account(to.account))
        return Address(platform=self.chat.platform, channel=self.board)


class Twice(WorkspaceChat):
    """The workspace that the invented staff look at, and another platform beside it."""

    def __init__(self, workspace: Workspace, clock: VirtualClock, beside: Asked) -> None:
        super().__init__(workspace, clock)
        self._beside = beside
        self._there: dict[MessageRef, MessageRef] = {}

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        posted = await self._beside.chat.send(card, self._beside.there(to), once=once)
        ref = await super().send(card, to, once=once)
        self._there[ref] = posted
        return ref

    async def update(self, ref: MessageRef, card: Card) -> None:
        await self._beside.chat.update(self._there[ref], card)
        await super().update(ref, card)

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        whom = self._beside.account(mention) if mention else ""
        await self._beside.chat.nudge(self._there[ref], text, once=once, mention=whom)
        await super().nudge(ref, text, once=once, mention=mention)

    async def retire(self, ref: MessageRef, why: str) -> None:
        await self._beside.chat.retire(self._there[ref], why)
        await super().retire(ref, why)


class AskingDay(Day):
    """The day, delivered as it happens: every edit as well, when its moment has come."""

    def __init__(self, seed: int, beside: Callable[[Practice, VirtualClock], Asked]) -> None:
        super().__init__(replace(clinic(), channels={PLATFORM: {"board": "#procedures"}}), seed)
        self.beside = beside(self.practice, self.clock)
        self.chat = Twice(self.workspace, self.clock, self.beside)

    def _next(self) -> datetime | None:
        with self.store.reading() as reading:
            waiting = reading.next_moment()
        return min(filter(None, [super()._next(), waiting]), default=None)

    def _speak(self) -> None:
        tick(self.practice)
        asyncio.run(delivered(self.practice, {PLATFORM: self.chat}, here))


def table(day: AskingDay) -> Iterator[str]:
    """Print how often each thing was asked for, and for each answered item."""
    answered, asked = day.staff.answered, day.beside.calls()
    yield f"{answered} items answered by {len(day.clinic.people)} people on one day"
    yield f"{'':24}{'calls':>8}{'each':>8}"
    for method, calls in asked.most_common():
        yield f"{method:24}{calls:8}{calls / answered:8.2f}"
    yield f"{'together':24}{asked.total():8}{asked.total() / answered:8.2f}"
