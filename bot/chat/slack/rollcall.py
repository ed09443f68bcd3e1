"""The roll call: which people and channels of the clinics' files are there, and what to do where not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.faults import asking
from bot.chat.slack.members import Members
from bot.core.errors import BookendError, ChatTrouble, Undeliverable
from bot.core.people import Clinic, Person

PLATFORM = "slack"
#: What `Members` says of an account of another workspace.
STRANGER = "is not in this workspace"


async def roll_call(
    client: AsyncWebClient, members: Members, clinics: Iterable[Clinic], *, workspace: str
) -> tuple[str, ...]:
    """Return a line for everybody and every channel that will not be reached.

    Raise BookendError where nobody is there at all: the file is about another workspace. A Slack that does
    not answer is no reason not to begin.
    """
    known = list(clinics)
    try:
        people = await absent(members, known)
        channels = await unusable(client, known)
    except ChatTrouble as trouble:
        return (f"Who and what is in Slack could not be looked at: {trouble}",)
    everybody = list(people_of(known))
    if everybody and all(people.get(each.accounts[PLATFORM]) == STRANGER for each in everybody):
        raise BookendError(
            f"Nobody of your clinic's file is in the Slack workspace {workspace}. Are the ids those of "
            "another one? Copy each from the person's profile here, or take the token of the other workspace."
        )
    lines = (f"{_named(known, account)} {why} and will not be asked." for account, why in people.items())
    return (*lines, *channels.values())


def people_of(clinics: Iterable[Clinic]) -> Iterable[Person]:
    """Yield who has an account in Slack that is named by its id."""
    everybody = (each for clinic in clinics for each in clinic.people.values())
    return (each for each in everybody if "@" not in each.accounts.get(PLATFORM, "@"))


def channels_of(clinics: Iterable[Clinic]) -> Mapping[str, str]:
    """Return the channels of the clinics' files: id -> what it is there for, such as "board"."""
    return {
        channel: what for clinic in clinics for what, channel in clinic.channels.get(PLATFORM, {}).items()
    }


async def absent(members: Members, clinics: Iterable[Clinic]) -> dict[str, str]:
    """Return who of the clinics' files may not take part: account -> why."""
    accounts = [each.accounts[PLATFORM] for each in people_of(clinics)]
    whys = await asyncio.gather(*(members.why_not(account) for account in accounts))
    return {account: why for account, why in zip(accounts, whys, strict=True) if why}


async def unusable(client: AsyncWebClient, clinics: Iterable[Clinic]) -> dict[str, str]:
    """Return which channels of the clinics' files cannot be used: id -> what is wrong and what to do."""
    channels = channels_of(clinics)
    whys = await asyncio.gather(*(_trouble(client, each, what) for each, what in channels.items()))
    return {channel: why for channel, why in zip(channels, whys, strict=True) if why}


async def _trouble(client: AsyncWebClient, channel: str, what: str) -> str:
    try:
        with asking():
            found = await client.conversations_info(channel=channel)
            return obstacle(found["channel"], what)
    except Undeliverable as refused:
        return f"{channel} ({what}): {refused} Check the id, and write /invite @Bookend there."


def obstacle(channel: Mapping[str, Any], what: str) -> str:
    """Return why nothing can be posted into a channel, and what to do; what is not mentioned is well."""
    name = f"#{channel['name']} ({what})" if channel.get("name") else f"{channel['id']} ({what})"
    reasons = {
        "is archived: unarchive it, or name another in your clinic's file": channel.get("is_archived"),
        "is shared with another company, so no case is shown there: name another in your clinic's file": (
            channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")
        ),
        "does not have Bookend in it: write /invite @Bookend there": channel.get("is_member") is False,
        "lets only some people post: let Bookend post in its settings": (
            channel.get("is_read_only") or channel.get("is_thread_only")
        ),
    }
    return next((f"{name} {why}." for why, so in reasons.items() if so), "")


def _named(clinics: Iterable[Clinic], account: str) -> str:
    whose = next(each.name for each in people_of(clinics) if each.accounts[PLATFORM] == account)
    return f"{whose} ({account})"
