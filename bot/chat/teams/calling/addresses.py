"""Where in the Bot Connector a thing is asked for; only ids go in, and quoted."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.core.errors import Undeliverable

#: With this begins what is asked of a service, whichever it is.
VERSION = "/v3/"
_ID = re.compile(r"(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9:@._;=-]{0,499}", re.ASCII)
NO_SUCH_ID = "Teams has no such id: nothing was sent."
#: Between a channel and the first message of a thread in it.
THREAD = ";messageid="


def is_id(told: str) -> bool:
    """Say whether this can be an id of Teams: anything else would lead to another address."""
    return bool(_ID.fullmatch(told))


def conversations(service: str, *path: str) -> str:
    """Return an address below the conversations of a service."""
    return _address(service, "conversations", *path)


def channels(service: str, team: str) -> str:
    """Return where the channels of a team are listed."""
    return _address(service, "teams", team, "conversations")


def in_thread(conversation: str, thread: str) -> str:
    """Return the conversation that a thread of a channel is."""
    return f"{conversation}{THREAD}{thread}" if thread else conversation


def _address(service: str, *path: str) -> str:
    if not all(map(is_id, path)):
        raise Undeliverable(NO_SUCH_ID)
    return service.rstrip("/") + VERSION + "/".join(quote(part, safe="") for part in path)
