"""How long Slack waits for a press: from the click to the acknowledgement, by each way into Bookend.

`python -m tests.chat.slack.latency [PRESSES]` prints it for a form that opens and for what is written, with
the real desk, a store in an SQLite file, and a real port of this machine for each way.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import quantiles

import httpx

from bot.app import off_loop
from bot.chat.slack import PLATFORM
from bot.chat.slack.connect import SlackSettings, connect
from bot.service.deliver import delivered
from bot.service.desk import ClinicDesk
from bot.service.tick import tick
from bot.store.store import open_store
from bot.web import asgi, serve, take_port
from tests.chat.slack.fake import (
    APP_TOKEN,
    SECRET,
    TOKEN,
    FakeSlack,
    OverSocket,
    Person,
    ToDoor,
    fake_slack,
    user,
)
from tests.chat.slack.test_twice import IN_SLACK, NURSE
from tests.service.clinic import here, london
from tests.service.consultation import HISTORY, MEDICINES
from tests.service.riverside import Riverside

PRESSES = 300
#: A press that only looks, and one that writes each time.
DEEDS = {"a form opens": "Answer", "a link is written": "Who is this?"}


def clinic_in(folder: str) -> Riverside:
    """A case whose consultation is about to begin, kept in a file."""
    store = open_store(f"sqlite:///{Path(folder) / 'clinic.db'}", history_key=b"an invented key, long enough")
    made = Riverside(HISTORY, MEDICINES, clinic=IN_SLACK, store=store).book()
    made.practice = replace(made.practice, platforms=(PLATFORM,), public_url="https://clinic.example")
    made.clock.advance(london("2027-01-12 15:00"))
    return made


@asynccontextmanager
async def nurse(slack: FakeSlack, clinic: Riverside, *, socket: bool) -> AsyncIterator[Person]:
    """The nurse, with her card, and Bookend behind a socket or a port."""
    by = {"app_token": APP_TOKEN} if socket else {"signing_secret": SECRET}
    settings = SlackSettings(bot_token=TOKEN, api_url=slack.url, **by)
    connected = await connect(settings, ClinicDesk(practice=clinic.practice), off_loop)
    tick(clinic.practice)
    await delivered(clinic.practice, {PLATFORM: connected.chat}, here)
    door = take_port("127.0.0.1", 0)
    leave = asyncio.create_task(serve(asgi(connected.routes), door, leaving=lambda: None))
    await connected.start()
    try:
        host = f"http://127.0.0.1:{door.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=host, trust_env=False) as client:
            way = OverSocket(sockets=slack.sockets) if socket else ToDoor(door=client)
            yield Person(slack=slack, account=NURSE, way=way)
    finally:
        leave.cancel()
        await asyncio.gather(leave, return_exceptions=True)
        await connected.stop()


async def waited(press: Callable[[], Awaitable[object]], presses: int) -> list[float]:
    """How many milliseconds each press waited for its acknowledgement."""
    found = []
    for _ in range(presses):
        since = time.perf_counter()
        await press()
        found.append((time.perf_counter() - since) * 1000)
    return found


async def measured(presses: int, *, socket: bool) -> dict[str, tuple[float, float]]:
    """The median and the slowest in a hundred of each deed, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = clinic_in(folder)
        async with fake_slack() as slack, nurse(slack, clinic, socket=socket) as who:
            slack.users[NURSE] = user(NURSE)
            card = slack.messages[who.direct][0]
            found = {}
            for name, label in DEEDS.items():
                percents = quantiles(await waited(partial(who.press, card, label), presses), n=100)
                found[name] = (percents[49], percents[98])
            with clinic.store.reading() as reading:
                written = len(reading.arrangements(clinic.clinic.id, "look"))
            assert written == presses, "a press that writes nothing is no measure"
            clinic.store.close()
            return found


def main(presses: int) -> None:
    # so many answers at once are more than Slack takes: who waits for them is not measured here
    logging.disable(logging.WARNING)
    for way, socket in (("signed HTTP", False), ("Socket Mode", True)):
        for name, (median, slow) in asyncio.run(measured(presses, socket=socket)).items():
            print(f"{way}, {name}: p50 {median:.1f} ms, p99 {slow:.1f} ms ({presses} presses)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PRESSES)
