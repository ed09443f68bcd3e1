"""What `slack.latency` and `teams.latency` share: a case in an SQLite file, and how long a press waits."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

import httpx

from bot.core.people import Clinic
from bot.ports import Platform
from bot.service.deliver import delivered
from bot.service.tick import tick
from bot.store.store import open_store
from bot.web import asgi, serve, take_port
from tests.service.clinic import here, london
from tests.service.consultation import HISTORY, MEDICINES
from tests.service.riverside import Riverside

PRESSES = 300
#: The median and the slowest in a hundred of each deed, in milliseconds.
Waited = Mapping[str, tuple[float, float]]


def clinic_in(folder: str, clinic: Clinic, platform: str) -> Riverside:
    """A case whose consultation is about to begin, kept in a file."""
    store = open_store(f"sqlite:///{Path(folder) / 'clinic.db'}", history_key=b"an invented key, long enough")
    made = Riverside(HISTORY, MEDICINES, clinic=clinic, store=store).book()
    made.practice = replace(made.practice, platforms=(platform,), public_url="https://clinic.example")
    made.clock.advance(london("2027-01-12 15:00"))
    return made


@asynccontextmanager
async def asked_by(platform: Platform, clinic: Riverside) -> AsyncIterator[httpx.AsyncClient]:
    """Ask what is due, and open a port at which it can be answered."""
    tick(clinic.practice)
    await delivered(clinic.practice, {platform.chat.platform: platform.chat}, here)
    door = take_port("127.0.0.1", 0)
    leave = asyncio.create_task(serve(asgi(platform.routes), door, leaving=lambda: None))
    await platform.start()
    try:
        host = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=host, trust_env=False) as client:
            yield client
    finally:
        leave.cancel()
        await asyncio.gather(leave, return_exceptions=True)
        await platform.stop()


async def waited(
    press: Callable[[str], Awaitable[float]], presses: int, clinic: Riverside, *, form: str
) -> Waited:
    """How long a press waits that opens a `form`, by this label, and one that writes each time; `press` says
    for how many seconds. They take turns, for the same again might be a repeat.
    """
    deeds = {"a form opens": form, "a link is written": "Who is this?"}
    found: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(presses):
        for name, label in deeds.items():
            found[name].append(await press(label) * 1000)
    with clinic.store.reading() as reading:
        written = len(reading.arrangements(clinic.clinic.id, "look"))
    assert written == presses, "a press that writes nothing is no measure"
    return {name: _middle_and_slow(times) for name, times in found.items()}


async def seconds(answer: Awaitable[object]) -> float:
    """How long an answer took."""
    since = time.perf_counter()
    await answer
    return time.perf_counter() - since


def _middle_and_slow(times: Collection[float]) -> tuple[float, float]:
    percents = quantiles(times, n=100)
    return percents[49], percents[98]


def told(measured: Callable[[int], Mapping[str, Waited]]) -> None:
    """Measure as the command line asks, and print it by each way into Bookend."""
    presses = int(sys.argv[1]) if len(sys.argv) > 1 else PRESSES
    # so many answers at once are more than a platform takes: who waits for them is not measured here
    logging.disable(logging.WARNING)
    for way, found in measured(presses).items():
        for name, (median, slow) in found.items():
            print(f"{way}, {name}: p50 {median:.1f} ms, p99 {slow:.1f} ms ({presses} presses)")
