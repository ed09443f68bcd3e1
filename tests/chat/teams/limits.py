"""What Teams refuses or shows wrongly, by its documentation, and our own rules; the schema knows the rest.

https://learn.microsoft.com/en-us/microsoftteams/platform/task-modules-and-cards/cards/cards-format and
/cards-actions say most of it, https://adaptivecards.io/explorer/ what each part may be.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from tests.chat.teams.client import Json, elements

#: Buttons in a whole card: Teams puts more of them behind a menu.
SIX = 6
#: Teams counts in UTF-16 and documents 28 kB as the least of its limits; ours leaves room for what it adds.
UNITS, BYTES = 20_000, 25_000
#: Signs by which text becomes markdown, an entity, or what a client works out.
_MARKDOWN = re.compile(r"[*_`~\[\]\\]|^\s*([-+#>]|\d+[.)])|\s{2}$|&#?\w+;|<(?!/?at>)|(?<!</at)(?<!<at)>")
_CALL = re.compile(r"<at>[^<]*</at>")


def of_message(activity: Json) -> list[str]:
    """Everything for which Teams would refuse this message, or show it as nobody meant it."""
    found = [] if str(activity.get("summary", "")).strip() else ["no summary for notifications"]
    found += ["a text beside the card"] if "text" in activity else []
    cards = [each["content"] for each in activity.get("attachments", ())]
    found += [f"{len(cards)} cards"] if len(cards) != 1 else []
    found += list(of_size(activity))
    return [*found, *(problem for card in cards for problem in of_card(card))]


def of_size(activity: Json) -> Iterator[str]:
    """The whole message as it is sent: how much of it Teams counts."""
    said = json.dumps(activity, ensure_ascii=False, separators=(",", ":"))
    units, weight = len(said.encode("utf-16-le")) // 2, len(said.encode())
    if units > UNITS:
        yield f"{units} units of UTF-16"
    if weight > BYTES:
        yield f"{weight} bytes"


def of_card(card: Json) -> list[str]:
    """The card alone: one in a dialog has no message around it."""
    found = [] if card.get("version") == "1.5" else [f"version {card.get('version')}"]
    found += [] if str(card.get("fallbackText", "")).strip() else ["no fallbackText"]
    some = list(elements(card))
    actions = [each for each in some if each["type"].startswith("Action.")]
    inputs = [each for each in some if each["type"].startswith("Input.")]
    found += [f"{len(actions)} buttons"] if len(actions) > SIX else []
    return [
        *found,
        *twice("id", (each["id"] for each in some if "id" in each)),
        *(problem for each in actions for problem in of_action(each, some)),
        *(problem for each in inputs for problem in of_input(each)),
        *of_giving(actions, inputs),
        *of_hidden(some),
        *of_words(card, some),
    ]


def of_action(action: Json, some: Iterable[Json]) -> Iterator[str]:
    """One button: what it carries, what it shows, and what older clients press instead."""
    if not str(action.get("title", "")).strip():
        yield "a button without words"
    if action["type"] == "Action.ToggleVisibility":
        known = {each.get("id") for each in some}
        yield from (f"no {name} to show" for name in action["targetElements"] if name not in known)
    if action["type"] not in ("Action.Execute", "Action.Submit"):
        return
    data = action.get("data", {})
    if not isinstance(data, dict) or set(data) - {"msteams"} != {"b"}:
        yield f"{action['title']} carries more than one key, or none"
    if action["type"] == "Action.Execute" and action.get("fallback", {}).get("data") != data:
        yield f"{action['title']} is another button for older clients"


def of_input(element: Json) -> Iterator[str]:
    """One input: its id must overwrite nothing, and what is chosen in it must be there to choose."""
    if element["id"] in ("b", "msteams"):
        yield f"an input called {element['id']}"
    if "choices" not in element:
        return
    values = [choice["value"] for choice in element["choices"]]
    yield from twice("choice", values)
    yield from (f"a comma in {value}" for value in values if "," in value)
    chosen = [element["value"]] if "value" in element else []
    if element.get("isMultiSelect"):
        chosen = [value for each in chosen for value in each.split(",")]
    yield from (f"{value} is chosen and is no choice" for value in chosen if value not in values)


def of_giving(actions: Iterable[Json], inputs: list[Json]) -> Iterator[str]:
    """What is filled in is handed in by a button, and a button says whether it hands in anything."""
    told = [each for each in actions if each["type"] in ("Action.Execute", "Action.Submit")]
    yield from (f"{each['title']} does not say which inputs it takes" for each in told if _unsaid(each))
    if inputs and not any(each.get("associatedInputs") == "auto" for each in told):
        yield "no button takes the inputs"


def _unsaid(action: Json) -> bool:
    both = [action, action.get("fallback", action)]
    return any(each.get("associatedInputs") not in ("auto", "none") for each in both)


def of_hidden(some: Iterable[Json]) -> Iterator[str]:
    """What is hidden at first: a client would insist on an input that nobody sees."""
    for each in some:
        if each.get("isVisible") is False:
            yield from (f"{i['id']} is required and hidden" for i in elements(each) if i.get("isRequired"))


def of_words(card: Json, some: Iterable[Json]) -> Iterator[str]:
    """Texts: what Teams reads as markdown says nothing but itself, and only who is named is called."""
    called = {each["text"] for each in card.get("msteams", {}).get("entities", ())}
    for text in (text for each in some for text in _marked(each)):
        if _MARKDOWN.search(text):
            yield f"markdown in {text!r}"
        yield from (f"{call} calls nobody" for call in _CALL.findall(text) if call not in called)
    whole = json.dumps(card, ensure_ascii=False)
    yield from (f"{call} stands nowhere" for call in called if whole.count(call) < 2)
    if "{{" in whole:
        yield "something for a client to work out"


def _marked(element: Json) -> list[str]:
    """Texts of an element that are markdown, in Teams or in Microsoft's own library."""
    found = [fact[name] for fact in element.get("facts", ()) for name in ("title", "value")]
    found += [choice["title"] for choice in element.get("choices", ())]
    found += [element["errorMessage"]] if "errorMessage" in element else []
    return [element["text"], *found] if element["type"] == "TextBlock" else found


def twice(name: str, some: Iterable[Any]) -> Iterator[str]:
    yield from (f"{name} {each} twice" for each, count in Counter(some).items() if count > 1)
