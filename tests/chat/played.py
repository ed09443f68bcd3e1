"""A desk that says what it is told to, for tests of how a platform reaches it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bot.core.messages import Card, Home, Notice, Response
from bot.core.replies import Address, Command, MessageRef, Reply
from tests.chat import samples


@dataclass
class PlayedDesk:
    """Keeps what it was handed, and answers with `says`, which may be an error or something unforeseen; while
    `busy` is clear, not before it is set.
    """

    says: Response | Exception = field(default_factory=lambda: Notice(text="Noted.", tone="good"))
    heard: list[Reply | Command] = field(default_factory=list)
    #: How often something unforeseen happens before it answers.
    stumbles: int = 0
    stands: Card = samples.WORKLIST
    at_home: Home | Exception = samples.HOME
    looked: list[Address | MessageRef] = field(default_factory=list)
    busy: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.busy.set()

    def card(self, who: Address, at: MessageRef) -> Card:
        self.looked += [who, at]
        return self.stands

    def home(self, who: Address) -> Home:
        self.looked.append(who)
        if isinstance(self.at_home, Exception):
            raise self.at_home
        return self.at_home

    def reply(self, reply: Reply) -> Response:
        return self._answer(reply)

    def command(self, command: Command) -> Response:
        return self._answer(command)

    def _answer(self, what: Reply | Command) -> Response:
        self.heard.append(what)
        assert self.busy.wait(5)
        if self.stumbles:
            self.stumbles -= 1
            raise RuntimeError("unforeseen")
        if isinstance(self.says, Exception):
            raise self.says
        return self.says
