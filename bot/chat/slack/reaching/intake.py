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
from bot.chat.underway import UnderWay


class Intake:
    """Hands on what Slack sends, by whatever way it came, already verified and parsed."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._under_way = UnderWay[BoltResponse]()

    async def take(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> BoltResponse:
        """Return what Slack is to be told; 503 when there is no answer in time, 500 after an accident."""
        task = self._under_way.begin(lambda: self._dispatched(body, headers), _who(body))
        if task is None:
            log.warning("Slack sends more than Bookend can take at once: some of it was turned away.")
            return BoltResponse(status=503)
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
        await self._under_way.finish()


def _who(body: Mapping[str, Any]) -> str:
    """Return whose doing something is, "" where it is nobody's."""
    event = body.get("event")
    said = (body.get("user"), body.get("user_id"), event.get("user") if isinstance(event, dict) else None)
    names = (each.get("id") if isinstance(each, dict) else each for each in said)
    return next((name for name in names if name and isinstance(name, str)), "")
