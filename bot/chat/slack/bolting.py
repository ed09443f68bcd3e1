"""Which of Slack's payloads goes where: the one table that Bolt works by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import log
from bot.chat.slack.drawing import carried
from bot.chat.slack.listen import SlackFace
from bot.chat.slack.people.happenings import Happenings
from bot.chat.slack.reaching.intake import failed
from bot.chat.slack.showing.at_home import Homes
from bot.chat.slack.showing.looking import Looking

COMMAND = "/bookend"
#: Never used as a signing secret, but without one Bolt looks for it in the environment.
UNUSED = "-"

Json = Mapping[str, Any]
Taker = Callable[[AsyncAck, Json], Awaitable[None]]


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
    app = AsyncApp(
        name="bookend",
        client=client,
        # Bolt's types speak of functions alone
        authorize=_Ours(workspace, token),  # type: ignore[arg-type]
        signing_secret=UNUSED,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        logger=log,
    )
    app.error(failed)
    app.middleware(Table(face, looking, homes, happenings))
    return app


class _Ours(AsyncAuthorize):
    """Knows one workspace; whoever is of another is not let in."""

    def __init__(self, workspace: Workspace, token: str) -> None:
        self._team = workspace.team
        self._found = AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.team,
            bot_user_id=workspace.user,
            bot_id=workspace.bot,
            bot_token=token,
        )

    async def __call__(self, *, team_id: str | None, **_: object) -> AuthorizeResult | None:
        """Return who the bot is in a workspace, `None` where it is not ours."""
        return self._found if team_id == self._team else None


class Table(AsyncMiddleware):
    """Who takes what, by one look at it.

    It stands behind Bolt's own middleware, which lets in one workspace and leaves out what the bot itself
    did, and in the place of listeners: Bolt asks each of those in turn whether something is for it, and
    gathers for every question anew all that a listener could wish for.
    """

    def __init__(self, face: SlackFace, looking: Looking, homes: Homes, happenings: Happenings) -> None:
        self._face = face
        self._homes = homes
        self._happenings = happenings
        self._buttons: Mapping[str, Taker] = {
            f"{carried.OTHERWISE}.": face.differs,
            f"{carried.SCREEN}.": looking.opened,
            carried.OPEN: face.opened,
        }

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        """Return the acknowledgement of whoever takes what came; leave the rest to Bolt, which refuses it."""
        take = self._taker(req.body)
        if take is None:
            return await next()
        ack: AsyncAck = req.context.ack
        await take(ack, req.body)
        return ack.response or await ack()

    def _taker(self, body: Json) -> Taker | None:
        match body:
            case {"type": "block_actions"}:
                name, dot, _ = body["actions"][0]["action_id"].partition(".")
                return self._buttons.get(name + dot, self._face.pressed)
            case {"type": "view_submission", "view": {"callback_id": carried.FORM}}:
                return self._face.submitted
            case {"type": "message_action", "callback_id": carried.REPORT}:
                return self._face.pointed
            case {"type": "event_callback"}:
                return self._told
            case {"command": command} if command == COMMAND:
                return self._face.commanded
        return None

    async def _told(self, _: AsyncAck, body: Json) -> None:
        """Hear an event. Whatever Slack tells is taken: it repeats what nobody takes, and in the end switches
        the app off.
        """
        event = body["event"]
        match event["type"]:
            case "message" | "app_mention":
                await self._face.typed(event, body)
            case "app_home_opened":
                await self._homes.opened(event)
            case _:
                await self._happenings.heard(event)
