"""What Slack sends goes through Bolt: so many things at once, and never longer than Slack waits.

Slack gives up after three seconds: the person sees that it did not work, and an event comes again. So what is
not done by then is answered with 503, which promises nothing; the work goes on, and a repeat of it meets what
the first one changed.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.chat.slack import log
from bot.chat.slack.patience import LONGEST
from bot.chat.underway import UnderWay

#: What is raised where a part is missing, or is something else than Slack sends there.
_ODD = (LookupError, TypeError, AttributeError, ValueError)
#: Where Slack would take an answer beside the acknowledgement.
_ADDRESSES = ("response_url", "response_urls")


class Intake:
    """Hands on what Slack sends, by whatever way it came, already verified and parsed."""

    def __init__(self, app: AsyncApp) -> None:
        self._app = app
        self._under_way = UnderWay[BoltResponse]()

    async def take(self, body: Mapping[str, Any]) -> BoltResponse:
        """Return what Slack is to be told; 503 when there is no answer in time, 400 for what has no
        such parts as Slack sends, 500 after any other accident.
        """
        task = self._under_way.begin(lambda: self._dispatched(body), _who(body))
        if task is None:
            log.warning("Slack sends more than Bookend can take at once: some of it was turned away.")
            return BoltResponse(status=503)
        await asyncio.wait({task}, timeout=LONGEST)
        return task.result() if task.done() else BoltResponse(status=503)

    async def _dispatched(self, body: Mapping[str, Any]) -> BoltResponse:
        try:
            # "socket mode" is Bolt's name for a body that is parsed and verified already
            asked = AsyncBoltRequest(mode="socket_mode", body=without_addresses(body))
            return await self._app.async_dispatch(asked)
        except Exception as accident:
            return await failed(accident)

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        await self._under_way.finish()


async def failed(error: Exception) -> BoltResponse:
    """Return what Slack is told after an accident; Bolt asks this, too, in the place of its own words, which
    would write what somebody said into the log.
    """
    if isinstance(error, _ODD):
        log.warning("What Slack sent is not as it says that it sends it: %s", _place(error))
        return BoltResponse(status=400)
    log.error("What Slack sent could not be taken.", exc_info=error)
    return BoltResponse(status=500)


def without_addresses(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent without the addresses at which it may be answered.

    Bolt would write there by itself to whoever is of another workspace, and nobody here asks an address that
    a request names.
    """
    return {name: each for name, each in body.items() if name not in _ADDRESSES}


def _place(odd: Exception) -> str:
    """Name what was raised and where, without its words: they may hold somebody's."""
    *_, last = traceback.extract_tb(odd.__traceback__)
    return f"{type(odd).__name__} at {Path(last.filename).name}:{last.lineno}"


def _who(body: Mapping[str, Any]) -> str:
    """Return whose doing something is, "" where it is nobody's."""
    event = body.get("event")
    said = (body.get("user"), body.get("user_id"), event.get("user") if isinstance(event, dict) else None)
    names = (each.get("id") if isinstance(each, dict) else each for each in said)
    return next((name for name in names if name and isinstance(name, str)), "")
