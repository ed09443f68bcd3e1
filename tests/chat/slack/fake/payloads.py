"""What Slack tells an app of somebody's deed, as docs.slack.dev/reference/interaction-payloads has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from tests.chat.slack.fake.names import APP, BOT_USER, TEAM, Json

_TEAM: Json = {"id": TEAM, "domain": "clinic"}
#: Where Slack puts what was filled in, by the kind of the field; and what a field begins with.
_ONE, _MANY = ("radio_buttons", "static_select"), ("checkboxes", "multi_static_select")
_PLAIN = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "users_select": ("selected_user", "initial_user"),
}


def deed(kind: str, account: str, **more: object) -> Json:
    """What every deed carries."""
    who = {"id": account, "username": account.lower(), "name": account.lower(), "team_id": TEAM}
    fixed = {"type": kind, "team": _TEAM, "user": who, "api_app_id": APP, "token": "invented"}
    return fixed | {"enterprise": None, "is_enterprise_install": False} | more


def action(block: Json, element: Json, at: str) -> Json:
    """An element that was pressed."""
    kept = {
        name: element[name] for name in ("type", "action_id", "text", "value", "style") if name in element
    }
    return kept | {"block_id": block["block_id"], "action_ts": at}


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Everything in blocks that can be pressed, with its block."""
    for block in blocks:
        for each in (*block.get("elements", ()), block.get("accessory")):
            if each and "action_id" in each:
                yield block, each


def called(element: Json) -> str:
    """What a button says, or else the name of its action."""
    return str((element.get("text") or {}).get("text") or element["action_id"])


def event(what: Json, once: str, at: int, *, team: str = TEAM) -> Json:
    """An event as it is delivered."""
    ours = {"enterprise_id": None, "team_id": team, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": "invented",
        "team_id": team,
        "api_app_id": APP,
        "event": what,
        "type": "event_callback",
        "event_id": once,
        "event_time": at,
        "authorizations": [ours | {"is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": f"4-{once}",
    }


def typed(text: str) -> str:
    """Words as Slack sends them on."""
    return escape(text, quote=False)


def filled(view: Json, values: Mapping[str, str | Sequence[str]], *, sent: bool = True) -> Json:
    """The state of a form as far as it was filled in; what Slack's own window would not offer, or would not
    send, is an AssertionError.
    """
    inputs = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert values.keys() <= inputs.keys(), f"no such field: {values.keys() - inputs.keys()} of {[*inputs]}"
    state: Json = {}
    for name, block in inputs.items():
        entered = entry(block["element"], values.get(name))
        empty = not any(value for key, value in entered.items() if key != "type")
        assert not sent or block.get("optional") or not empty, f"{name} must be filled in"
        state[name] = {block["element"]["action_id"]: entered}
    return {"values": state}


def entry(element: Json, value: str | Sequence[str] | None) -> Json:
    """What Slack says of one field."""
    kind = element["type"]
    if kind in _ONE:
        chosen = _option(element, str(value)) if value is not None else element.get("initial_option")
        return {"type": kind, "selected_option": chosen}
    if kind in _MANY:
        given = [_option(element, each) for each in value] if value is not None else None
        return {"type": kind, "selected_options": given or element.get("initial_options") or []}
    name, initial = _PLAIN[kind]
    return {"type": kind, name: element.get(initial) if value is None else value}


def _option(element: Json, value: str) -> Json:
    found = [option for option in element["options"] if option["value"] == value]
    assert found, f"{value!r} is none of {[option['value'] for option in element['options']]}"
    option: Json = found[0]
    return option
