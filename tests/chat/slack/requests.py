"""`python -m tests.chat.slack.requests`: play the day of eighteen procedures, and count what Slack is asked.

The staff work as in `tests.noise`; every card that they get, and the board, also goes to the invented Slack,
by the client and the pace that serve has. What a press itself costs, a form or a line for whoever pressed,
and that people are looked up again after some minutes, comes on top.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.chat.slack import PLATFORM as SLACK
from bot.chat.slack.chat import SlackChat
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef
from bot.service.deliver import delivered
from bot.service.tick import tick
from tests.chat.slack.at_once import account, slack_of
from tests.chat.slack.fake import BOARD
from tests.noise.clinic import clinic
from tests.noise.day import Day
from tests.service.clinic import here
from tests.service.workspace import PLATFORM, WorkspaceChat


class Twice(WorkspaceChat):
    """The workspace that the invented staff look at, and Slack beside it."""

    slack: SlackChat
    there: dict[MessageRef, MessageRef]

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        posted = await self.slack.send(card, _in_slack(to), once=once)
        ref = await super().send(card, to, once=once)
        self.there[ref] = posted
        return ref

    async def update(self, ref: MessageRef, card: Card) -> None:
        await self.slack.update(self.there[ref], card)
        await super().update(ref, card)

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        whom = account(mention) if mention else ""
        await self.slack.nudge(self.there[ref], text, once=once, mention=whom)
        await super().nudge(ref, text, once=once, mention=mention)

    async def retire(self, ref: MessageRef, why: str) -> None:
        await self.slack.retire(self.there[ref], why)
        await super().retire(ref, why)


def _in_slack(to: Address) -> Address:
    if to.account:
        return Address(platform=SLACK, account=account(to.account))
    return Address(platform=SLACK, channel=BOARD)


class SlackDay(Day):
    """The day, delivered as it happens: every edit as well, when its moment has come."""

    def __init__(self, seed: int) -> None:
        super().__init__(replace(clinic(), channels={PLATFORM: {"board": "#procedures"}}), seed)
        self.chat = Twice(self.workspace, self.clock)
        self.slack, self.chat.slack = slack_of(self.practice, self.clock)
        self.chat.there = {}

    def asked(self) -> Counter[str]:
        """Return how often Slack was asked for each method."""
        return Counter(method for method, _ in self.slack.calls)

    def _next(self) -> datetime | None:
        with self.store.reading() as reading:
            waiting = reading.next_moment()
        return min(filter(None, [super()._next(), waiting]), default=None)

    def _speak(self) -> None:
        tick(self.practice)
        asyncio.run(delivered(self.practice, {PLATFORM: self.chat}, here))


def table(day: SlackDay) -> Iterator[str]:
    """Print how often each method was called, and for each answered item."""
    answered, asked = day.staff.answered, day.asked()
    yield f"{answered} items answered by {len(day.clinic.people)} people on one day"
    yield f"{'':24}{'calls':>8}{'each':>8}"
    for method, calls in asked.most_common():
        yield f"{method:24}{calls:8}{calls / answered:8.2f}"
    yield f"{'together':24}{asked.total():8}{asked.total() / answered:8.2f}"


if __name__ == "__main__":
    played = SlackDay(seed=1)
    played.play()
    print("\n".join(table(played)))
