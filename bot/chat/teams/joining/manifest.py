"""The app manifest: what Teams is told about Bookend, in the newest form that its schema package knows.

Bookend asks for nothing but to be spoken to: no right to read a channel, no sign-in, no domain of its own in
Teams' windows. The limits are those of the schema, `v1.30` of npm's @microsoft/app-manifest 1.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.chat.teams.joining.icons import GROUND
from bot.core.errors import BookendError

FORM = "1.30"
SCHEMA = f"https://developer.microsoft.com/en-us/json-schemas/teams/v{FORM}/MicrosoftTeams.schema.json"
#: The page of our own server on which staff read what Bookend is and keeps.
ABOUT = "/about"
#: How long an app's name may be.
LONGEST_NAME = 30
#: Teams takes numbers alone, though its form says that others are fine.
_VERSION = re.compile(r"(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

SHORT = "Who is ready for today's procedures, and what is still missing"
FULL = (
    "Bookend asks your staff to confirm what must be true before and after every procedure, reminds them, "
    "and shows managers in one channel who is ready and who is not. It writes to each of you in your own "
    "chat with it; in a channel it hears only what mentions it. A patient is a code such as K7Q2, never a "
    "name."
)

#: What Teams offers while somebody types to Bookend alone, and where others hear it, at most twelve each: a
#: word, and what comes of it.
PERSONAL: Mapping[str, str] = {
    "mine": "What waits for you",
    "today": "Who comes today",
    "status": "The board now",
    "overdue": "What nobody answered",
    "case": "What blocks a case: add its code, such as case K7Q2",
    "new": "Book a case",
    "move": "Move a case to another date",
    "cancel": "Cancel a case",
    "event": "Report a complication: add the code, such as event K7Q2",
    "who": "Who a patient is, by a link for you alone: who K7Q2",
    "hold": "A device or room is out of use: hold room-2 fault reported",
    "help": "What else you can write here",
}
TEAM: Mapping[str, str] = {
    "status": "The board now; the answer is in your own chat",
    "today": "Who comes today",
    "overdue": "What nobody answered",
    "case": "What blocks a case: add its code, such as case K7Q2",
    "hold": "A device or room is out of use: hold room-2 fault reported",
    "rooms": "Who has which room today",
    "here": "For managers: the board stands in this channel from now on",
    "help": "What else you can write",
}


#: Teams' name of a right -> why Bookend asks for it. What is not here is not asked for.
RIGHTS: Mapping[str, str] = {
    "identity": "Knows by their account who presses and writes, so that each does only what their role may.",
    "messageTeamMembers": "Writes to people in their own chat, and to channels it was added to. It does not "
    "read what is said there, unless it is mentioned.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """The bot's app id, our own address, and what the app is called in Teams, with its version there."""

    client_id: str
    url: str
    name: str
    version: str


def manifest(wanted: Wanted) -> dict[str, Any]:
    """Return the manifest; raise BookendError for what Teams would refuse."""
    bot, name = _id(wanted.client_id), _name(wanted.name)
    about = f"{_address(wanted.url)}{ABOUT}"
    return {
        "$schema": SCHEMA,
        "manifestVersion": FORM,
        "version": _numbers(wanted.version),
        # one app for each bot: a newer package of the same bot takes the older one's place
        "id": bot,
        "developer": {
            "name": "Bookend",
            "websiteUrl": about,
            "privacyUrl": f"{about}#kept",
            "termsOfUseUrl": f"{about}#terms",
        },
        "name": {"short": name, "full": f"{name}: ready before, safe after"},
        "description": {"short": SHORT, "full": FULL},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#" + "".join(f"{each:02X}" for each in GROUND),
        "bots": [
            {
                "botId": bot,
                "scopes": ["personal", "team"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [_list("personal", PERSONAL), _list("team", TEAM)],
            }
        ],
        "permissions": [*RIGHTS],
    }


def _list(scope: str, offered: Mapping[str, str]) -> dict[str, Any]:
    commands = [{"title": word, "description": words} for word, words in offered.items()]
    return {"scopes": [scope], "commands": commands}


def _id(client_id: str) -> str:
    if not _GUID.fullmatch(client_id):
        raise BookendError(
            "Set BOOKEND_TEAMS_CLIENT_ID to the id of your bot's app registration: the package names it."
        )
    return client_id


def _name(name: str) -> str:
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise BookendError(f"Teams takes a name of 1 to {LONGEST_NAME} characters.")
    return name.strip()


def _numbers(version: str) -> str:
    if not _VERSION.fullmatch(version):
        raise BookendError(f"Teams takes a version of three numbers such as 1.4.2, and not {version!r}.")
    return version


def _address(url: str) -> str:
    parts = urlsplit(url.strip())
    odd = parts.query or parts.fragment or parts.path.endswith("/api/messages")
    # everybody in the tenant reads the package: a password has no place in it
    plain = not (odd or "@" in parts.netloc)
    if parts.scheme != "https" or not parts.hostname or not plain:
        raise BookendError(
            "The package leads your staff to a page of your own server that says what Bookend keeps: set "
            "BOOKEND_PUBLIC_URL, or give --url, such as https://bookend.our-clinic.example, with https and "
            "without /api/messages."
        )
    return url.strip().rstrip("/")
