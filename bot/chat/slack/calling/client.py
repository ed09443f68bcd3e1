"""Slack's Web API, asked no faster than Slack allows and never twice by itself."""

from __future__ import annotations

from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.chat.pace import Pace
from bot.chat.slack.calling.faults import asks_for_a_pause, pause_of
from bot.chat.slack.calling.pace import SlackLimits

#: In seconds. What has no connection by then was surely not sent, which is known before all of it is over.
TIMEOUT = aiohttp.ClientTimeout(total=10, connect=6, sock_connect=5)


class SlackClient(AsyncWebClient):
    """The one client through which Bookend speaks: each call waits for its turn, or raises Paced."""

    def __init__(self, *, pace: Pace | None = None, **more: Any) -> None:
        # no retries: by itself slack_sdk sends again what may have arrived, and sleeps through Slack's pauses
        super().__init__(retry_handlers=[], **more)
        self._pace = pace or Pace(SlackLimits())

    def look(self, api_method: str, channel: str) -> None:
        """Raise Paced where a call would be sent away now: what it would say need not be drawn."""
        self._pace.look(api_method, channel)

    async def api_call(self, api_method: str, **asked: Any) -> AsyncSlackResponse:
        """Call a method in its turn; a pause that Slack asks for holds for all later calls of it."""
        channel = _channel(asked)
        await self._pace.turn(api_method, channel)
        try:
            return await super().api_call(api_method, **asked)
        except SlackApiError as refused:
            if asks_for_a_pause(refused):
                self._pace.pause(api_method, channel, pause_of(refused))
            raise


def _channel(asked: dict[str, Any]) -> str:
    given = (asked.get(name) for name in ("json", "params", "data"))
    return next((str(each["channel"]) for each in given if isinstance(each, dict) and "channel" in each), "")
