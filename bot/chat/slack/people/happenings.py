"""What Slack tells that no person said: somebody left, a channel was archived, shared or closed to Bookend.

Nothing of it is believed: it only says of whom and what Slack is asked anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = Mapping[str, Any]
Names = Callable[[Json], tuple[Any, ...]]


def _person(event: Json) -> tuple[Any, ...]:
    user = event.get("user") or {}
    return user.get("id"), str((user.get("profile") or {}).get("email") or "").lower()


def _channel(event: Json) -> tuple[Any, ...]:
    found = event.get("channel")
    return (found.get("id") if isinstance(found, dict) else found,)


def _renumbered(event: Json) -> tuple[Any, ...]:
    return event.get("old_channel_id"), event.get("new_channel_id")


def _group(event: Json) -> tuple[Any, ...]:
    return event.get("subteam_id"), (event.get("subteam") or {}).get("id")


#: Slack's name of an event -> of whom or what it speaks: those that `joining.scopes` asks for, and no other.
ABOUT: Mapping[str, Names] = {
    "channel_archive": _channel,
    "channel_deleted": _channel,
    "channel_id_changed": _renumbered,
    "channel_left": _channel,
    "channel_shared": _channel,
    "channel_unarchive": _channel,
    "channel_unshared": _channel,
    "group_archive": _channel,
    "group_deleted": _channel,
    "group_left": _channel,
    "group_unarchive": _channel,
    "member_joined_channel": _channel,
    "subteam_created": _group,
    "subteam_members_changed": _group,
    "subteam_updated": _group,
    "team_join": _person,
    "user_change": _person,
}
#: It speaks of anybody who joined a channel, and only Bookend's own joining is of interest.
JOINED = "member_joined_channel"


class Happenings:
    """Takes every event that is nobody's words; each of `again` looks anew at some names."""

    def __init__(self, *again: Callable[..., None], bot: str) -> None:
        self._again = again
        self._bot = bot

    async def heard(self, event: Json) -> None:
        """Have Slack asked anew of whom or what an event speaks; leave every other event alone."""
        kind = str(event.get("type"))
        if kind in ABOUT and not (kind == JOINED and event.get("user") != self._bot):
            names = [str(name) for name in ABOUT[kind](event) if name]
            for look in self._again:
                look(*names)
