"""What the door costs by itself: CPU from the bytes of a press to the bytes of its answer, with an idle desk.

Theirs is an empty Bolt app that answers when its handler is done; with its defaults it sleeps meanwhile. Both
speak HTTP as they do in a server, over a connection whose other end is this program.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from bot.chat.slack.connect import connect
from bot.chat.slack.drawing.render import drawn
from bot.chat.slack.joining.tokens import SlackSettings
from bot.web import asgi
from bot.web.connections import Connection
from tests.bench import bolt
from tests.bench.clicked import Press
from tests.bench.clicks import signed
from tests.bench.figures import Figure, Goal
from tests.chat import samples
from tests.chat.played import PlayedDesk
from tests.chat.slack.fake import JO, SECRET, TOKEN, fake_slack


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How many rounds there are, and how many presses come to each of both in one."""

    rounds: int
    presses: int


WHOLE, QUICK = Sizes(rounds=9, presses=200), Sizes(rounds=1, presses=5)


def door(sizes: Sizes) -> Iterator[Figure]:
    """Measure what one press costs at each of both doors."""
    ours, theirs = asyncio.run(_by_turns(sizes))
    against = "an empty Bolt handler, process_before_response"
    yield Figure(
        what="a press at the door: CPU", ours=ours, against=against, theirs=theirs, goal=Goal(bound=1)
    )


async def _by_turns(sizes: Sizes) -> Sequence[float]:
    requests = signed(letters())
    async with _doors() as both:
        # the first press of a person has Slack asked who they are
        for each in both:
            await each.answers(next(requests))
        found: list[list[float]] = [[] for _ in both]
        for _ in range(sizes.rounds):
            for each, taken in zip(both, found, strict=True):
                taken.append(await each.cpu(list(itertools.islice(requests, sizes.presses))))
    return [median(each) for each in found]


def letters() -> Iterator[Press]:
    """Yield one press again and again in another letter: what the first led to is not shown once more."""
    card = drawn(replace(samples.WORKLIST, lines=samples.WORKLIST.lines + samples.WORKLIST.lines[:1]))
    blocks = card.json()
    buttons = (
        each for block in blocks for each in (*block.get("elements", ()), block.get("accessory")) if each
    )
    confirm = next(each for each in buttons if '"confirm"' in each.get("value", ""))
    for number in itertools.count():
        yield Press(
            account=JO,
            channel="D0JO",
            message={"type": "message", "ts": "1000.5", "text": f"{card.text} {number}", "blocks": blocks},
            button=confirm,
            at="1000.5",
        )


@asynccontextmanager
async def _doors() -> AsyncIterator[tuple[Door, Door]]:
    async with fake_slack() as slack:
        settings = SlackSettings(bot_token=TOKEN, api_url=slack.url, signing_secret=SECRET)
        connected = await connect(settings, PlayedDesk(), _at_once)
        empty = bolt.routes(TOKEN, slack.url, SECRET, process_before_response=True)
        try:
            yield Door(asgi(connected.routes), Connection), Door(Starlette(routes=empty), H11Protocol)
        finally:
            await connected.stop()


async def _at_once(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run what else has a thread of its own: no thread is measured here."""
    return function(*arguments)


class Door(asyncio.Transport):
    """One open connection to a server, whose other end is this program."""

    def __init__(self, app: Starlette, kind: type[H11Protocol]) -> None:
        super().__init__()
        config = uvicorn.Config(app, http=kind, ws="none", lifespan="off", log_config=None, access_log=False)
        config.load()
        self._said: deque[bytes] = deque()
        self._spoke = asyncio.Event()
        self._server = kind(config=config, server_state=ServerState(), app_state={})
        self._server.connection_made(self)

    async def cpu(self, requests: Sequence[bytes]) -> float:
        """Return how many seconds of work each of these requests takes."""
        began = time.process_time()
        for request in requests:
            await self.answers(request)
        return (time.process_time() - began) / len(requests)

    async def answers(self, request: bytes) -> None:
        """Send a request and return when all of its answer is there; raise where it was not taken."""
        self._said.clear()
        self._server.data_received(request)
        while not self._server.cycle.response_complete:
            self._spoke.clear()
            await self._spoke.wait()
        if not self._said[0].startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not taken: {self._said[0]!r}")

    def write(self, data: Any) -> None:
        """Keep what the server says."""
        self._said.append(bytes(data))
        self._spoke.set()

    def is_closing(self) -> bool:
        """Say that it stays open."""
        return False

    def pause_reading(self) -> None:
        """Go on: each request is sent when the one before it was answered."""

    resume_reading = pause_reading
