"""How a clinic's file names people and channels on each platform; what is said of names that are none."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from bot.files.entry import Entry

PLATFORMS = ("slack", "teams", "local")

EMAIL = r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;.\"]+"
#: A member of Slack, a person's object id in Microsoft Entra, and a channel of a team.
MEMBER = r"[UW][A-Z0-9]{2,}"
OBJECT = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
TEAMS_CHANNEL = r"19:[A-Za-z0-9_-]+@thread\.(tacv2|skype)"
_ELSE = "or an e-mail address"


def account_of(platform: str, entry: Entry) -> str:
    """Return somebody's account: an id, or in Slack and Teams an e-mail address as well."""
    account = entry.text()
    return _ACCOUNTS[platform](account, entry) if account and platform in _ACCOUNTS else account


def channel_of(platform: str, entry: Entry) -> str:
    """Return the id of a channel."""
    channel = entry.text()
    if platform != "teams" or not channel or re.fullmatch(TEAMS_CHANNEL, channel):
        return channel
    named = channel_in_link(channel)
    if named:
        entry.wrong(f"write only the channel's id that this link names: {named}")
    elif "@thread.v2" in channel:
        entry.wrong("this is a group chat: a channel of a team is wanted, such as 19:0a1b@thread.tacv2")
    else:
        entry.wrong(
            f"expected a channel's id such as 19:0a1b@thread.tacv2, found {entry.shown}; it stands in the "
            "link that “Get link to channel” copies"
        )
    return channel


def channel_in_link(said: str) -> str:
    """Return the id of the channel that a link of Teams leads to, "" where it leads to none."""
    found = re.search(TEAMS_CHANNEL, unquote(said))
    return found[0] if found else ""


def _slack(account: str, entry: Entry) -> str:
    if re.fullmatch(MEMBER, account):
        return account
    return _address(account, entry, f"a member id such as U012AB3CD {_ELSE}")


def _teams(account: str, entry: Entry) -> str:
    if re.fullmatch(OBJECT, account):
        return account.lower()
    return _address(account, entry, f"an object id such as 8f0e0000-0000-0000-0000-000000000001 {_ELSE}")


def _address(account: str, entry: Entry, wanted: str) -> str:
    if not re.fullmatch(EMAIL, account):
        entry.wrong(f"expected {wanted}, found {entry.shown}")
    return account.lower()


_ACCOUNTS: Mapping[str, Callable[[str, Entry], str]] = {"slack": _slack, "teams": _teams}
