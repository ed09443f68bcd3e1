"""Check Slack's tokens and put its parts together; serve and doctor start and stop what `connect` returns."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from bot.chat.slack.answering import PATIENT, Answering, Patience, log
from bot.chat.slack.bolting import Workspace, bolt
from bot.chat.slack.chat import SlackChat
from bot.chat.slack.client import TIMEOUT, SlackClient
from bot.chat.slack.faults import mapped
from bot.chat.slack.intake import Intake
from bot.chat.slack.lines import routes
from bot.chat.slack.listen import SlackFace
from bot.chat.slack.members import Members
from bot.chat.slack.pace import Pace
from bot.chat.slack.scopes import SCOPES, lacking
from bot.chat.slack.socket_mode import Socket
from bot.chat.slack.whispers import Whispers
from bot.core.errors import BookendError, ChatTrouble, Mistake, Mistakes
from bot.ports import Desk, Runner

API = "https://slack.com/api/"


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """What IT sets: with an app token Socket Mode is used, else requests signed with the signing secret."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = API


@dataclass(frozen=True, kw_only=True, slots=True)
class Slack:
    """A workspace that let us in: `chat` speaks, `routes` go to the web server, `start` lets people in."""

    chat: SlackChat
    routes: Sequence[BaseRoute]
    _intake: Intake
    _answering: Answering
    _session: aiohttp.ClientSession
    _socket: Socket | None

    async def start(self) -> None:
        """Return when Slack can reach us; raise BookendError with what to do."""
        if self._socket is not None:
            await self._socket.start()

    async def stop(self) -> None:
        """Hang up, and let the answers that are on their way arrive."""
        if self._socket is not None:
            await self._socket.stop()
        await self._intake.finish()
        await self._answering.finish()
        await self._session.close()


async def connect(
    settings: SlackSettings,
    desk: Desk,
    run: Runner,
    *,
    patience: Patience = PATIENT,
    pace: Pace | None = None,
) -> Slack:
    """Ask Slack who we are and put the parts together; raise BookendError for tokens that do not fit.

    `pace` is another than the real time's, for a clock that leaps.
    """
    if mistakes := tuple(_mistakes(settings)):
        raise Mistakes(mistakes)
    # slack_sdk writes whole messages into the log of a logger that has no level of its own
    log.setLevel(logging.WARNING)
    session = aiohttp.ClientSession(timeout=TIMEOUT)
    try:
        return await _connected(settings, desk, run, session, patience, pace)
    except BaseException:
        await session.close()
        raise


async def _connected(
    settings: SlackSettings,
    desk: Desk,
    run: Runner,
    session: aiohttp.ClientSession,
    patience: Patience,
    pace: Pace | None,
) -> Slack:
    where: dict[str, Any] = {"base_url": settings.api_url or API, "session": session, "logger": log}
    client = SlackClient(token=settings.bot_token, pace=pace, **where)
    workspace = await _workspace(client)
    await _same_app(client, workspace, settings.app_token)
    members = Members(client, team=workspace.team)
    whispers = Whispers(client, members)
    answering = Answering(client, whispers, patience)
    face = SlackFace(
        desk=desk,
        run=run,
        answering=answering,
        whispers=whispers,
        members=members,
        bot=workspace.user,
        patience=patience,
    )
    # Bolt copies this one for each request and it opens the socket; Bookend never speaks through it
    listening = AsyncWebClient(retry_handlers=[], **where)
    app = bolt(face, workspace, client=listening, token=settings.bot_token)
    intake = Intake(app)
    socket = Socket(intake, listening, settings.app_token) if settings.app_token else None
    return Slack(
        chat=SlackChat(client, members),
        routes=() if socket else routes(intake, settings.signing_secret),
        _intake=intake,
        _answering=answering,
        _session=session,
        _socket=socket,
    )


def _mistakes(settings: SlackSettings) -> Iterator[Mistake]:
    bot, app = "BOOKEND_SLACK_BOT_TOKEN", "BOOKEND_SLACK_APP_TOKEN"
    if not settings.bot_token.startswith("xoxb-"):
        yield Mistake(file=bot, what="a bot token begins with xoxb-.")
    if settings.app_token and not settings.app_token.startswith("xapp-"):
        yield Mistake(file=app, what="an app-level token begins with xapp-.")
    if not settings.app_token and not settings.signing_secret.strip():
        yield Mistake(file=app, what="set it for Socket Mode, or else BOOKEND_SLACK_SIGNING_SECRET.")


async def _workspace(client: AsyncWebClient) -> Workspace:
    with _let_in(client):
        me = await client.auth_test()
    granted = str(me.headers.get("x-oauth-scopes") or "")
    if granted and (missing := lacking([scope.strip() for scope in granted.split(",")])):
        without = "; ".join(f"{name} ({SCOPES[name].lost})" for name in missing)
        raise BookendError(f"The Slack app lacks rights. Add them and install it anew: {without}.")
    return Workspace(team=str(me["team_id"]), user=str(me["user_id"]), bot=str(me["bot_id"]))


async def _same_app(client: AsyncWebClient, workspace: Workspace, app_token: str) -> None:
    named = re.match(r"xapp-\d+-(A\w+)-", app_token)
    if not named:
        return
    with _let_in(client):
        bot = await client.bots_info(bot=workspace.bot)
    found = str(bot["bot"]["app_id"])
    if found != named[1]:
        raise BookendError(
            f"BOOKEND_SLACK_APP_TOKEN belongs to the Slack app {named[1]}, BOOKEND_SLACK_BOT_TOKEN to "
            f"{found}: take both from the same app."
        )


@contextmanager
def _let_in(client: AsyncWebClient) -> Iterator[None]:
    try:
        with mapped():
            yield
    except ChatTrouble as trouble:
        raise BookendError(
            f"Slack ({client.base_url}) does not let Bookend in. {trouble} "
            "Check BOOKEND_SLACK_BOT_TOKEN and BOOKEND_SLACK_API_URL."
        ) from trouble
