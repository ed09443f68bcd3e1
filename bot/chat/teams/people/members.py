"""Who belongs to the clinic's tenant, and what its channels are: asked of Teams, kept for minutes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.chat.kept import Kept
from bot.chat.teams import PLATFORM
from bot.chat.teams.people.places import KnownPlaces
from bot.core.errors import Never, Undeliverable
from bot.core.places import Place
from bot.core.replies import Address
from bot.core.staffing import UNMET

Json = Mapping[str, Any]

#: What is said of an account that Teams does not know even where somebody spoke to Bookend alone.
STRANGER = "cannot be found in this organisation"
#: What is said of those who may be in a team all the same, and read what stands there.
GUEST, FOREIGN = "is a guest", "belongs to another organisation"
#: How many people without a team are looked through for an e-mail address.
CROWD = 200


class Asking(Protocol):
    """What is asked of Teams; raises TryLater or Undeliverable."""

    async def converse(self, service: str, member: str) -> str:
        """Return the id of somebody's own conversation, opened where there was none."""

    async def member(self, place: Place, member: str) -> Json:
        """Return one person of a conversation."""

    async def members(self, place: Place) -> list[Json]:
        """Return everybody of a conversation."""

    async def channels(self, service: str, team: str) -> list[Json]:
        """Return the channels of a team."""


class Members:
    """The clinic's own tenant. Asking raises TryLater or Undeliverable."""

    def __init__(self, client: Asking, places: KnownPlaces, *, tenant: str) -> None:
        self._client = client
        self._places = places
        self._tenant = tenant
        self._people = Kept(self._ask_person)
        self._openings = Kept(self._ask_opening)
        self._crowds = Kept(self._ask_crowd)
        self._channels = Kept(self._ask_channels)

    async def why_not(self, account: str) -> str:
        """Return why an account may not take part; "" for a full member of our tenant."""
        found = await self._people.of(account)
        return found if isinstance(found, str) else refusal(found, account, self._tenant)

    async def called(self, account: str) -> str:
        """Return the name by which somebody can be mentioned; their account where Teams does not say."""
        found = await self._people.of(account)
        return account if isinstance(found, str) else str(found.get("name") or account)

    async def with_email(self, email: str) -> str:
        """Return the account of an e-mail address, "" where nobody has it of whom Bookend knows."""
        async for each in self._known():
            if email in (_low(each, "email"), _low(each, "userPrincipalName")) and account_in(each):
                return account_in(each)
        return ""

    async def place(self, to: Address) -> Place:
        """Return where somebody or a channel is reached, opening the conversation where nobody did so yet;
        raise Undeliverable where nothing may be said.
        """
        await self._places.catch_up(to.account or to.channel)
        if to.channel:
            return await self._channel_place(to.channel)
        known = self._places.person(to.account)
        if known is None or not known.conversation:
            return await self._opened(to.account, known)
        return _spoken_in(known, Never.PERSON_LOST)

    async def opened(self, account: str) -> bool:
        """Say whether somebody who did not have Bookend in their chat has it by now."""
        return await self._openings.of(account)

    async def channel(self, channel: str) -> Json:
        """Return what Teams says of a channel; raise Undeliverable where Bookend sees none."""
        known = self._places.channel(channel)
        teams = [known.team] if known and known.team else [each.name for each in self._places.teams()]
        for team in teams:
            for each in await self._channels.of(team):
                if each.get("id") == channel:
                    return {**each, "team": team}
        # not every kind of channel is listed; who is in a conversation hears who else is
        await self._crowds.of(channel)
        return {"id": channel}

    async def shared(self, channel: str) -> bool:
        """Say whether people of other companies read a channel."""
        found = await self.channel(channel)
        if "team" in found:
            return is_shared(found)
        inside = await self._crowds.of(channel)
        return any(refusal(each, "", self._tenant) == FOREIGN for each in inside)

    async def ours(self, channel: str) -> bool:
        """Say whether the clinic's own people read a channel, and bots can post there: a standard one."""
        return not is_private(await self.channel(channel)) and not await self.shared(channel)

    async def outsiders(self, channel: str) -> tuple[str, ...]:
        """Return who reads a channel and is no full member of our tenant."""
        inside = await self._crowds.of(channel)
        return tuple(account_in(each) for each in inside if refusal(each, "", self._tenant))

    def forget(self, *names: str) -> None:
        """Ask Teams anew of these accounts, teams and channels when they are next spoken of."""
        for kept in (self._people, self._openings, self._crowds, self._channels):
            kept.forget(names)

    def forget_all(self) -> None:
        """Ask Teams anew of everybody and everything."""
        for kept in (self._people, self._openings, self._crowds, self._channels):
            kept.clear()

    async def _channel_place(self, channel: str) -> Place:
        place = _spoken_in(self._somewhere(channel), Never.CHANNEL_LOST)
        if await self.shared(channel):
            raise Undeliverable("people of another company read this channel", Never.CHANNEL_SHARED)
        # what is posted there is to be found again, though the clinic's file alone told of it
        place = replace(place, team=str((await self.channel(channel)).get("team") or place.team))
        await self._places.keep(place)
        return place

    async def _opened(self, account: str, known: Place | None) -> Place:
        if known is not None:
            _spoken_in(known, Never.PERSON_LOST)
        try:
            return await self._converse(account, known)
        except Undeliverable as refused:
            if refused.reason is Never.NO_RIGHT:
                raise
            await self._places.refuse(account, UNMET)
            raise Undeliverable(str(refused), Never.PERSON_LOST) from refused

    async def _converse(self, account: str, known: Place | None) -> Place:
        service = self._places.service()
        place = known or Place(platform=PLATFORM, name=account, conversation="", service=service)
        conversation = await self._client.converse(place.service, place.member or account)
        place = replace(place, conversation=conversation, refused="")
        await self._places.keep(place)
        return place

    async def _ask_opening(self, account: str) -> bool:
        try:
            await self._converse(account, self._places.person(account))
        except Undeliverable:
            return False
        return True

    async def _ask_person(self, account: str) -> Json | str:
        """Return what Teams says of an account, or why it says nothing."""
        why = UNMET
        for place, member in self._to_ask(account):
            try:
                return await self._client.member(place, member)
            except Undeliverable:
                # who is in no team may still be in the tenant; everybody is in their own conversation
                why = why if place.is_channel else STRANGER
        if why == STRANGER and (found := await self._in_own_conversation(account)):
            return found
        return why

    async def _in_own_conversation(self, account: str) -> Json | None:
        """Return somebody out of all who are there: not everywhere is one person found by their account."""
        place = self._places.person(account)
        try:
            inside = await self._client.members(place) if place else []
        except Undeliverable:
            return None
        return next((each for each in inside if account_in(each) == account), None)

    def _to_ask(self, account: str) -> Iterator[tuple[Place, str]]:
        own = self._places.person(account)
        places = [own] if own and own.conversation and not own.refused else []
        for place in (*places, *self._places.teams()):
            # some answer only for the id by which Teams calls somebody
            yield from ((place, each) for each in (own.member if own else "", account) if each)

    async def _known(self) -> AsyncIterator[Json]:
        """Yield everybody in our teams, then whoever else opened Bookend."""
        inside: set[str] = set()
        for team in self._places.teams():
            for each in await self._crowds.of(team.name):
                inside.add(account_in(each))
                yield each
        for place in [each for each in self._places.met() if each.name not in inside][:CROWD]:
            found = await self._people.of(place.name)
            if not isinstance(found, str):
                yield found

    async def _ask_crowd(self, channel: str) -> list[Json]:
        return await self._client.members(self._somewhere(channel))

    def _somewhere(self, channel: str) -> Place:
        known = self._places.channel(channel)
        service = self._places.service()
        return known or Place(platform=PLATFORM, name=channel, conversation=channel, service=service)

    async def _ask_channels(self, team: str) -> list[Json]:
        return await self._client.channels(self._places.service(), team)


def account_in(member: Json) -> str:
    """Return the object id of somebody as Teams tells of them."""
    return _low(member, "aadObjectId") or _low(member, "objectId")


def is_shared(channel: Json) -> bool:
    """Say whether a channel is made to be read by other companies."""
    return channel.get("type") == "shared"


def is_private(channel: Json) -> bool:
    """Say whether a channel is one of those in which no bot is heard."""
    return channel.get("type") == "private"


def refusal(member: Json, account: str, tenant: str) -> str:
    """Return why this person may not take part; what Teams does not mention is not so."""
    reasons = {
        STRANGER: account and account_in(member) not in ("", account),
        GUEST: member.get("userRole") == "guest",
        FOREIGN: _low(member, "tenantId") not in ("", tenant),
        "is not a person": member.get("userRole") in ("bot", "anonymous"),
    }
    return next((why for why, so in reasons.items() if so), "")


def _low(member: Json, name: str) -> str:
    return str(member.get(name) or "").lower()


def _spoken_in(place: Place, reason: Never) -> Place:
    if place.refused:
        raise Undeliverable(f"Teams: {place.refused}.", reason)
    return place
