"""The token by which Teams knows Bookend: asked of Microsoft off the loop, kept, and renewed before it ends.

Only one request is made at a time, and a refusal stands for a while. What Microsoft says of it is not
repeated: it can name the secret.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import httpx

from bot.chat.pace import loop_time
from bot.chat.teams.calling.proofs import ManagedIdentity, Proof, Secret
from bot.chat.teams.settings import TeamsSettings
from bot.core.errors import TryLater

#: How long a call waits for a token, in seconds.
PATIENCE = 9.0
#: How long before its end a token is renewed, in seconds: MSAL keeps its own until five minutes before.
AHEAD = 290.0
#: A token with less left than this is good for no call, in seconds.
LEAST = 30.0
#: How long nobody asks again: of what is away, and of what somebody must set right, in seconds.
AWAY, REFUSED = 5.0, 60.0


class Tokens(Protocol):
    """Where tokens come from."""

    async def token(self) -> str | None:
        """Return a token, `None` where none is needed; raise TryLater with what to do."""

    def forget(self) -> None:
        """Ask anew at the next call: Teams does not take what we have."""

    async def close(self) -> None:
        """Hang up."""


def tokens(settings: TeamsSettings) -> Tokens:
    """Return where the settings have tokens from."""
    if settings.unauthenticated:
        return NoTokens()
    return KeptTokens(ManagedIdentity(settings) if settings.managed_identity else Secret(settings))


class NoTokens:
    """None, for a local test client that asks for none."""

    async def token(self) -> None:
        """Return nothing."""

    def forget(self) -> None:
        """There is nothing to forget."""

    async def close(self) -> None:
        """There is nothing to close."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    token: str
    since: float
    until: float


@dataclass(frozen=True, kw_only=True, slots=True)
class _Refusal:
    why: str
    until: float


class KeptTokens:
    """The one token of this program."""

    def __init__(self, proof: Proof, time: Callable[[], float] = loop_time) -> None:
        self._proof = proof
        self._time = time
        self._held: _Held | None = None
        self._refusal: _Refusal | None = None
        self._asking: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """Return a token; one that ends soon is renewed meanwhile."""
        held = self._held
        left = held.until - self._time() if held else 0.0
        if held is None or left < LEAST:
            return await self._asked()
        if left < AHEAD and not self._refused():
            self._ask_once()
        return held.token

    def forget(self) -> None:
        """Ask anew; a token that is as good as new is not what is wrong."""
        if self._held and self._time() - self._held.since > REFUSED:
            self._held = None
            self._proof.begin_again()

    async def close(self) -> None:
        """Hang up."""
        if self._asking is not None:
            self._asking.cancel()
        self._proof.close()

    async def _asked(self) -> str:
        if not self._refused():
            before = self._held
            await asyncio.wait({self._ask_once()}, timeout=PATIENCE)
            if self._held is not None and self._held is not before:
                return self._held.token
        if refusal := self._refused():
            raise TryLater(refusal.why, timedelta(seconds=refusal.until - self._time()))
        raise TryLater("Microsoft's sign-in takes its time.", timedelta(seconds=AWAY))

    def _refused(self) -> _Refusal | None:
        return self._refusal if self._refusal and self._time() < self._refusal.until else None

    def _ask_once(self) -> asyncio.Task[None]:
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return self._asking

    async def _ask(self) -> None:
        try:
            answer = await asyncio.to_thread(self._proof.ask)
        except httpx.RequestError:
            self._refuse(self._proof.away, AWAY)
        except Exception as error:
            # MSAL raises whatever it trips over; the first one says what Microsoft answered
            self._refuse(self._proof.why(f"{error} {error.__context__}"), AWAY)
        else:
            self._take(answer)

    def _take(self, answer: object) -> None:
        found = answer if isinstance(answer, dict) else {}
        now = self._time()
        try:
            until = now + float(found["expires_in"])
            self._held = _Held(token=str(found["access_token"]), since=now, until=until)
            self._refusal = None
        except (KeyError, TypeError, ValueError):
            self._refuse(self._proof.why(str(found.get("error_description"))), REFUSED)

    def _refuse(self, why: str, lasts: float) -> None:
        self._refusal = _Refusal(why=f"Microsoft gives Bookend no token: {why}.", until=self._time() + lasts)
