"""The page on trial."""

import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path

from bot.chat.local import render
from bot.chat.local.chat import LocalChat, place_of
from bot.core.replies import Address, MessageRef
from tests.chat import samples
from tests.chat.local.house import CHANNEL, JO, Hands
from tests.chat.trial import Seen


def words_of(html: str) -> str:
    """Return the words of a piece of HTML, as a person reads them."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


@dataclass(kw_only=True)
class LocalTrial:
    file: Path
    hands: Hands = field(default_factory=Hands)
    person: Address = JO
    channel: Address = CHANNEL

    def __post_init__(self) -> None:
        self.opened = [self._open()]
        self.chat = self.opened[-1]

    async def seen(self, ref: MessageRef) -> Seen:
        messages = self.chat.latest(ref.channel)
        message = next(each for each in messages if each.ref == ref)
        assert message.card is not None
        html = f"<p>{escape(message.over)}" if message.over else render.drawn(message.card)
        return Seen(
            words=words_of(html),
            buttons=html.count("data-press="),
            thread=tuple(each.text for each in messages if each.thread == message.id),
        )

    async def count(self, to: Address) -> int:
        return sum(each.card is not None for each in self.chat.latest(place_of(to)))

    async def begin_again(self) -> None:
        self.opened.append(self._open())
        self.chat = self.opened[-1]

    def _open(self) -> LocalChat:
        return LocalChat(self.file, clock=self.hands, calendar=samples.CLINIC.calendar)


@asynccontextmanager
async def local_trial() -> AsyncIterator[LocalTrial]:
    with tempfile.TemporaryDirectory() as folder:
        trial = LocalTrial(file=Path(folder) / "messages.db")
        yield trial
        for chat in trial.opened:
            chat.close()
