"""The stage the demo stands on: a virtual clock that people move, with all that falls due on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.core import huddle, wording
from bot.core.people import Clinic
from bot.ports import Chat, Runner
from bot.service.crew import Crew
from bot.service.deliver import delivered
from bot.service.practice import Practice
from bot.service.rehearse import Advancing
from bot.service.tick import tick

#: "Play the day" takes about a minute: one step of so many clinic minutes every so many seconds.
STEP = timedelta(minutes=5)
PAUSE = 0.5


class Stage:
    """Moves the clock, asks what is due at each moment on the way, and tells whoever watches."""

    def __init__(
        self,
        practice: Practice,
        clock: Advancing,
        clinic: Clinic,
        chats: Mapping[str, Chat],
        run: Runner,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._practice = practice
        self._clock = clock
        self._clinic = clinic
        self._chats = chats
        self._run = run
        self._changed = changed
        self._moving = asyncio.Lock()
        self._crew = Crew(practice, clinic)
        self._day: asyncio.Task[None] | None = None
        self._caption = ""

    @property
    def playing(self) -> bool:
        """Say whether a day is being played."""
        return self._day is not None and not self._day.done()

    @property
    def caption(self) -> str:
        """Return what is happening while a day is played, "" otherwise."""
        return self._caption if self.playing else ""

    def now(self) -> datetime:
        """Return the virtual moment."""
        return self._clock.now()

    async def settle(self) -> None:
        """Ask and deliver what is due at this moment."""
        async with self._moving:
            await self._speak()

    async def next_prompt(self) -> None:
        """Move to the moment of the next prompt, and let it be sent."""
        async with self._moving:
            moment = await self._run(self._next_prompt)
            if moment is not None:
                self._clock.advance(moment)
                await self._speak()

    async def forward(self, minutes: int) -> None:
        """Move on by so many minutes, sending what falls due on the way."""
        async with self._moving:
            await self._until(self.now() + timedelta(minutes=minutes))

    async def play(self) -> None:
        """Begin, or go on, to play the day; return at once."""
        if not self.playing:
            self._day = asyncio.create_task(self._play())
            self._day.add_done_callback(lambda _: self._changed())

    async def pause(self) -> None:
        """Stop playing where it is."""
        if self._day is not None:
            self._day.cancel()
            self._day = None

    async def _play(self) -> None:
        calendar = self._clinic.calendar
        day = calendar.day(self.now())
        closes = calendar.instant(day, calendar.opening(day)[1])
        end = closes if self.now() < closes else self.now() + timedelta(hours=10)
        while self.now() < end:
            async with self._moving:
                asked = await self._until(min(end, self.now() + STEP))
                did: tuple[str, ...] = await self._run(self._crew.work)
                if did:
                    await self._speak()
            said = did or ((f"{wording.count(asked, 'item')} asked",) if asked else ())
            if said:
                self._caption = f"{wording.clock(self.now(), calendar)} · {said[0]}"
            self._changed()
            await asyncio.sleep(PAUSE)

    async def _until(self, end: datetime) -> int:
        sent = 0
        while (moment := await self._run(self._next_prompt)) is not None and moment <= end:
            sent += await self._huddles(moment)
            self._clock.advance(moment)
            spoken = await self._speak()
            sent += spoken
            if not spoken:
                break
        sent += await self._huddles(end)
        self._clock.advance(end)
        return sent + await self._speak()

    async def _huddles(self, until: datetime) -> int:
        """Post and end the day's message at its own moments, before whatever comes next."""
        sent = 0
        while (moment := huddle.next_moment(self._clinic, self.now())) < until:
            self._clock.advance(moment)
            sent += await self._speak()
        return sent

    async def _speak(self) -> int:
        asked: int = await self._run(tick, self._practice)
        await delivered(self._practice, self._chats, self._run)
        self._changed()
        return asked

    def _next_prompt(self) -> datetime | None:
        with self._practice.store.reading() as reading:
            return reading.next_prompt()
