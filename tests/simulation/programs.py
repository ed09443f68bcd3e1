"""Programs: `bookend serve` as often as it is started, each put together anew from the store alone.

A program ends by Killed, which no code of the product may catch; whatever it had in memory is gone then, and
whatever of it still runs ends at its next step.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core.errors import BookendError, StoreTrouble
from bot.service.deliver import Delivery
from bot.service.desk import ClinicDesk
from bot.service.greeting import greet
from bot.service.practice import Practice
from bot.service.reviews import tell_reviews
from bot.service.tick import tick
from bot.store.store import SqlStore
from tests.service.clinic import Shelf
from tests.simulation.faults import Fault, Faults
from tests.simulation.fragile import FragileStore, Killed
from tests.simulation.house import PLATFORMS, House
from tests.simulation.platforms import CLOCKS_APART, LIMIT, STOOD_STILL, Platform, SimulatedChat

#: Everything is worked through so often although nothing seems to be due; really each minute, which
#: would be most of the work of a simulated day.
THOROUGH = timedelta(hours=2)
#: Another program's change is acted on within this time, in seconds.
EVERY = 4.0
#: Who stands still for so many seconds may find that another program did what it was about to do.
STALE = 20.0
#: What was sent is written down within this time, unless something keeps its sender from it.
WRITTEN = timedelta(minutes=1)


class World(Protocol):
    """What programs share: the time, the faults, the database, the platforms."""

    house: House
    faults: Faults
    platforms: Mapping[str, Platform]

    def now(self) -> datetime:
        """Return what time it really is."""

    def clock_of(self, name: str) -> timedelta:
        """Return how far a machine's clock is from that."""

    def steps(self, name: str) -> None:
        """Let a machine's clock step."""

    def stepped_since(self, moment: datetime) -> bool:
        """Say whether a clock was far from another one since a moment."""

    def out_of_reach(self, name: str) -> bool:
        """Say whether a program cannot reach the database."""

    def between(self, program: Program) -> None:
        """Let something else happen between two transactions of a program."""

    def wrote(self, program: Program) -> None:
        """Hear that a program wrote something."""

    def ended(self, program: Program, point: str) -> None:
        """Hear that a program ended."""

    def failed(self, program: Program, trouble: BaseException) -> None:
        """Hear of a fault of the product's own."""


class MachineClock:
    """The clock of the machine on which a program runs."""

    def __init__(self, world: World, name: str) -> None:
        self._world = world
        self._name = name

    def now(self) -> datetime:
        """Return the time that this machine believes it is."""
        return self._world.now() + self._world.clock_of(self._name)


class Program:
    """One life of a program."""

    def __init__(self, world: World, name: str, life: int, store: SqlStore) -> None:
        self._life = f"{name} {life}"
        self.world, self.name, self.faults = world, name, world.faults
        self.alive, self.inside, self.busy = True, 0, False
        self._will_look = False
        self.frozen_past_lease = 0.0
        self._stood_until = world.house.begins
        #: when it ended, and when the store failed it
        self._troubles: list[datetime] = []
        self._frozen_until = 0.0
        self.store = FragileStore(store, self)
        self.practice = Practice(
            store=self.store,  # type: ignore[arg-type]
            shelf=Shelf(world.house.books),
            clock=MachineClock(world, name),
            clinics={world.house.clinic.id: world.house.clinic},
            platforms=PLATFORMS,
            unsigned_may_ask=True,
        )
        self.desk = ClinicDesk(practice=self.practice, wake=self.wake)
        chats = {each: SimulatedChat(at, self) for each, at in world.platforms.items()}
        self._delivery = Delivery(self.practice, chats, self._run, patience=1.0, holder=self._life)
        self._thorough: datetime | None = None
        self._rings: asyncio.Event = asyncio.Event()

    def world_time(self) -> datetime:
        """Return what time it really is."""
        return self.world.now()

    def excuses(self, since: datetime) -> list[str]:
        """Return why it may not have written down what it sent at a moment."""
        # what it was about to send as it stood still arrives as it goes on
        if self.frozen_past_lease and self._stood_until + timedelta(seconds=LIMIT) >= since:
            return [STOOD_STILL]
        if self.world.stepped_since(since):
            return [CLOCKS_APART]
        kept = any(since <= each <= since + WRITTEN for each in self._troubles)
        return ["its sender ended or failed before it wrote that down"] if kept else []

    def lives(self) -> None:
        """Raise Killed in a program that has ended."""
        if not self.alive:
            raise Killed(self.name)

    def troubled(self, why: str) -> StoreTrouble:
        """Return what the store raises now."""
        self._troubles.append(self.world.now())
        return StoreTrouble(why)

    def out_of_reach(self) -> bool:
        """Say whether the database cannot be reached from here."""
        return self.world.out_of_reach(self.name)

    def wrote(self) -> None:
        """Hear that something was written."""
        self.world.wrote(self)

    def may_end(self, point: str) -> None:
        """End here, if that is its lot."""
        self.lives()
        if self.faults.strikes(Fault.CRASH, f"{self.name} {point}"):
            self.alive = False
            self._troubles.append(self.world.now())
            self.world.ended(self, point)
            raise Killed(self.name)

    def comes_to(self, point: str) -> None:
        """Come between two transactions: something else may happen first, or the program end."""
        self.may_end(point)
        if not self.inside and self.faults.strikes(Fault.BETWEEN, f"{self.name} {point}"):
            self.world.between(self)
            self.lives()

    async def passes(self, point: str) -> None:
        """Come to a point at which it may end or stand still."""
        await self._thaws()
        self.may_end(point)
        if self.faults.strikes(Fault.STEP, self.name):
            self.world.steps(self.name)
        if self.faults.strikes(Fault.FROZEN, f"{self.name} {point}"):
            lasts = self.faults.seconds(Fault.FROZEN, 10, 200)
            self._frozen_until = self._time() + lasts
            if lasts > STALE:
                self.frozen_past_lease = self._frozen_until
                # what it was sending meanwhile arrives, and is not written down
                self._stood_until = self.world.now() + timedelta(seconds=lasts)
        await self._thaws()
        self.lives()

    async def _thaws(self) -> None:
        if (left := self._frozen_until - self._time()) > 0:
            await asyncio.sleep(left)

    def _time(self) -> float:
        return asyncio.get_running_loop().time()

    async def _run(self, function: Callable[..., Any], *args: Any) -> Any:
        await self.passes("before a thread")
        return function(*args)

    def wake(self) -> None:
        """Ask for a turn now."""
        self._rings.set()

    def looks_at_everything(self) -> None:
        """Work through everything at the next turn, which comes now."""
        self._thorough = None
        self.wake()

    def looks_soon(self, seconds: float) -> None:
        """Look after some seconds whether something is due, as it does all the time."""
        if not self._will_look:
            self._will_look = True
            asyncio.get_running_loop().call_later(seconds, self._looks)

    def _looks(self) -> None:
        self._will_look = False
        self._rings.set()

    async def work(self) -> None:
        """Take turns until it ends."""
        try:
            while True:
                await self._rest(await self._tried())
        except Killed:
            return
        except Exception as trouble:
            self.world.failed(self, trouble)

    async def _tried(self) -> datetime | None:
        self._rings.clear()
        self.busy = True
        try:
            return await self._turn()
        except BookendError:
            # logged; the next turn comes in some seconds
            await asyncio.sleep(EVERY)
            self._rings.set()
            return None
        finally:
            self.busy = False

    async def _turn(self) -> datetime | None:
        now = self.practice.clock.now()
        moment = self._next_moment()
        passed = self._thorough is None or not timedelta() <= now - self._thorough < THOROUGH
        if passed or (moment is not None and moment <= now):
            await self._run(lambda: tick(self.practice, holder=self._life))
            await self._run(tell_reviews, self.practice)
            await self._delivery.all()
            moment = self._next_moment()
        if passed:
            self._thorough = now
            await self._run(self.store.seal, now)
            await self._run(greet, self.practice)
        return moment

    def _next_moment(self) -> datetime | None:
        with self.store.reading() as reading:
            return reading.next_moment()

    async def _rest(self, moment: datetime | None) -> None:
        now = self.practice.clock.now()
        wished = THOROUGH if moment is None else min(THOROUGH, moment - now)
        await self._thaws()
        try:
            async with asyncio.timeout(max(1.0, wished.total_seconds())):
                await self._rings.wait()
        except TimeoutError:
            return

    def sweeps(self) -> None:
        """Sweep once, in the midst of what another program does."""
        try:
            tick(self.practice, holder=self._life)
        except (Killed, BookendError):
            return
