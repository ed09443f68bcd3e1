"""Riverside in Teams' terms: buttons travel as Teams carries them, and every card and answer fits."""

import json
from dataclasses import replace
from typing import Any

from bot.chat.teams.drawing.carried import button_of, pressing
from bot.chat.teams.drawing.render import drawn
from bot.core.actions import Button
from bot.core.messages import Card, Form, Response
from bot.core.replies import Command, Pressed, Reply
from bot.ports import Desk
from tests.chat.teams.fake.talking import fits as accepted
from tests.service.riverside import Riverside


class TeamsDesk:
    """The desk behind Teams' payloads."""

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
    back = button_of(json.loads(json.dumps(pressing(sent))))
    assert back is not None
    return replace(reply, action=back.action, tasks=back.tasks, revision=back.revision, value=back.value)


def fits(what: Card | Response) -> Any:
    """Return what Teams can show."""
    if not isinstance(what, Form):
        accepted(dict(drawn(what).activity()))
    return what


class InTeams(Riverside):
    """The clinic at work, its staff in Teams."""

    def __init__(self, *steps: str, **more: Any) -> None:
        super().__init__(*steps, **more)
        self.desk = TeamsDesk(self.desk)  # type: ignore[assignment]

    def speak(self) -> int:
        """Ask and deliver; each card is one that Teams takes."""
        spoken = super().speak()
        for card in self.fresh():
            fits(card)
        return spoken
