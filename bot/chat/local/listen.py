"""The page's routes: what people press, fill in and type becomes a Reply or a Command; answers become HTML.

Everything here answers only to a browser on this machine, and only to its own page; who sits at it chooses
who they are. That is right for invented patients and for nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from json import JSONDecodeError
from typing import Any, Protocol

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.chat.local import render
from bot.chat.local.chat import PLATFORM, Count, LocalChat, place_of
from bot.core.errors import BookendError, NotAllowed, WrongValues
from bot.core.messages import Notice
from bot.core.messages import Response as Said
from bot.core.people import Clinic, Person, Role
from bot.core.replies import COMMANDS, OF_CHANNEL, Address, Command, Filled, Pressed, Reply, Typed
from bot.ports import Clock, Desk
from bot.web import only_here

FILES = {
    "page.css": "text/css",
    "cards.css": "text/css",
    "page.js": "text/javascript",
    "mark.svg": "image/svg+xml",
}

#: After so many seconds without a change a live connection is told that it lives.
SIGN_OF_LIFE = 15

_KINDS: Mapping[str, TypeAdapter[Reply]] = {
    "pressed": TypeAdapter(Pressed),
    "filled": TypeAdapter(Filled),
    "typed": TypeAdapter(Typed),
}
_COMMAND = TypeAdapter(Command)


class Stage(Clock, Protocol):
    """The demo's clock. Whoever moves it tells the chat's listeners (`LocalChat.touch`) after each step.

    `playing` says whether a day is being played, `caption` what is happening in it, "" for nothing.
    """

    @property
    def playing(self) -> bool: ...

    @property
    def caption(self) -> str: ...

    async def next_prompt(self) -> None:
        """Move to the moment of the next prompt, and let it be sent."""

    async def forward(self, minutes: int) -> None:
        """Move on by so many minutes, sending what falls due on the way."""

    async def play(self) -> None:
        """Begin, or go on, to play the day; return at once."""

    async def pause(self) -> None:
        """Stop playing where it is."""


class Counter:
    """The page's front desk: draws what stands, hands on what people say."""

    def __init__(
        self, *, desk: Desk, chat: LocalChat, clinic: Clinic, clock: Clock, stage: Stage | None
    ) -> None:
        self._desk = desk
        self._chat = chat
        self._clinic = clinic
        self._clock = clock
        self._stage = stage

    async def page(self, request: Request) -> Response:
        """Answer with the whole page."""
        return HTMLResponse(await self._draw(render.page, request))

    async def fragments(self, request: Request) -> Response:
        """Answer with the parts that may have changed."""
        return HTMLResponse(await self._draw(render.fragments, request))

    async def reply(self, request: Request) -> Response:
        """Take a button, a form or a typed line."""
        said = reply_of(await body(request))
        command = command_in(said) if isinstance(said, Typed) else None
        if command:
            return await self._answer(partial(self._desk.command, command))
        return await self._answer(partial(self._desk.reply, said))

    async def command(self, request: Request) -> Response:
        """Take a command."""
        return await self._answer(partial(self._desk.command, command_of(await body(request))))

    async def stage(self, request: Request) -> Response:
        """Move the demo's clock."""
        stage = self._stage
        if stage is None:
            raise NotAllowed("Here the time is the real one: nobody moves it.")
        moves: Mapping[str, Callable[[], Awaitable[None]]] = {
            "next": stage.next_prompt,
            "hour": partial(stage.forward, 60),
            "day": partial(stage.forward, 24 * 60),
            "play": stage.play,
            "pause": stage.pause,
        }
        wished = str((await body(request)).get("do"))
        if wished not in moves:
            raise BookendError(f"The clock does one of {', '.join(moves)}.")
        try:
            await moves[wished]()
        except BookendError as error:
            return bad(error)
        finally:
            self._chat.touch()
        return JSONResponse({})

    async def live(self, _: Request) -> Response:
        """Say for as long as somebody listens when something changed."""
        return StreamingResponse(changes(self._chat), media_type="text/event-stream")

    async def _draw(self, draw: Callable[[render.Scene], str], request: Request) -> str:
        return await run_in_threadpool(lambda: draw(self._scene(request.query_params.get("as", ""))))

    async def _answer(self, ask: Callable[[], Said]) -> Response:
        try:
            said = await run_in_threadpool(ask)
        except WrongValues as error:
            notice = Notice(text="Some answers need another look.", tone="bad")
            return JSONResponse({"problems": error.problems, "tone": "bad", "html": render.drawn(notice)})
        except BookendError as error:
            return bad(error)
        place = "toast" if isinstance(said, Notice) else "sheet"
        tone = said.tone if isinstance(said, Notice) else "plain"
        return JSONResponse({"place": place, "tone": tone, "taken": True, "html": render.drawn(said)})

    def _scene(self, account: str) -> render.Scene:
        now = self._clock.now()
        counts, newest = self._chat.counts(self._clinic.calendar.day(now)), self._chat.newest()
        staff = [face(person, counts, newest) for person in self._clinic.people.values()]
        me = next((each for each in staff if each.account == account), staff[self._first()])
        channels = dict.fromkeys(self._clinic.channels.get(PLATFORM, {"board": "procedures"}).values())
        posts = [post for name in channels for post in self._chat.latest(f"#{name}")]
        return render.Scene(
            clinic=self._clinic.title,
            calendar=self._clinic.calendar,
            now=now,
            me=me,
            staff=staff,
            messages=self._chat.latest(place_of(Address(platform=PLATFORM, account=me.account))),
            channel=f"#{next(iter(channels))}",
            posts=sorted(posts, key=lambda post: post.id),
            clock=self._stage is not None,
            playing=bool(self._stage and self._stage.playing),
            caption=self._stage.caption if self._stage else "",
        )

    def _first(self) -> int:
        nurses = (i for i, person in enumerate(self._clinic.people.values()) if person.may(Role.NURSE))
        return next(nurses, 0)


def face(person: Person, counts: Mapping[str, Count], newest: Mapping[str, int]) -> render.Face:
    """Return a member of staff as the page shows them, with what was said to them today."""
    account = person.accounts.get(PLATFORM, person.id)
    place = place_of(Address(platform=PLATFORM, account=account))
    work = ", ".join(role.value.replace("_", " ") for role in Role if role in person.roles)
    return render.Face(
        account=account,
        name=person.name,
        work=work,
        count=counts.get(place, Count()),
        newest=newest.get(place, 0),
    )


def routes(
    *, desk: Desk, chat: LocalChat, clinic: Clinic, clock: Clock, stage: Stage | None = None
) -> list[BaseRoute]:
    """Return the page's routes; without a `stage` nobody can move the time."""
    counter = Counter(desk=desk, chat=chat, clinic=clinic, clock=clock, stage=stage)
    return [
        Route("/", only_here(counter.page)),
        Route("/fragments", only_here(counter.fragments)),
        Route("/live", only_here(counter.live)),
        Route("/reply", only_here(counter.reply), methods=["POST"]),
        Route("/command", only_here(counter.command), methods=["POST"]),
        Route("/stage", only_here(counter.stage), methods=["POST"]),
        Route("/page/{name}", only_here(shipped)),
    ]


async def shipped(request: Request) -> Response:
    """Answer with one of the page's own files."""
    name = request.path_params["name"]
    if name not in FILES:
        return JSONResponse({"error": "There is no such file."}, status_code=404)
    return FileResponse(render.PAGE / name, media_type=FILES[name])


async def changes(chat: LocalChat) -> AsyncIterator[str]:
    """Yield an event at once and after every change, and a sign of life while nothing changes."""
    with chat.listening() as heard:
        heard.set()
        while not chat.leaving:
            try:
                async with asyncio.timeout(SIGN_OF_LIFE):
                    await heard.wait()
            except TimeoutError:
                yield ": nothing new\n\n"
            else:
                heard.clear()
                yield "event: changed\ndata: look\n\n"


class Garbled(BookendError):
    """What came is not what this page sends."""


async def body(request: Request) -> dict[str, Any]:
    """Return what the page sent; it sends JSON, which no foreign form can."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Garbled("This page speaks JSON.")
    try:
        sent = json.loads(await request.body())
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise Garbled(f"This is no JSON: {error}.") from error
    except (ValueError, RecursionError) as error:
        # a number of thousands of digits, brackets thousands deep
        raise Garbled("This is more than this page sends.") from error
    if not isinstance(sent, dict):
        raise Garbled("This page sends one JSON object.")
    return {**sent, "platform": PLATFORM, "account": sent.get("as")}


def reply_of(sent: Mapping[str, Any]) -> Reply:
    """Return a reply as the page sent it; raise Garbled for anything else."""
    kind = _KINDS.get(str(sent.get("kind")))
    if kind is None:
        raise Garbled(f"A reply is one of {', '.join(_KINDS)}.")
    try:
        return kind.validate_python(sent)
    except ValidationError as error:
        raise Garbled(_first_wrong(error)) from error


def command_of(sent: Mapping[str, Any]) -> Command:
    """Return a command as the page sent it; raise Garbled for anything else."""
    try:
        return _COMMAND.validate_python(sent)
    except ValidationError as error:
        raise Garbled(_first_wrong(error)) from error


def command_in(typed: Typed) -> Command | None:
    """Return the command that a typed line is, with or without a stroke before it, if it is one."""
    words = typed.text.removeprefix("/bookend").removeprefix("/").split()
    # the page has one channel: "here" alone is the patient
    plain = {*COMMANDS} - {*OF_CHANNEL}
    if not words or (words[0].lower() not in plain and not typed.text.startswith("/")):
        return None
    return Command(
        platform=PLATFORM,
        account=typed.account,
        once=typed.once,
        words=(words[0].lower(), *words[1:]),
    )


def _first_wrong(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}."


def bad(error: BookendError) -> Response:
    """Return an error as a notice for the person who caused it, and for nobody else."""
    notice = Notice(text=str(error), tone="bad")
    return JSONResponse({"place": "toast", "tone": "bad", "html": render.drawn(notice)})
