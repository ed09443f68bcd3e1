"""Where Teams reaches whom: learned from whatever it tells us, kept, and checked again before it is used."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.addresses import is_id
from bot.chat.teams.calling.hosts import allowed
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.core.places import Place
from bot.ports import Places, Runner

#: Where Teams takes what is meant for somebody of whom it told nothing yet.
EVERYWHERE = "https://smba.trafficmanager.net/teams"
#: What does not say that somebody can be spoken to.
_SILENT = (Kind.LEFT, Kind.OTHER)


class KnownPlaces:
    """The conversations with people, and the channels, by account, by channel and by conversation.

    `own_service` is the one address that is believed where it is set, for a test client on this machine.
    """

    def __init__(self, places: Places, run: Runner, *, own_service: str = "") -> None:
        self._places = places
        self._run = run
        self._own_service = own_service
        self._known: dict[str, Place] = {}
        self._at: dict[str, str] = {}
        self._writing = asyncio.Lock()

    async def load(self) -> None:
        """Take on what is kept, other programs' places as well."""
        async with self._writing:
            for place in await self._run(self._places.all, PLATFORM):
                self._remember(place)

    async def catch_up(self, name: str) -> None:
        """Take on what other programs heard, where this one knows no way to an account, a channel or a
        conversation.
        """
        known = self._known.get(self._at.get(name, name))
        if known is None or known.refused or not known.conversation:
            await self.load()

    def person(self, account: str) -> Place | None:
        """Return a person's own conversation; its id is "" where only the person is known."""
        place = self._usable(account)
        return place if place and not place.is_channel else None

    def who(self, member: str) -> str:
        """Return whose an id of Teams is: their account, "" where it told nothing of them."""
        return next((each.name for each in self._each() if member and each.member == member), "")

    def channel(self, channel: str) -> Place | None:
        """Return a channel that Teams told of."""
        place = self._usable(channel)
        return place if place and place.is_channel else None

    def at(self, conversation: str) -> Place | None:
        """Return whose conversation or which channel this is."""
        return self._usable(self._at.get(conversation, ""))

    def refused(self, name: str) -> str:
        """Return why nothing can be said to an account or in a channel, "" where nothing is in the way."""
        return self._known[name].refused if name in self._known else ""

    def teams(self) -> tuple[Place, ...]:
        """Return the teams that Bookend is in, each as the channel that it begins with."""
        return tuple(each for each in self._each() if each.team == each.name and not each.refused)

    def of_team(self, team: str) -> tuple[Place, ...]:
        """Return the channels of a team."""
        return tuple(each for each in self._each() if team and each.team == team)

    def met(self) -> tuple[Place, ...]:
        """Return the people whose own conversation with Bookend is known."""
        return tuple(
            each for each in self._each() if not each.is_channel and each.conversation and not each.refused
        )

    def service(self) -> str:
        """Return the address that takes messages for somebody of whom nothing is known yet."""
        return self._own_service or next((each.service for each in self._each()), EVERYWHERE)

    async def learn(self, activity: Activity) -> None:
        """Take from an activity where its person, its channel and its team are reached."""
        if activity.kind in _SILENT or not activity.service or not self._news(activity):
            return
        # what another program heard of the same is not written over
        await self.load()
        for place in self._news(activity):
            await self.keep(place)

    async def keep(self, place: Place) -> None:
        """Know a place from now on; it is written where that is new, and nothing that leads elsewhere is."""
        if self._may_use(place) and self._known.get(place.name) != place:
            async with self._writing:
                await self._run(self._places.keep, place)
                self._remember(place)

    async def refuse(self, name: str, why: str) -> None:
        """Know that nothing can be said to an account or in a channel, and why."""
        await self.load()
        known = self._known.get(name) or _fresh(name, self.service())
        await self.keep(replace(known, refused=why))

    async def allowed(self, name: str) -> None:
        """Know that an account or a channel is reached again."""
        if self.refused(name):
            await self.load()
            await self.keep(replace(self._known[name], refused=""))

    def _news(self, activity: Activity) -> tuple[Place, ...]:
        told = (*self._told_of_person(activity), *self._told_of_channels(activity))
        return tuple(each for each in told if self._known.get(each.name) != each)

    def _told_of_person(self, activity: Activity) -> Iterator[Place]:
        if not (activity.account and activity.member):
            return
        known = self._known.get(activity.account) or _fresh(activity.account, activity.service)
        if activity.personal and activity.conversation:
            told = replace(known, conversation=activity.conversation, service=activity.service)
            yield replace(told, member=activity.member)
        elif known.member != activity.member:
            yield replace(known, member=activity.member)

    def _told_of_channels(self, activity: Activity) -> Iterator[Place]:
        # a team is called by the id of the channel that it begins with
        for name in dict.fromkeys(each for each in (activity.team, activity.channel) if each):
            known = self._known.get(name) or _fresh(name, activity.service)
            told = replace(known, conversation=name, service=activity.service)
            yield replace(told, team=activity.team or known.team)

    def _remember(self, place: Place) -> None:
        self._known[place.name] = place
        if place.conversation:
            self._at[place.conversation] = place.name

    def _usable(self, name: str) -> Place | None:
        place = self._known.get(name)
        return place if place and self._may_use(place) else None

    def _each(self) -> Iterator[Place]:
        return (each for each in (*self._known.values(),) if self._may_use(each))

    def _may_use(self, place: Place) -> bool:
        ids = (place.name, place.conversation, place.member, place.team)
        return allowed(place.service, self._own_service) and all(is_id(each) for each in ids if each)


def _fresh(name: str, service: str) -> Place:
    conversation = name if name.startswith("19:") else ""
    return Place(platform=PLATFORM, name=name, conversation=conversation, service=service)
