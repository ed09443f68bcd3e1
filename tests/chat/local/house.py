"""A whole page without a clinic behind it: a desk that plays one morning, a clock to move, and a server."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bot.chat.local.chat import LocalChat
from bot.chat.local.listen import routes
from bot.core.actions import Action, Button
from bot.core.errors import NotAllowed, NotFound, Unclear, WrongValues
from bot.core.messages import LineState, Notice, Response, TaskCard
from bot.core.replies import Address, Command, Filled, MessageRef, Pressed, Reply
from bot.web import asgi, serve, take_port
from tests.chat import boards, samples

MORNING = datetime(2026, 2, 16, 8, 45, tzinfo=UTC)
JO = Address(platform="local", account="jo")
CHANNEL = Address(platform="local", channel="procedures")


class Hands:
    """The stage of the page: a time that moves when it is told to."""

    def __init__(self) -> None:
        self.at = MORNING
        self.playing = False
        self.caption = ""
        self.prompts: list[Callable[[], Coroutine[Any, Any, object]]] = []

    def now(self) -> datetime:
        return self.at

    async def next_prompt(self) -> None:
        self.at += timedelta(minutes=10)
        if self.prompts:
            await self.prompts.pop(0)()

    async def forward(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    async def play(self) -> None:
        self.playing, self.caption = True, "09:00 Jo's list arrives."

    async def pause(self) -> None:
        self.playing, self.caption = False, ""


class PlayedDesk:
    """Keeps the Desk contract for the cards of tests/chat/samples.py, and remembers what people said."""

    def __init__(self) -> None:
        self.heard: list[Reply | Command] = []
        self.redraw: Callable[[TaskCard], None] = lambda card: None

    def reply(self, reply: Reply) -> Response:
        self.heard.append(reply)
        match reply:
            case Pressed(action=Action.FORM):
                return samples.FORM
            case Pressed(action=Action.CASE):
                return samples.CASE
            case Pressed(account="kim"):
                raise NotAllowed("Only a nurse can answer this.")
            case Pressed():
                return self._done("Confirmed: Home kit ready.")
            case Filled():
                return self._filled(reply)
            case _ if reply.text == "done":
                raise Unclear("Three lines are open. Say which: 1, 2 or 3.")
            case _:
                return Notice(text=f"Noted: {reply.text}", tone="good")

    def command(self, command: Command) -> Response:
        self.heard.append(command)
        match command.words:
            case ("status",):
                return boards.BOARD
            case ("mine",):
                return samples.WORKLIST
            case ("case", "K7Q2"):
                return samples.CASE
            case ("event", "K7Q2"):
                return samples.TRIAGE
            case _:
                raise NotFound("command", command.words[0], ["status", "mine", "case"])

    def _filled(self, form: Filled) -> Response:
        entries = form.entries["K7Q2:g.same_day_check:1:1"]
        needed = {"temperature": "Say how warm, such as 36.8.", "unwell": "Choose yes or no."}
        if problems := {name: what for name, what in needed.items() if not entries.get(name)}:
            raise WrongValues(problems)
        if entries["temperature"] == "39":
            return Notice(text="Needs the physician: temperature 39.", tone="bad")
        return self._done("Saved: Prep for K7Q2.")

    def _done(self, text: str) -> Notice:
        lines = (
            replace(
                samples.PREP.lines[0], state=LineState.DONE, said="Confirmed by Jo Park 08:46", buttons=()
            ),
        )
        self.redraw(replace(samples.PREP, lines=lines + samples.PREP.lines[1:]))
        return Notice(text=text, tone="good", buttons=(Button(action=Action.UNDO, label="Undo"),))


class House:
    """The page with everything behind it."""

    def __init__(self, file: Path | None = None, *, clock: bool = True) -> None:
        self.hands = Hands()
        self.desk = PlayedDesk()
        self.chat = LocalChat(file, clock=self.hands, calendar=samples.CLINIC.calendar)
        self.app: Starlette = asgi(
            routes(
                desk=self.desk,
                chat=self.chat,
                clinic=samples.CLINIC,
                clock=self.hands,
                stage=self.hands if clock else None,
            )
        )

    async def furnish(self) -> MessageRef:
        """Put a morning's messages up; return where Jo's prep card stands."""
        await self.chat.send(boards.BOARD, CHANNEL, once="board")
        await self.chat.send(samples.DECISION, Address(platform="local", account="ali"), once="decision")
        await self.chat.send(samples.WORKLIST, JO, once="list")
        return await self.chat.send(samples.PREP, JO, once="prep")


@contextmanager
def running(house: House) -> Iterator[tuple[str, Callable[[Coroutine[Any, Any, Any]], Any]]]:
    """Serve a house on a free port of this machine; give its address, and a way to run things on its loop."""
    here = take_port("127.0.0.1", 0)
    loop = asyncio.new_event_loop()
    ended = asyncio.Event()

    async def open_until_told() -> None:
        server = asyncio.create_task(serve(house.app, here, leaving=house.chat.leave))
        await ended.wait()
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(open_until_told(),))
    thread.start()

    def do(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=10)

    try:
        yield f"http://127.0.0.1:{here.getsockname()[1]}", do
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(timeout=10)
        loop.close()
        house.chat.close()
