"""Whether Slack lets us in: who it says we are, which rights we have, and that both tokens are of one app."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import log
from bot.chat.slack.bolting import Workspace
from bot.chat.slack.calling.faults import mapped
from bot.chat.slack.joining.scopes import SCOPES, Use, lacking
from bot.chat.slack.joining.tokens import API, SlackSettings, app_of
from bot.core.errors import BookendError, ChatTrouble

#: What to do where a right is missing.
ADD_RIGHTS = "paste what `bookend slack-manifest` prints under App Manifest, and install the app again"


@dataclass(frozen=True, kw_only=True, slots=True)
class Admitted:
    """What Slack says of a bot token: `granted` is empty where it does not say, `date` is Slack's clock."""

    workspace: Workspace
    granted: frozenset[str]
    date: str


def reached(settings: SlackSettings, session: aiohttp.ClientSession) -> dict[str, Any]:
    """Return what every client needs to reach Slack."""
    return {"base_url": settings.api_url or API, "session": session, "logger": log}


async def let_in(client: AsyncWebClient, settings: SlackSettings, uses: Collection[Use]) -> Workspace:
    """Ask Slack who we are; raise BookendError where the tokens do not fit or rights are missing."""
    found = await admitted(client)
    if missing := without(found, uses):
        raise BookendError(f"The Slack app lacks rights; {ADD_RIGHTS}: {'; '.join(missing)}.")
    await same_app(client, found.workspace, settings.app_token)
    return found.workspace


async def admitted(client: AsyncWebClient) -> Admitted:
    """Ask Slack who we are; raise BookendError where the bot token does not let us in."""
    with asked(client):
        me = await client.auth_test()
    if me.get("is_enterprise_install"):
        raise BookendError(
            "The bot token is of a whole Enterprise organisation, and Bookend works in one workspace of it: "
            "install the app into the clinic's own workspace, and take the token that you get there."
        )
    headers = {str(name).lower(): str(value) for name, value in dict(me.headers).items()}
    scopes = headers.get("x-oauth-scopes", "").split(",")
    return Admitted(
        workspace=Workspace(
            team=str(me["team_id"]),
            name=str(me.get("team") or me["team_id"]),
            user=str(me["user_id"]),
            bot=str(me["bot_id"]),
        ),
        granted=frozenset(scope.strip() for scope in scopes if scope.strip()),
        date=headers.get("date", ""),
    )


def without(found: Admitted, uses: Collection[Use]) -> list[str]:
    """Return the rights that are missing, each with what does not work; none where Slack does not say."""
    missing = lacking(found.granted, uses) if found.granted else ()
    return [f"{name} ({SCOPES[name].lost})" for name in missing]


async def same_app(client: AsyncWebClient, workspace: Workspace, app_token: str) -> None:
    """Raise BookendError where the app-level token names another app than the bot token is of."""
    named = app_of(app_token)
    if not named:
        return
    with asked(client):
        bot = await client.bots_info(bot=workspace.bot)
    found = str(bot["bot"]["app_id"])
    if found != named:
        raise BookendError(
            f"BOOKEND_SLACK_APP_TOKEN belongs to the Slack app {named}, BOOKEND_SLACK_BOT_TOKEN to {found}: "
            "take both from the same app."
        )


@contextmanager
def asked(client: AsyncWebClient) -> Iterator[None]:
    """Say of whatever goes wrong while Slack is asked what to look at."""
    try:
        with mapped():
            yield
    except ChatTrouble as trouble:
        raise BookendError(
            f"Slack ({client.base_url}) does not let Bookend in. {trouble} "
            "Check the network, BOOKEND_SLACK_BOT_TOKEN and BOOKEND_SLACK_API_URL."
        ) from trouble
