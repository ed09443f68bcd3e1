"""What Slack sends goes through Bolt: so many things at once, and never longer than Slack waits.

Slack gives up after three seconds: the person sees that it did not work, and an event comes again. So what is
not done by then is answered with 503, which promises nothing; the work goes on, and a repeat of it meets what
the first one changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.chat.slack import log
from bot.chat.slack.patience import LONGEST

#: How many things may be under way at once; a flood is turned away before it fills the memory.
MOST = 200
#: And how many of them may be one person's, who leaves room for everybody else.
MOST_OF_ONE = 50
#: How long what is under way may take when Bookend ends, in seconds.
_GRACE = 5


class Intake:
    """Hands on what Slack sends, by whatever way it came, already verified and parsed."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._under_way: dict[asyncio.Task[BoltResponse], str] = {}

    async def take(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> BoltResponse:
        """Return what Slack is to be told; 503 when there is no answer in time, 500 after an accident."""
        who = _who(body)
        theirs = sum(each == who for each in self._under_way.values()) if who else 0
        if len(self._under_way) >= MOST or theirs >= MOST_OF_ONE:
            log.warning("Slack sends more than Bookend can take at once: some of it was turned away.")
            return BoltResponse(status=503)
        task = asyncio.create_task(self._dispatched(body, headers))
        self._under_way[task] = who
        task.add_done_callback(self._under_way.pop)
        await asyncio.wait({task}, timeout=LONGEST)
        return task.result() if task.done() else BoltResponse(status=503)

    async def _dispatched(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> BoltResponse:
        try:
            # "socket mode" is Bolt's name for a body that is parsed and verified already
            asked = AsyncBoltRequest(mode="socket_mode", body=dict(body), headers=dict(headers))
            return await self._app.async_dispatch(asked)
        except Exception:
            log.exception("What Slack sent could not be taken.")
            return BoltResponse(status=500)

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_GRACE)


def _who(body: Mapping[str, Any]) -> str:
    """Return whose doing something is, "" where it is nobody's."""
    event = body.get("event")
    said = (body.get("user"), body.get("user_id"), event.get("user") if isinstance(event, dict) else None)
    names = (each.get("id") if isinstance(each, dict) else each for each in said)
    return next((name for name in names if name and isinstance(name, str)), "")
