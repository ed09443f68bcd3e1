"""One connection of Socket Mode: Slack greets, sends envelopes, and says when it is about to hang up."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

#: How often a connection is tried, in seconds: one that is lost without a word is noticed within twice that.
HEARTBEAT = 5.0
#: How long Slack may take to hang up after it said so, in seconds.
_FAREWELL = 30.0
_OVER = frozenset(aiohttp.WSMsgType[name] for name in ("CLOSE", "CLOSING", "CLOSED", "ERROR"))

Json = dict[str, Any]


class TurnedAway(Exception):
    """Slack answered, and does not let us stay; its word says why."""


class Wire:
    """A connection that Slack greeted. `ending` is set once another one must take over."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self._ws = ws
        self._began = asyncio.get_running_loop().time()
        self.ending = asyncio.Event()

    @property
    def age(self) -> float:
        """How long it has stood, in seconds."""
        return asyncio.get_running_loop().time() - self._began

    async def next(self) -> Json | None:
        """Return what Slack sends next; None once it hung up, or the connection broke."""
        sent = None
        try:
            sent = await _said(self._ws)
        finally:
            if sent is None:
                self.ending.set()
        return sent

    async def say(self, what: Json) -> None:
        """Send something; raise ConnectionError where the connection is gone."""
        await self._ws.send_str(json.dumps(what))

    async def farewell(self) -> None:
        """Let another one take over; Slack still may bring something here until it hangs up."""
        self.ending.set()
        await asyncio.sleep(_FAREWELL)
        await self.close()

    async def close(self) -> None:
        """Hang up."""
        await self._ws.close()


async def dialled(client: AsyncWebClient, app_token: str, session: aiohttp.ClientSession) -> Wire:
    """Return a connection that stands.

    Raises SlackApiError and TurnedAway for what Slack says, ClientError, TimeoutError or OSError for what
    happens on the way.
    """
    url = str((await client.apps_connections_open(app_token=app_token))["url"])
    ws = await session.ws_connect(url, heartbeat=HEARTBEAT, proxy=client.proxy)
    try:
        while (sent := await _said(ws)) is not None:
            if sent.get("type") == "hello":
                return Wire(ws)
            if sent.get("type") == "disconnect":
                raise TurnedAway(str(sent.get("reason", "")))
        raise aiohttp.ClientConnectionError("Slack hung up without a greeting.")
    except BaseException:
        await ws.close()
        raise


async def _said(ws: aiohttp.ClientWebSocketResponse) -> Json | None:
    while (message := await ws.receive()).type not in _OVER:
        if message.type is aiohttp.WSMsgType.TEXT:
            with suppress(ValueError, RecursionError):
                sent = json.loads(message.data)
                if isinstance(sent, dict):
                    return sent
    return None
