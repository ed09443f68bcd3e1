"""Slack's face with a desk that says what it is told to, reached by requests signed as Slack signs them."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.chat.slack.connect import Slack, connect
from bot.chat.slack.joining.tokens import SlackSettings
from bot.chat.slack.patience import PATIENT, Patience
from bot.ports import Desk
from bot.web import asgi
from tests.chat.played import PlayedDesk
from tests.chat.slack import limits
from tests.chat.slack.fake import (
    APP_TOKEN,
    BOARD,
    BOT_USER,
    JO,
    SECRET,
    TEAM,
    TOKEN,
    FakeSlack,
    OverSocket,
    Person,
    ToDoor,
    fake_slack,
    signature,
)

Json = dict[str, Any]

#: A machine that does much else may take its time; and for a test whose desk is slow, a moment is enough.
WILLING = Patience(form=20, taken=20, drawn=0.01)
IMPATIENT = Patience(form=0.05, taken=0.05, drawn=0.01)
#: The trigger of a press that lies too far back.
LATE = "late"


@dataclass(kw_only=True)
class Front:
    """A running bot, the Slack it speaks to, and Slack's own hand that knocks at its door."""

    desk: PlayedDesk
    slack: FakeSlack
    connected: Slack
    door: httpx.AsyncClient
    jo: Person
    letters: itertools.count[int] = field(default_factory=itertools.count)

    async def knock(self, body: bytes, content_type: str, **headers: str) -> httpx.Response:
        return await self.door.post(
            "/slack/events", content=body, headers={"content-type": content_type} | headers
        )

    async def interact(self, payload: Json) -> httpx.Response:
        self._did(payload, str(payload["user"]["id"]))
        return await self.form({"payload": json.dumps(payload)})

    async def command(self, said: Json) -> httpx.Response:
        self._did(said, str(said["user_id"]))
        return await self.form(said)

    def _did(self, what: Json, who: str) -> None:
        # what was done long ago opens nothing any more
        if what.get("trigger_id", LATE) != LATE:
            self.slack.triggers.made(who, what["trigger_id"])

    async def form(self, fields: Json) -> httpx.Response:
        return await self.signed(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def event(
        self, event: Json, once: str = "Ev1", team: str = TEAM, at: int | None = None
    ) -> httpx.Response:
        body = {"type": "event_callback", "team_id": team, "event_id": once, "event": event}
        body |= {"event_time": at} if at else {}
        return await self.signed(json.dumps(body).encode(), "application/json")

    async def signed(self, body: bytes, content_type: str) -> httpx.Response:
        # no two letters of Slack's are of the same second: it signs a repeat anew
        return await self.knock(body, content_type, **signature(body, ago=240 - next(self.letters) % 240))

    def whispered(self) -> str:
        return str(self.slack.whispers[-1]["text"])

    def written(self, account: str = JO) -> list[str]:
        """What stands in a person's direct messages."""
        return ["\n".join(limits.words(each["blocks"])) for each in self.rung(account)]

    def rung(self, account: str = JO) -> list[Json]:
        """Their direct messages; the `text` of each is shown on a locked telephone."""
        return list(self.slack.messages["D" + account[1:]])


@asynccontextmanager
async def front(patience: Patience = WILLING, *, socket: bool = False) -> AsyncIterator[Front]:
    desk = PlayedDesk()
    async with (
        fake_slack() as slack,
        reached(slack, desk, socket=socket, patience=patience) as (connected, door),
    ):
        way = OverSocket(sockets=slack.sockets) if socket else ToDoor(door=door)
        jo = Person(slack=slack, account=JO, way=way)
        try:
            yield Front(desk=desk, slack=slack, connected=connected, door=door, jo=jo)
        finally:
            desk.busy.set()


@asynccontextmanager
async def reached(
    slack: FakeSlack, desk: Desk, *, socket: bool, patience: Patience = PATIENT
) -> AsyncIterator[tuple[Slack, httpx.AsyncClient]]:
    """Connect a desk with a workspace, by Socket Mode or by a door of its own."""
    by = {"app_token": APP_TOKEN} if socket else {"signing_secret": SECRET}
    settings = SlackSettings(bot_token=TOKEN, api_url=slack.url, **by)
    connected = await connect(settings, desk, asyncio.to_thread, patience=patience)
    transport = httpx.ASGITransport(app=asgi(connected.routes))
    try:
        await connected.start()
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
            yield connected, door
    finally:
        await connected.stop()


def press(
    value: str,
    *,
    account: str = JO,
    at: str = "1.5",
    team: str = TEAM,
    trigger: str = "t1",
    channel: str = "D0JO",
) -> Json:
    """A button on a message, as Slack reports it."""
    return {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": account, "team_id": team},
        "channel": {"id": channel},
        "container": {"type": "message", "message_ts": "1000.000001", "channel_id": channel},
        "trigger_id": trigger,
        "actions": [{"type": "button", "action_id": "form.0", "value": value, "action_ts": at}],
    }


def line(text: str, *, account: str = JO, **more: object) -> Json:
    """A message in the direct conversation with the bot, as Slack reports it."""
    said = {"type": "message", "channel": "D0JO", "channel_type": "im", "user": account, "text": text}
    return said | {"ts": "1000.000002"} | more


def mention(text: str, *, account: str = JO, channel: str = BOARD, **more: object) -> Json:
    """A line in a channel that calls the bot, as Slack reports it."""
    said = {"type": "app_mention", "channel": channel, "user": account, "text": f"<@{BOT_USER}> {text}"}
    return said | {"ts": "1000.000003"} | more


def command(text: str, *, account: str = JO, team: str = TEAM, channel: str = BOARD) -> Json:
    """A slash command, as Slack reports it."""
    where = {"team_id": team, "channel_id": channel, "user_id": account, "trigger_id": "t9"}
    return {"command": "/bookend", "text": text, **where}


def submission(view: Json, *, account: str = JO, **answers: Json) -> Json:
    """A form that was sent, as Slack reports it."""
    state = {name: {"value": answer} for name, answer in answers.items()}
    sent = view | {"id": "V1", "hash": "h1", "state": {"values": state}}
    return {"type": "view_submission", "team": {"id": TEAM}, "user": {"id": account}, "view": sent}
