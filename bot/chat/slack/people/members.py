"""Who belongs to the clinic's workspace, its channels and groups: asked of Slack, kept for minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.kept import Kept
from bot.chat.slack.calling.faults import asking, code_of

#: What is said of an account that nobody has here.
STRANGER = "is not in this workspace"
#: What is said of those who may be in a channel all the same, and read what stands there.
GUEST, FOREIGN = "is a guest", "belongs to another workspace"
#: How many people of a channel are looked at.
CROWD = 200

Json = Mapping[str, Any]


class Members:
    """The clinic's own workspace. Asking raises TryLater or Undeliverable."""

    def __init__(self, client: AsyncWebClient, *, team: str) -> None:
        self._client = client
        self._team = team
        self._people = Kept(self._ask_person)
        self._emails = Kept(self._ask_email)
        self._channels = Kept(self._ask_channel)
        self._groups = Kept(self._ask_group)
        self._direct: dict[str, str] = {}

    async def why_not(self, account: str) -> str:
        """Return why an account may not take part; "" for a full member of our workspace."""
        return await self._people.of(account)

    async def with_email(self, email: str) -> str:
        """Return the account of an e-mail address, "" where nobody here has it, or has it no longer."""
        return await self._emails.of(email)

    async def in_group(self, group: str) -> frozenset[str]:
        """Return the accounts that are in a user group; raise Undeliverable where there is none."""
        return await self._groups.of(group)

    async def conversation(self, account: str) -> str:
        """Return the direct conversation with somebody, which stays the same."""
        if account not in self._direct:
            with asking():
                opened = await self._client.conversations_open(users=[account])
                self._direct[account] = str(opened["channel"]["id"])
        return self._direct[account]

    def spoken_to_in(self, channel: str) -> tuple[str, ...]:
        """Return whose direct conversation a channel is, of those that were opened."""
        return tuple(account for account, where in self._direct.items() if where == channel)

    async def channel(self, channel: str) -> Json:
        """Return what Slack says of a channel; raise Undeliverable where Bookend sees none."""
        return await self._channels.of(channel)

    async def shared(self, channel: str) -> bool:
        """Say whether a channel is shared with another company, or about to be."""
        return is_shared(await self.channel(channel))

    async def ours_alone(self, channel: str) -> bool:
        """Say whether Bookend is in a channel, and no other company."""
        found = await self.channel(channel)
        return not is_shared(found) and found.get("is_member") is not False

    async def outsiders(self, channel: str) -> tuple[str, ...]:
        """Return who reads a channel and is no full member of our workspace; of many people, the first."""
        with asking():
            inside = (await self._client.conversations_members(channel=channel, limit=CROWD))["members"]
        return tuple([each for each in inside if await self.why_not(each) in (GUEST, FOREIGN)])

    def forget(self, *names: str) -> None:
        """Ask Slack anew of these accounts, addresses, groups and channels when they are next spoken of."""
        for kept in (self._people, self._emails, self._channels, self._groups):
            kept.forget(names)

    def forget_all(self) -> None:
        """Ask Slack anew of everybody and everything."""
        for kept in (self._people, self._emails, self._channels, self._groups):
            kept.clear()

    async def _ask_person(self, account: str) -> str:
        with asking():
            try:
                found = await self._client.users_info(user=account)
            except SlackApiError as error:
                if code_of(error) in ("user_not_found", "user_not_visible"):
                    return STRANGER
                raise
            return refusal(found["user"], self._team)

    async def _ask_email(self, email: str) -> str:
        with asking():
            try:
                found = await self._client.users_lookupByEmail(email=email)
            except SlackApiError as error:
                if code_of(error) == "users_not_found":
                    return ""
                raise
            return str(found["user"]["id"])

    async def _ask_group(self, group: str) -> frozenset[str]:
        with asking():
            return frozenset((await self._client.usergroups_users_list(usergroup=group))["users"])

    async def _ask_channel(self, channel: str) -> Json:
        with asking():
            found: Json = (await self._client.conversations_info(channel=channel))["channel"]
        return found


def is_shared(channel: Json) -> bool:
    """Say whether another company reads a channel, or is about to; what is not mentioned is not so."""
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))


def refusal(user: Json, team: str) -> str:
    """Return why this user may not take part; what Slack does not mention is not so."""
    teams = {user.get("team_id", team), *(user.get("enterprise_user") or {}).get("teams", ())}
    reasons = {
        "is not a person": user.get("is_bot") or user.get("id") == "USLACKBOT",
        "has left": user.get("deleted"),
        GUEST: user.get("is_restricted") or user.get("is_ultra_restricted"),
        FOREIGN: user.get("is_stranger") or team not in teams,
    }
    return next((why for why, so in reasons.items() if so), "")
