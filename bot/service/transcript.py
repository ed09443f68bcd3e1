"""The transcript: a platform that writes down what it is sent, for rehearsals and stories."""

from __future__ import annotations

from datetime import datetime

from bot.core import wording
from bot.core.boards import Board
from bot.core.errors import Never, Undeliverable
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef
from bot.core.times import Calendar
from bot.ports import Clock

PLATFORM = "rehearsal"


class Transcript:
    """Keeps the Chat contract; `lines` is what was said so far."""

    platform = PLATFORM

    def __init__(self, clock: Clock, calendar: Calendar) -> None:
        self.lines: list[str] = []
        self._clock = clock
        self._calendar = calendar
        self._posts: dict[str, MessageRef] = {}

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Write down a first message."""
        ref = MessageRef(platform=PLATFORM, channel=to.account or to.channel, message=once)
        self._posts[once] = ref
        self._say(ref.channel, card.text if not isinstance(card, Board) else f"board: {card.text}")
        return ref

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Return where a message stands."""
        return self._posts.get(once)

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Edits notify nobody; they are not written down."""
        if ref.message not in self._posts:
            raise Undeliverable("no such message", Never.MESSAGE_GONE)

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Write down a line in a thread."""
        self._say(ref.channel, f"(thread) {text}")

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Write down why a card is over."""
        self._say(ref.channel, f"(over) {why}")

    def note(self, text: str) -> None:
        """Write down what somebody did."""
        self._say("", text)

    def _say(self, to: str, text: str) -> None:
        at = wording.moment(self._clock.now(), self._calendar)
        self.lines.append(f"{at}  {'-> ' + to if to else '  '}  {text}".rstrip())
