"""Which of Slack's payloads goes where: the one table that Bolt works by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import log
from bot.chat.slack.drawing.carried import FORM, OPEN, OTHERWISE, REPORT, SCREEN
from bot.chat.slack.listen import SlackFace
from bot.chat.slack.people.happenings import Happenings
from bot.chat.slack.reaching.intake import failed
from bot.chat.slack.showing.at_home import Homes
from bot.chat.slack.showing.looking import Looking

COMMAND = "/bookend"
#: Never used as a signing secret, but without one Bolt looks for it in the environment.
UNUSED = "-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Which workspace the bot token belongs to, what it is called, and who the bot is there."""

    team: str
    name: str
    user: str
    bot: str


def bolt(
    face: SlackFace,
    looking: Looking,
    homes: Homes,
    happenings: Happenings,
    workspace: Workspace,
    *,
    client: AsyncWebClient,
    token: str,
) -> AsyncApp:
    """Return the Bolt app: it asks Slack for nothing, and knows one workspace; requests are verified before.

    `client` holds no token.
    """

    async def authorize(team_id: str | None) -> AuthorizeResult | None:
        if team_id != workspace.team:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.team,
            bot_user_id=workspace.user,
            bot_id=workspace.bot,
            bot_token=token,
        )

    app = AsyncApp(
        name="bookend",
        client=client,
        # None is Bolt's own way to say "not ours"; its types forgot it
        authorize=authorize,  # type: ignore[arg-type]
        signing_secret=UNUSED,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        logger=log,
    )
    _listen(app, face, looking, homes, happenings)
    return app


def _listen(app: AsyncApp, face: SlackFace, looking: Looking, homes: Homes, happenings: Happenings) -> None:
    """Say who takes what; of several who could, the first does."""
    app.error(failed)
    app.action(re.compile(rf"{OTHERWISE}\..*"))(face.differs)
    app.action(OPEN)(face.opened)
    app.action(re.compile(rf"{SCREEN}\..*"))(looking.opened)
    app.action(re.compile(".*"))(face.pressed)
    app.message_shortcut(REPORT)(face.pointed)
    app.view(FORM)(face.submitted)
    app.command(COMMAND)(face.commanded)
    app.event("message")(face.typed)
    app.event("app_mention")(face.typed)
    app.event("app_home_opened")(homes.opened)
    # whatever else Slack tells us is taken: it repeats what nobody takes, and in the end switches the app off
    app.event(re.compile(".*"))(happenings.heard)
