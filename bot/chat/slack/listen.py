"""Slack, as people speak to us: buttons, forms, typed lines and commands become a Reply or a Command.

What somebody says is kept before Slack hears that it was taken, unless that takes so long that Slack would
show an error: then the answer follows when it is kept. Only full members of the clinic's own workspace are
heard.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.chat import buttons
from bot.chat.forms import problems_of, with_next
from bot.chat.reception import Reception
from bot.chat.slack import PLATFORM
from bot.chat.slack.drawing import carried, meanwhile
from bot.chat.slack.drawing.carried import Opened
from bot.chat.slack.drawing.kit import Drawn
from bot.chat.slack.drawing.modal import otherwise
from bot.chat.slack.drawing.render import over
from bot.chat.slack.drawing.returned import at_inputs, filled, left_out
from bot.chat.slack.hearing.asker import Asker, asker_of, commander_of, pointer_of
from bot.chat.slack.hearing.words import plain_words
from bot.chat.slack.hearing.written import Kind, Written, written_of
from bot.chat.slack.patience import Patience
from bot.chat.slack.showing.answering import Answering, Coming
from bot.chat.slack.showing.at_home import Homes
from bot.chat.slack.showing.whispers import ELSEWHERE, Whispers, shown
from bot.core.case import Outcome
from bot.core.errors import BookendError
from bot.core.messages import Form, Notice, Response
from bot.core.replies import COMMANDS, OF_CHANNEL, Command, MessageRef, Pointed, Pressed, Typed
from bot.core.replies import OPENING as OPENING_COMMANDS
from bot.ports import Desk

Json = Mapping[str, Any]
_Ask = Callable[[], Response]

_WAIT = "One moment… the answer follows. If none comes in a minute, look at the card, then write it again."
#: What is said of lines that are not read.
_UNREAD = {
    Kind.WORDLESS: "I read only words, no pictures and no voice; nothing was changed. Please write it.",
    Kind.EDITED: "I do not read edits: what you wrote first counts. Please write a new message, or `undo`.",
}


class SlackFace:
    """Hands on what people say, and shows each person the answer, which nobody else sees."""

    def __init__(
        self,
        desk: Desk,
        reception: Reception,
        homes: Homes,
        answering: Answering,
        whispers: Whispers,
        *,
        bot: str,
        patience: Patience,
    ) -> None:
        self._desk = desk
        self._reception = reception
        self._homes = homes
        self._answering = answering
        self._whispers = whispers
        self._bot = bot
        self._patience = patience

    async def pressed(self, ack: AsyncAck, body: Json) -> None:
        """Take a button on a message or in a modal."""
        asker = asker_of(body)
        value = str(body["actions"][0].get("value", ""))
        opens = buttons.opens(value)
        answer = await self._asked(asker, lambda: self._desk.reply(_press(asker, value)), opens=opens)
        await ack()
        self._answering.show(asker, answer, opens=opens)

    async def opened(self, ack: AsyncAck, body: Json) -> None:
        """Take the button by which the form of a typed command opens."""
        asker = asker_of(body)
        value = str(body["actions"][0].get("value", ""))
        answer = await self._asked(asker, lambda: self._command(asker, buttons.commanded(value)), opens=True)
        await ack()
        self._answering.show(asker, answer, opens=True)

    async def pointed(self, ack: AsyncAck, body: Json) -> None:
        """Take a problem that is reported from the menu of a message."""
        asker = pointer_of(body)
        answer = await self._asked(asker, lambda: self._desk.reply(_point(asker, body)), opens=True)
        await ack()
        self._answering.show(asker, answer, opens=True)

    async def differs(self, ack: AsyncAck, body: Json) -> None:
        """Take a button in an open form: it is not quite so."""
        await ack()
        outcome = Outcome(body["actions"][0]["value"])
        self._answering.redraw(asker_of(body), body["view"], otherwise(body["view"], outcome))

    async def submitted(self, ack: AsyncAck, body: Json) -> None:
        """Take a form; what needs another look is said at its fields, and the form stays open."""
        account, view = str(body["user"]["id"]), body["view"]
        try:
            reply = filled(view, account)
            asker = Asker(account=account, once=reply.once, channel=carried.place_of(view))
            answer = await self._within(
                self._heard(asker, lambda: with_next(self._desk.reply(reply), left_out(view)))
            )
        except BookendError as error:
            await _refused(ack, view, problems_of(error))
            return
        if not answer.done():
            await ack(response_action="update", view=meanwhile.saving(view))
            self._answering.settle(asker, view, answer)
            return
        said = answer.result()
        if isinstance(said, Form):
            await ack(response_action="update", view=meanwhile.answered(said, asker.channel))
            return
        await ack()
        self._answering.show(asker, answer)

    async def typed(self, event: Json, body: Json) -> None:
        """Take a line that somebody wrote to Bookend."""
        line = written_of(event, body, bot=self._bot)
        if line is not None:
            words = tuple(line.text.split())
            asked = () if line.asker.thread else words
            asker = replace(line.asker, again=buttons.command(words), asked=asked)
            ask = self._there(asker, words, lambda room: self._line(line, words, room))
            self._answering.show(asker, await self._within(ask))

    async def commanded(self, ack: AsyncAck, command: Json) -> None:
        """Take a command; the answer is the acknowledgement itself, where it is there in time."""
        words = tuple(plain_words(command.get("text", "")).split())
        asker = commander_of(command, words)
        opens = bool(words) and words[0].lower() in OPENING_COMMANDS
        here, until = asyncio.create_task(self._whispers.here(asker)), _now() + self._patience.taken
        ask = self._there(asker, words, lambda room: self._command(asker, words, room=room))
        answer = await self._within(ask, opens=opens)
        if not answer.done() or isinstance(answer.result(), Form):
            await ack(**({} if opens or answer.done() else _alone(over(_WAIT))))
            self._answering.show(asker, answer, opens=opens)
        elif not (await asyncio.wait({here}, timeout=max(0.0, until - _now())))[0]:
            # the desk was in time, and Slack itself is slow to say who reads this channel
            await ack(**_alone(over(_WAIT)))
            self._answering.show(asker, answer)
        elif here.result():
            first, *others = shown(asker, answer.result())
            await ack(**_alone(first))
            self._answering.add(asker, others)
        else:
            await ack(**_alone(over(ELSEWHERE)))
            self._answering.show(asker, answer)

    def _line(self, line: Written, words: tuple[str, ...], room: str) -> Response:
        asker = line.asker
        if line.kind in _UNREAD:
            return Notice(text=_UNREAD[line.kind])
        # under a question "here" is the patient, and no channel
        answers = bool(asker.thread and words) and words[0].lower() in OF_CHANNEL
        if not words or (words[0].lower() in COMMANDS and not answers):
            return self._command(asker, words, line, room=room)
        reply = Typed(
            platform=PLATFORM,
            account=asker.account,
            once=asker.once,
            text=line.text,
            message=_ref(asker.channel, asker.thread) if asker.thread else None,
            at=line.at,
        )
        return self._desk.reply(reply)

    def _command(
        self, asker: Asker, words: tuple[str, ...], line: Written | None = None, *, room: str = ""
    ) -> Response:
        return self._desk.command(
            Command(
                platform=PLATFORM,
                account=asker.account,
                once=asker.once,
                words=words,
                at=line.at if line else None,
                channel=room,
            )
        )

    async def _asked(self, asker: Asker, ask: _Ask, *, opens: bool = False) -> Coming:
        """Return the answer of the desk, or what it will be: Slack does not wait for long."""
        return await self._within(self._said(asker, ask), opens=opens)

    async def _within(self, asking: Coroutine[Any, Any, Response], *, opens: bool = False) -> Coming:
        answer: Coming = asyncio.create_task(asking)
        await asyncio.wait({answer}, timeout=self._patience.form if opens else self._patience.taken)
        if answer.done():
            # an accident that comes in time is Slack's to tell, and to try again
            answer.result()
        return answer

    async def _there(self, asker: Asker, words: Sequence[str], ask: Callable[[str], Response]) -> Response:
        """Return what is said to words that may be about the very channel they were written in."""
        about = bool(words) and words[0].lower() in OF_CHANNEL
        room = await self._whispers.room(asker) if about else ""
        return await self._said(asker, lambda: ask(room))

    async def _said(self, asker: Asker, ask: _Ask) -> Response:
        try:
            return await self._heard(asker, ask)
        except BookendError as error:
            return Notice(text=str(error), tone="bad")

    async def _heard(self, asker: Asker, ask: _Ask) -> Response:
        said = await self._reception.heard(asker.account, lambda _: ask())
        self._homes.touched(asker.account)
        return said


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _refused(ack: AsyncAck, view: Opened, problems: Mapping[str, str]) -> None:
    """Say what is wrong at the inputs; a form that has none is drawn again with it."""
    if errors := at_inputs(view, problems):
        await ack(response_action="errors", errors=errors)
    else:
        await ack(response_action="update", view=meanwhile.again(view, problems))


def _alone(what: Drawn) -> dict[str, Any]:
    return {"text": what.text, "blocks": what.json(), "response_type": "ephemeral"}


def _point(asker: Asker, body: Json) -> Pointed:
    message, above = body["message"], asker.thread
    return Pointed(
        platform=PLATFORM,
        account=asker.account,
        once=asker.once,
        message=_ref(asker.channel, str(message["ts"])),
        under=_ref(asker.channel, above) if above else None,
        text=plain_words(str(message.get("text") or "")),
    )


def _ref(channel: str, message: str) -> MessageRef:
    return MessageRef(platform=PLATFORM, channel=channel, message=message)


def _press(asker: Asker, value: str) -> Pressed:
    button = buttons.pressed(value)
    return Pressed(
        platform=PLATFORM,
        account=asker.account,
        once=asker.once,
        action=button.action,
        tasks=button.tasks,
        revision=button.revision,
        value=button.value,
    )
