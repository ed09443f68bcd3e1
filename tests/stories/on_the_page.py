"""Riverside, played through the local page: everything people do travels as the page sends it.

What the page answers must show what the service said, and it is drawn as the page draws it.
"""

import asyncio
import html
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
from pydantic import TypeAdapter

from bot.chat.local.chat import LocalChat
from bot.chat.local.listen import PLATFORM, routes
from bot.chat.local.render import drawn
from bot.core.errors import BookendError
from bot.core.messages import Notice, Response
from bot.core.people import Clinic
from bot.core.replies import Command, Reply
from bot.ports import Clock, Desk
from bot.web import asgi
from tests.service.clinic import RIVERSIDE
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM as WORKSPACE


class Heard:
    """A desk that remembers what it said last, or why it refused."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.said: Response | BookendError = Notice(text="")

    def reply(self, reply: Reply) -> Response:
        return self._kept(lambda: self._desk.reply(reply))

    def command(self, command: Command) -> Response:
        return self._kept(lambda: self._desk.command(command))

    def _kept(self, ask: Any) -> Response:
        try:
            self.said = said = ask()
        except BookendError as refused:
            self.said = refused
            raise
        return said


class PageDesk:
    """The desk as it is reached from the page: by its routes, in its JSON."""

    def __init__(self, desk: Desk, clinic: Clinic, clock: Clock) -> None:
        self._heard = Heard(desk)
        chat = LocalChat(None, clock=clock, calendar=clinic.calendar)
        self._app = asgi(routes(desk=self._heard, chat=chat, clinic=clinic, clock=clock))
        self._close = chat.close

    def reply(self, reply: Reply) -> Response:
        return self._sent("/reply", {"kind": type(reply).__name__.lower(), **_plain(reply)})

    def command(self, command: Command) -> Response:
        return self._sent("/command", _plain(command))

    def _sent(self, path: str, what: Mapping[str, Any]) -> Response:
        answer = asyncio.run(self._post(path, what))
        said = self._heard.said
        if isinstance(said, BookendError):
            assert answer["tone"] == "bad"
            raise said
        shown = " ".join(html.unescape(answer["html"]).split())
        assert all(line in shown for line in _words(said)), (said, shown)
        return said

    async def _post(self, path: str, what: Mapping[str, Any]) -> dict[str, Any]:
        wire = httpx.ASGITransport(app=self._app, client=("127.0.0.1", 50000))
        async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as browser:
            found: dict[str, Any] = (await browser.post(path, json=what)).json()
        return found

    def close(self) -> None:
        self._close()


def _plain(sent: Reply | Command) -> dict[str, Any]:
    found = TypeAdapter(type(sent)).dump_python(sent, mode="json")
    return {**found, "as": sent.account}


def _words(said: Response) -> list[str]:
    if isinstance(said, Notice):
        # what stands between backticks is shown as keys to type
        return [each for each in (said.heading, *said.lines) if "`" not in each]
    return [said.heading]


class OnThePage(Riverside):
    """The clinic at work, its staff at the page."""

    def __init__(
        self, *steps: str, clinic: Clinic = RIVERSIDE, twins: tuple[Clinic, ...] = (), **more: Any
    ) -> None:
        super().__init__(*steps, clinic=_at_it(clinic), twins=tuple(map(_at_it, twins)), **more)
        self.desk = PageDesk(self.desk, self.clinic, self.clock)  # type: ignore[assignment]

    def speak(self) -> int:
        """Ask and deliver; each card is one that the page can draw."""
        spoken = super().speak()
        assert all(drawn(card) for card in self.fresh())
        return spoken


def _at_it(clinic: Clinic) -> Clinic:
    """The clinic whose staff are called at the page as they are in the workspace."""
    people = {
        id: replace(person, accounts={**person.accounts, PLATFORM: person.accounts[WORKSPACE]})
        for id, person in clinic.people.items()
    }
    return replace(clinic, people=people)
