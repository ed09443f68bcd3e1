"""How Teams is answered: an invoke always with a body, else Teams would ask again and do it twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.chat.teams.reaching.activity import Activity, Kind

Json = Mapping[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An HTTP status and its body; what was not `taken`, or changed nothing, is heard when it comes again."""

    status: int = 200
    body: Json = field(default_factory=dict)
    taken: bool = True

    def to_nothing(self) -> Answer:
        """Return the same answer to what changed nothing."""
        return replace(self, taken=False)


def nothing() -> Answer:
    """Answer what waits for nothing, such as a typed line."""
    return Answer()


def card(content: Json) -> Answer:
    """Put a card in the place of the one that was pressed, for whoever pressed it."""
    return Answer(body={"statusCode": 200, "type": CARD, "value": dict(content)})


def said(text: str) -> Answer:
    """Say something below the card, to whoever pressed it."""
    return Answer(body={"statusCode": 200, "type": MESSAGE, "value": text})


def wrong(text: str, *, code: str = "BadRequest", status: int = 400) -> Answer:
    """Say below the card that nothing was done, and why."""
    said = {"statusCode": status, "type": ERROR, "value": {"code": code, "message": text}}
    return Answer(body=said, taken=False)


def dialog(title: str, content: Json) -> Answer:
    """Open a dialog with a card in it, or draw it anew."""
    task = {"title": title, "height": "large", "width": "medium"}
    held = {"contentType": CARD, "content": dict(content)}
    return Answer(body={"task": {"type": "continue", "value": {**task, "card": held}}})


def dialog_said(text: str) -> Answer:
    """Say something in place of a dialog."""
    return Answer(body={"task": {"type": "message", "value": text}})


def told(activity: Activity, text: str) -> Answer:
    """Say something in the way in which this waits for an answer, if it waits for one."""
    if not activity.invoke:
        return nothing()
    return dialog_said(text) if activity.kind in (Kind.OPEN, Kind.SUBMIT) else said(text)


def failed(activity: Activity, text: str) -> Answer:
    """Say that it could not be taken."""
    if not activity.invoke:
        return Answer(status=503, taken=False)
    if activity.kind in (Kind.OPEN, Kind.SUBMIT):
        return dialog_said(text).to_nothing()
    return wrong(text, code="InternalServerError", status=500)
