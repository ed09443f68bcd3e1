"""Who belongs to the clinic's workspace, and which channels are shared: asked of Slack, kept for minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.faults import asking, code_of

#: How long an answer of Slack's is kept, in seconds; and how many answers, lest strangers fill the memory.
KEPT, MOST = 600.0, 5000

#: What Slack says of a channel: another company is in it, or Bookend is not.
_SHARED, _AWAY = "shared", "away"


class Kept:
    """Answers of one kind, each asked once in ten minutes; an error is not kept."""

    def __init__(self, ask: Callable[[str], Awaitable[str]]) -> None:
        self._ask = ask
        self._answers: dict[str, tuple[float, str]] = {}

    async def of(self, name: str) -> str:
        """Return what Slack says of a name."""
        now = asyncio.get_running_loop().time()
        until, answer = self._answers.get(name, (0.0, ""))
        if now < until:
            return answer
        if len(self._answers) >= MOST:
            self._answers.clear()
        answer = await self._ask(name)
        self._answers[name] = (now + KEPT, answer)
        return answer


class Members:
    """The clinic's own workspace. Asking raises TryLater or Undeliverable."""

    def __init__(self, client: AsyncWebClient, *, team: str) -> None:
        self._client = client
        self._team = team
        self._people = Kept(self._ask_person)
        self._channels = Kept(self._ask_channel)

    async def why_not(self, account: str) -> str:
        """Return why an account may not take part; "" for a full member of our workspace."""
        return await self._people.of(account)

    async def shared(self, channel: str) -> bool:
        """Say whether a channel is shared with another company, or about to be."""
        return await self._channels.of(channel) == _SHARED

    async def ours_alone(self, channel: str) -> bool:
        """Say whether Bookend is in a channel, and no other company."""
        return not await self._channels.of(channel)

    async def _ask_person(self, account: str) -> str:
        with asking():
            try:
                found = await self._client.users_info(user=account)
            except SlackApiError as error:
                if code_of(error) in ("user_not_found", "user_not_visible"):
                    return "is not in this workspace"
                raise
            return refusal(found["user"], self._team)

    async def _ask_channel(self, channel: str) -> str:
        with asking():
            found = (await self._client.conversations_info(channel=channel))["channel"]
        if found.get("is_ext_shared") or found.get("is_pending_ext_shared"):
            return _SHARED
        return _AWAY if found.get("is_member") is False else ""


def refusal(user: Mapping[str, Any], team: str) -> str:
    """Return why this user may not take part; what Slack does not mention is not so."""
    teams = {user.get("team_id", team), *(user.get("enterprise_user") or {}).get("teams", ())}
    reasons = {
        "is not a person": user.get("is_bot") or user.get("id") == "USLACKBOT",
        "has left": user.get("deleted"),
        "is a guest": user.get("is_restricted") or user.get("is_ultra_restricted"),
        "belongs to another workspace": user.get("is_stranger") or team not in teams,
    }
    return next((why for why, so in reasons.items() if so), "")
