"""Riverside in Slack's terms: buttons travel as Slack carries them, and every card and answer fits."""

from dataclasses import replace
from typing import Any

from bot.chat.buttons import carried, pressed
from bot.chat.slack.drawing.modal import modal
from bot.chat.slack.drawing.render import drawn
from bot.core.actions import Button
from bot.core.messages import Card, Form, Response
from bot.core.replies import Command, Pressed, Reply
from bot.ports import Desk
from tests.chat.slack import limits
from tests.service.riverside import Riverside


class SlackDesk:
    """The desk behind Slack's payloads."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def reply(self, reply: Reply) -> Response:
        return fits(self._desk.reply(_carried(reply) if isinstance(reply, Pressed) else reply))

    def command(self, command: Command) -> Response:
        return fits(self._desk.command(command))


def _carried(reply: Pressed) -> Pressed:
    sent = Button(
        action=reply.action, label="", tasks=reply.tasks, revision=reply.revision, value=reply.value
    )
    back = pressed(carried(sent))
    return replace(reply, action=back.action, tasks=back.tasks, revision=back.revision, value=back.value)


def fits(what: Card | Response) -> Any:
    """Return what Slack can show: a form as a modal, anything else as a message."""
    if isinstance(what, Form):
        assert limits.of_view(modal(what, channel="D0JO")) == []
    else:
        message = drawn(what)
        assert limits.of_message(message.text, message.json()) == []
    return what


class InSlack(Riverside):
    """The clinic at work, its staff in Slack."""

    def __init__(self, *steps: str, **more: Any) -> None:
        super().__init__(*steps, **more)
        self.desk = SlackDesk(self.desk)  # type: ignore[assignment]

    def speak(self) -> int:
        """Ask and deliver; each card is one that Slack takes."""
        spoken = super().speak()
        for card in self.fresh():
            fits(card)
        return spoken
