"""Who is let in to the desk: full members of the clinic's own workspace, and nobody else.

Whoever was one within the hour is heard although the platform does not say so just now: what they answer must
not wait for an outage to end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from bot.chat.newest import Newest
from bot.core.errors import NotAllowed, TryLater
from bot.ports import Desk, Runner

#: What is said to others, after why.
_NOT_HEARD = (
    "Your account {}: only full members of the clinic's workspace can answer. "
    "Please ask whoever looks after your {}. Nothing was changed."
)
_NOT_SHOWN = "Hello! Your account {}, and cases are shown to full members of the clinic's workspace only."

#: How long a platform may take to say who somebody is, and when to ask again, in seconds.
KNOWN, SOON = 2.0, timedelta(seconds=10)
#: For how long a full member is heard on while the platform is silent, in seconds; and how many of them.
STILL, MOST = 3600.0, 5000

T = TypeVar("T")


class Members(Protocol):
    """Who is in a workspace, as its platform says."""

    async def why_not(self, account: str) -> str:
        """Return why an account cannot take part, such as "is a guest", "" for a full member."""


class Reception:
    """Lets people of a platform, as they call it, speak to the desk and look at what it shows."""

    def __init__(self, *, desk: Desk, run: Runner, members: Members, platform: str) -> None:
        self._platform = platform
        self._desk = desk
        self._run = run
        self._members = members
        self._heard = Newest[str, float](MOST)

    async def shown(self, account: str, look: Callable[[Desk], T]) -> T:
        """Return what somebody sees who only looks; raise BookendError with words for that person alone."""
        return await self._asked(account, look, _NOT_SHOWN)

    async def heard(self, account: str, ask: Callable[[Desk], T]) -> T:
        """Return what the desk answers somebody; raise BookendError with words for that person alone."""
        return await self._asked(account, ask, _NOT_HEARD)

    async def _asked(self, account: str, ask: Callable[[Desk], T], refusal: str) -> T:
        why = await self._why_not(account)
        if why:
            raise NotAllowed(refusal.format(why, self._platform))
        found: T = await self._run(lambda: ask(self._desk))
        return found

    async def _why_not(self, account: str) -> str:
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(KNOWN):
                why = await self._members.why_not(account)
        except (TimeoutError, TryLater) as silent:
            if now < (self._heard.get(account) or 0.0):
                return ""
            if isinstance(silent, TryLater):
                raise
            raise TryLater(
                f"{self._platform} is slow to say who you are. Please try again.", SOON
            ) from silent
        if why:
            self._heard.forget(account)
        else:
            self._heard.keep(account, now + STILL)
        return why
