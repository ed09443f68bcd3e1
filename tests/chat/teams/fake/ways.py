"""How what people do reaches Bookend: as a signed activity at its door, once, or twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from tests.chat.teams.fake.keys import Keys
from tests.chat.teams.fake.names import Json

#: How long Teams waits for an answer, in seconds.
PATIENCE = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The status and the body that Teams was answered with; 0 where no answer came in time."""

    status: int
    body: Json = field(default_factory=dict)

    @property
    def taken(self) -> bool:
        """Whether Teams takes it for an answer."""
        return self.status == 200

    @property
    def words(self) -> str:
        """What is said below the card, or why nothing was done."""
        value: Any = self.body.get("value", "")
        return str(value.get("message", "")) if isinstance(value, dict) else str(value)


class Way(Protocol):
    """A way to Bookend."""

    async def deliver(self, activity: Json) -> Answer:
        """Hand over an activity."""


@dataclass(kw_only=True)
class ToDoor:
    """Signed HTTP; what is said in `claims` goes into the token instead of what is usual."""

    door: httpx.AsyncClient
    keys: Keys
    claims: Json = field(default_factory=dict)
    patience: float = PATIENCE

    async def deliver(self, activity: Json) -> Answer:
        token = self.keys.signed(str(activity.get("serviceUrl", "")), **self.claims)
        headers = {"Authorization": f"Bearer {token}"}
        try:
            async with asyncio.timeout(self.patience):
                answer = await self.door.post("/api/messages", json=activity, headers=headers)
        except (TimeoutError, httpx.HTTPError):
            return Answer(status=0)
        return Answer(status=answer.status_code, body=_body(answer))


@dataclass(kw_only=True)
class Twice:
    """Whatever is delivered comes over each of these ways, one after the other; the last answer counts."""

    ways: Sequence[Way]

    async def deliver(self, activity: Json) -> Answer:
        return [await way.deliver(activity) for way in self.ways][-1]


@dataclass(kw_only=True)
class AtOnce:
    """Whatever is delivered comes over all of these ways at one moment; `answers` keeps what was said."""

    ways: Sequence[Way]
    answers: list[Answer] = field(default_factory=list)

    async def deliver(self, activity: Json) -> Answer:
        self.answers = await asyncio.gather(*(way.deliver(activity) for way in self.ways))
        return self.answers[-1]


def _body(answer: httpx.Response) -> Json:
    if "json" not in answer.headers.get("content-type", ""):
        return {}
    found = answer.json()
    return found if isinstance(found, dict) else {}
