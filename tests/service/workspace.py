"""A chat platform that remembers, like Slack: what it was sent outlives the process that sent it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import VirtualClock
from bot.core.boards import Board
from bot.core.errors import Never, Undeliverable
from bot.core.messages import Card, TaskCard
from bot.core.replies import Address, MessageRef

PLATFORM = "workspace"
#: Called before and after everything a platform does: "send before", "send after", ...; may raise.
Passing = Callable[[str], None]


@dataclass(kw_only=True, slots=True)
class Message:
    """A message as its reader sees it now, and everything it was before."""

    ref: MessageRef
    once: str
    posted: datetime
    card: Card
    drawings: list[Card]
    thread: list[str] = field(default_factory=list)
    over: str = ""

    @property
    def to(self) -> str:
        return self.ref.channel


class Workspace:
    """What the platform keeps. `heard` is told of everything that makes a telephone buzz."""

    def __init__(self, heard: Callable[[str, str], None] = lambda to, text: None) -> None:
        self.messages: list[Message] = []
        self.nudges: set[str] = set()
        self.heard = heard

    def of(self, who: str) -> list[Message]:
        """The messages of a person or channel, the oldest first."""
        return [message for message in self.messages if message.to == who]

    def at(self, ref: MessageRef) -> Message:
        found = [message for message in self.messages if message.ref == ref]
        if not found:
            raise Undeliverable("no such message", Never.MESSAGE_GONE)
        return found[0]

    def sent_with(self, once: str) -> Message | None:
        return next((message for message in self.messages if message.once == once), None)


class WorkspaceChat:
    """Keeps the Chat contract for a workspace; `passing` may let any of it go wrong."""

    platform = PLATFORM

    def __init__(self, workspace: Workspace, clock: VirtualClock) -> None:
        self.workspace = workspace
        self.clock = clock
        self.passing: Passing = lambda point: None

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        self.passing("send before")
        channel = to.account or to.channel
        ref = MessageRef(platform=PLATFORM, channel=channel, message=f"m{len(self.workspace.messages) + 1}")
        posted = self.clock.now()
        self.workspace.messages.append(Message(ref=ref, once=once, posted=posted, card=card, drawings=[card]))
        self.workspace.heard(channel, spoken(card))
        self.passing("send after")
        return ref

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        self.passing("find before")
        if under is not None:
            return under if once in self.workspace.nudges else None
        found = self.workspace.sent_with(once)
        return found.ref if found and found.posted >= since else None

    async def update(self, ref: MessageRef, card: Card) -> None:
        self.passing("update before")
        message = self.workspace.at(ref)
        message.card = card
        message.over = ""
        message.drawings.append(card)
        self.passing("update after")

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        self.passing("nudge before")
        text = f"@{mention} {text}" if mention else text
        self.workspace.at(ref).thread.append(text)
        self.workspace.nudges.add(once)
        self.workspace.heard(ref.channel, f"(thread) {text}")
        self.passing("nudge after")

    async def retire(self, ref: MessageRef, why: str) -> None:
        self.passing("retire before")
        self.workspace.at(ref).over = why
        self.passing("retire after")


def spoken(card: Card) -> str:
    """What a telephone reads out of a card, with its news."""
    if isinstance(card, Board):
        return f"board: {card.text}"
    news = f" ({' '.join(card.news)})" if isinstance(card, TaskCard) and card.news else ""
    return f"{card.text}{news}"
