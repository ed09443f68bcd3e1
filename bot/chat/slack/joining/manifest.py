"""The app manifest: what Slack is told about Bookend when a clinic makes its app, by the table of rights."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from bot.chat.slack.bolting import COMMAND
from bot.chat.slack.drawing.carried import REPORT
from bot.chat.slack.joining.scopes import Use, asked_for, heard
from bot.chat.slack.reaching.signed import PATH
from bot.core.errors import BookendError

#: How long an app's name may be (docs.slack.dev/reference/app-manifest).
LONGEST_NAME = 35
ABOUT = (
    "Bookend asks your staff to confirm what must be true before and after every procedure, reminds them, "
    "and shows managers in one channel who is ready and who is not. A patient is a code such as K7Q2, never "
    "a name."
)


def manifest(name: str = "Bookend", *, url: str = "", uses: Collection[Use] = ()) -> dict[str, Any]:
    """Return the manifest for Socket Mode, or for signed requests to `url`; raise BookendError for what
    Slack would refuse.
    """
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise BookendError(f"Slack takes a name of 1 to {LONGEST_NAME} characters.")
    door = _door(url.strip()) if url else ""
    return {
        "display_information": {
            "name": name.strip(),
            "description": "Who is ready for today's procedures, and what is still missing",
            "long_description": ABOUT,
            "background_color": "#1f3d3a",
        },
        "features": _features(name.strip(), door),
        "oauth_config": {"scopes": {"bot": [*asked_for(uses)]}},
        "settings": {
            "event_subscriptions": _at(door, "request_url") | {"bot_events": [*heard(uses)]},
            "interactivity": {"is_enabled": True} | _at(door, "request_url"),
            "org_deploy_enabled": False,
            "socket_mode_enabled": not door,
            "token_rotation_enabled": False,
        },
    }


def _door(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise BookendError("Slack calls an address such as https://bookend.our-clinic.example, with https.")
    return url.rstrip("/").removesuffix(PATH) + PATH


def _features(name: str, door: str) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": name, "always_online": True},
        "shortcuts": [
            {
                # Slack shows 24 characters and refuses more; the description stands where there is room
                "name": "Report a problem",
                "type": "message",
                "callback_id": REPORT,
                "description": "Report a problem with this case",
            }
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                "description": "Who is ready, what is mine, and everything else",
                "usage_hint": "today | mine | overdue | case K7Q2 | new | help",
                # a colleague comes as an account: without it as a name, which two may have
                "should_escape": True,
            }
            | _at(door, "url")
        ],
    }


def _at(door: str, key: str) -> dict[str, str]:
    return {key: door} if door else {}
