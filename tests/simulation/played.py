"""A simulation: the clinic of a seed, two programs on one database, two platforms, some days of faults."""

from __future__ import annotations

import asyncio
import itertools
import math
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, select

from bot.store.identities import Vault
from bot.store.store import SqlStore
from bot.store.tables import parcels
from tests.simulation import house as houses
from tests.simulation.faults import Fault, Faults
from tests.simulation.fragile import Killed
from tests.simulation.house import ASKED, PLATFORMS
from tests.simulation.loop import VirtualLoop
from tests.simulation.oracle import Oracle
from tests.simulation.people import People
from tests.simulation.platforms import Message, Platform
from tests.simulation.programs import EVERY, Program
from tests.simulation.rules import repeats
from tests.store.made import KEY
from tests.store.memory import memory_store

#: The names of the machines on which programs run.
MACHINES = ("one", "two")
#: When the faults pass for a while on each open day, so that everything can be looked at.
CALM = (time(13, 20), time(18, 40))
#: How long everything may take to go out once they have.
SETTLES = timedelta(hours=3)
#: Clocks that are so many seconds apart no longer agree whether a lease has ended.
FAR = 20


@dataclass(kw_only=True, slots=True)
class Outcome:
    """What became of a seed: what was wrong, first of all, and what was counted."""

    seed: int
    days: int
    wrong: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    transcript: list[str] = field(default_factory=list)


class Simulation:
    """Plays a seed; stops at the first thing that is wrong."""

    def __init__(
        self,
        seed: int,
        *,
        days: int = 5,
        cases: int | None = None,
        without: Collection[Fault] = (),
        store: SqlStore | None = None,
    ) -> None:
        self.house = houses.drawn(seed, days, cases)
        self.faults = Faults(seed, without, self.tell)
        self.platforms = {name: Platform(name, tells=name == ASKED, heard=self._heard) for name in PLATFORMS}
        self.outcome = Outcome(seed=seed, days=days)
        self._random = Random(f"{seed} world")
        self._store = store or memory_store()
        self._loop = VirtualLoop()
        self._loop.set_exception_handler(self._broke)
        #: done as soon as something is wrong
        self._stopped: asyncio.Future[None] = self._loop.create_future()
        self._programs: dict[str, Program] = {}
        self._lives = itertools.count(1)
        self._cut: dict[str, float] = {}
        self._gone_until = 0.0
        self._stepped = self.house.begins - timedelta(days=1)
        self._ended = False
        self._clocks = {name: timedelta() for name in MACHINES}
        self._calm_since = self.house.begins
        self._tasks: set[asyncio.Task[None]] = set()
        self.people = People(self, seed)
        self._oracle = Oracle(
            self.house,
            self._store,
            self.platforms,
            self.people,
            lambda: bool(self.faults.counted[Fault.STEP]),
        )

    def play(self) -> Outcome:
        """Let the days pass."""
        try:
            self._loop.run_until_complete(self._play())
            self._wrong(self._oracle.at_the_end())
        finally:
            self._end()
        self.outcome.faults = self.faults.counted
        self.outcome.repeats = repeats(self.platforms)
        self.outcome.counted["messages"] = sum(len(each.messages) for each in self.platforms.values())
        self.outcome.counted["answers"] = self.people.said
        return self.outcome

    def _end(self) -> None:
        self._ended = True
        for program in self._programs.values():
            program.alive = False
        going = asyncio.all_tasks(self._loop)
        for task in going:
            task.cancel()
        if going:
            self._loop.run_until_complete(asyncio.wait(going))
        self._loop.close()

    async def _play(self) -> None:
        self.faults.calm = False
        for patient in self.house.patients:
            self.people.expect(patient)
        for name in MACHINES:
            self._clocks[name] = timedelta(seconds=self._drift())
            self._begin(name)
        calendar, day = self.house.clinic.calendar, self.house.clinic.calendar.day(self.house.begins)
        while calendar.instant(day, time(0)) < self.house.ends and not self.outcome.wrong:
            if calendar.is_open(day):
                for wall in CALM:
                    await self._until(calendar.instant(day, wall))
                    await self._rests()
            day += timedelta(days=1)

    async def _until(self, moment: datetime) -> None:
        reached = self._loop.create_future()
        self.at(moment, lambda: reached.done() or reached.set_result(None))
        await asyncio.wait({reached, self._stopped}, return_when=asyncio.FIRST_COMPLETED)

    async def _rests(self) -> None:
        """Let the faults pass, wait until everything went out, and look at all of it."""
        self.faults.calm, self._calm_since = True, self.now()
        self._cut.clear()
        self._gone_until = 0.0
        self._clocks = dict.fromkeys(MACHINES, timedelta())
        for name in MACHINES:
            if not self._programs[name].alive:
                self._begin(name)
            self._programs[name].looks_at_everything()
        while not self.outcome.wrong:
            await asyncio.sleep(30)
            if self.now() - self._calm_since >= timedelta(minutes=8) and self._is_quiet():
                break
            if self.now() - self._calm_since > SETTLES:
                break
        self._wrong(self._oracle.at_rest(self.now(), self._calm_since))
        self._clocks = {name: timedelta(seconds=self._drift()) for name in MACHINES}
        self.faults.calm = False

    def _is_quiet(self) -> bool:
        waiting = select(func.count()).where(parcels.c.free_at.is_not(None))
        with self._store._engines.reading() as connection:
            busy = bool(connection.scalar(waiting))
        with self._store.reading() as reading:
            moment = reading.next_moment()
        due = moment is not None and moment <= self.now() + timedelta(seconds=2 * EVERY)
        return not (busy or due or any(each.busy for each in self._programs.values()))

    def _drift(self) -> float:
        return self.faults.seconds(Fault.APART, -3, 3) if self.faults.strikes(Fault.APART) else 0.0

    # what programs and people share

    def now(self) -> datetime:
        """Return what time it really is."""
        return self.house.begins + timedelta(seconds=self._loop.time())

    def at(self, moment: datetime, deed: Callable[[], object]) -> None:
        """Do something at a moment."""
        seconds = max(0.0, (moment - self.now()).total_seconds())
        self._loop.call_later(seconds, self._done, deed)

    def _done(self, deed: Callable[[], object]) -> None:
        if not self.outcome.wrong:
            deed()

    def running(self) -> Program | None:
        """Return one of the programs that run."""
        alive = [each for each in self._programs.values() if each.alive]
        return self._random.choice(alive) if alive else None

    def clock_of(self, name: str) -> timedelta:
        """Return how far a machine's clock is from the time."""
        return self._clocks[name]

    def steps(self, name: str) -> None:
        """Let a machine's clock step forth or back, by a second to an hour, until it is set right."""
        by = math.exp(self.faults.seconds(Fault.STEP, 0, math.log(3600)))
        self._clocks[name] = timedelta(seconds=by if self.faults.either(Fault.STEP) else -by)
        lasts = self.faults.seconds(Fault.STEP, 10, 2400)
        if by > FAR:
            self._stepped = self.now() + timedelta(seconds=lasts + by)
        self.tell(f"the clock of {name} is {self._clocks[name].total_seconds():.0f} s off")
        self._loop.call_later(lasts, self._clocks.__setitem__, name, timedelta())

    def stepped_since(self, moment: datetime) -> bool:
        """Say whether a clock was far from another one since a moment."""
        return self._stepped >= moment

    def out_of_reach(self, name: str) -> bool:
        """Say whether a program cannot reach the database now."""
        now = self._loop.time()
        if self.faults.calm:
            return False
        if self.faults.strikes(Fault.GONE):
            self._gone_until = now + self.faults.seconds(Fault.GONE, 5, 1200)
        if self.faults.strikes(Fault.CUT_OFF, name):
            self._cut[name] = now + self.faults.seconds(Fault.CUT_OFF, 5, 1800)
        return now < max(self._gone_until, self._cut.get(name, 0.0))

    def between(self, program: Program) -> None:
        """Let another program sweep between two transactions of one."""
        others = [each for each in self._programs.values() if each.alive and each is not program]
        for other in others:
            other.sweeps()

    def wrote(self, program: Program) -> None:
        """Let the other programs look within some seconds."""
        for other in self._programs.values():
            if other is not program and other.alive:
                other.looks_soon(self._random.uniform(0.5, EVERY))

    def ended(self, program: Program, point: str) -> None:
        """Start a program anew after a while."""
        self.outcome.counted["crashes"] += 1
        self._loop.call_later(self.faults.seconds(Fault.CRASH, 1, 600), self._begin, program.name)
        for other in self._programs.values():
            other.wake()

    def _begin(self, name: str) -> None:
        before = self._programs.get(name)
        if before is not None and before.alive:
            return
        again = SqlStore(self._store._engines, KEY, Vault([KEY]))
        program = self._programs[name] = Program(self, name, next(self._lives), again)
        task = self._loop.create_task(program.work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _broke(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        trouble = context.get("exception")
        if not (self._ended or isinstance(trouble, Killed)):
            self._wrong([f"{context['message']}: {trouble!r}"])

    def failed(self, program: Program, trouble: BaseException) -> None:
        """Hear of a fault of the product's own."""
        self._wrong([f"{program.name} failed: {trouble!r}"])

    def answered(self) -> None:
        """Look whether an answer that was acknowledged is kept, and all those before it."""
        self._wrong(self._oracle.after_an_answer())

    def _heard(self, message: Message, text: str) -> None:
        again = repeats(self.platforms) if len(self.platforms[message.ref.platform].by_once) else {}
        self._wrong([f"{message.ref.message} stands twice: {text}"] if again.get("") else [])
        self.people.heard(message, text)

    def tell(self, line: str) -> None:
        """Write a line of the transcript."""
        at = self.house.clinic.calendar.local(self.now())
        self.outcome.transcript.append(f"{at:%a %d %H:%M:%S} {line}")

    def _wrong(self, found: list[str]) -> None:
        if found and not self.outcome.wrong:
            self.outcome.wrong = found
            self._stopped.set_result(None)
            for each in found:
                self.tell(f"?? {each}")
