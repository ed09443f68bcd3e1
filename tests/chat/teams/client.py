"""What a client does with a card, by Microsoft's documentation; test_dom.py holds it against the real one.

Untouched inputs are not sent, numbers are text, several choices are one text parted by commas, and what an
input holds stands under its id beside what the button carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.chat.teams.drawing.kit import Drawn

Json = Mapping[str, Any]


def elements(what: Any) -> Iterator[Json]:
    """Everything that has a type: elements, their parts, and buttons, but not those for older clients."""
    if isinstance(what, Mapping):
        if "type" in what:
            yield what
        for name, each in what.items():
            yield from () if name in ("fallback", "data") else elements(each)
    elif isinstance(what, list | tuple):
        for each in what:
            yield from elements(each)


def inputs(drawn: Drawn) -> dict[str, Json]:
    """The inputs of a card by their id, the hidden ones too."""
    return {each["id"]: each for each in elements(drawn.content) if each["type"].startswith("Input.")}


def buttons(drawn: Drawn) -> dict[str, Json]:
    """The buttons of a card by what stands on them."""
    return {each["title"]: each for each in elements(drawn.content) if each["type"].startswith("Action.")}


def sent(drawn: Drawn, title: str, **answers: str) -> dict[str, Any]:
    """What comes when a button is pressed, with answers by the end of the input's id."""
    button = buttons(drawn)[title]
    if button.get("associatedInputs") == "none":
        return dict(button["data"])
    found = {key: str(each["value"]) for key, each in inputs(drawn).items() if "value" in each}
    for name, answer in answers.items():
        key = next(key for key in inputs(drawn) if key == name or key.endswith(f".{name}"))
        found[key] = answer
    return {**button["data"], **{key: answer for key, answer in found.items() if answer}}


def words(what: Any) -> list[str]:
    """Every text that a person reads."""
    named = ("text", "title", "label", "errorMessage", "placeholder", "tooltip", "value")
    return [
        str(each[name])
        for each in elements(what)
        for name in named
        if name in each and not (name == "value" and each["type"].startswith("Input."))
    ] + [choice["title"] for each in elements(what) for choice in each.get("choices", ())]
