"""The bot of an invented clinic, whose clock is moved by lines on standard input: all but the clock is real.

`python -m tests.chat.slack.clinic_bot FOLDER` reads Slack's tokens as `bookend serve` does. It answers each
line with one: `open` (the case), `settle` (say what is due), `next MOMENT` (the next prompt, at most then).
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.app import off_loop
from bot.chat.pace import Pace
from bot.chat.slack.calling.pace import SlackLimits
from bot.chat.slack.connect import connect
from bot.chat.slack.joining.tokens import SlackSettings
from bot.clock import KeptClock
from bot.core.case import Booking
from bot.core.messages import Card, Home, Response
from bot.core.replies import Address, Command, MessageRef, Reply, Typed
from bot.files.clinic import load_clinic
from bot.paths import shipped_playbooks
from bot.ports import Chat, Clock, Desk
from bot.service.cases import open_case
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from bot.service.stage import Stage
from bot.shelf import Bookshelf
from bot.store.store import open_store
from bot.web import asgi, serve, take_port

CODE = "K7Q2"
#: A Tuesday, five weeks before the procedure on a Thursday.
OPENED = datetime(2027, 1, 12, 13, 45, tzinfo=UTC)
START = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)


class OfToday:
    """A desk on a moved clock: what is said now by the machine's clock is said now by its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reply(self, reply: Reply) -> Response:
        return self._desk.reply(replace(reply, at=None) if isinstance(reply, Typed) else reply)

    def command(self, command: Command) -> Response:
        return self._desk.command(replace(command, at=None))

    def card(self, who: Address, at: MessageRef) -> Card:
        return self._desk.card(who, at)

    def home(self, who: Address) -> Home:
        return self._desk.home(who)


def practice_in(folder: Path, clock: Clock) -> Practice:
    """The installation that lives in a folder; tests look into it as well."""
    clinic = load_clinic(shipped_playbooks() / "clinic-example.yaml")
    store = open_store(f"sqlite:///{folder / 'clinic.db'}", history_key=b"an invented key, long enough")
    return Practice(
        store=store,
        shelf=Bookshelf(shipped_playbooks(), store),
        clock=clock,
        clinics={clinic.id: clinic},
        platforms=("slack",),
        unsigned_may_ask=True,
    )


def book(practice: Practice) -> None:
    """Open the case as `bookend new` would."""
    (clinic,) = practice.clinics.values()
    booking = Booking(
        playbook="abl",
        calendar=clinic.calendar,
        opened=OPENED,
        starts=(START,),
        consult=OPENED + timedelta(minutes=15),
        booked=OPENED + timedelta(minutes=85),
        minutes=60,
        facts={"age": 52, "area_face": "yes"},
        room="room-2",
    )
    with practice.store.writing() as tx:
        open_case(practice, tx, booking, clinic=clinic.id, by="robin", code=CODE)


async def work(folder: Path) -> None:
    loop, settling = asyncio.get_running_loop(), set[asyncio.Task[None]]()
    clock = KeptClock(OPENED, folder / "clock")
    practice = practice_in(folder, clock)
    (clinic,) = practice.clinics.values()
    chats: dict[str, Chat] = {}
    stage = Stage(practice, clock, clinic, chats, off_loop)

    def wake() -> None:
        loop.call_soon_threadsafe(lambda: settling.add(asyncio.create_task(stage.settle())))

    names = ("bot_token", "app_token", "signing_secret", "api_url")
    settings = SlackSettings(**{name: os.environ.get(f"BOOKEND_SLACK_{name.upper()}", "") for name in names})
    # whenever Slack's pace is looked at, another minute has passed: its clock leaps as the clinic's does
    pace = Pace(SlackLimits(), time=map(float, count(step=60)).__next__)
    slack = await connect(settings, OfToday(ClinicDesk(practice=practice, wake=wake)), off_loop, pace=pace)
    chats["slack"] = slack.chat
    await slack.start()
    if slack.routes:
        here = take_port("127.0.0.1", int(os.environ["PORT"]))
        settling.add(asyncio.create_task(serve(asgi(slack.routes), here, leaving=lambda: None)))
    try:
        await obey(practice, stage)
    finally:
        await slack.stop()
        practice.store.close()


async def obey(practice: Practice, stage: Stage) -> None:
    print("ready", flush=True)
    while line := await off_loop(sys.stdin.readline):
        word, _, rest = line.strip().partition(" ")
        if word == "open":
            await off_loop(book, practice)
        if word == "next":
            await go_on(practice, stage, datetime.fromisoformat(rest))
        await stage.settle()
        print(stage.now().isoformat(), flush=True)


async def go_on(practice: Practice, stage: Stage, end: datetime) -> None:
    with practice.store.reading() as reading:
        moment = reading.next_prompt()
    if moment is not None and moment <= end:
        await stage.next_prompt()
    else:
        await stage.forward(int((end - stage.now()).total_seconds() // 60))


if __name__ == "__main__":
    asyncio.run(work(Path(sys.argv[1])))
