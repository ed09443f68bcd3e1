"""What a platform answered, kept for minutes: each thing is asked once, and an error is not kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

from bot.chat.newest import Newest

#: How long an answer is kept, in seconds; and how many answers, lest strangers fill the memory.
KEPT, MOST = 600.0, 5000

Said = TypeVar("Said")


class Kept(Generic[Said]):
    """Answers of one kind, by what was asked about."""

    def __init__(self, ask: Callable[[str], Awaitable[Said]]) -> None:
        self._ask = ask
        self._answers = Newest[str, tuple[float, Said]](MOST)
        self._forgotten = 0

    async def of(self, name: str) -> Said:
        """Return what the platform says of a name."""
        now = asyncio.get_running_loop().time()
        known = self._answers.get(name)
        if known is not None and now < known[0]:
            return known[1]
        before = self._forgotten
        answer = await self._ask(name)
        # what was asked before something changed may be the old answer
        if before == self._forgotten:
            self._answers.keep(name, (now + KEPT, answer))
        return answer

    def forget(self, names: Iterable[str]) -> None:
        """Ask anew of these names when they are next spoken of."""
        self._forgotten += 1
        for name in names:
            self._answers.forget(name)

    def clear(self) -> None:
        """Ask anew of every name."""
        self._forgotten += 1
        self._answers.clear()
