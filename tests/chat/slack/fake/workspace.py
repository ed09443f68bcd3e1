"""What the invented workspace holds: people, channels, messages, forms, and all that was asked of it."""

from __future__ import annotations

import asyncio
import copy
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.chat.slack.fake.names import BOT_USER, CHANNELS, JO, PEOPLE, Json, direct
from tests.chat.slack.fake.refusal import Refusal
from tests.chat.slack.fake.rights import EVERY_RIGHT
from tests.chat.slack.fake.sockets import Sockets
from tests.chat.slack.fake.times import Clock, Pace, Triggers


@dataclass(kw_only=True)
class FakeSlack:
    """A workspace. `troubles` are taken one by one by the calls of a method as they come (see `faults`)."""

    url: str = ""
    #: The rights that the app was granted, separated by commas.
    scopes: str = EVERY_RIGHT
    #: What auth.test says otherwise than it does of a bot in one workspace.
    ourselves: Json = field(default_factory=dict)
    #: What stands in each conversation, the oldest first, threads among it.
    messages: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    #: What was shown to one person alone.
    whispers: list[Json] = field(default_factory=list)
    #: Every form and Home as it was sent, the oldest first.
    views: list[Json] = field(default_factory=list)
    #: What stands open, by its id; and of each person the ids of the forms on top of each other, and Home.
    opened: dict[str, Json] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    homes: dict[str, Json] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    troubles: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    users: dict[str, Json] = field(default_factory=lambda: {each["id"]: {**each} for each in PEOPLE})
    channels: dict[str, Json] = field(default_factory=lambda: {each["id"]: {**each} for each in CHANNELS})
    #: Who is in a channel, besides Bookend where `is_member` says so.
    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(lambda: {JO}))
    #: User groups by their id, each with its `users`.
    groups: dict[str, Json] = field(default_factory=dict)
    said: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    patience: asyncio.Event = field(default_factory=asyncio.Event)
    sockets: Sockets = field(default_factory=Sockets)
    clock: Clock = field(default_factory=Clock)
    triggers: Triggers = field(init=False)
    pace: Pace = field(init=False)
    _numbers: int = 0

    def __post_init__(self) -> None:
        self.triggers, self.pace = Triggers(self.clock), Pace(self.clock)

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(name == method for name, _ in self.calls)

    async def until_said(self, many: int = 1) -> None:
        """Return when so many answers for one person alone, or forms, have come."""
        async with asyncio.timeout(5):
            while len(self.whispers) + len(self.views) < many:
                self.said.clear()
                await self.said.wait()

    async def until_called(self, method: str, many: int = 1) -> None:
        """Return when a method was called so often."""
        async with asyncio.timeout(5):
            while self.count(method) < many:
                self.asked.clear()
                await self.asked.wait()

    def number(self) -> int:
        """The next number of this workspace: nothing in it has the same one."""
        self._numbers += 1
        return self._numbers

    def conversation(self, name: str) -> Json:
        """A conversation that Bookend can know of: whoever is there has one with it."""
        if name.startswith("D") and "U" + name[1:] in self.users:
            self.channels.setdefault(name, direct("U" + name[1:]))
        found = self.channels.get(name)
        if found is None or (found.get("is_private") and not found.get("is_member")):
            raise Refusal("channel_not_found")
        return found

    def inside(self, name: str) -> Json:
        """A conversation that Bookend is part of."""
        found = self.conversation(name)
        if not (found.get("is_im") or found.get("is_member")):
            raise Refusal("not_in_channel")
        return found

    def writable(self, name: str) -> Json:
        """A conversation that Bookend is part of and that was not put away."""
        found = self.inside(name)
        if found.get("is_archived"):
            raise Refusal("is_archived")
        return found

    def people_of(self, name: str) -> set[str]:
        """Who sees what is written in a conversation."""
        place = self.channels[name]
        if place.get("is_im"):
            return {str(place["user"]), BOT_USER}
        return self.members[name] | ({BOT_USER} if place.get("is_member") else set())

    def message(self, name: str, ts: str, *, missing: str = "message_not_found") -> Json:
        """A message that stands in a conversation, as it is kept."""
        found = next((each for each in self.messages[name] if each["ts"] == ts), None)
        if found is None:
            raise Refusal(missing)
        return found

    def keep(self, name: str, said: Json) -> Json:
        """Put a message into a conversation and return it, with its time."""
        kept = {"type": "message", "ts": f"1800000000.{self.number():06}", **said}
        self.messages[name].append(kept)
        return kept

    def named(self, blocks: Iterable[Json]) -> list[Json]:
        """Blocks as Slack keeps them: each with an id, and so everything in it that can be pressed."""
        kept = copy.deepcopy(list(blocks))
        for block in kept:
            block.setdefault("block_id", f"b{self.number()}")
            for element in [*block.get("elements", ()), *filter(None, [block.get("accessory")])]:
                if element["type"] not in ("mrkdwn", "plain_text", "image"):
                    element.setdefault("action_id", f"a{self.number()}")
        return kept
