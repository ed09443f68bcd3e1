"""What somebody wrote to Bookend, out of Slack's events: a line, or one that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.chat.slack.hearing.asker import Asker
from bot.chat.slack.hearing.words import plain_words

Json = Mapping[str, Any]

#: The messages that are a person's own words; joins, reminders and the like are not.
_WORDS = (None, "thread_broadcast", "file_share", "me_message")
EDIT = "message_changed"


class Kind(StrEnum):
    """What stands in a message."""

    #: words
    WORDS = "words"
    #: a picture, a voice clip, nothing at all
    WORDLESS = "wordless"
    #: other words than it held when it was sent
    EDITED = "edited"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A message of a person to Bookend; `at` is when it was sent, as far as Slack says."""

    asker: Asker
    kind: Kind
    text: str = ""
    at: datetime | None = None


def written_of(event: Json, body: Json, *, bot: str) -> Written | None:
    """Return what a person wrote to Bookend, in a direct message or by its name; `None` for all else.

    A line has the same name by whichever event it comes.
    """
    mention = event.get("type") == "app_mention"
    if not (mention or event.get("channel_type") == "im"):
        return None
    if event.get("subtype") == EDIT:
        return _edited(event)
    # a name that was added later comes as a mention of its own
    if event.get("edited"):
        return _edited({"channel": event.get("channel"), "message": event})
    if event.get("subtype") not in _WORDS or not event.get("user") or event.get("bot_id"):
        return None
    text = plain_words(str(event.get("text") or ""), bot=bot)
    kind = Kind.WORDS if text or mention else Kind.WORDLESS
    return Written(asker=_asker(event, str(event["channel"])), kind=kind, text=text, at=_moment(body))


def _edited(event: Json) -> Written | None:
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    # Slack also changes a message by itself, such as when it unfolds a link
    if (
        now.get("bot_id")
        or not (now.get("user") and now.get("edited"))
        or now.get("text") == before.get("text")
    ):
        return None
    asker = _asker(now, str(event["channel"]))
    return Written(asker=replace(asker, once=f"edit:{asker.once}"), kind=Kind.EDITED)


def _asker(message: Json, channel: str) -> Asker:
    return Asker(
        account=str(message["user"]),
        once=f"line:{channel}:{message['ts']}",
        channel=channel,
        thread=message.get("thread_ts"),
    )


def _moment(body: Json) -> datetime | None:
    sent = body.get("event_time")
    return datetime.fromtimestamp(sent, UTC) if isinstance(sent, int) and sent > 0 else None
