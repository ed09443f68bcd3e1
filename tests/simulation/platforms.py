"""Two chat platforms that remember what they were sent, and the Chat through which a program speaks to them.

One can be asked whether a message stands there; of the other nobody can tell, and one repeat is allowed.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.core.errors import Never, TryLater, Undeliverable, Unsure
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef
from tests.simulation.faults import Fault, Faults

#: How long a request travels each way, in seconds.
WAY = 0.2
#: How long a call may take before it is given up, in seconds; the product's own limits are like it.
LIMIT = 20.0
#: Why a message may be posted again even where a platform tells: nobody could know that it would be.
STOOD_STILL = "its sender stood still past its lease"
CLOCKS_APART = "the clocks of two machines were further apart than a lease lasts"
#: These excuse a repeat anywhere.
UNKNOWABLE = frozenset({STOOD_STILL, CLOCKS_APART})


@dataclass(kw_only=True, slots=True)
class Message:
    """A message as its reader sees it now, and the program that posted it."""

    ref: MessageRef
    to: str
    once: str
    posted: datetime
    card: Card
    sender: Speaker
    thread: list[str] = field(default_factory=list)
    over: str = ""
    deleted: bool = False


class Platform:
    """What one platform keeps. `heard` is told of everything that makes a telephone buzz."""

    def __init__(self, name: str, *, tells: bool, heard: Callable[[Message, str], None]) -> None:
        self.name = name
        self.tells = tells
        self.heard = heard
        self.messages: list[Message] = []
        self.by_ref: dict[str, Message] = {}
        self.by_once: dict[str, list[Message]] = defaultdict(list)
        self.said: dict[str, int] = defaultdict(int)
        self.doubts: dict[str, list[str]] = defaultdict(list)
        self.away_until = 0.0

    def post(self, to: str, card: Card, once: str, sender: Speaker) -> MessageRef:
        """Post a message."""
        for before in self.by_once[once][-1:]:
            self.doubts[once] += before.sender.excuses(before.posted)
        ref = MessageRef(platform=self.name, channel=to, message=f"{self.name}{len(self.messages) + 1}")
        at = sender.world_time()
        made = Message(ref=ref, to=to, once=once, posted=at, card=card, sender=sender)
        self.messages.append(made)
        self.by_ref[ref.message] = made
        self.by_once[once].append(made)
        self.heard(made, card.text)
        return ref

    def at(self, ref: MessageRef) -> Message:
        """Return a message that stands."""
        found = self.by_ref.get(ref.message)
        if found is None or found.deleted:
            raise Undeliverable("no such message", Never.MESSAGE_GONE)
        return found

    def of(self, who: str) -> Iterator[Message]:
        """Yield what stands in a conversation, the newest first."""
        return (each for each in reversed(self.messages) if each.to == who and not each.deleted)


class Speaker(Protocol):
    """What a Chat needs to know of the program that speaks."""

    name: str
    faults: Faults
    #: until when it stood still longer than a lease may allow, in seconds; 0 if it never did
    frozen_past_lease: float

    def lives(self) -> None:
        """Raise Killed in a program that has ended."""

    async def passes(self, point: str) -> None:
        """Come to a point at which a program may end or stand still."""

    def world_time(self) -> datetime:
        """Return what time it really is."""

    def excuses(self, since: datetime) -> list[str]:
        """Return why it may not have written down what it sent at a moment."""


class SimulatedChat:
    """Keeps the Chat contract for a platform, on a network on which every call may go wrong."""

    def __init__(self, at: Platform, speaker: Speaker) -> None:
        self.platform = at.name
        self._at = at
        self._speaker = speaker

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card."""
        await self._leaves("send", once)
        self._notes_late_sender(once)
        ref = self._at.post(to.account or to.channel, card, once, self._speaker)
        await self._returns("send", once)
        return ref

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Say where a card stands, or raise Unsure where nobody can tell."""
        if not self._at.tells:
            raise Unsure(f"{self.platform} does not tell")
        try:
            await self._leaves("find", once)
        except Unsure as lost:
            raise TryLater(str(lost), timedelta(seconds=10)) from lost
        if under is not None:
            return under if self._at.said[once] else None
        found = [each for each in self._at.by_once[once] if not each.deleted]
        # a message is looked for from a moment on, which a program's own clock said
        return found[0].ref if found else None

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew."""
        await self._leaves("update", "")
        message = self._at.at(ref)
        message.card, message.over = card, ""
        await self._returns("update", "")

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add a line to a thread."""
        await self._leaves("nudge", once)
        message = self._at.at(ref)
        message.thread.append(text)
        self._at.said[once] += 1
        self._at.heard(message, f"(thread) {text}")
        await self._returns("nudge", once)

    async def retire(self, ref: MessageRef, why: str) -> None:
        """End a card."""
        await self._leaves("retire", "")
        self._at.at(ref).over = why
        await self._returns("retire", "")

    def _notes_late_sender(self, once: str) -> None:
        thawed = self._speaker.frozen_past_lease
        if self._at.by_once[once] and thawed and asyncio.get_running_loop().time() - thawed < LIMIT:
            self._at.doubts[once].append(STOOD_STILL)

    async def _leaves(self, what: str, once: str) -> None:
        faults, speaker = self._speaker.faults, self._speaker
        of = f"{what} {self.platform} by {speaker.name}"
        await speaker.passes(f"before {of}")
        loop = asyncio.get_running_loop()
        if loop.time() < self._at.away_until and not faults.calm:
            raise TryLater(f"{self.platform} cannot be reached", timedelta(seconds=10))
        if faults.strikes(Fault.AWAY, of):
            self._at.away_until = loop.time() + faults.seconds(Fault.AWAY, 30, 3000)
            raise TryLater(f"{self.platform} cannot be reached", timedelta(seconds=10))
        if faults.strikes(Fault.PAUSE, of):
            raise TryLater("asked for a pause", timedelta(seconds=faults.seconds(Fault.PAUSE, 1, 120)))
        slow = faults.seconds(Fault.SLOW, 1, LIMIT - 1) if faults.strikes(Fault.SLOW, of) else WAY
        await asyncio.sleep(slow)
        speaker.lives()
        if faults.strikes(Fault.LOST_REQUEST, of):
            await asyncio.sleep(LIMIT)
            raise self._lost(once, "the request was lost")
        if faults.strikes(Fault.BROKE_OFF, of):
            raise self._lost(once, "broke off before")

    async def _returns(self, what: str, once: str) -> None:
        faults, speaker = self._speaker.faults, self._speaker
        of = f"{what} {self.platform} by {speaker.name}"
        if faults.strikes(Fault.LOST_REPLY, of):
            await asyncio.sleep(LIMIT)
            raise self._lost(once, "the reply was lost")
        await asyncio.sleep(WAY)
        await speaker.passes(f"after {of}")

    def _lost(self, once: str, why: str) -> Unsure:
        self._at.doubts[once].append(why)
        return Unsure(why)
