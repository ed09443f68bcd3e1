"""Who has Home open, and when it is drawn anew: after their own deeds and prompts, and only for them.

Home is published to nobody who did not open it in the last hours. What changes in the same seconds is drawn
once: a person's Home is published by one errand at a time, from the state of that moment.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.errands import Errands
from bot.chat.reception import Reception
from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.faults import mapped
from bot.chat.slack.drawing.home import closed_home, drawn_home
from bot.core.errors import BookendError, TryLater
from bot.core.messages import Notice
from bot.core.replies import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Often:
    """How often and for how long a Home is drawn, in seconds."""

    #: how long somebody is likely to look again after they opened Home
    looked: float = 4 * 3600.0
    #: between two drawings of one Home, after one's own deeds and prompts
    own: float = 3.0
    #: the same where only the board has changed
    board: float = 15.0
    #: how long a line of what just happened stands there, with its buttons
    said: float = 60.0


#: What people are used to.
OFTEN = Often()


@dataclass(kw_only=True, slots=True)
class _Opened:
    """A Home that was opened: when, and when it was drawn last."""

    at: float
    drawn: float
    leads: bool = False
    view: dict[str, Any] | None = None
    said: Notice | None = None
    said_at: float = 0.0
    waits: asyncio.TimerHandle | None = None
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Homes:
    """Draws the Home of everybody who looks at it."""

    def __init__(
        self,
        client: AsyncWebClient,
        reception: Reception,
        errands: Errands,
        *,
        often: Often = OFTEN,
    ) -> None:
        self._client = client
        self._reception = reception
        self._often = often
        self._errands = errands
        self._opened: dict[str, _Opened] = {}

    async def opened(self, event: dict[str, Any]) -> None:
        """Take that somebody opened one of Bookend's tabs."""
        if event.get("tab") != "home" or not event.get("user"):
            return
        now = asyncio.get_running_loop().time()
        self._forget(now)
        account = str(event["user"])
        self._opened.setdefault(account, _Opened(at=now, drawn=now)).at = now
        self._errands.later(self._publish(account))

    def say(self, account: str, said: Notice) -> None:
        """Draw somebody's Home at once, with a line of what they just did there."""
        now = asyncio.get_running_loop().time()
        home = self._opened.setdefault(account, _Opened(at=now, drawn=now))
        home.at, home.said, home.said_at = now, said, now
        self._errands.later(self._publish(account))

    def touched(self, account: str) -> None:
        """Draw somebody's Home anew soon, if they look: something that they see there has changed."""
        self._soon(account, self._often.own)

    def anew(self, *names: str) -> None:
        """Draw at once the Home of whoever of these has one open: who is a guest by now must not read on."""
        for account in self._opened.keys() & set(names):
            self._errands.later(self._publish(account))

    def board_changed(self) -> None:
        """Draw the Home of everybody who has the board on it."""
        for account, home in self._opened.items():
            if home.leads:
                self._soon(account, self._often.board)

    def changed(self) -> None:
        """Draw every open Home soon that says something else by now: another program drew the cards."""
        for account in self._opened:
            self._soon(account, self._often.board, only_news=True)

    def end(self) -> None:
        """Draw nothing more."""
        for home in self._opened.values():
            if home.waits is not None:
                home.waits.cancel()
        self._opened.clear()

    def _soon(self, account: str, apart: float, *, only_news: bool = False) -> None:
        loop = asyncio.get_running_loop()
        home = self._opened.get(account)
        if home is None or loop.time() - home.at >= self._often.looked:
            return
        at = max(loop.time(), home.drawn + apart)
        if home.waits is None or at < home.waits.when():
            if home.waits is not None:
                home.waits.cancel()
            draw = partial(self._publish, account, only_news=only_news)
            home.waits = loop.call_at(at, lambda: self._errands.later(draw()))

    async def _publish(self, account: str, *, only_news: bool = False) -> None:
        home = self._opened.get(account)
        if home is None:
            return
        async with home.drawing:
            if home.waits is not None:
                home.waits.cancel()
                home.waits = None
            home.drawn = asyncio.get_running_loop().time()
            try:
                view = await self._drawn(account, home)
                if only_news and view == home.view:
                    return
                with mapped():
                    await self._client.views_publish(user_id=account, view=view)
                home.view = view
            except TryLater as busy:
                self._soon(account, max(self._often.own, busy.after.total_seconds()))

    async def _drawn(self, account: str, home: _Opened) -> dict[str, Any]:
        who = Address(platform=PLATFORM, account=account)
        try:
            seen = await self._reception.shown(account, lambda desk: desk.home(who))
        except TryLater:
            raise
        except BookendError as error:
            home.leads = False
            return closed_home(str(error))
        home.leads = seen.board is not None
        fresh = asyncio.get_running_loop().time() - home.said_at < self._often.said
        return drawn_home(seen, home.said if fresh else None)

    def _forget(self, now: float) -> None:
        for account in [each for each, home in self._opened.items() if now - home.at > self._often.looked]:
            del self._opened[account]
