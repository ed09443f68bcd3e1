"""The demo: an invented clinic in a browser, on the real store, outbox and states, with a clock to move.

It opens with eight invented patients at different stages: each is a rehearsal script in `playbooks/demo/`,
played side by side up to the moment at which the demo opens.
"""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

from bot.app import off_loop
from bot.chat.local.chat import LocalChat
from bot.chat.local.listen import routes
from bot.clock import KeptClock
from bot.core.errors import BookendError
from bot.core.identity import Identity
from bot.core.people import Clinic
from bot.core.script import Script, moment_of
from bot.files.clinic import load_clinic
from bot.files.scripts import parse_script
from bot.keys import key_beside, names_key_beside
from bot.names import HEADERS, Names
from bot.paths import shipped_playbooks
from bot.service.desk import ClinicDesk
from bot.service.player import Player
from bot.service.practice import Practice
from bot.service.rehearse import play
from bot.service.stage import Stage
from bot.shelf import Bookshelf
from bot.store.store import open_store
from bot.web import asgi, only_here, serve, take_port

#: Shows what is being done, and hands out what hears how far it has come, from 0 to 1.
Progress = Callable[[str], AbstractContextManager[Callable[[float], None]]]
PORT = 8765
LOCAL = "local"
#: Before the first invented patient was booked; the scripts move the clock on to Tuesday 16 February, 07:40.
FIRST = datetime(2027, 1, 4, tzinfo=UTC)
#: Written when the eight patients are in place; a folder without it was left half made.
_READY = "ready"
#: Who the eight patients are, for whoever presses "Who is this?": nobody of that name was ever treated.
PATIENTS: Mapping[str, Identity] = {
    "C6VP": Identity(name="Ada Invented", born=date(1968, 3, 9), record="EX-1001"),
    "E2ZG": Identity(name="Ben Imaginary", born=date(1979, 11, 23), record="EX-1002"),
    "H8LA": Identity(name="Cleo Fictitious", born=date(1985, 6, 2), record="EX-1003"),
    "K7Q2": Identity(name="Dora Madeup", born=date(1974, 1, 30), record="EX-1004"),
    "M3RX": Identity(name="Eli Pretend", born=date(1990, 9, 14), record="EX-1005"),
    "R5JU": Identity(name="Fay Specimen", born=date(1962, 12, 5), record="EX-1006"),
    "T9BD": Identity(name="Gus Placeholder", born=date(1981, 4, 18), record="EX-1007"),
    "W4HN": Identity(name="Hope Example", born=date(1977, 8, 27), record="EX-1008"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Demo:
    """How the demo was asked for: a port (0 is any free one), a folder to keep, a browser to open."""

    port: int = PORT
    data: Path | None = None
    browser: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """The invented clinic with everything it runs on."""

    practice: Practice
    clinic: Clinic
    clock: KeptClock
    chat: LocalChat


def demo(asked: Demo, say: Callable[[str], None], progress: Progress) -> None:
    """Open the clinic in a browser until told to end; without `data` its folder is gone afterwards."""
    here = take_port("127.0.0.1", asked.port)
    with _home(asked.data) as home, opened(home) as scene:
        if not (home / _READY).exists():
            # in this thread, before there is a loop: Ctrl-C ends it at once
            with progress("Preparing eight invented patients") as share:
                furnish(scene, share)
            (home / _READY).touch()
        asyncio.run(show(scene, here, say, browser=asked.browser))


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


def kept(data: Path) -> AbstractContextManager[Scene]:
    """Open what `bookend demo --data` left in a folder, to be looked at."""
    if not (data / _READY).is_file():
        raise BookendError(f"{data} holds no demo. Make one with `bookend demo --data {data}`.")
    return opened(data)


@contextmanager
def opened(home: Path) -> Iterator[Scene]:
    """Open the clinic's store, clock and page in a folder."""
    clinic = invented_clinic()
    clock = KeptClock(FIRST, home / "demo.clock")
    database = home / "demo.db"
    store = open_store(
        f"sqlite:///{database}",
        history_key=key_beside(database),
        identity_keys=[names_key_beside(database)],
        durable=False,
    )
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
        yield Scene(practice=practice, clinic=clinic, clock=clock, chat=chat)
    finally:
        chat.close()
        store.close()


async def show(scene: Scene, here: socket, say: Callable[[str], None], *, browser: bool) -> None:
    """Show the clinic on a port that was taken before, until told to end."""
    loop = asyncio.get_running_loop()
    clinic, clock, chat = scene.clinic, scene.clock, scene.chat
    practice = replace(scene.practice, public_url=f"http://127.0.0.1:{here.getsockname()[1]}")
    stage = Stage(practice, clock, clinic, {LOCAL: chat}, off_loop, chat.touch)
    settling: set[asyncio.Task[None]] = set()

    def settle() -> None:
        task = asyncio.create_task(stage.settle())
        settling.add(task)
        task.add_done_callback(settling.discard)

    def wake() -> None:
        loop.call_soon_threadsafe(settle)

    desk = ClinicDesk(practice=practice, wake=wake)
    names = Names(practice).routes(lambda endpoint: only_here(endpoint, HEADERS))
    app = asgi([*routes(desk=desk, chat=chat, clinic=clinic, clock=clock, stage=stage), *names])
    address = f"{practice.public_url}/"
    say(f"Bookend's invented clinic is open at {address}  (Ctrl-C ends it)")
    if browser:
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


def furnish(scene: Scene, share: Callable[[float], None]) -> None:
    """Play the invented patients up to the moment at which the demo opens; `share` hears how far that is."""
    # nobody looks at the boards of the weeks before: the first one is drawn when the page opens
    clinic = replace(scene.clinic, channels={})
    practice = replace(scene.practice, clinics={clinic.id: clinic})
    shelf = practice.shelf
    assert isinstance(shelf, Bookshelf)
    parts = scripts(shelf, clinic)
    begins = min(script.booking.opened for script in parts.values())
    lasts = max(moment_of(line) for script in parts.values() for line in script.lines) - begins

    def noted(said: str) -> None:
        share((scene.clock.now() - begins) / lasts)

    players = {Player(practice, clinic, noted, code): script for code, script in parts.items()}
    with scene.clock.written_at_last():
        play(practice, scene.clock, players, scene.chat)
    with practice.store.writing() as tx:
        for code, who in PATIENTS.items():
            tx.identify(code, who, scene.clock.now())
