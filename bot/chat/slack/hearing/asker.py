"""Who said something in Slack, by which name it is known again, and where they see the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.chat.buttons import command
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
    channel = place_of(view) or str(written)
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


def commander_of(said: Json, words: tuple[str, ...]) -> Asker:
    """Return who gave a command of these words."""
    trigger = str(said.get("trigger_id", ""))
    return Asker(
        account=said["user_id"],
        once=f"command:{trigger}",
        channel=said["channel_id"],
        trigger=trigger,
        anywhere=True,
        again=command(words),
        asked=words,
    )
