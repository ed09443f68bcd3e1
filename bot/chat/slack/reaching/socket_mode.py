"""Socket Mode: Slack reaches us over a connection that we open, and that is replaced whenever it ends.

slack_sdk's own client is not used: it closes the old connection before it opens the new one, notices a lost
one after nine seconds, writes a traceback for each try, and starts a task for each envelope without end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import log
from bot.chat.slack.calling.faults import asks_for_a_pause, code_of, pause_of, trouble
from bot.chat.slack.reaching.envelopes import Answers
from bot.chat.slack.reaching.intake import Intake
from bot.chat.slack.reaching.wire import TurnedAway, Wire, dialled
from bot.core.errors import BookendError, Unsure
from bot.core.logged import Ours

#: How long one try may take, in seconds.
PATIENCE = 30
#: How long to wait before each try to connect again, in seconds; the last one counts for all that follow.
PAUSES = (0, 0.5, 1, 2, 4, 8, 16, 30)
#: How long a connection must have stood for the next try to come at once again, in seconds.
STEADY = 30
#: How long acknowledgements may take when Bookend ends, in seconds.
_GRACE = 5
_NO_NETWORK = "Slack's Socket Mode cannot be reached. Is the network up?"


class Unreachable(BookendError):
    """Slack cannot reach us now; `after` is how many seconds it asks us to wait."""

    def __init__(self, text: str, after: float = 0) -> None:
        super().__init__(text)
        self.after = after


class Socket:
    """Keeps one connection open; while it is replaced there are two, and either may bring something."""

    def __init__(self, intake: Intake, client: AsyncWebClient, app_token: str) -> None:
        self._client = client
        self._token = app_token
        self._answers = Answers(intake)
        self._session: aiohttp.ClientSession | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._wires: list[Wire] = []
        self._listening: set[asyncio.Task[None]] = set()
        self._taking: set[asyncio.Task[None]] = set()
        self._tries = 0
        self._told = ""

    @property
    def trouble(self) -> str:
        """Why Slack does not reach us at this moment, "" while it does."""
        return self._told

    async def start(self) -> None:
        """Return when Slack can reach us; raise BookendError with what to do."""
        self._session = aiohttp.ClientSession()
        try:
            wire = await self._dial(self._session)
        except BookendError:
            await self.stop()
            raise
        self._keeping = asyncio.create_task(self._keep(wire, self._session))

    async def stop(self) -> None:
        """Take nothing more, acknowledge what is under way, and hang up."""
        for task in (*filter(None, [self._keeping]), *self._listening):
            task.cancel()
        if self._taking:
            await asyncio.wait(self._taking, timeout=_GRACE)
        for wire in self._wires:
            await wire.close()
        if self._session is not None:
            await self._session.close()

    async def _keep(self, wire: Wire, session: aiohttp.ClientSession) -> None:
        while True:
            self._wires.append(wire)
            _run(self._listen(wire), self._listening)
            await wire.ending.wait()
            self._tries = 0 if wire.age >= STEADY else self._tries
            wire = await self._again(session)

    async def _again(self, session: aiohttp.ClientSession) -> Wire:
        asked = 0.0
        while True:
            await asyncio.sleep(pause_before(self._tries, asked))
            self._tries += 1
            try:
                wire = await self._dial(session)
            except Unreachable as error:
                asked = error.after
                self._tell(str(error))
            else:
                self._tell("")
                return wire

    async def _dial(self, session: aiohttp.ClientSession) -> Wire:
        try:
            async with asyncio.timeout(PATIENCE):
                return await dialled(self._client, self._token, session)
        except SlackApiError as error:
            raise _refused(error) from error
        except TurnedAway as why:
            raise Unreachable(_turned_away(str(why))) from why
        except Exception as error:
            # whatever it is, such as a proxy's page for an answer: the next try must come
            raise Unreachable(_NO_NETWORK) from error

    async def _listen(self, wire: Wire) -> None:
        while (sent := await wire.next()) is not None:
            if sent.get("type") == "disconnect":
                self._part(wire, str(sent.get("reason", "")))
            elif "envelope_id" in sent:
                _run(self._take(wire, sent), self._taking)
        self._wires.remove(wire)

    def _part(self, wire: Wire, why: str) -> None:
        if why == "link_disabled":
            self._tell(_turned_away(why))
        _run(wire.farewell(), self._listening)

    async def _take(self, wire: Wire, envelope: dict[str, Any]) -> None:
        answer = await self._answers.to(envelope)
        if answer is None:
            return
        # over the connection it came by, or another if that is gone: Slack knows it by its id
        for way in (wire, *reversed(self._wires)):
            with suppress(aiohttp.ClientError, OSError):
                return await way.say(answer)

    def _tell(self, what: str) -> None:
        """Say in the log what is wrong, once for as long as it is the same, and that it is over."""
        if what != self._told:
            log.error("%s", Ours(what)) if what else log.warning("Slack's Socket Mode works again.")
            self._told = what


def pause_before(number: int, asked: float) -> float:
    """Return how long to wait before a try, in seconds; never less than Slack asks for."""
    return max(asked, PAUSES[min(number, len(PAUSES) - 1)])


def _run(errand: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
    task = asyncio.create_task(errand)
    among.add(task)
    task.add_done_callback(among.discard)


def _refused(error: SlackApiError) -> Unreachable:
    if asks_for_a_pause(error):
        return Unreachable("Slack asks for a pause before it connects.", pause_of(error).total_seconds())
    if isinstance(trouble(error), Unsure):
        return Unreachable(_NO_NETWORK)
    return Unreachable(
        f"Slack does not accept BOOKEND_SLACK_APP_TOKEN ({code_of(error)}): make one with the right "
        "connections:write, and turn Socket Mode on."
    )


def _turned_away(why: str) -> str:
    if why == "link_disabled":
        return (
            "Slack has switched Socket Mode off for this app, and nobody can answer: turn it on in the app's "
            "settings, under Socket Mode. Bookend keeps trying."
        )
    if why == "too_many_websockets":
        return "Too many programs are connected with BOOKEND_SLACK_APP_TOKEN: end those that are not needed."
    return f"Slack hung up at once ({why})."
