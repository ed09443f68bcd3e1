"""The clinic's people: each presses, fills in and books all the time, whatever becomes of Bookend.

What somebody was told is taken is written into a ledger: that must be there afterwards, and once.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from time import monotonic
from zoneinfo import ZoneInfo

from bot.chat.buttons import lengthened
from bot.clock import WallClock
from tests.chat.slack.fake import Answer, FakeSlack, Json, Person, Way, payloads
from tests.kills.clinic import EVERYBODY, OPERATORS, ROBIN, ROOMS, USUAL
from tests.kills.instances import happens

#: What people press wherever it stands on a card of theirs.
PRESSED = ("form", "all_as_read", "confirm", "mark", "written")
#: Slack is told that something was taken when it is kept; what takes longer is told before, in seconds.
KEPT_BY_THEN = 1.5
#: How many forms lead on from one to the next, and how often one that nobody took is sent in, at most.
LEADS_ON, TRIES = 5, 8
_HERE = ZoneInfo("Europe/London")
_MARKED = re.compile(r"(Arrived|Started|Finished): (\w+), noted\.")
_BOOKED = re.compile(r" Write (\w+) ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What somebody was told is taken: `what` is answered, arrived, started, finished or booked."""

    what: str
    by: str
    key: str


@dataclass(kw_only=True)
class Ledger:
    """What was done in the clinic, as its people saw it."""

    taken: set[Taken] = field(default_factory=set)
    #: How often anything was handed to Bookend, handed over twice, and taken by nobody.
    deeds: int = 0
    twice: int = 0
    in_vain: int = 0
    #: How long those that were taken waited, in seconds.
    waited: list[float] = field(default_factory=list)


@dataclass(kw_only=True)
class Noted:
    """A way into Bookend of which the ledger is kept, and by which some deeds come twice, as after a lost
    answer.
    """

    way: Way
    ledger: Ledger
    draw: Random

    async def deliver(self, kind: str, payload: Json) -> Answer:
        ledger, began = self.ledger, monotonic()
        ledger.deeds += 1
        answer = await self.way.deliver(kind, payload)
        if not answer.taken:
            ledger.in_vain += 1
            return answer
        ledger.waited.append(monotonic() - began)
        if self.draw.random() < 0.1:
            ledger.twice += 1
            await self.way.deliver(kind, payload)
        return answer


@dataclass(kw_only=True)
class Hands:
    """What one person does all day."""

    who: Person
    ledger: Ledger
    draw: Random

    async def work(self) -> None:
        """Press whatever there is to press, without end."""
        while True:
            await asyncio.sleep(self.draw.uniform(0.1, 0.8))
            if offered := [*self._offered()]:
                await self._press(*self.draw.choice(offered))

    @property
    def has_to_do(self) -> bool:
        """Whether there is anything to press."""
        return any(True for _ in self._offered())

    def _offered(self) -> Iterator[tuple[Json, Json, Json]]:
        for message in self.who.slack.messages[self.who.direct]:
            for block, element in payloads.elements(message.get("blocks") or ()):
                if _carried(element).get("do") in PRESSED:
                    yield message, block, element

    async def _press(self, message: Json, block: Json, element: Json) -> None:
        before, began = self._shown, monotonic()
        # it may be drawn anew in the meantime: people press what they saw
        seen = {"block_id": block["block_id"], "elements": [element]}
        answer = await self.who.press(message, element["action_id"], among=[seen])
        carried = _carried(element)
        if answer.taken and carried["do"] == "all_as_read" and monotonic() - began < KEPT_BY_THEN:
            self._note("answered", lengthened(carried["tasks"]))
        if answer.taken and carried["do"] == "form":
            await self._fill_in(before)

    async def _fill_in(self, before: int) -> None:
        """Fill in the form that opens; instead of one there may be words that say why there is none."""
        await happens(lambda: self._shown != before, within=3.0)
        for _ in range(LEADS_ON):
            if not (self._stack and _fields(self.who.form) and await self._send_in()):
                break
        self._stack.clear()

    async def _send_in(self) -> bool:
        """Send the form on top in until somebody takes it; return whether it was kept."""
        tasks = lengthened(json.loads(self.who.form["private_metadata"] or "{}").get("tasks", ()))
        for _ in range(TRIES):
            answer = await self.who.submit(_fields(self.who.form))
            if answer.taken:
                # it closes, or gives way to the next; what still says "Saving…" is not told to be kept
                does = answer.body.get("response_action")
                kept = does is None or (does == "update" and bool(_fields(self.who.form)))
                self._note("answered", tasks if kept else ())
                return kept
            await asyncio.sleep(0.5)
        return False

    @property
    def _shown(self) -> int:
        """How often this person was shown a form or words, so far."""
        told = [each for each in self.who.slack.whispers if each["user"] == self.who.account]
        return len(told) + len(self._stack)

    @property
    def _stack(self) -> list[str]:
        return self.who.slack.stacks[self.who.account]

    def _note(self, what: str, keys: Sequence[str]) -> None:
        self.ledger.taken |= {Taken(what=what, by=self.who.account, key=key) for key in keys}


@dataclass(kw_only=True)
class Desk:
    """The front desk, which books one patient after the other."""

    who: Person
    ledger: Ledger
    draw: Random
    #: Between two patients, in seconds.
    every: float

    async def work(self) -> None:
        """Book without end."""
        while True:
            start = WallClock().now().astimezone(_HERE) + timedelta(minutes=self.draw.randint(1, 9))
            room, by = self.draw.choice(ROOMS), self.draw.choice(OPERATORS)
            answer = await self.who.command(f"new glow {start:%Y-%m-%d %H:%M} {room} {by}")
            if booked := _BOOKED.search(str(answer.body.get("text", ""))):
                self.ledger.taken.add(Taken(what="booked", by=ROBIN, key=booked.group(1)))
            await asyncio.sleep(self.every if answer.taken else 1.0)


class Staff:
    """Everybody at work in one workspace."""

    def __init__(self, slack: FakeSlack, way: Way, draw: Random, *, every: float) -> None:
        self.ledger = Ledger()
        self._slack = slack
        noted = Noted(way=way, ledger=self.ledger, draw=draw)
        people = {name: Person(slack=slack, account=name, way=noted) for name in EVERYBODY}
        self._hands = [Hands(who=who, ledger=self.ledger, draw=draw) for who in people.values()]
        self._desk = Desk(who=people[ROBIN], ledger=self.ledger, draw=draw, every=every)
        self._working: set[asyncio.Task[None]] = set()

    def begin(self) -> None:
        """Let everybody work."""
        self._working = {asyncio.create_task(each.work()) for each in self._hands}
        self._booking = asyncio.create_task(self._desk.work())

    @property
    def has_to_do(self) -> bool:
        """Whether anybody has anything to press."""
        return any(each.has_to_do for each in self._hands)

    async def close_the_desk(self) -> None:
        """Book nobody any more; who is booked is still looked after."""
        await _ended(self._booking)

    async def go_home(self) -> None:
        """Let everybody go home, and note what they were told alone."""
        for task in self._working:
            await _ended(task)
        self._hear()

    def _hear(self) -> None:
        """Note what people were told alone: that a moment was noted."""
        for told in self._slack.whispers:
            if heard := _MARKED.search(str(told.get("text", ""))):
                what, code = heard.group(1).lower(), heard.group(2)
                self.ledger.taken.add(Taken(what=what, by=str(told["user"]), key=code))


async def _ended(task: asyncio.Task[None]) -> None:
    """End what somebody does; an accident of theirs is a mistake of this test, and is raised."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _carried(element: Json) -> Json:
    value = str(element.get("value", ""))
    return dict(json.loads(value)) if value.startswith('{"do"') else {}


def _fields(view: Json) -> dict[str, str]:
    """What is filled into the fields of a form that must be."""
    inputs = [b for b in view["blocks"] if b["type"] == "input" and not b.get("optional")]
    return {block["block_id"]: _answer(block) for block in inputs}


def _answer(block: Json) -> str:
    name = str(block["block_id"]).rpartition("/")[2]
    options = block["element"].get("options") or ({"value": "1"},)
    return USUAL.get(name, str(options[0]["value"]))
