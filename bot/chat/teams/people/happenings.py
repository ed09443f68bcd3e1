"""What every activity says of people and places, before it is answered: where they are, if they still are.

Teams may say the same twice, and in any order: what is older than the newest of somebody changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime

from bot.chat.attendance import Attendance
from bot.chat.newest import Newest
from bot.chat.teams.people.members import Members
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.people.rollcall import ARCHIVED, DELETED, REMOVED, TEAM_DELETED, UNHEARD
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.core.errors import Undeliverable
from bot.core.replies import Address
from bot.core.staffing import BLOCKED, TAKEN_OUT, UNMET

#: How long somebody who is met, or is back, waits for their first answer, in seconds.
PATIENCE = 2.0
#: Of how many it is remembered when Teams spoke of them last.
MOST = 5000
#: What people do themselves: it shows that they are there.
SPOKEN = (Kind.MESSAGE, Kind.PRESS, Kind.OPEN, Kind.SUBMIT)
#: Teams' name of what happened to a channel or a team -> why nothing can be said there, "" where it can.
CHANNELS: Mapping[str, str] = {"channelDeleted": DELETED, "channelRestored": ""}
TEAMS: Mapping[str, str] = {
    "teamArchived": ARCHIVED,
    "teamUnarchived": "",
    "teamDeleted": TEAM_DELETED,
    "teamHardDeleted": TEAM_DELETED,
    "teamRestored": "",
}
#: Why nothing can be said anywhere in a team.
TEAM_WIDE = (ARCHIVED, TEAM_DELETED, REMOVED)
#: A newer app comes in two steps; nobody is without it between them.
_NEWER = "remove-upgrade"


class Happenings:
    """Takes every activity. A person or place that Teams gave up is asked again once they are heard of."""

    def __init__(self, places: KnownPlaces, members: Members, attendance: Attendance) -> None:
        self._places = places
        self._members = members
        self._attendance = attendance
        self._told = Newest[str, datetime](MOST)

    async def heard(self, activity: Activity) -> None:
        """Learn from an activity; return when whoever spoke counts as there."""
        met_before = self._is_met(activity)
        await self._places.learn(activity)
        changed = await self._changes(activity) if self._is_new(activity) else ()
        if self._is_met(activity) and not met_before:
            changed = (*changed, activity.account)
        if changed and activity.kind in SPOKEN:
            await self._attendance.at_once(*changed, within=PATIENCE)
        elif changed:
            self._attendance.again(*changed)

    async def unreached(self, to: Address) -> None:
        """Take that a message to somebody or a channel was refused for good."""
        name = to.account or to.channel
        if not self._places.refused(name) and not await self._is_shared(to.channel):
            known = self._places.person(name)
            person = BLOCKED if known is not None and known.conversation else UNMET
            await self._places.refuse(name, person if to.account else UNHEARD)
        self._attendance.again(name)

    async def _is_shared(self, channel: str) -> bool:
        # where other companies read, Teams itself would take anything
        with suppress(Undeliverable):
            return bool(channel) and await self._members.shared(channel)
        return False

    async def _changes(self, activity: Activity) -> Collection[str]:
        """Return of whom or what Teams is to be asked anew."""
        match activity.kind:
            case Kind.LEFT if not activity.name.endswith(_NEWER):
                return await self._left(activity)
            case Kind.JOINED:
                return await self._joined(activity)
            case Kind.CHANGED:
                return await self._changed(activity)
            case kind if kind in SPOKEN:
                return await self._allowed(self._heard_in(activity))
        return ()

    def _heard_in(self, activity: Activity) -> Collection[str]:
        if activity.personal:
            return (activity.account,)
        team = [each for each in self._in_team(activity) if self._places.refused(each) in TEAM_WIDE]
        return (activity.channel, *team)

    async def _left(self, activity: Activity) -> Collection[str]:
        if activity.team:
            return await self._refused(self._in_team(activity), REMOVED)
        place = self._places.at(activity.conversation)
        person = activity.account or (place.name if place is not None and not place.is_channel else "")
        return await self._refused([person] if activity.personal and person else [], TAKEN_OUT)

    async def _joined(self, activity: Activity) -> Collection[str]:
        if activity.personal:
            await self._allowed([activity.account])
            return (activity.account,)
        inside = self._in_team(activity)
        await self._allowed([each for each in inside if self._places.refused(each) != DELETED])
        return inside

    async def _changed(self, activity: Activity) -> Collection[str]:
        event = activity.name.rpartition(" ")[2]
        about = self._in_team(activity)
        for names, reasons in (([activity.channel], CHANNELS), (about, TEAMS)):
            why = reasons.get(event)
            if why:
                await self._refused(names, why)
            elif why is not None:
                await self._allowed(names)
        return (*activity.others, *about)

    def _in_team(self, activity: Activity) -> list[str]:
        inside = [each.name for each in self._places.of_team(activity.team)]
        return [*dict.fromkeys(each for each in (activity.team, activity.channel, *inside) if each)]

    async def _refused(self, names: Collection[str], why: str) -> Collection[str]:
        for name in names:
            await self._places.refuse(name, why)
        return names

    async def _allowed(self, names: Collection[str]) -> Collection[str]:
        back = [name for name in names if self._places.refused(name)]
        for name in back:
            await self._places.allowed(name)
        return back

    def _is_met(self, activity: Activity) -> bool:
        place = self._places.person(activity.account)
        return place is not None and bool(place.conversation)

    def _is_new(self, activity: Activity) -> bool:
        """Say whether Teams told nothing newer of the same person, or of the same team or channel."""
        about = activity.account if activity.personal else activity.team or activity.channel
        before = self._told.get(about)
        if activity.at is None or not about:
            return True
        if before is not None and activity.at < before:
            return False
        self._told.keep(about, activity.at)
        return True
