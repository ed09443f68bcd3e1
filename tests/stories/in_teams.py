"""Riverside in Teams' terms: buttons and forms travel as Teams carries them, and every card fits."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.chat.teams.drawing.asked import Does
from bot.chat.teams.drawing.carried import button_of, pressing
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.inputs import as_value, key_of, rest_of
from bot.chat.teams.drawing.render import drawn
from bot.chat.teams.drawing.returned import filled
from bot.core.actions import Button
from bot.core.messages import Card, Form, Response
from bot.core.replies import Command, Filled, Pressed, Reply
from bot.ports import Desk
from tests.chat.teams.fake.filling import Unsent, carried, within
from tests.chat.teams.fake.talking import fits as accepted
from tests.service.riverside import Riverside


class TeamsDesk:
    """The desk behind Teams' payloads; it knows the form that was opened last, as a client does."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._form: Form | None = None

    def reply(self, reply: Reply) -> Response:
        if isinstance(reply, Pressed):
            reply = _pressed(reply)
        elif isinstance(reply, Filled) and self._form and _is_of(reply, self._form):
            reply = _filled(reply, self._form)
        return self._shown(self._desk.reply(reply))

    def command(self, command: Command) -> Response:
        return self._shown(self._desk.command(command))

    def _shown(self, what: Response) -> Response:
        self._form = what if isinstance(what, Form) else self._form
        return fits(what)


def _pressed(reply: Pressed) -> Pressed:
    sent = Button(
        action=reply.action, label="", tasks=reply.tasks, revision=reply.revision, value=reply.value
    )
    back = button_of(_sent(pressing(sent)))
    assert back is not None
    return replace(reply, action=back.action, tasks=back.tasks, revision=back.revision, value=back.value)


def _is_of(reply: Filled, opened: Form) -> bool:
    return reply.action is opened.action and reply.revisions == {p.task: p.revision for p in opened.parts}


def _filled(reply: Filled, opened: Form) -> Filled:
    """What arrives of a form that was filled in; what a client would hold back comes as it is."""
    card = form(opened, outcome=reply.outcome).content
    save, inputs = next(each for each in within(card) if each[0].get("verb") == Does.SAVE)
    values = dict(_given(reply, opened, {each["id"] for each in inputs}))
    try:
        sent = carried(save, inputs, values)
    except Unsent:
        return reply
    back = filled(_sent(sent), reply.account, reply.once)
    for task, entry in back.entries.items():
        # what stood there already comes back as well
        assert {**entry, **_asked(reply, task, entry)} == entry
    return replace(back, platform=reply.platform, once=reply.once)


def _asked(reply: Filled, task: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was meant for the inputs that came back."""
    return {name: value for name, value in reply.entries.get(task, {}).items() if name in entry}


def _given(reply: Filled, opened: Form, there: set[str]) -> Iterator[tuple[str, Any]]:
    if reply.note:
        yield "note", reply.note
    if reply.caught:
        yield "caught", reply.caught.value
    for place, part in enumerate(opened.parts):
        for field in part.fields:
            key, value = key_of(place, field), reply.entries.get(part.task, {}).get(field.name, "")
            if key in there and isinstance(value, tuple):
                rare = [each for each in value if rest_of(key) in there and each in field.rare]
                yield key, [as_value(each) for each in value if each not in rare]
                if rare:
                    yield rest_of(key), [as_value(each) for each in rare]
            elif key in there and value:
                yield key, as_value(value) if field.options else value


def _sent(data: Any) -> Any:
    return json.loads(json.dumps(data))


def fits(what: Card | Response) -> Any:
    """Return what Teams can show: a form as a card with inputs."""
    accepted(dict((form(what) if isinstance(what, Form) else drawn(what)).activity()))
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
