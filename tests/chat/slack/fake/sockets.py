"""Socket Mode as Slack serves it: a greeting, envelopes and their acknowledgements, and how it hangs up."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.chat.slack.fake.names import APP, Json


@dataclass(kw_only=True)
class Sockets:
    """The connections that an app has open. A ticket, from apps.connections.open, is good for one of them."""

    open: list[web.WebSocketResponse] = field(default_factory=list)
    #: What the app said: acknowledgements, each as it came, and with whom it came.
    acks: list[Json] = field(default_factory=list)
    #: The reason with which the next who come are sent away, instead of a greeting.
    turns_away: str = ""
    #: Answer no ping, as when the network is gone and nobody said so.
    deaf: bool = False
    #: How many came in all, were sent away, and how often we were told that somebody is there.
    came: int = 0
    sent_away: int = 0
    pongs: int = 0
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _turn: itertools.count[int] = field(default_factory=itertools.count)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def ticket(self) -> str:
        """Return what lets one connection in."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def connected(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one connection until it ends."""
        if (ticket := request.query.get("ticket", "")) not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.remove(ticket)
        ws = web.WebSocketResponse(autoping=False)
        await ws.prepare(request)
        if self.turns_away:
            self.sent_away += 1
            await ws.send_json({"type": "disconnect", "reason": self.turns_away})
            self._changed.set()
            return ws
        self.open.append(ws)
        self.came += 1
        await ws.send_json(_greeting(len(self.open)))
        self._changed.set()
        try:
            await self._listen(ws)
        finally:
            self.open.remove(ws)
            self._changed.set()
        return ws

    async def _listen(self, ws: web.WebSocketResponse) -> None:
        async for message in ws:
            if message.type is WSMsgType.PING and not self.deaf:
                await ws.pong(message.data)
            if message.type is WSMsgType.PONG:
                self.pongs += 1
            if message.type is WSMsgType.TEXT:
                self._acknowledged(message.json())
            self._changed.set()

    def _acknowledged(self, said: Json) -> None:
        self.acks.append(said)
        waiting = self._waiting.get(said["envelope_id"])
        if waiting and not waiting.done():
            waiting.set_result(said)

    async def until(self, so: Callable[[Sockets], bool]) -> None:
        """Return when it is so."""
        async with asyncio.timeout(5):
            while not so(self):
                self._changed.clear()
                await self._changed.wait()

    async def send(self, envelope: Json, *, to_all: bool = False, patience: float = 3.0) -> Json | None:
        """Send an envelope to one connection, or all; return what came back with its acknowledgement."""
        name = str(envelope["envelope_id"])
        waiting = self._waiting[name] = asyncio.get_running_loop().create_future()
        if not self.open:
            return None
        chosen = self.open if to_all else [self.open[next(self._turn) % len(self.open)]]
        for ws in list(chosen):
            # whoever was there may have gone a moment ago: then nobody acknowledges
            with suppress(ConnectionError):
                await ws.send_json(envelope)
        try:
            async with asyncio.timeout(patience):
                said = await waiting
        except TimeoutError:
            return None
        return dict(said.get("payload") or {})

    async def say_goodbye(self, reason: str) -> None:
        """Tell all connections that Slack is about to hang up: warning, refresh_requested, link_disabled."""
        for ws in list(self.open):
            await ws.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "invented"}})

    async def hang_up(self, ws: web.WebSocketResponse) -> None:
        """Close a connection properly, as Slack does some seconds after it said goodbye."""
        await ws.close()

    def break_off(self) -> None:
        """Break all connections without a word."""
        for ws in list(self.open):
            transport = ws._req.transport if ws._req is not None else None
            if transport is not None:
                transport.abort()

    async def ping(self) -> None:
        """Ask all connections whether they are there."""
        for ws in list(self.open):
            await ws.ping(b"Ping from applink")


def _greeting(number: int) -> Json:
    return {
        "type": "hello",
        "num_connections": number,
        "connection_info": {"app_id": APP},
        "debug_info": {"host": "invented", "build_number": 1, "approximate_connection_time": 18060},
    }
