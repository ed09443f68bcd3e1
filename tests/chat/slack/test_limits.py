"""Each rule of what Slack takes, seen to refuse once: by our rules, and by the schema where it knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.chat.slack import limits
from tests.chat.slack.limits import Json
from tests.chat.slack.test_drawn import refused_by_the_schema


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "Prep", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(action: str = "form.0", **more: Any) -> Json:
    return {"type": "button", "action_id": action, "text": plain("Answer"), "value": "{}"} | more


def row(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(many: int) -> list[Json]:
    return [{"text": plain(f"Choice {n}"), "value": f"c{n}"} for n in range(many)]


def chosen(kind: str, many: int, **more: Any) -> Json:
    return {"type": kind, "action_id": "value", "options": options(many)} | more


def grouped(kind: str, label: str) -> Json:
    groups = [{"label": plain(label), "options": options(2)}]
    return {"type": kind, "action_id": "value", "option_groups": groups}


def asked(element: Json, block_id: str = "K7Q2:g.a:1:1/a", **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Unwell?"), "element": element} | more


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "value"} | more


def message(*blocks: Json, text: str = "Prep") -> Json:
    return {"text": text, "blocks": list(blocks)}


def form(*blocks: Json, **more: Any) -> Json:
    view = {"type": "modal", "title": plain("Prep"), "submit": plain("Save"), "blocks": list(blocks)}
    return {name: value for name, value in (view | more).items() if value is not None}


#: What is wrong in our words -> a message or form with that mistake; those that the schema refuses as well.
BOTH: Mapping[str, Json] = {
    "51 blocks": message(*[section()] * 51),
    "no blocks": message(),
    "a video in a message": message({"type": "video"}),
    "a input in a message": message(asked(text_input())),
    "section of 3001": message(section("a" * 3001)),
    "header of 151": message({"type": "header", "text": plain("a" * 151)}),
    "context of 3001": message({"type": "context", "elements": [{"type": "mrkdwn", "text": "a" * 3001}]}),
    "row of small print of 11": message({"type": "context", "elements": [plain("a")] * 11}),
    "row of buttons of 26": message(row(*(button(f"form.{n}") for n in range(26)))),
    "row of buttons of 0": message(row()),
    "button of 76": message(row(button(text=plain("a" * 76)))),
    "value of 2001": message(row(button(value="a" * 2001))),
    "url of 3001": message(row(button(url="a" * 3001))),
    "accessibility label of 76": message(row(button(accessibility_label="a" * 76))),
    "style loud": message(row(button(style="loud"))),
    "action_id of 256": message(row(button("a" * 256))),
    "block_id of 256": message(section(block_id="a" * 256)),
    "a plain_text_input in a block of type actions": form(row(text_input())),
    "a multi_static_select in a block of type actions": form(row(chosen("multi_static_select", 2))),
    "a number_input in a block of type section": form(
        section(accessory={"type": "number_input", "action_id": "value", "is_decimal_allowed": True})
    ),
    "a button in a block of type input": form(asked(button())),
    "title of 25": form(section(), title=plain("a" * 25)),
    "submit of 25": form(section(), submit=plain("a" * 25)),
    "close of 25": form(section(), close=plain("a" * 25)),
    "no title": form(section(), title=None),
    "101 blocks": form(*[section()] * 101),
    "0 blocks": form(),
    "metadata": form(section(), private_metadata="a" * 3001),
    "a long callback_id": form(section(), callback_id="a" * 256),
    "a long external_id": form(section(), external_id="a" * 256),
    "inputs without submit": form(asked(text_input()), submit=None),
    "a file in a modal": form({"type": "file"}),
    "a submit on a Home": form(section(), type="home", title=None),
    "label of 2001": form(asked(text_input(), label=plain("a" * 2001))),
    "hint of 2001": form(asked(text_input(), hint=plain("a" * 2001))),
    "initial value of 3001": form(asked(text_input(initial_value="a" * 3001))),
    "options of 11": form(asked(chosen("radio_buttons", 11))),
    "options of 0": form(asked(chosen("checkboxes", 0))),
    "options of 101": form(asked(chosen("static_select", 101))),
    "option of 76": form(
        asked(chosen("radio_buttons", 0, options=[{"text": plain("a" * 76), "value": "a"}]))
    ),
    "option's value of 151": form(
        asked(chosen("radio_buttons", 0, options=[{"text": plain("a"), "value": "a" * 151}]))
    ),
    "option's description of 76": form(
        asked(chosen("checkboxes", 0, options=[options(1)[0] | {"description": plain("a" * 76)}]))
    ),
    "groups in a radio_buttons": form(asked(grouped("radio_buttons", "1 to 2"))),
    "group of 76": form(asked(grouped("static_select", "a" * 76))),
}
#: What no schema can say, or Slack's reference does not.
OURS: Mapping[str, Json] = {
    "no text for notifications": message(section(), text=" "),
    "block_id 'a' twice": message(section(block_id="a"), section(block_id="a")),
    "action_id form.0 twice": message(row(button(), button())),
    "an empty text": message(section(" ")),
    "12000 characters in all": message(*[section("a" * 3000)] * 4),
    "initial 'c9' is no option": form(asked(chosen("radio_buttons", 2, initial_option=options(10)[9]))),
    "option c0 twice": form(asked(chosen("radio_buttons", 0, options=options(1) * 2))),
    "2 fields in focus": form(
        asked(text_input(focus_on_load=True)), asked(text_input(focus_on_load=True), "another")
    ),
}


def refused(what: Json) -> list[str]:
    return limits.of_view(what) if "type" in what else limits.of_message(what["text"], what["blocks"])


@pytest.mark.parametrize(("why", "what"), [*BOTH.items(), *OURS.items()], ids=[*BOTH, *OURS])
def test_our_rules_refuse(why: str, what: Json) -> None:
    assert why in refused(what)


@pytest.mark.parametrize("what", BOTH.values(), ids=BOTH)
def test_the_schema_refuses(what: Json) -> None:
    assert refused_by_the_schema(what)


GOOD = {
    "message": message({"type": "header", "text": plain("Prep")}, section(accessory=button()), row(button())),
    "form": form(
        asked(chosen("radio_buttons", 10), "a"),
        asked(chosen("static_select", 100), "b"),
        asked(chosen("multi_static_select", 100, initial_options=options(3)), "c"),
        asked(text_input(focus_on_load=True), "d"),
        {"type": "divider"},
    ),
    "home": form(section(), row(button()), type="home", title=None, submit=None),
}


@pytest.mark.parametrize("what", GOOD.values(), ids=GOOD)
@pytest.mark.parametrize("refuses", [refused, refused_by_the_schema], ids=["rules", "schema"])
def test_nothing_is_refused_of_what_slack_takes(refuses: Callable[[Json], list[str]], what: Json) -> None:
    assert refuses(what) == []
