"""One worker of the measurement, a process of its own: the work of `bookend serve --only worker`, unchanged,
with a platform that takes everything after a while.

`python -m tests.scale.worker URL CLINICS MOVED LATENCY` says when it is ready, begins when it reads a line,
and ends with its input.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from datetime import datetime, timedelta

from bot.clock import WallClock
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef
from bot.scheduling import Rounds
from bot.serve import settle
from bot.work import Work
from tests.bench.stocked import PLATFORM
from tests.scale.stock import opened, practice


class SlowChat:
    """Takes everything after so many seconds, as a platform far away does, and keeps nothing."""

    platform = PLATFORM

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self._numbers = itertools.count()

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card."""
        await asyncio.sleep(self._latency)
        return MessageRef(platform=PLATFORM, channel=to.account or to.channel, message=once)

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Find nothing: no reply is lost here."""
        return None

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew."""
        await asyncio.sleep(self._latency)

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add a line."""
        await asyncio.sleep(self._latency)

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Rewrite a card to one line."""
        await asyncio.sleep(self._latency)


async def work(url: str, clinics: int, by: timedelta, latency: float) -> None:
    """Work until the input ends."""
    store = opened(url)
    works = practice(store, clinics, by)
    # what a program that runs has read and drawn before
    works.shelf.current("abl", next(iter(works.clinics)))
    each = Work(works, {PLATFORM: SlowChat(latency)}, alone=False)

    async def turn() -> datetime | None:
        wished = await each.turn()
        return wished - by if wished else None

    # what wakes is the real time's
    rounds = Rounds(turn, WallClock())
    settle()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    rounds.start()
    with store.listening(rounds.wake):
        await asyncio.to_thread(sys.stdin.read)
    await rounds.end()
    await each.end()
    store.close()


if __name__ == "__main__":
    asyncio.run(
        work(sys.argv[1], int(sys.argv[2]), timedelta(seconds=float(sys.argv[3])), float(sys.argv[4]))
    )
