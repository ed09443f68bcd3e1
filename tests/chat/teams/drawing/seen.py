"""What a person sees on a card, and what comes back when they press: read from what Teams is given."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.chat.teams.drawing.carried import WHICH, button_of
from bot.chat.teams.drawing.kit import Drawn
from bot.core.actions import Button

Json = Mapping[str, Any]


def elements(what: Any) -> Iterator[Json]:
    """Every element and action of a card, without what older clients are given instead."""
    if isinstance(what, Mapping):
        if "type" in what:
            yield what
        kept = (value for name, value in what.items() if name not in ("fallback", "data", "msteams"))
        for value in kept:
            yield from elements(value)
    elif isinstance(what, list | tuple):
        for each in what:
            yield from elements(each)


def lines(drawn: Drawn) -> list[str]:
    """What can be read on it, paragraph by paragraph."""
    found = []
    for each in elements(drawn.content):
        if each["type"] == "TextBlock":
            found.append(each["text"])
        if each["type"] == "RichTextBlock":
            found.append("".join(inline["text"] for inline in each["inlines"]))
    return found


def words(drawn: Drawn) -> str:
    """All that can be read on it."""
    return "\n".join(lines(drawn))


def actions(drawn: Drawn) -> list[Json]:
    """What can be pressed on it."""
    return [each for each in elements(drawn.content) if each["type"].startswith("Action.")]


def titles(drawn: Drawn) -> list[str]:
    """How its buttons are called."""
    return [each["title"] for each in actions(drawn)]


def choices(drawn: Drawn) -> list[Json]:
    """What can be chosen on it, as it is read: what keeps a number from beginning a list is not seen."""
    some = [each for found in elements(drawn.content) for each in found.get("choices", ())]
    return [{**each, "title": each["title"].replace("\u2060", "")} for each in some]


def presses(drawn: Drawn) -> list[Button]:
    """Every button of ours that somebody can press on it, as it comes back."""
    found = []
    for action in actions(drawn):
        if action["type"] != "Action.Execute" or "screen" in action["data"]["b"]:
            continue
        if action["associatedInputs"] == "none":
            found.append(button_of(action["data"]))
        else:
            offered = action["data"]["b"]["choose"]
            found += [button_of({**action["data"], WHICH: str(place)}) for place, _ in offered]
    return [each for each in found if each]
