"""Attendance: the roll is called at start, every ten minutes, and whenever there is reason to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from bot.chat.slack import log
from bot.chat.slack.people.members import Members
from bot.chat.slack.people.rollcall import Roll
from bot.core.errors import BookendError
from bot.core.people import Clinic
from bot.ports import Office, Runner

#: How often all is looked at, and how soon again after Slack did not answer everything, in seconds.
EVERY, AGAIN = 600.0, 30.0


class Attendance:
    """Tells the office who is there. Until it began, it only forgets what was known."""

    def __init__(self, members: Members, roll: Roll, run: Runner) -> None:
        self._members = members
        self._roll = roll
        self._run = run
        self._clinics: tuple[Clinic, ...] = ()
        self._office: Office | None = None
        self._asked = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None

    async def begin(self, clinics: Iterable[Clinic], office: Office) -> None:
        """Tell the office who is there, and go on doing so."""
        self._clinics, self._office = tuple(clinics), office
        await self.look()
        self._keeping = asyncio.create_task(self._keep())

    def again(self, *names: str) -> None:
        """Look again soon: something may have become of these accounts, addresses, groups or channels."""
        self._members.forget(*names)
        self._asked.set()

    async def look(self) -> None:
        """Tell the office once who is there."""
        if self._office is not None:
            await self._run(self._office, await self._roll.look(self._clinics))

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
                log.warning("Who is in Slack could not be taken down: %s", trouble)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(AGAIN if self._roll.unanswered else EVERY):
                await self._asked.wait()
        except TimeoutError:
            self._members.forget_all()
        self._asked.clear()
