"""views.*: forms that a person's deed opens, and Home."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from tests.chat.slack import limits
from tests.chat.slack.fake.names import APP, BOT, TEAM, Json
from tests.chat.slack.fake.refusal import Refusal, refused
from tests.chat.slack.fake.workspace import FakeSlack

#: How many forms may lie on top of each other, and how large one may be, in bytes.
DEEPEST, LARGEST = 3, 250_000


def open_view(slack: FakeSlack, args: Json) -> Json:
    view = _sent(slack, args, "modal")
    account = slack.triggers.exchanged(str(args["trigger_id"]))
    slack.stacks[account] = []
    return {"view": _placed(slack, view, account)}


def push_view(slack: FakeSlack, args: Json) -> Json:
    view = _sent(slack, args, "modal")
    account = slack.triggers.exchanged(str(args["trigger_id"]))
    if len(slack.stacks[account]) >= DEEPEST:
        raise Refusal("push_limit_reached")
    return {"view": _placed(slack, view, account)}


def update_view(slack: FakeSlack, args: Json) -> Json:
    found = _found(slack, args)
    _unchanged(found, args)
    view = _sent(slack, args, found["type"])
    return {"view": _kept(slack, found | view, view)}


def publish_view(slack: FakeSlack, args: Json) -> Json:
    account = str(args["user_id"])
    if account not in slack.users:
        raise Refusal("user_not_found")
    view = _sent(slack, args, "home")
    standing = slack.homes.get(account)
    if standing is not None:
        _unchanged(standing, args)
    base = standing or _new(slack)
    slack.homes[account] = _kept(slack, base | view, view)
    return {"view": slack.homes[account]}


def _sent(slack: FakeSlack, args: Json, kind: str) -> Json:
    view: Json = json.loads(args["view"]) if isinstance(args["view"], str) else args["view"]
    if len(json.dumps(view).encode()) > LARGEST:
        raise Refusal("view_too_large")
    if view.get("type") != kind:
        refused(
            "invalid_arguments", [f"a {kind} is expected here, not a {view.get('type')} [json-pointer:/view]"]
        )
    refused("invalid_arguments", limits.of_view(view))
    same = {each.get("external_id") for each in slack.opened.values()} - {"", None, args.get("external_id")}
    if view.get("external_id") in same:
        raise Refusal("duplicate_external_id")
    return view


def _new(slack: FakeSlack) -> Json:
    fixed = {"id": f"V{slack.number()}", "team_id": TEAM, "app_id": APP, "bot_id": BOT}
    return fixed | {"private_metadata": "", "callback_id": "", "external_id": "", "state": {"values": {}}}


def _placed(slack: FakeSlack, view: Json, account: str) -> Json:
    stack = slack.stacks[account]
    new = _new(slack)
    under = {"root_view_id": (stack or [new["id"]])[0], "previous_view_id": stack[-1] if stack else None}
    stack.append(new["id"])
    return _kept(slack, new | under | view, view)


def _kept(slack: FakeSlack, view: Json, sent: Json) -> Json:
    kept = view | {"blocks": slack.named(view["blocks"]), "hash": f"1800000000.h{slack.number()}"}
    slack.opened[kept["id"]] = kept
    slack.views.append(sent)
    return kept


def _found(slack: FakeSlack, args: Json) -> Json:
    name, external = args.get("view_id"), args.get("external_id")
    for each in slack.opened.values():
        if each["id"] == name or (external and each["external_id"] == external):
            return each
    raise Refusal("not_found")


def _unchanged(found: Json, args: Json) -> None:
    if args.get("hash") and args["hash"] != found["hash"]:
        raise Refusal("hash_conflict")


def answered(slack: FakeSlack, account: str, view: Json, answer: Json) -> None:
    """Do with a form that was sent in what the acknowledgement says."""
    stack = slack.stacks[account]
    match answer.get("response_action"):
        case None:
            stack.remove(view["id"])
        case "clear":
            stack.clear()
        case "errors":
            fields = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
            assert answer["errors"].keys() <= fields, f"no such field: {answer['errors'].keys() - fields}"
        case "update":
            _kept(slack, view | _sent(slack, answer, "modal"), answer["view"])
        case "push":
            _placed(slack, _sent(slack, answer, "modal"), account)


METHODS: Mapping[str, Callable[[FakeSlack, Json], Json]] = {
    "views.open": open_view,
    "views.push": push_view,
    "views.update": update_view,
    "views.publish": publish_view,
}
