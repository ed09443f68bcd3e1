"""The keys with which Microsoft signs: fetched beside everything else, and kept while they cannot be.

PyJWT's own client fetches where somebody waits, with the event loop standing still, and makes the good wait
behind whoever sends it names of keys that nobody has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from bot.chat.teams import log
from bot.core.logged import Ours

#: How often keys are fetched, in seconds: so long a key that Microsoft withdrew still counts.
FRESH = 240.0
#: How soon after that for a key that nobody knows, and while there is none at all.
AGAIN = 30.0
#: How long a fetch may take, and how long somebody with an unknown key waits for it.
TIMEOUT = 5.0
#: The name of Teams among those for whom a key may sign.
_TEAMS = "msteams"


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key, and whether it may sign for Teams."""

    key: jwt.PyJWK
    endorsed: bool


class Keys(jwt.PyJWKClient):
    """The keys at one address; nothing that a token says leads anywhere else."""

    def __init__(self, address: str) -> None:
        super().__init__(address, cache_jwk_set=False, timeout=TIMEOUT)
        self._kept: Mapping[str, Key] = {}
        self._fetch: asyncio.Task[None] | None = None
        self._asked = float("-inf")
        self._warming: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Fetch the keys now, and again and again."""
        self._warming = asyncio.create_task(self._warm())

    async def stop(self) -> None:
        """Fetch no more."""
        for task in (self._warming, self._fetch):
            if task:
                task.cancel()
                await asyncio.wait({task})

    async def known(self, name: str) -> Key | None:
        """Return a key; for one that is unknown the keys are fetched again, if that was not just done."""
        if name not in self._kept and self._due():
            await asyncio.wait({self._fetching()}, timeout=TIMEOUT)
        return self._kept.get(name)

    def get_signing_key(self, kid: str) -> jwt.PyJWK:
        """Return a key that is kept."""
        if kid not in self._kept:
            raise jwt.PyJWKClientError("There is no such key.")
        return self._kept[kid].key

    def _due(self) -> bool:
        busy = self._fetch is not None and not self._fetch.done()
        return busy or asyncio.get_running_loop().time() - self._asked >= AGAIN

    def _fetching(self) -> asyncio.Task[None]:
        """Return the fetch that is under way, or begin one."""
        if self._fetch is None or self._fetch.done():
            self._asked = asyncio.get_running_loop().time()
            self._fetch = asyncio.create_task(self._fetched())
        return self._fetch

    async def _fetched(self) -> None:
        try:
            self._kept = read(await asyncio.to_thread(self.fetch_data))
        except (jwt.PyJWTError, OSError, ValueError, RecursionError) as trouble:
            known = "those it knows still count" if self._kept else "until it can, nobody is let in"
            why = type(trouble).__name__
            log.warning("Bookend cannot fetch the keys that Microsoft signs with (%s): %s.", why, Ours(known))

    async def _warm(self) -> None:
        while True:
            await asyncio.wait({self._fetching()})
            await asyncio.sleep(FRESH if self._kept else AGAIN)


def read(said: Mapping[str, Any]) -> Mapping[str, Key]:
    """Return the keys of a set by their names; raise PyJWKSetError where there is none.

    Where any of them says for whom it may sign, one that does not say it may not.
    """
    listed = said.get("keys")
    told = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    says = any("endorsements" in each for each in told)
    found = {}
    for each in told:
        key = _read(each)
        if key and key.key_type == "RSA" and key.public_key_use in ("sig", None):
            may = each.get("endorsements")
            endorsed = not says or (isinstance(may, list) and _TEAMS in may)
            found[each["kid"]] = Key(key=key, endorsed=endorsed)
    if not found:
        raise jwt.PyJWKSetError("There is no key that can be used.")
    return found


def _read(told: dict[str, Any]) -> jwt.PyJWK | None:
    try:
        return jwt.PyJWK(told) if told.get("kid") and isinstance(told["kid"], str) else None
    except (jwt.PyJWTError, TypeError):
        return None
