"""Slack, as people speak to us: buttons, forms, typed lines and commands become a Reply or a Command.

What somebody says is kept before Slack hears that it was taken, and nothing is said to Slack before that: a
form opens and an answer is shown right after. Only full members of the clinic's own workspace are heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.chat.slack import carried
from bot.chat.slack.answering import Answering
from bot.chat.slack.asker import Asker, asker_of, plain_words
from bot.chat.slack.carried import Opened
from bot.chat.slack.chat import PLATFORM
from bot.chat.slack.faults import SOON
from bot.chat.slack.members import Members
from bot.chat.slack.modal import otherwise
from bot.chat.slack.render import drawn
from bot.chat.slack.returned import at_inputs, channel_of, filled
from bot.core.case import Outcome
from bot.core.errors import BookendError, NotAllowed, TryLater, WrongValues
from bot.core.messages import Form, Notice, Response
from bot.core.replies import COMMANDS, Command, MessageRef, Pressed, Typed
from bot.ports import Desk, Runner

Json = Mapping[str, Any]

#: The messages that are a person's own words; edits, joins and the like are not.
_WORDS = (None, "thread_broadcast", "file_share")
#: How long Slack may take to say who somebody is, in seconds: it shows them an error after three.
_PATIENCE = 2


class SlackFace:
    """Hands on what people say, and shows each person the answer, which nobody else sees."""

    def __init__(self, *, desk: Desk, run: Runner, answering: Answering, members: Members) -> None:
        self._desk = desk
        self._run = run
        self._answering = answering
        self._members = members

    async def pressed(self, ack: AsyncAck, body: Json) -> None:
        """Take a button on a message."""
        asker = asker_of(body)
        said = await self._said(asker, lambda: self._desk.reply(_press(asker, body)))
        await ack()
        self._answering.show(asker, said)

    async def differs(self, ack: AsyncAck, body: Json) -> None:
        """Take a button in an open form: it is not quite so."""
        await ack()
        outcome = Outcome(body["actions"][0]["value"])
        self._answering.redraw(body["view"], otherwise(body["view"], outcome))

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
        self._answering.show(asker, said)

    async def typed(self, event: Json, body: Json) -> None:
        """Take a line that somebody wrote to the bot."""
        own_words = event.get("channel_type") == "im" and event.get("subtype") in _WORDS
        if own_words and event.get("user") and not event.get("bot_id"):
            asker = Asker(account=event["user"], channel=event["channel"], thread=event.get("thread_ts"))
            once = f"event:{body['event_id']}"
            self._answering.show(asker, await self._said(asker, lambda: self._line(asker, event, once)))

    async def commanded(self, ack: AsyncAck, command: Json) -> None:
        """Take a command; the answer is the acknowledgement itself."""
        asker = Asker(
            account=command["user_id"], channel=command["channel_id"], trigger=command.get("trigger_id", "")
        )
        words = plain_words(command.get("text", ""))
        said = await self._said(asker, lambda: self._command(asker, words, f"command:{asker.trigger}"))
        if isinstance(said, Form):
            await ack()
            self._answering.show(asker, said)
        else:
            what = drawn(said)
            await ack(text=what.text, blocks=what.json(), response_type="ephemeral")

    def _line(self, asker: Asker, event: Json, once: str) -> Response:
        text = plain_words(event.get("text", ""))
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
