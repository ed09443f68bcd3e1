"""The demo: an invented clinic in a browser, on the real store, outbox and state machine, with a clock to
move.

It opens with eight invented patients at different stages: each is a rehearsal script in `playbooks/demo/`,
played side by side up to the moment at which the demo opens.
"""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

from bot.app import Bookshelf, off_loop
from bot.chat.local.chat import LocalChat
from bot.chat.local.listen import routes
from bot.clock import KeptClock
from bot.config import key_beside
from bot.core.people import Clinic
from bot.core.script import Script
from bot.files.clinic import load_clinic
from bot.files.scripts import parse_script
from bot.paths import shipped_playbooks
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from bot.service.rehearse import Player, play
from bot.service.stage import Stage
from bot.store.store import open_store
from bot.web import asgi, serve, take_port

PORT = 8765
LOCAL = "local"
#: Before the first invented patient was booked; the scripts move the clock on to Tuesday 16 February, 07:40.
FIRST = datetime(2027, 1, 4, tzinfo=UTC)
#: Written when the eight patients are in place; a folder without it was left half made.
_READY = "ready"


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """How the demo was asked for: a port (0 is any free one), a folder to keep, and whether to open a
    browser.
    """

    port: int = PORT
    data: Path | None = None
    browser: bool = True


def demo(asked: Demo, say: Callable[[str], None]) -> None:
    """Open the clinic in a browser until told to end; without `data` its folder is gone afterwards."""
    here = take_port("127.0.0.1", asked.port)
    with _home(asked.data) as home:
        asyncio.run(_run(asked, home, here, say))


@contextmanager
def _home(data: Path | None) -> Iterator[Path]:
    if data is None:
        with TemporaryDirectory(prefix="bookend-") as folder:
            yield Path(folder)
    else:
        data.mkdir(parents=True, exist_ok=True)
        if not (data / _READY).exists():
            for left in data.glob("demo.*"):
                left.unlink()
        yield data


async def _run(asked: Demo, home: Path, here: socket, say: Callable[[str], None]) -> None:
    clinic = invented_clinic()
    clock = KeptClock(FIRST, home / "demo.clock")
    database = home / "demo.db"
    store = open_store(f"sqlite:///{database}", history_key=key_beside(database))
    practice = Practice(
        store=store,
        shelf=Bookshelf(shipped_playbooks(), store),
        clock=clock,
        clinics={clinic.id: clinic},
        platforms=(LOCAL,),
        unsigned_may_ask=True,
    )
    chat = LocalChat(home / "demo.page.db", clock=clock, calendar=clinic.calendar)
    try:
        if not (home / _READY).exists():
            say("Preparing eight invented patients …")
            await off_loop(furnish, practice, clinic, clock, chat)
            (home / _READY).touch()
        await _serve(asked, practice, clinic, clock, chat, here, say)
    finally:
        chat.close()
        store.close()


async def _serve(
    asked: Demo,
    practice: Practice,
    clinic: Clinic,
    clock: KeptClock,
    chat: LocalChat,
    here: socket,
    say: Callable[[str], None],
) -> None:
    loop = asyncio.get_running_loop()
    stage = Stage(practice, clock, clinic, {LOCAL: chat}, off_loop, chat.touch)
    settling: set[asyncio.Task[None]] = set()

    def wake() -> None:
        loop.call_soon_threadsafe(lambda: settling.add(asyncio.create_task(stage.settle())))

    desk = ClinicDesk(practice=practice, wake=wake)
    app = asgi(routes(desk=desk, chat=chat, clinic=clinic, clock=clock, stage=stage))
    address = f"http://127.0.0.1:{here.getsockname()[1]}/"
    say(f"Bookend's invented clinic is open at {address}  (Ctrl-C ends it)")
    if asked.browser:
        loop.run_in_executor(None, webbrowser.open, address)
    await stage.settle()
    await serve(app, here, leaving=chat.leave)
    await stage.pause()


def invented_clinic() -> Clinic:
    """Return the invented clinic, with everybody on the page and the board in its channel."""
    clinic = load_clinic(shipped_playbooks() / "demo" / "clinic.yaml")
    people = {id: replace(person, accounts={LOCAL: id}) for id, person in clinic.people.items()}
    return replace(clinic, people=people, channels={LOCAL: {"board": "procedures"}})


def scripts(shelf: Bookshelf, clinic: Clinic) -> Mapping[str, Script]:
    """Return the invented patients' scripts by case code."""
    files = sorted((shipped_playbooks() / "demo").glob("*.yaml"))
    found = {}
    for file in files:
        if file.stem != "clinic":
            script = parse_script(file.read_text(encoding="utf-8"), file.name, shelf.playbooks)
            found[file.stem] = replace(script, booking=replace(script.booking, calendar=clinic.calendar))
    return found


def furnish(practice: Practice, clinic: Clinic, clock: KeptClock, chat: LocalChat) -> None:
    """Play the invented patients up to the moment at which the demo opens."""
    shelf = practice.shelf
    assert isinstance(shelf, Bookshelf)
    players = {
        Player(practice, clinic, lambda said: None, code): script
        for code, script in scripts(shelf, clinic).items()
    }
    play(practice, clock, players, chat)
