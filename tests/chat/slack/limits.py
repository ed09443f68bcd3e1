"""What Slack refuses, by its documentation: the stand-in takes anything, and slack_sdk checks only some.

https://docs.slack.dev/reference/block-kit/blocks, /block-elements and /views say most of it. Two rules are
ours: no input stands in a message, where nothing takes what was typed, and no two choices have one value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Json = dict[str, Any]

MESSAGE_BLOCKS = {"header", "section", "context", "actions", "divider"}
VIEW_BLOCKS = {*MESSAGE_BLOCKS, "input"}
CHOICES = {"radio_buttons": 10, "checkboxes": 10, "static_select": 100, "multi_static_select": 100}
#: Which elements stand where.
INPUTS = {*CHOICES, "plain_text_input", "number_input", "datepicker", "timepicker"}
ELEMENTS: Mapping[str, set[str]] = {
    "section": {*CHOICES, "button", "datepicker", "timepicker", "overflow"},
    "actions": {*CHOICES, "button", "datepicker", "timepicker", "overflow"} - {"multi_static_select"},
    "input": INPUTS,
}
STYLES = (None, "primary", "danger")
#: People met `msg_blocks_too_long` from here on; Slack documents no figure.
WHOLE = 11_000


def of_message(text: str, blocks: Sequence[Json]) -> list[str]:
    """Everything for which Slack would refuse this message."""
    found = [] if text.strip() else ["no text for notifications"]
    found += ["no blocks"] if not blocks else []
    found += [f"{len(blocks)} blocks"] if len(blocks) > 50 else []
    found += [f"a {b['type']} in a message" for b in blocks if b["type"] not in MESSAGE_BLOCKS]
    found += [f"{letters(blocks)} characters in all"] if letters(blocks) > WHOLE else []
    return [*found, *of_blocks(blocks)]


def of_view(view: Json) -> list[str]:
    """Everything for which Slack would refuse this form or Home."""
    blocks = view["blocks"]
    wrong = [f"{name} of {len(text)}" for name, text in titles(view) if not 1 <= len(text) <= 24]
    wrong += ["no title"] if view["type"] == "modal" and "title" not in view else []
    wrong += ["a submit on a Home"] if view["type"] == "home" and "submit" in view else []
    wrong += [f"{len(blocks)} blocks"] if not 1 <= len(blocks) <= 100 else []
    wrong += ["metadata"] if len(view.get("private_metadata", "")) > 3000 else []
    wrong += [f"a long {name}" for name in ("callback_id", "external_id") if len(view.get(name, "")) > 255]
    has_inputs = any(block["type"] == "input" for block in blocks)
    wrong += (
        ["inputs without submit"] if has_inputs and view["type"] == "modal" and "submit" not in view else []
    )
    wrong += [f"a {b['type']} in a {view['type']}" for b in blocks if b["type"] not in VIEW_BLOCKS]
    focused = sum(bool(element.get("focus_on_load")) for block in blocks for element in elements(block))
    wrong += [f"{focused} fields in focus"] if focused > 1 else []
    return [*wrong, *of_blocks(blocks)]


def titles(view: Json) -> Iterator[tuple[str, str]]:
    for name in ("title", "submit", "close"):
        if name in view:
            yield name, view[name]["text"]


def of_blocks(blocks: Sequence[Json]) -> list[str]:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    wrong = [f"block_id {name!r} twice" for name, count in ids.items() if count > 1]
    wrong += [f"block_id of {len(name)}" for name in ids if not 1 <= len(name) <= 255]
    wrong += ["an empty text"] if any(not text.strip() for text in words(blocks)) else []
    return [*wrong, *(problem for block in blocks for problem in of_block(block))]


def of_block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield from sized("header", block["text"]["text"], 150)
        case "section":
            yield from sized("section", block["text"]["text"], 3000)
        case "context":
            yield from sized("row of small print", block["elements"], 10)
            for each in block["elements"]:
                yield from sized("context", each["text"], 3000)
        case "actions":
            yield from sized("row of buttons", block["elements"], 25)
        case "input":
            yield from sized("label", block["label"]["text"], 2000)
            yield from sized("hint", block["hint"]["text"], 2000) if "hint" in block else ()
    yield from twice("action_id", (each["action_id"] for each in elements(block)))
    for element in elements(block):
        if element["type"] not in ELEMENTS[block["type"]]:
            yield f"a {element['type']} in a block of type {block['type']}"
        yield from of_element(element)


def elements(block: Json) -> list[Json]:
    """What can be pressed, chosen or typed in a block."""
    row = block["elements"] if block["type"] == "actions" else []
    return [*row, *(block[name] for name in ("accessory", "element") if name in block)]


def of_element(element: Json) -> Iterator[str]:
    yield from sized("action_id", element["action_id"], 255)
    if element["type"] == "button":
        yield from sized("button", element["text"]["text"], 75)
        yield from sized("value", element.get("value", "-"), 2000)
        yield from sized("url", element.get("url", "-"), 3000)
        yield from sized("accessibility label", element.get("accessibility_label", "-"), 75)
        if element.get("style") not in STYLES:
            yield f"style {element['style']}"
    yield from sized("initial value", element.get("initial_value", "-"), 3000)
    if element["type"] in CHOICES:
        yield from of_choices(element)


def of_choices(element: Json) -> Iterator[str]:
    groups = element.get("option_groups", [])
    if groups and element["type"] not in ("static_select", "multi_static_select"):
        yield f"groups in a {element['type']}"
    yield from sized("groups", groups, 100) if groups else ()
    for group in groups:
        yield from sized("group", group["label"]["text"], 75)
    rows = [group["options"] for group in groups] or [element.get("options", [])]
    for options in rows:
        yield from sized("options", options, CHOICES[element["type"]])
    yield from of_options(element, [option for options in rows for option in options])


def of_options(element: Json, options: Sequence[Json]) -> Iterator[str]:
    yield from twice("option", (option["value"] for option in options))
    for option in options:
        yield from sized("option", option["text"]["text"], 75)
        yield from sized("option's value", option["value"], 150)
        yield from sized("option's description", option.get("description", {}).get("text", "-"), 75)
    for first in [*element.get("initial_options", []), *filter(None, [element.get("initial_option")])]:
        if first not in options:
            yield f"initial {first['value']!r} is no option"


def sized(name: str, what: Sequence[Any], most: int) -> Iterator[str]:
    if not 1 <= len(what) <= most:
        yield f"{name} of {len(what)}"


def twice(name: str, some: Iterable[str]) -> Iterator[str]:
    yield from (f"{name} {each} twice" for each, count in Counter(some).items() if count > 1)


def words(what: Any) -> list[str]:
    """Every text in blocks that a person reads."""
    if isinstance(what, dict):
        own = [what["text"]] if isinstance(what.get("text"), str) else []
        return own + [each for value in what.values() for each in words(value)]
    return [each for value in what for each in words(value)] if isinstance(what, list | tuple) else []


def letters(blocks: Sequence[Json]) -> int:
    return sum(map(len, words(blocks)))
