"""What a card may be: elements and actions of Adaptive Cards 1.5, and what Teams shows of them.

https://adaptivecards.io/explorer and https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.chat.teams.fake.names import Json
from tests.chat.teams.fake.refusal import Refusal, bad

CARD = "application/vnd.microsoft.card.adaptive"
NEWEST = (1, 5)
#: Bytes of a message, as the letters are counted there: two for each, four for one beyond the first plane.
LARGEST = 40 * 1024
#: How many buttons a card has room for.
BUTTONS = 6
BUTTON_KINDS = {f"Action.{each}" for each in ("Execute", "Submit", "OpenUrl", "ShowCard", "ToggleVisibility")}
_CONTAINERS = ("Container", "ColumnSet", "Column", "FactSet", "ActionSet", "Table", "TableRow", "TableCell")
_PLAIN = ("TextBlock", "RichTextBlock", "TextRun", "Image", "ImageSet")
INPUTS = {f"Input.{each}" for each in ("Text", "Number", "Date", "Time", "Toggle", "ChoiceSet")}
KNOWN = {"AdaptiveCard", *_CONTAINERS, *_PLAIN, *INPUTS, *BUTTON_KINDS}
#: What is not drawn: what a button carries, who is mentioned, and what an older client shows instead.
_APART = ("data", "msteams", "refresh", "authentication", "metadata", "fallback")


def parts(what: Any, *, inner: bool = True, hidden: bool = True) -> Iterator[Json]:
    """Everything of a card that has a type, from the top, with the `inner` cards of buttons or without them,
    with what is `hidden` at first or without that.
    """
    if isinstance(what, dict) and (hidden or what.get("isVisible", True)):
        if "type" in what:
            yield what
        for name, each in what.items():
            if name not in _APART and (inner or name != "card"):
                yield from parts(each, inner=inner, hidden=hidden)
    elif isinstance(what, list):
        for each in what:
            yield from parts(each, inner=inner, hidden=hidden)


def buttons(card: Json) -> list[Json]:
    """Everything on a card that can be pressed."""
    return [each for each in parts(card) if each["type"] in BUTTON_KINDS]


def inputs(card: Json) -> list[Json]:
    """Everything on a card that can be filled in."""
    return [each for each in parts(card) if each["type"] in INPUTS]


def words(card: Json) -> list[str]:
    """What is read on a card, from the top: texts, facts, labels of inputs and buttons, and choices."""
    found: list[str] = []
    for each in parts(card):
        found += [str(each[name]) for name in ("text", "label", "title") if isinstance(each.get(name), str)]
        found += [f"{fact['title']} {fact['value']}" for fact in each.get("facts", ())]
        found += [str(choice["title"]) for choice in each.get("choices", ())]
        found += [run for run in each.get("inlines", ()) if isinstance(run, str)]
    return found


def check(card: Json) -> None:
    """Refuse what Teams would not show as it is meant."""
    if card.get("type") != "AdaptiveCard" or _version(card) > NEWEST:
        raise bad("BadArgument")
    if unknown := {str(each["type"]) for each in parts(card)} - KNOWN:
        raise Refusal(400, f"BadSyntax: {sorted(unknown)}")
    if len(buttons(card)) > BUTTONS:
        raise Refusal(400, f"BadSyntax: {len(buttons(card))} buttons")
    names = [each.get("id") for each in inputs(card)]
    if not all(names) or len(set(names)) < len(names):
        raise Refusal(400, "BadSyntax: inputs without an id of their own")


def check_size(activity: Json) -> None:
    """Refuse what is too large, counted as Teams counts."""
    text = json.dumps(activity, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode("utf-16-le")) > LARGEST:
        raise Refusal(413, "MessageSizeTooBig")


def content(message: Json) -> Json:
    """The card of a message; {} for a line."""
    held = message.get("attachments") or [{}]
    found: Json = held[0].get("content", {})
    return found


def _version(card: Json) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in str(card.get("version", "")).split("."))
    except ValueError:
        raise bad("BadArgument") from None
