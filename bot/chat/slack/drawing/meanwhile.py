"""The modals that stand where an answer is still on its way: pure functions that decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

from bot.chat.slack.drawing.carried import VALUE, Opened, carried_by
from bot.chat.slack.drawing.kit import SECTION, context, cut, one_moment, safe, section
from bot.chat.slack.drawing.modal import BLOCKS, modal
from bot.chat.slack.drawing.render import drawn
from bot.chat.slack.drawing.returned import at_inputs
from bot.chat.slack.drawing.screens import modal_of
from bot.core.messages import Form, Response

#: Where an element keeps what was chosen -> what it begins with when it is drawn.
_INITIAL: Mapping[str, str] = {
    "value": "initial_value",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
}


def opening(channel: str) -> dict[str, Any]:
    """Draw what stands until the desk has answered a press."""
    return _small(channel, one_moment())


def saving(view: Opened) -> dict[str, Any]:
    """Draw what stands until the desk has answered a form."""
    channel = str(carried_by(view).get("channel", ""))
    late = (
        "You can leave this open, or close it. If it still stands here in a minute, look at the card again."
    )
    return _small(channel, [section("Saving…"), context(late)])


def answered(said: Response, channel: str) -> dict[str, Any]:
    """Draw an answer as a modal: a form as it is, anything else to be read."""
    if isinstance(said, Form):
        return modal(said, channel=channel)
    return _small(channel, drawn(said).blocks)


def _small(channel: str, blocks: Sequence[Block]) -> dict[str, Any]:
    return modal_of("Bookend", blocks, carries={"channel": channel})


def again(view: Opened, problems: Mapping[str, str]) -> dict[str, Any]:
    """Draw a form that was sent once more: all that was filled in, and above its inputs what is wrong."""
    placed = at_inputs(view, problems)
    left = "" if placed else " ".join(problems.values())
    filled = view.get("state", {}).get("values", {})
    blocks: list[Mapping[str, Any]] = [_wrong(left)] if left else []
    for block in view["blocks"]:
        name = block.get("block_id", "")
        # the limit of a modal counts for it as well
        if name in placed and len(view["blocks"]) + len(placed) <= BLOCKS:
            blocks.append(_wrong(placed[name]))
        blocks.append(_kept(block, filled.get(name, {}).get(VALUE, {})))
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {name: view[name] for name in kept if view.get(name)} | {"blocks": blocks}


def _wrong(what: str) -> dict[str, Any]:
    block: Block = section(cut(f"⚠️ {safe(what, 600)}", SECTION))
    return dict(block.to_dict())


def _kept(block: Mapping[str, Any], state: Mapping[str, Any]) -> Mapping[str, Any]:
    if block["type"] != "input":
        return block
    element = {name: value for name, value in block["element"].items() if not name.startswith("initial_")}
    chosen = {initial: state[name] for name, initial in _INITIAL.items() if state.get(name)}
    for name in ("initial_option", "initial_options"):
        if name in chosen:
            chosen[name] = _offered(element["options"], chosen[name])
    return {**block, "element": element | chosen}


def _offered(options: Any, chosen: Any) -> Any:
    # Slack wants what is chosen to be written exactly as it is offered
    several = chosen if isinstance(chosen, list) else [chosen]
    values = [each["value"] for each in several]
    found = [option for option in options if option["value"] in values]
    return found if isinstance(chosen, list) else found[0]
