"""What Slack refuses, by its documentation: the stand-in takes anything, and slack_sdk checks only some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS = {"header", "section", "context", "actions", "divider"}
CHOICES = {"radio_buttons": 10, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}
INPUTS = {*CHOICES, "plain_text_input", "number_input", "datepicker", "timepicker"}
#: People met `msg_blocks_too_long` from here on; Slack documents no figure.
WHOLE = 11_000


def of_message(text: str, blocks: Sequence[Json]) -> list[str]:
    """Everything for which Slack would refuse this message."""
    found = [] if text else ["no text for notifications"]
    found += ["no blocks"] if not blocks else []
    found += [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    found += [f"a {b['type']} in a message" for b in blocks if b["type"] not in MESSAGE_BLOCKS]
    found += [f"{letters(blocks)} characters in all"] if letters(blocks) > WHOLE else []
    return [*found, *of_blocks(blocks)]


def of_view(view: Json) -> list[str]:
    """Everything for which Slack would refuse this modal."""
    blocks = view["blocks"]
    wrong = [f"{name} of {len(text)}" for name, text in titles(view) if not 1 <= len(text) <= 24]
    wrong += [f"{len(blocks)} blocks"] if not 1 <= len(blocks) <= 100 else []
    wrong += ["metadata"] if len(view.get("private_metadata", "")) > 3000 else []
    has_inputs = any(block["type"] == "input" for block in blocks)
    wrong += ["inputs without submit"] if has_inputs and "submit" not in view else []
    wrong += [f"a {b['type']} in a modal" for b in blocks if b["type"] not in {*MESSAGE_BLOCKS, "input"}]
    return [*wrong, *of_blocks(blocks)]


def titles(view: Json) -> Iterator[tuple[str, str]]:
    for name in ("title", "submit", "close"):
        if name in view:
            yield name, view[name]["text"]


def of_blocks(blocks: Sequence[Json]) -> list[str]:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    wrong = [f"block_id {name!r} twice" for name, count in ids.items() if count > 1]
    wrong += [f"block_id of {len(name)}" for name in ids if not 1 <= len(name) <= 255]
    return [*wrong, *(problem for block in blocks for problem in of_block(block))]


def of_block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from sized("header", block["text"]["text"], 150)
        case "section":
            yield from sized("section", block["text"]["text"], 3000)
            yield from of_element(block["accessory"]) if "accessory" in block else ()
        case "context":
            yield from sized("context", block["elements"][0]["text"], 3000)
        case "actions":
            yield from sized("row of buttons", block["elements"], 25)
            names = [element["action_id"] for element in block["elements"]]
            yield from (f"action_id {name} twice" for name, count in Counter(names).items() if count > 1)
            for element in block["elements"]:
                yield from of_element(element)
        case "input":
            yield from sized("label", block["label"]["text"], 2000)
            yield from sized("hint", block["hint"]["text"], 2000) if "hint" in block else ()
            yield from of_element(block["element"])


def of_element(element: Json) -> Iterator[str]:
    yield from sized("action_id", element["action_id"], 255)
    if element["type"] == "button":
        yield from sized("button", element["text"]["text"], 75)
        yield from sized("value", element["value"], 2000)
        yield from sized("accessibility label", element.get("accessibility_label", "-"), 75)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"style {element['style']}"
    elif element["type"] not in INPUTS:
        yield f"a {element['type']}"
    yield from of_options(element) if "options" in element else ()


def of_options(element: Json) -> Iterator[str]:
    options = element["options"]
    yield from sized("options", options, CHOICES[element["type"]])
    for option in options:
        yield from sized("option", option["text"]["text"], 75)
        yield from sized("option's value", option["value"], 150)
    for first in [*element.get("initial_options", []), *filter(None, [element.get("initial_option")])]:
        if first not in options:
            yield f"initial {first['value']!r} is no option"


def sized(name: str, what: Sequence[Any], most: int) -> Iterator[str]:
    if not 1 <= len(what) <= most:
        yield f"{name} of {len(what)}"


def words(what: Any) -> list[str]:
    """Every text in blocks that a person reads."""
    if isinstance(what, dict):
        own = [what["text"]] if isinstance(what.get("text"), str) else []
        return own + [each for value in what.values() for each in words(value)]
    return [each for value in what for each in words(value)] if isinstance(what, list | tuple) else []


def letters(blocks: Sequence[Json]) -> int:
    return sum(map(len, words(blocks)))
