"""Several `bookend serve` of one clinic, each a process of its own, on one database and one Slack of ours."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
from sqlalchemy import create_engine, text

from bot.app import opened
from bot.core.case import Booking
from bot.paths import shipped_playbooks
from bot.service.cases import open_case
from tests.alone import wait_until
from tests.chat.slack.fake import JO, SECRET, TOKEN, FakeSlack, Json, Person, ToDoor, user
from tests.settings import settings_of
from tests.signed import sign_all

#: A clinic that never closes: these tests run at any hour.
CLINIC = """\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {mon-sun: 00:00-23:59}
rooms: {room-2: {devices: [CO₂ laser]}}
people:
  ali: {name: Dr Ali Example, roles: [physician, medical_director], slack: U0ALI}
  jo: {name: Jo Sample, roles: [nurse, front_desk, operator, manager], slack: U0JO}
roster: {mon-sun: {physician: [ali], nurse: [jo], operator: [jo], front_desk: [jo], manager: [jo]}}
channels: {slack: {board: C0BOARD}}
playbooks: [abl]
"""
#: How long a process may take to come up, or to do what is waited for, in seconds.
LONG = 60.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Program:
    """One that runs."""

    process: Process
    said: str
    port: int

    async def told_to_end(self) -> int:
        """End it as a host does; return how."""
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 15)


@dataclass(frozen=True, kw_only=True, slots=True)
class Several:
    """A clinic's folder, its database and its Slack; `settings` are what every program is given."""

    folder: Path
    slack: FakeSlack
    settings: Mapping[str, str]

    @asynccontextmanager
    async def running(self, *only: str) -> AsyncIterator[list[Program]]:
        """Start programs at once, each with its half; they are killed in the end."""
        async with AsyncExitStack() as stack:
            processes = [await stack.enter_async_context(self._started(each)) for each in only]
            yield list(await asyncio.gather(*map(_up, processes)))

    @asynccontextmanager
    async def _started(self, only: str) -> AsyncIterator[Process]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith("BOOKEND_")}
        command = (sys.executable, "-u", "-m", "bot", "serve", "--only", only)
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, env=ours | dict(self.settings), stdout=PIPE
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    def sign(self) -> None:
        """Let the medical director sign."""
        sign_all(self.settings)

    def book(self, many: int) -> tuple[str, ...]:
        """Book cases, as another program does: what is due on their way already has to be asked."""
        with opened(settings_of(self.settings)) as (practice, store):
            (clinic,), now = practice.clinics.values(), practice.clock.now()
            booked = Booking(
                playbook="abl",
                calendar=clinic.calendar,
                opened=now - timedelta(days=20),
                starts=(now + timedelta(days=6),),
                facts={"age": 52, "area_face": "yes"},
            )
            with store.writing() as tx:
                made = [
                    open_case(practice, tx, booked, clinic=clinic.id, by="jo").case.code for _ in range(many)
                ]
        return tuple(made)

    @asynccontextmanager
    async def jo(self, at: Program) -> AsyncIterator[Person]:
        """Jo, whose presses reach this program."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{at.port}") as door:
            yield Person(slack=self.slack, account=JO, way=ToDoor(door=door))

    async def until(self, so: Callable[[FakeSlack], bool], what: str) -> None:
        """Wait until Slack shows something."""
        try:
            async with asyncio.timeout(LONG):
                while not so(self.slack):
                    self.slack.said.clear()
                    await self.slack.said.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}: {self.headings()}") from None

    async def settled(self) -> None:
        """Wait until nothing is due, and nothing waits to be sent."""

        def quiet() -> bool:
            waiting = self.count("FROM parcels WHERE free_at IS NOT NULL")
            return not waiting and not self.count("FROM tasks WHERE next_prompt_at <= now()")

        await asyncio.to_thread(wait_until, quiet, what="nothing to be left to do", timeout=LONG)

    async def until_there_are(self, many: int, what: str) -> None:
        """Wait until there are so many rows."""

        def there() -> bool:
            return self.count(what) == many

        await asyncio.to_thread(wait_until, there, what=f"{many} {what}", timeout=LONG)

    def count(self, what: str) -> int:
        """Count rows of the database."""
        engine = create_engine(self.settings["BOOKEND_DATABASE_URL"])
        with engine.connect() as connection:
            found = connection.scalar(text(f"SELECT count(*) {what}"))
        engine.dispose()
        return int(found or 0)

    def headings(self, where: str = "") -> list[str]:
        """The first words of every message but those of threads, in order of their words."""
        places = [where] if where else [*self.slack.messages]
        posted = [each for place in places for each in self.slack.messages[place]]
        return sorted(heading(each) for each in posted if not each.get("thread_ts"))


def heading(message: Json) -> str:
    """What a message is called."""
    return str(message["blocks"][0].get("text", {}).get("text", message["text"]))


async def _up(process: Process) -> Program:
    assert process.stdout is not None
    said = ""
    while "Bookend serves" not in said:
        line = await asyncio.wait_for(process.stdout.readline(), LONG)
        assert line, "it ended before it came up"
        said = line.decode()
    port = re.search(r"port (\d+)", said)
    assert port is not None
    return Program(process=process, said=said.strip(), port=int(port[1]))


def furnished(folder: Path, slack: FakeSlack, database: str) -> Several:
    """A clinic whose files lie in a folder; nobody signed yet, and the database is as it is."""
    folder.mkdir(exist_ok=True)
    (folder / "clinic.yaml").write_text(CLINIC, "utf-8")
    slack.users["U0ALI"] = user("U0ALI")
    return Several(
        folder=folder,
        slack=slack,
        settings={
            "PORT": "0",
            "PYTHONPATH": str(Path(__file__).parent.parent),
            "BOOKEND_CLINIC": str(folder / "clinic.yaml"),
            "BOOKEND_PLAYBOOKS": str(shipped_playbooks()),
            "BOOKEND_DATABASE_URL": database,
            "BOOKEND_HISTORY_KEY": "an invented key, long enough",
            "BOOKEND_IDENTITY_KEYS": "an invented key for names",
            "BOOKEND_SLACK_BOT_TOKEN": TOKEN,
            "BOOKEND_SLACK_SIGNING_SECRET": SECRET,
            "BOOKEND_SLACK_API_URL": slack.url,
        },
    )
