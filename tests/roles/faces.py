"""The faces at which people are met: what one sends goes there in the words of its platform."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, replace
from html import unescape
from itertools import count
from typing import Any, Protocol

import httpx

from bot.chat.local import render
from bot.chat.local.chat import LocalChat
from bot.chat.local.listen import routes
from bot.clock import VirtualClock
from bot.core.errors import BookendError
from bot.core.messages import Notice
from bot.core.replies import Command
from bot.ports import Chat
from bot.service.desk import ClinicDesk
from bot.web import asgi
from tests.roles.deeds import Told
from tests.roles.floor import CLINIC, FACES, Floor
from tests.service.clinic import OPENED
from tests.service.workspace import Workspace, WorkspaceChat

#: A number for each delivery: none is taken for a repeat of another.
_NUMBERS = count(1)
#: Everybody's conversation on the page, and the channel.
_PLACES = (*(f"@{name}" for name in CLINIC.people), "#procedures")


class Face(Protocol):
    """One face, and the people in front of it."""

    #: Through which cards are sent there.
    chat: Chat

    async def tells(self, who: str, told: Told) -> Any:
        """Send something as somebody of the staff; return all that they are shown for it, as it is sent."""

    def overheard(self, who: str) -> str:
        """Return all that stands with anybody else, or where anybody else reads."""

    def cards(self) -> Any:
        """Return every card that went out, as it was sent."""


#: Opens a face in front of a clinic.
Opens = Callable[[Floor], AbstractAsyncContextManager[Face]]


def named(told: Told, platform: str, account: str) -> Told:
    """Return what is told as that of somebody."""
    return replace(told, platform=platform, account=account, once=f"told {next(_NUMBERS)}")


class Service:
    """The desk itself, as whatever stands in front of it hands things in."""

    def __init__(self, desk: ClinicDesk, platform: str) -> None:
        self._desk, self._platform = desk, platform
        self.chat = WorkspaceChat(Workspace(), VirtualClock(OPENED))

    async def tells(self, who: str, told: Told) -> Any:
        channel = {"channel": "board"} if isinstance(told, Command) else {}
        said = replace(named(told, self._platform, who), **channel)
        try:
            found = self._desk.command(said) if isinstance(said, Command) else self._desk.reply(said)
        except BookendError as refusal:
            return str(refusal)
        return [found.text, str(found)] if isinstance(found, Notice) else str(found)

    def overheard(self, who: str) -> str:
        return ""

    def cards(self) -> Any:
        return []


class Page:
    """The page, asked over HTTP by a browser of this machine."""

    def __init__(self, browser: httpx.AsyncClient, chat: LocalChat) -> None:
        self._browser, self.chat = browser, chat

    async def tells(self, who: str, told: Told) -> Any:
        path, said = self.request(who, named(told, FACES["page"], who))
        answer = await self._browser.post(path, json=said)
        assert answer.status_code == 200, answer.text
        return answer.json()["html"]

    def request(self, who: str, told: Told) -> tuple[str, dict[str, Any]]:
        """Return where the page sends this, and what it says."""
        said = asdict(told) | {"as": who}
        if isinstance(told, Command):
            return "/command", said | {"channel": "procedures"}
        return "/reply", said | {"kind": type(told).__name__.lower()}

    def overheard(self, who: str) -> str:
        others = (place for place in _PLACES if place != f"@{who}")
        return "".join(str(self.chat.latest(place)) for place in others)

    def cards(self) -> Any:
        posts = (post for place in _PLACES for post in self.chat.latest(place))
        return "".join(render.drawn(post.card) for post in posts)


@asynccontextmanager
async def service(floor: Floor) -> AsyncIterator[Face]:
    """Stand before the desk."""
    yield Service(floor.desk("service"), FACES["service"])


@asynccontextmanager
async def page(floor: Floor) -> AsyncIterator[Face]:
    """Open the page."""
    chat = LocalChat(None, clock=floor.clinic.clock, calendar=CLINIC.calendar)
    shown = routes(desk=floor.desk("page"), chat=chat, clinic=CLINIC, clock=floor.clinic.clock)
    wire = httpx.ASGITransport(app=asgi(shown), client=("127.0.0.1", 50000), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:8765") as browser:
        yield Page(browser, chat)
    chat.close()


def flat(what: Any) -> str:
    """Return all words of something as one text, as a person reads them, without what a client hides."""
    return unescape(json.dumps(what, ensure_ascii=False)).replace("\\", "")
