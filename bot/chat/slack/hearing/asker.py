"""Who said something in Slack, by which name it is known again, and where they see the answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.slack.drawing.carried import place_of

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who said something, and where they see the answer: `channel` is a conversation, or a screen's place.

    `once` is the same when Slack tells of it again. `trigger` lets a form open for three seconds, `again` is
    the command whose form a button can open later. `view` is the modal in which it was said; it was said
    `anywhere` behind /bookend or in the menu of a message, which work where Bookend is not. `asked` is the
    command, if it was one.
    """

    account: str
    once: str
    channel: str
    thread: str | None = None
    trigger: str = ""
    view: str = ""
    anywhere: bool = False
    again: str = ""
    asked: tuple[str, ...] = ()


def asker_of(body: Json) -> Asker:
    """Return who pressed something, and where."""
    place, action, view = body.get("container", {}), body["actions"][0], body.get("view") or {}
    account = str(body["user"]["id"])
    written = body.get("channel", {}).get("id") or place.get("channel_id", "")
    channel = place_of(view) or str(written or _carried(view))
    where = place.get("message_ts") or view.get("id", "")
    return Asker(
        account=account,
        once=f"press:{channel}:{where}:{action.get('action_ts')}:{account}",
        channel=channel,
        trigger=str(body.get("trigger_id", "")),
        view=str(view.get("id", "")) if view.get("type") == "modal" else "",
    )


def pointer_of(body: Json) -> Asker:
    """Return who used the menu of a message."""
    account, channel, message = str(body["user"]["id"]), str(body["channel"]["id"]), body["message"]
    return Asker(
        account=account,
        once=f"point:{channel}:{message['ts']}:{body.get('action_ts')}:{account}",
        channel=channel,
        thread=message.get("thread_ts"),
        trigger=str(body.get("trigger_id", "")),
        anywhere=True,
    )


def _carried(view: Json) -> str:
    try:
        return str(json.loads(view.get("private_metadata") or "{}").get("channel", ""))
    except (ValueError, AttributeError):
        return ""
