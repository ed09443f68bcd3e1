"""Which token and which right each method wants (docs.slack.dev/reference/methods)."""

from __future__ import annotations

from collections.abc import Mapping

from tests.chat.slack.fake.names import APP_TOKEN, TOKEN, Json
from tests.chat.slack.fake.refusal import Refusal

#: The one method for which the app-level token is made, and the only one that takes it.
OPEN = "apps.connections.open"
#: One right for each kind of conversation: public, private, direct.
KINDS = ("channels", "groups", "im")

RIGHTS: Mapping[str, str] = {
    OPEN: "",
    "auth.test": "",
    "bots.info": "users:read",
    "team.info": "team:read",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.lookupByEmail": "users:read.email",
    "usergroups.list": "usergroups:read",
    "usergroups.users.list": "usergroups:read",
    "conversations.info": "*:read",
    "conversations.list": "*:read",
    "conversations.members": "*:read",
    "conversations.open": "im:write",
    "conversations.history": "*:history",
    "conversations.replies": "*:history",
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.getPermalink": "",
    "views.open": "",
    "views.push": "",
    "views.update": "",
    "views.publish": "",
    "pins.add": "pins:write",
    "pins.remove": "pins:write",
}
#: Rights that belong to no method: they let something reach the app.
OF_EVENTS = {"commands", "app_mentions:read", "pins:read", "users.profile:read", "reactions:read"}
_ALL = {f"{kind}:{right.partition(':')[2]}" for kind in KINDS for right in RIGHTS.values() if "*" in right}
#: All that an app of ours might ask for; what a workspace has granted unless a test says otherwise.
EVERY_RIGHT = ",".join(sorted({*OF_EVENTS, *_ALL, *(r for r in RIGHTS.values() if r and "*" not in r)}))


def check_token(method: str, token: str) -> None:
    """Refuse a token that Slack does not know, or that is of the wrong kind."""
    if not token:
        raise Refusal("not_authed")
    if token.startswith("xapp-") is not (method == OPEN):
        raise Refusal("not_allowed_token_type")
    if token not in (TOKEN, APP_TOKEN):
        raise Refusal("invalid_auth")


def check_right(method: str, granted: str, place: Json | None = None) -> None:
    """Refuse what the app was not given a right for; `place` is the conversation it is about."""
    wanted = RIGHTS[method]
    if "*" in wanted:
        kinds = KINDS if place is None else (kind_of(place),)
        accepted = {wanted.replace("*", kind) for kind in kinds}
    else:
        accepted = {wanted} - {""}
    if accepted and not accepted & set(granted.split(",")):
        raise Refusal("missing_scope", needed=",".join(sorted(accepted)), provided=granted)


def kind_of(place: Json) -> str:
    if place.get("is_im"):
        return "im"
    return "groups" if place.get("is_private") else "channels"
