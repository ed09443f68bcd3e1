"""Attendance: the roll is called at start, every ten minutes, and whenever there is reason to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Protocol

from bot.core.errors import BookendError
from bot.core.people import Clinic
from bot.core.staffing import Look
from bot.ports import Office, Runner

#: How often all is looked at, and how soon again after a platform did not answer everything, in seconds.
EVERY, AGAIN = 600.0, 30.0

log = logging.getLogger(__name__)


class Roll(Protocol):
    """Looks up on a platform whom and what the clinics' files name."""

    @property
    def unanswered(self) -> str:
        """Why something could not be looked at, the last time; "" if all was."""

    async def look(self, clinics: Iterable[Clinic]) -> Look:
        """Return what the platform says; where it does not answer, what it said before."""


class Members(Protocol):
    """Who is in a workspace, as far as its platform was asked."""

    def forget(self, *names: str) -> None:
        """Ask anew of these when they are next wanted."""

    def forget_all(self) -> None:
        """Ask anew of everybody and everything."""


class Attendance:
    """Tells the office who is there. Until it began, it only forgets what was known."""

    def __init__(self, members: Members, roll: Roll, run: Runner) -> None:
        self._members = members
        self._roll = roll
        self._run = run
        self._clinics: Collection[Clinic] = ()
        self._office: Office | None = None
        self._asked = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._begun = self._done = 0
        self._looked = asyncio.Condition()

    async def begin(self, clinics: Collection[Clinic], office: Office) -> None:
        """Tell the office who is there, and go on doing so; `clinics` may change meanwhile."""
        self._clinics, self._office = clinics, office
        await self.look()
        self._keeping = asyncio.create_task(self._keep())

    def again(self, *names: str) -> None:
        """Look again soon: something may have become of these accounts, addresses, groups or channels."""
        self._members.forget(*names)
        self._asked.set()

    async def at_once(self, *names: str, within: float) -> None:
        """Look again, and wait until the office was told; but no longer than so many seconds."""
        self.again(*names)
        wanted = self._begun + 1
        if self._keeping is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(within), self._looked:
                    await self._looked.wait_for(lambda: self._done >= wanted)

    async def look(self) -> None:
        """Tell the office once who is there."""
        self._begun += 1
        try:
            if self._office is not None:
                await self._run(self._office, await self._roll.look(self._clinics))
        finally:
            async with self._looked:
                self._done = self._begun
                self._looked.notify_all()

    async def end(self) -> None:
        """Look no more."""
        if self._keeping is not None:
            self._keeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeping

    async def _keep(self) -> None:
        while True:
            await self._wait()
            try:
                await self.look()
            except BookendError as trouble:
                log.warning("Who is there could not be taken down: %s", trouble)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(AGAIN if self._roll.unanswered else EVERY):
                await self._asked.wait()
        except TimeoutError:
            self._members.forget_all()
        self._asked.clear()
