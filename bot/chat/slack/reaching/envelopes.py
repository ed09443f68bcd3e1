"""An envelope of Socket Mode is answered once, however often and over whichever connection it comes."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from slack_bolt.response import BoltResponse

from bot.chat.newest import Newest
from bot.chat.slack.reaching.intake import Intake

#: How many envelopes are remembered, each with its answer; the desk knows all that were ever answered.
MOST = 500

Json = dict[str, Any]


class Answers:
    """What each of the last envelopes was answered with, or will be."""

    def __init__(self, intake: Intake, *, most: int = MOST) -> None:
        self._intake = intake
        self._given = Newest[str, asyncio.Task[BoltResponse]](most)

    async def to(self, envelope: Json) -> Json | None:
        """Return the acknowledgement; None when there is none, so that Slack sends it again or says so."""
        name = str(envelope["envelope_id"])
        given = self._given.get(name)
        if given is None:
            heard = self._intake.take(envelope.get("payload") or {})
            given = asyncio.create_task(heard)
            self._given.keep(name, given)
        answer = await given
        if answer.status != 200:
            # not taken: a repeat of it is heard as if it were the first
            self._given.forget(name)
            return None
        return acknowledgement(name, answer)


def acknowledgement(name: str, answer: BoltResponse) -> Json:
    """Return how an answer of Bolt's is said over a socket."""
    if not answer.body:
        return {"envelope_id": name}
    kind = str(answer.headers.get("content-type", [""])[0])
    said = json.loads(answer.body) if kind.startswith("application/json") else {"text": answer.body}
    return {"envelope_id": name, "payload": said}
