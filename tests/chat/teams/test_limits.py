"""Each rule of what Teams takes, seen to refuse once: by our rules, or by the schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.chat.teams import limits
from tests.chat.teams.gallery import Json
from tests.chat.teams.test_drawn import refused_by_the_schema

CARRIES: Json = {"b": {"press": "{}"}}


def text(words: str = "Prep", **more: Any) -> Json:
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def said(words: str = "Prep", **more: Any) -> Json:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": words}], **more}


def button(title: str = "Answer", **more: Any) -> Json:
    kept = {"title": title, "associatedInputs": "none", "data": CARRIES} | more
    return {"type": "Action.Execute", "verb": "form", **kept, "fallback": {"type": "Action.Submit", **kept}}


def typed(name: str = "p0.words.a", **more: Any) -> Json:
    return {"type": "Input.Text", "id": name, "label": "Remark", **more}


def chosen(*values: str, **more: Any) -> Json:
    choices = [{"title": value, "value": value} for value in values]
    return {
        "type": "Input.ChoiceSet",
        "id": "p0.one.a",
        "label": "Unwell?",
        "style": "expanded",
        "choices": choices,
    } | more


def card(*body: Json, actions: Any = None, **more: Any) -> Json:
    content = {
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": "Prep",
        "body": list(body or [text()]),
    }
    content |= {"actions": actions} if actions else {}
    return {name: value for name, value in (content | more).items() if value is not None}


def message(*body: Json, around: Json | None = None, **more: Any) -> Json:
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card(*body, **more)}
    return {"type": "message", "summary": "Prep", "attachments": [attached]} | (around or {})


def asking(*body: Json, **more: Any) -> Json:
    """A card with inputs that a button takes."""
    return message(*body, actions=[button(associatedInputs="auto")], **more)


def toggle(*targets: str) -> Json:
    return {"type": "Action.ToggleVisibility", "title": "More", "targetElements": list(targets)}


CALL = {"type": "mention", "text": "<at>Jo</at>", "mentioned": {"id": "29:1jo", "name": "Jo"}}

#: What is wrong in our words -> a message with that mistake.
OURS: Mapping[str, Json] = {
    "no summary for notifications": message(around={"summary": " "}),
    "a text beside the card": message(around={"text": "Prep"}),
    "0 cards": message(around={"attachments": []}),
    "2 cards": message(around={"attachments": message()["attachments"] * 2}),
    "version None": message(version=None),
    "version 1.6": message(version="1.6"),
    "no fallbackText": message(fallbackText=None),
    "7 buttons": message(
        {"type": "ActionSet", "actions": [button(), button()]}, actions=[*[button()] * 4, toggle("x")]
    ),
    "no fold to show": message(actions=[toggle("fold")]),
    "a button without words": message(actions=[button(" ")]),
    "id a twice": message(said(id="a"), said(id="a")),
    "id p0.words.a twice": asking(typed(), {"type": "Container", "items": [typed()]}),
    "an input called b": asking(typed("b")),
    "Answer carries more than one key, or none": message(actions=[button(data={**CARRIES, "c": 1})]),
    "Answer is another button for older clients": message(
        actions=[button() | {"fallback": {**button()["fallback"], "data": {"b": {}}}}]
    ),
    "Answer does not say which inputs it takes": message(actions=[button(associatedInputs=None)]),
    "no button takes the inputs": message(typed(), actions=[button()]),
    "choice no twice": asking(chosen("no", "no")),
    "a comma in a,b": asking(chosen("a,b")),
    "yes is chosen and is no choice": asking(chosen("no", value="yes")),
    "c is chosen and is no choice": asking(chosen("a", "b", isMultiSelect=True, value="a,c")),
    "p0.words.a is required and hidden": asking(
        {
            "type": "Container",
            "id": "fold",
            "isVisible": False,
            "items": [typed(isRequired=True, errorMessage="Please fill in")],
        }
    ),
    "markdown in 'a *b*'": message(text("a *b*")),
    "markdown in '[a](https://b.c)'": message(text("[a](https://b.c)")),
    "markdown in '- a'": message(text("- a")),
    "markdown in '1. a'": message(text("1. a")),
    "markdown in 'a &amp; b'": message(text("a &amp; b")),
    "markdown in '<b>a</b>'": message(text("<b>a</b>")),
    "markdown in '_a_'": message({"type": "FactSet", "facts": [{"title": "A", "value": "_a_"}]}),
    "markdown in '1. no'": asking(chosen("1. no")),
    "markdown in '_a_?'": asking(typed(isRequired=True, errorMessage="_a_?")),
    "<at>Jo</at> calls nobody": message(text("<at>Jo</at>")),
    "<at>Jo</at> stands nowhere": message(said("Jo"), msteams={"entities": [CALL]}),
    "something for a client to work out": message(said("{{DATE(2027-02-18T09:30:00Z)}}")),
    "20047 units of UTF-16": message(said("a" * 19_791)),
}
#: What the schema refuses.
SCHEMAS: Mapping[str, Json] = {
    "a text beside the card": message(around={"text": "Prep"}),
    "a picture": message({"type": "Image", "url": "https://a.b/c.png"}),
    "a card in a card": message(actions=[{"type": "Action.ShowCard", "title": "More", "card": card()}]),
    "an unknown property": message(text(colour="red")),
    "an unknown colour": message(text(color="purple")),
    "words that are cut off": message({"type": "TextBlock", "text": "Prep"}),
    "no words": message(text(" ")),
    "nothing on the card": message(body=[]),
    "another version": message(version="1.6"),
    "seven buttons in a row": message(actions=[button()] * 7),
    "a button that carries nothing of ours": message(actions=[button(data={})]),
    "an input without a label": asking({"type": "Input.Text", "id": "a"}),
    "required, and nothing says so": asking(typed(isRequired=True)),
    "a choice of nothing": asking(chosen()),
    "a comma in a choice": asking(chosen("a,b")),
    "a date that is none": asking({"type": "Input.Date", "id": "a", "label": "A", "value": "1 Feb"}),
    "a number in words": asking({"type": "Input.Number", "id": "a", "label": "A", "value": "62.5"}),
    "a half-hidden element": message(said(isVisible="no")),
    "a dialog of another kind": message(
        actions=[
            {"type": "Action.Submit", "title": "Open", "data": {**CARRIES, "msteams": {"type": "signin"}}}
        ]
    ),
    "a link to anywhere": message(actions=[{"type": "Action.OpenUrl", "title": "Go", "url": "javascript:1"}]),
}


@pytest.mark.parametrize(("why", "what"), OURS.items(), ids=OURS)
def test_our_rules_refuse(why: str, what: Json) -> None:
    assert why in limits.of_message(what)


def test_our_rules_refuse_too_many_bytes() -> None:
    assert "25273 bytes" in limits.of_message(message(said("€" * 8339)))


@pytest.mark.parametrize("what", SCHEMAS.values(), ids=SCHEMAS)
def test_the_schema_refuses(what: Json) -> None:
    assert refused_by_the_schema(what)


GOOD = {
    "card": message(text("Prep", style="heading"), said("[a](https://b.c)"), actions=[button(), button()]),
    "form": asking(
        typed(isMultiline=True, value="a, b"),
        chosen("a", "b", isMultiSelect=True, value="a,b"),
        {"type": "ActionSet", "actions": [toggle("fold")]},
        {"type": "Container", "id": "fold", "isVisible": False, "items": [typed("p0.words.b")]},
    ),
    "call": message(text("<at>Jo</at>"), msteams={"entities": [CALL]}),
    "window": message(
        actions=[
            {
                "type": "Action.Submit",
                "title": "Open in a window",
                "associatedInputs": "none",
                "data": {**CARRIES, "msteams": {"type": "task/fetch"}},
            }
        ]
    ),
}


@pytest.mark.parametrize("what", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("refuses", [limits.of_message, refused_by_the_schema], ids=["rules", "schema"])
def test_nothing_is_refused_of_what_teams_takes(refuses: Callable[[Json], list[str]], what: Json) -> None:
    assert refuses(what) == []
