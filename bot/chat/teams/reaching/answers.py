"""How Teams is answered: an invoke always with a body, else Teams would ask again and do it twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An HTTP status and its body."""

    status: int = 200
    body: Json = field(default_factory=dict)


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
    return Answer(body={"statusCode": status, "type": ERROR, "value": {"code": code, "message": text}})


def dialog(title: str, content: Json) -> Answer:
    """Open a dialog with a card in it, or draw it anew."""
    task = {"title": title, "height": "large", "width": "medium"}
    held = {"contentType": CARD, "content": dict(content)}
    return Answer(body={"task": {"type": "continue", "value": {**task, "card": held}}})


def dialog_said(text: str) -> Answer:
    """Say something in place of a dialog."""
    return Answer(body={"task": {"type": "message", "value": text}})
