"""Long lists come in pages, each with the way to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.chat.slack.fake.names import Json
from tests.chat.slack.fake.refusal import Refusal


def cut_into_pages(name: str, found: Sequence[Any], args: Json, *, most: int = 1000) -> Json:
    """The page that a cursor points to, under its name."""
    cursor, limit = str(args.get("cursor") or "0"), int(args.get("limit") or 100)
    if not cursor.isdigit():
        raise Refusal("invalid_cursor")
    if not 1 <= limit <= most:
        raise Refusal("invalid_limit")
    start = int(cursor)
    more = start + limit < len(found)
    return {
        name: list(found[start : start + limit]),
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }


def true(value: object) -> bool:
    """Whether a flag is set, however it was sent."""
    return str(value).lower() in ("1", "true")
