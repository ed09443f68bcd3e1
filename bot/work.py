"""Asking and sending: what is done at each turn of the rounds, and what a refusal leads to."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.app import off_loop
from bot.core.errors import Undeliverable
from bot.core.outgoing import Posting
from bot.ports import Chat
from bot.service.deliver import Delivery
from bot.service.practice import Practice
from bot.service.reviews import tell_reviews
from bot.service.tick import tick

#: How often everything is worked through although nothing seems to be due.
THOROUGH = timedelta(minutes=1)
#: What was due at a turn and stays due (somebody else is at it) must not keep the machine busy.
BREATH = timedelta(seconds=1)
#: How long a turn waits for a destination that is slow, in seconds.
PATIENCE = 1.0
Refused = Callable[[Posting, Undeliverable], None]
#: What is looked at before anything goes out.
First = Callable[[], Awaitable[None]]
#: What is done after it whenever a minute has passed, whatever became of the turn.
Last = Callable[[datetime], Awaitable[None]]

log = logging.getLogger(__name__)


class Work:
    """What is done at each turn of the rounds: nothing, unless something is due or a minute has passed. It is
    `alone` where no other program works on the same database.
    """

    def __init__(
        self,
        practice: Practice,
        chats: Mapping[str, Chat],
        refused: Refused | None = None,
        *,
        first: First | None = None,
        last: Last | None = None,
        alone: bool = True,
    ) -> None:
        self._practice = practice
        self._first = first
        self._last = last
        self._holder = f"serve-{secrets.token_hex(4)}"
        self._delivery = Delivery(
            practice,
            chats,
            off_loop,
            patience=PATIENCE,
            refused=refused or say_refused,
            # a file is one program's: whoever begins anew need not wait for what the last one held
            holder="" if alone else self._holder,
        )
        self._thorough: datetime | None = None

    async def turn(self) -> datetime | None:
        """Do what is due; return when the next thing is."""
        now = self._practice.clock.now()
        try:
            await self._do_due(now)
        finally:
            if self._last is not None:
                await self._last(now)
        moment: datetime | None = await off_loop(next_turn, self._practice, now)
        return moment

    async def end(self) -> None:
        """Return when what is being sent has been sent."""
        await self._delivery.finish()

    async def _do_due(self, now: datetime) -> None:
        moment: datetime | None = await off_loop(next_moment, self._practice)
        # a clock that was set back must not keep anybody from looking for as long
        thorough = self._thorough is None or not timedelta() <= now - self._thorough < THOROUGH
        if thorough or (moment is not None and moment <= now):
            asked = await self._ask_and_send(thorough)
            # so that nobody waits, a sweep that asks looks at nothing more: the next turn does
            if thorough and not asked:
                self._thorough = now

    async def _ask_and_send(self, thorough: bool) -> int:
        if self._first is not None:
            await self._first()
        asked: int = await off_loop(lambda: tick(self._practice, holder=self._holder, thorough=thorough))
        await off_loop(tell_reviews, self._practice)
        await self._delivery.all()
        return asked


class Hearing:
    """What is done at each turn where people are only heard: nothing goes out, another program sends it."""

    def __init__(self, practice: Practice, *, first: First, last: Last) -> None:
        self._practice = practice
        self._first = first
        self._last = last

    async def turn(self) -> datetime | None:
        """Take in what other programs heard; nothing is due here."""
        try:
            await self._first()
        finally:
            await self._last(self._practice.clock.now())
        return None

    async def end(self) -> None:
        """Return at once: nothing is being sent."""


def say_refused(posting: Posting, trouble: Undeliverable) -> None:
    """Write into the log where nothing can be delivered, and why."""
    to = posting.to
    log.warning("What waits for %s cannot be delivered: %s", to.account or to.channel, trouble)


def next_moment(practice: Practice) -> datetime | None:
    """Return when the next task or parcel wants attention."""
    with practice.store.reading() as reading:
        return reading.next_moment()


def next_turn(practice: Practice, last: datetime) -> datetime | None:
    """Return when to turn again after a turn: as the next thing falls due, which may be by now."""
    with practice.store.reading() as reading:
        first = reading.next_moment()
        if first is None or first > last:
            return first
        breath, later = last + BREATH, reading.next_moment(last)
    return breath if later is None else min(breath, later)
