"""Slack as a face of the table: signed requests at its door, or envelopes over a socket of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import httpx

from bot.chat.buttons import carried, packed
from bot.chat.slack.calling.pace import SlackLimits
from bot.chat.slack.connect import Slack, connect
from bot.chat.slack.drawing.carried import FORM, NOTE, VALUE
from bot.chat.slack.joining.tokens import SlackSettings
from bot.core.actions import Button
from bot.core.replies import Command, Filled, Pressed
from bot.web import asgi
from tests.chat.hours import at_leisure
from tests.chat.slack.fake import (
    APP_TOKEN,
    BOARD,
    SECRET,
    TOKEN,
    FakeSlack,
    Json,
    OverSocket,
    Person,
    ToDoor,
    Way,
    fake_slack,
    user,
)
from tests.chat.slack.fake.payloads import deed
from tests.roles.deeds import Told
from tests.roles.faces import Face, flat
from tests.roles.floor import CLINIC, Floor


class InSlack:
    """The staff in Slack; what they send need not stand anywhere."""

    def __init__(self, slack: FakeSlack, connected: Slack, way: Way) -> None:
        self._slack, self._connected, self._way = slack, connected, way
        self.chat = connected.chat

    async def tells(self, who: str, told: Told) -> Any:
        account = f"U0{who.upper()}"
        before = {*map(id, self._shown_to(account))}
        answer = await self._sends(account, told)
        await self._connected._errands.finish()
        return [answer, [each for each in self._shown_to(account) if id(each) not in before]]

    def overheard(self, who: str) -> str:
        account, own = f"U0{who.upper()}", f"D0{who.upper()}"
        stands = {name: said for name, said in self._slack.messages.items() if name != own and said}
        whispers = [each for each in self._slack.whispers if each["user"] != account]
        return flat([stands, whispers])

    def cards(self) -> Any:
        return [body for method, body in self._slack.calls if method.startswith("chat.")]

    async def _sends(self, account: str, told: Told) -> Json:
        person = Person(slack=self._slack, account=account, way=self._way)
        match told:
            case Command():
                answer = await person.command(" ".join(told.words), channel=BOARD)
            case Pressed():
                answer = await self._way.deliver("interactive", self._press(account, told))
            case Filled():
                answer = await self._way.deliver("interactive", self._form(account, told))
        assert answer.taken
        return answer.body

    def _press(self, account: str, told: Pressed) -> Json:
        button = Button(
            action=told.action, label="", tasks=told.tasks, revision=told.revision, value=told.value
        )
        number = self._slack.number()
        action = {"type": "button", "action_id": f"{told.action.value}.0", "value": carried(button)}
        return deed(
            "block_actions",
            account,
            container={"type": "message", "message_ts": "1000.1", "channel_id": BOARD},
            channel={"id": BOARD},
            trigger_id=self._slack.triggers.made(account),
            actions=[action | {"action_ts": f"1800000000.{number:06}", "block_id": "forged"}],
        )

    def _form(self, account: str, told: Filled) -> Json:
        tasks = [*told.entries]
        what: Json = {
            "do": told.action,
            "tasks": tasks,
            "revisions": [*told.revisions.values()],
            "channel": BOARD,
        }
        values = {
            f"{task}/{name}": {VALUE: _typed(value)}
            for task, entries in told.entries.items()
            for name, value in entries.items()
        }
        if told.note:
            what |= {"outcome": told.outcome}
            values[NOTE] = {VALUE: _typed(told.note)}
        blocks = [{"type": "input", "block_id": key} for key in values]
        view: Json = {
            "type": "modal",
            "callback_id": FORM,
            "id": f"V{self._slack.number()}",
            "blocks": blocks,
        }
        view |= {"private_metadata": packed(what | {"value": told.value}), "state": {"values": values}}
        return deed("view_submission", account, view=view, trigger_id=self._slack.triggers.made(account))

    def _shown_to(self, account: str) -> list[object]:
        whispers = [each for each in self._slack.whispers if each["user"] == account]
        views = [view for view in self._slack.views if view.get("user", account) == account]
        return [*self._slack.messages["D" + account[1:]], *whispers, *views]


def _typed(value: str | tuple[str, ...]) -> Json:
    if isinstance(value, tuple):
        return {"type": "checkboxes", "selected_options": [{"value": each} for each in value]}
    return {"type": "plain_text_input", "value": value}


@asynccontextmanager
async def slack(floor: Floor, *, socket: bool = False) -> AsyncIterator[Face]:
    """Open the clinic in Slack."""
    by = {"app_token": APP_TOKEN} if socket else {"signing_secret": SECRET}
    staff = CLINIC.people.values()
    async with fake_slack() as there:
        there.users |= {each.accounts["slack"]: user(each.accounts["slack"]) for each in staff}
        settings = SlackSettings(bot_token=TOKEN, api_url=there.url, **by)
        pace = at_leisure(SlackLimits())
        connected = await connect(settings, floor.desk("slack"), asyncio.to_thread, pace=pace)
        transport = httpx.ASGITransport(app=asgi(connected.routes))
        try:
            await connected.start()
            async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
                way = OverSocket(sockets=there.sockets) if socket else ToDoor(door=door)
                yield InSlack(there, connected, way)
        finally:
            await connected.stop()


def socket(floor: Floor) -> AbstractAsyncContextManager[Face]:
    """Open the clinic in Slack by Socket Mode."""
    return slack(floor, socket=True)
