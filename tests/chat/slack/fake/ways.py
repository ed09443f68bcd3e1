"""How what people do reaches Bookend: over a socket that it opened, or signed at its door; once, or twice."""

from __future__ import annotations

import asyncio
import itertools
import json
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import Clock, SignatureVerifier

from tests.chat.slack.fake.names import SECRET, Json
from tests.chat.slack.fake.sockets import Sockets

#: How often Slack sends an event again that nobody took, and how long it waits for an answer, in seconds.
RETRIES, PATIENCE = 3, 3.0
_COMMAND, _EVENT, _DEED = "slash_commands", "events_api", "interactive"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Whether Slack was told in time that something was taken, and what it was told beside that."""

    taken: bool
    body: Json = field(default_factory=dict)
    tries: int = 1


class Way(Protocol):
    """One way to Bookend."""

    async def deliver(self, kind: str, payload: Json) -> Answer:
        """Hand over an event ("events_api"), a deed ("interactive") or a command ("slash_commands")."""


@dataclass(kw_only=True)
class OverSocket:
    """Socket Mode: each envelope goes to one of the connections, by turns."""

    sockets: Sockets
    #: Send each envelope over all connections instead.
    to_all: bool = False
    patience: float = PATIENCE

    async def deliver(self, kind: str, payload: Json) -> Answer:
        name = str(uuid.uuid4())

        async def tried(number: int) -> Json | None:
            again = {"retry_attempt": number, "retry_reason": "timeout" if number else ""}
            envelope = {"envelope_id": name, "type": kind, "payload": payload}
            envelope["accepts_response_payload"] = kind != _EVENT
            envelope |= again if kind == _EVENT else {}
            return await self.sockets.send(envelope, to_all=self.to_all, patience=self.patience)

        return await _until_taken(kind, tried)


@dataclass(kw_only=True)
class ToDoor:
    """Signed HTTP: a form for deeds and commands, JSON for events."""

    door: httpx.AsyncClient
    secret: str = SECRET
    patience: float = PATIENCE
    _letters: itertools.count[int] = field(default_factory=itertools.count)

    async def deliver(self, kind: str, payload: Json) -> Answer:
        body, content_type = letter(kind, payload)

        async def tried(number: int) -> Json | None:
            again = {"x-slack-retry-num": str(number), "x-slack-retry-reason": "http_error"}
            # no two letters of Slack's are of the same second: it signs a repeat anew
            signed = signature(body, secret=self.secret, ago=240 - next(self._letters) % 240)
            headers = {"content-type": content_type, **signed, **(again if number else {})}
            try:
                async with asyncio.timeout(self.patience):
                    answer = await self.door.post("/slack/events", content=body, headers=headers)
            except (TimeoutError, httpx.HTTPError):
                return None
            if not answer.is_success:
                return None
            return dict(answer.json()) if answer.content else {}

        return await _until_taken(kind, tried)


@dataclass(kw_only=True)
class Twice:
    """Whatever is delivered comes over each of these ways, one after the other; the last answer counts."""

    ways: Sequence[Way]

    async def deliver(self, kind: str, payload: Json) -> Answer:
        return [await way.deliver(kind, payload) for way in self.ways][-1]


async def _until_taken(kind: str, tried: Callable[[int], Awaitable[Json | None]]) -> Answer:
    # only events come again: of anything else the person is told that it did not work
    for number in range(1 + (RETRIES if kind == _EVENT else 0)):
        found = await tried(number)
        if found is not None:
            return Answer(taken=True, body=found, tries=number + 1)
    return Answer(taken=False, tries=number + 1)


def letter(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body of a request, and what kind of body it is."""
    if kind == _EVENT:
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == _COMMAND else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def signature(body: bytes, *, secret: str = SECRET, ago: int = 0) -> dict[str, str]:
    """The headers that Slack would send along with a body, signed so many seconds ago."""
    stamp = str(int(Clock().now()) - ago)
    signed = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": str(signed)}
