"""Slack, as people speak to us: buttons, forms, typed lines and commands become a Reply or a Command.

What somebody says is kept before Slack hears that it was taken, and nothing is said to Slack before that: a
form opens and an answer is shown right after. Only full members of the clinic's own workspace are heard.
"""

from __future__ import annotations

import asyncio
import html
import logging
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack import carried
from bot.chat.slack.carried import FORM, OTHERWISE, Opened
from bot.chat.slack.chat import PLATFORM
from bot.chat.slack.faults import SOON, mapped
from bot.chat.slack.members import Members
from bot.chat.slack.modal import modal, otherwise
from bot.chat.slack.render import drawn
from bot.chat.slack.returned import at_inputs, channel_of, filled
from bot.core.case import Outcome
from bot.core.errors import BookendError, ChatTrouble, NotAllowed, TryLater, WrongValues
from bot.core.messages import Form, Notice, Response
from bot.core.replies import COMMANDS, Command, MessageRef, Pressed, Typed
from bot.ports import Desk, Runner

log = logging.getLogger("bookend.slack")

Json = Mapping[str, Any]

COMMAND = "/bookend"
#: The messages that are a person's own words; edits, joins and the like are not.
_WORDS = (None, "thread_broadcast", "file_share")
#: How long Slack may take to say who somebody is, in seconds: it shows them an error after three.
_PATIENCE = 2
#: How long answers that are still on their way may take when Bookend ends, in seconds.
_GRACE = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who said something, and where they see the answer; `trigger` lets a form open within three seconds."""

    account: str
    channel: str
    thread: str | None = None
    trigger: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workspace:
    """Which workspace the bot token belongs to, and who the bot is there."""

    team: str
    user: str
    bot: str


class SlackFace:
    """Hands on what people say, and shows each person the answer, which nobody else sees."""

    def __init__(self, *, desk: Desk, run: Runner, client: AsyncWebClient, members: Members) -> None:
        self._desk = desk
        self._run = run
        self._client = client
        self._members = members
        self._errands: set[asyncio.Task[None]] = set()

    async def pressed(self, ack: AsyncAck, body: Json) -> None:
        """Take a button on a message."""
        asker = _asker(body)
        said = await self._said(asker, lambda: self._desk.reply(_press(asker, body)))
        await ack()
        self._show(asker, said)

    async def differs(self, ack: AsyncAck, body: Json) -> None:
        """Take a button in an open form: it is not quite so."""
        await ack()
        outcome = Outcome(body["actions"][0]["value"])
        self._later(self._redraw(body["view"], otherwise(body["view"], outcome)))

    async def submitted(self, ack: AsyncAck, body: Json, view: Opened) -> None:
        """Take a form; what needs another look is said at its fields, and the form stays open."""
        account = str(body["user"]["id"])
        try:
            reply = filled(view, platform=PLATFORM, account=account)
            asker = Asker(account=account, channel=channel_of(view))
            said = await self._heard(asker, lambda: self._desk.reply(reply))
        except BookendError as error:
            problems = error.problems if isinstance(error, WrongValues) else {"": str(error)}
            await ack(response_action="errors", errors=at_inputs(view, problems))
            return
        await ack()
        self._show(asker, said)

    async def typed(self, event: Json, body: Json) -> None:
        """Take a line that somebody wrote to the bot."""
        own_words = event.get("channel_type") == "im" and event.get("subtype") in _WORDS
        if own_words and event.get("user") and not event.get("bot_id"):
            asker = Asker(account=event["user"], channel=event["channel"], thread=event.get("thread_ts"))
            once = f"event:{body['event_id']}"
            self._show(asker, await self._said(asker, lambda: self._line(asker, event, once)))

    async def commanded(self, ack: AsyncAck, command: Json) -> None:
        """Take a command; the answer is the acknowledgement itself."""
        asker = Asker(
            account=command["user_id"], channel=command["channel_id"], trigger=command.get("trigger_id", "")
        )
        words = _plain(command.get("text", ""))
        said = await self._said(asker, lambda: self._command(asker, words, f"command:{asker.trigger}"))
        if isinstance(said, Form):
            await ack()
            self._show(asker, said)
        else:
            what = drawn(said)
            await ack(text=what.text, blocks=what.json(), response_type="ephemeral")

    async def finish(self) -> None:
        """Let answers that are on their way arrive."""
        if self._errands:
            await asyncio.wait(self._errands, timeout=_GRACE)
        for errand in self._errands:
            errand.cancel()

    def _line(self, asker: Asker, event: Json, once: str) -> Response:
        text = _plain(event.get("text", ""))
        first = text.split(maxsplit=1)[:1]
        if asker.thread is None and first and first[0].lower() in COMMANDS:
            return self._command(asker, text, once)
        message = MessageRef(platform=PLATFORM, channel=asker.channel, message=asker.thread or "")
        reply = Typed(
            platform=PLATFORM,
            account=asker.account,
            once=once,
            text=text,
            message=message if asker.thread else None,
        )
        return self._desk.reply(reply)

    def _command(self, asker: Asker, text: str, once: str) -> Response:
        words = tuple(text.split())
        return self._desk.command(Command(platform=PLATFORM, account=asker.account, once=once, words=words))

    async def _said(self, asker: Asker, ask: Callable[[], Response]) -> Response:
        try:
            return await self._heard(asker, ask)
        except BookendError as error:
            return Notice(text=str(error), tone="bad")

    async def _heard(self, asker: Asker, ask: Callable[[], Response]) -> Response:
        try:
            async with asyncio.timeout(_PATIENCE):
                why = await self._members.why_not(asker.account)
        except TimeoutError as slow:
            raise TryLater("Slack is slow to say who you are. Please try again.", SOON) from slow
        if why:
            raise NotAllowed(f"Your account {why}: only full members of the clinic's workspace can answer.")
        said: Response = await self._run(ask)
        return said

    def _show(self, asker: Asker, said: Response) -> None:
        self._later(
            self._open(asker, said) if isinstance(said, Form) and asker.trigger else self._tell(asker, said)
        )

    async def _open(self, asker: Asker, form: Form) -> None:
        try:
            with mapped():
                await self._client.views_open(
                    trigger_id=asker.trigger, view=modal(form, channel=asker.channel)
                )
        except ChatTrouble as trouble:
            log.warning("A form did not open: %s", trouble)
            await self._tell(asker, Notice(text="The form did not open. Please press again.", tone="bad"))
        except BookendError as error:
            await self._tell(asker, Notice(text=str(error), tone="bad"))

    async def _tell(self, asker: Asker, said: Response) -> None:
        what = drawn(said)
        with mapped():
            await self._client.chat_postEphemeral(
                channel=asker.channel,
                user=asker.account,
                thread_ts=asker.thread,
                text=what.text,
                blocks=what.json(),
            )

    async def _redraw(self, opened: Opened, view: Json) -> None:
        with mapped():
            await self._client.views_update(view_id=opened["id"], hash=opened.get("hash"), view=dict(view))

    def _later(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_quietly(errand))
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)


async def _quietly(errand: Coroutine[Any, Any, None]) -> None:
    try:
        await errand
    except ChatTrouble as trouble:
        log.warning("An answer did not reach Slack: %s", trouble)


def bolt(face: SlackFace, workspace: Workspace, *, client: AsyncWebClient, token: str) -> AsyncApp:
    """Return the Bolt app: it asks Slack for nothing, and knows one workspace.

    `client` holds no token. Requests are verified before they come here.
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
        # never used, but without it Bolt looks for one in the environment
        signing_secret="-",
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        logger=log,
    )
    app.action(re.compile(rf"{OTHERWISE}\..*"))(face.differs)
    app.action(re.compile(".*"))(face.pressed)
    app.view(FORM)(face.submitted)
    app.command(COMMAND)(face.commanded)
    app.event("message")(face.typed)
    # whatever else Slack tells us is taken: it repeats what nobody takes, and in the end switches the app off
    app.event(re.compile(".*"))(_nothing)
    return app


async def _nothing() -> None:
    """Take an event that means nothing here."""


def _asker(body: Json) -> Asker:
    place = body.get("container", {})
    return Asker(
        account=str(body["user"]["id"]),
        channel=str(body.get("channel", {}).get("id") or place.get("channel_id", "")),
        trigger=str(body.get("trigger_id", "")),
    )


def _press(asker: Asker, body: Json) -> Pressed:
    action = body["actions"][0]
    button = carried.pressed(str(action.get("value", "")))
    message = body.get("container", {}).get("message_ts", "")
    return Pressed(
        platform=PLATFORM,
        account=asker.account,
        once=f"press:{asker.channel}:{message}:{action.get('action_ts')}:{asker.account}",
        action=button.action,
        tasks=button.tasks,
        revision=button.revision,
        value=button.value,
    )


def _plain(text: str) -> str:
    # Slack sends & < > as HTML does, and nothing else
    return html.unescape(text).strip()
