"""What came back of a modal as a Filled, and problems at the inputs that they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.chat.buttons import lengthened
from bot.chat.forms import digest, other_version
from bot.chat.letters import seen
from bot.chat.slack import PLATFORM
from bot.chat.slack.drawing.carried import CAUGHT, NOTE, VALUE, Opened, carried_by
from bot.chat.slack.drawing.kit import cut
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.kinds import Catch
from bot.core.replies import Filled


def filled(view: Opened, account: str) -> Filled:
    """Return what came back; the same form with the same answers has the same `once`."""
    carried = carried_by(view)
    values = view.get("state", {}).get("values", {})
    try:
        given = {key: _given(state[VALUE]) for key, state in values.items() if VALUE in state}
        tasks = lengthened(carried["tasks"])
        entries: dict[str, dict[str, str | tuple[str, ...]]] = {task: {} for task in tasks}
        for key, answer in given.items():
            task, _, name = key.rpartition("/")
            if task in entries:
                entries[task][name] = answer
        return Filled(
            platform=PLATFORM,
            account=account,
            once=f"form:{view['id']}:{account}:{digest(carried, given)}",
            entries=entries,
            revisions=dict(zip(tasks, carried["revisions"], strict=True)),
            action=Action(carried["do"]),
            outcome=Outcome(carried.get("outcome", Outcome.CONFIRMED)),
            note=str(given.get(NOTE, "")),
            caught=Catch(str(given[CAUGHT])) if given.get(CAUGHT) else None,
            value=str(carried.get("value", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as odd:
        raise other_version() from odd


def left_out(view: Opened) -> tuple[str, ...]:
    """Return the tasks for which a form had no room."""
    return lengthened(carried_by(view).get("rest", ()))


def _given(state: Mapping[str, Any]) -> str | tuple[str, ...]:
    if "selected_options" in state:
        return tuple(str(option["value"]) for option in state["selected_options"] or ())
    if "selected_option" in state:
        return str((state["selected_option"] or {}).get("value", ""))
    names = ("value", "selected_date", "selected_time")
    return next((seen(str(state[name])) for name in names if state.get(name) is not None), "")


def at_inputs(view: Opened, problems: Mapping[str, str]) -> dict[str, str]:
    """Return problems by the inputs they belong to; what belongs to none stands at the first input.

    Keys are `field`, or `TASK/field` in a form of several tasks. Empty when the form has no input at all.
    """
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    placed: dict[str, list[str]] = {}
    for key, what in problems.items():
        fitting = [each for each in inputs if each == key or each.endswith(f"/{key}")]
        for place in (fitting or inputs)[:1]:
            placed.setdefault(place, []).append(what)
    return {place: cut(" ".join(whats), 500) for place, whats in placed.items()}
