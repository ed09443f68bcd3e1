"""Who said something in Slack, where they see the answer, and their words as they typed them."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """Who said something, and where they see the answer; `trigger` lets a form open within three seconds."""

    account: str
    channel: str
    thread: str | None = None
    trigger: str = ""


def asker_of(body: Json) -> Asker:
    """Return who pressed something, and where."""
    place = body.get("container", {})
    return Asker(
        account=str(body["user"]["id"]),
        channel=str(body.get("channel", {}).get("id") or place.get("channel_id", "")),
        trigger=str(body.get("trigger_id", "")),
    )


def plain_words(text: str) -> str:
    """Return what somebody typed."""
    # Slack sends & < > as HTML does, and nothing else
    return html.unescape(text).strip()
