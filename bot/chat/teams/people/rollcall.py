"""The roll call: which people and channels of the clinics' files are there in Teams; what to do where not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat.rollcall import RollCall, channels_of
from bot.chat.teams import PLATFORM
from bot.chat.teams.people.members import STRANGER, Members, is_private
from bot.chat.teams.people.places import KnownPlaces
from bot.core.errors import BookendError, TryLater, Undeliverable
from bot.core.people import Clinic
from bot.core.staffing import UNMET, Look, Lost, Trouble, is_email, troubles, wanted

Json = Mapping[str, Any]

#: When Teams is asked again about somebody of whom it would say nothing.
SOON = timedelta(seconds=30)
#: Why nothing can be said in a channel, as it is kept.
DELETED = "was deleted"
ARCHIVED = "is in a team that is archived"
TEAM_DELETED = "is in a team that was deleted"
REMOVED = "is in a team that Bookend was taken out of"
UNHEARD = "does not let Bookend post"
#: Which sort of loss each is, and what to do.
_LOST: Mapping[str, tuple[Lost, str]] = {
    DELETED: (Lost.MISSING, "restore it, or name another in your clinic's file"),
    ARCHIVED: (Lost.CLOSED, "restore the team, or name another channel in your clinic's file"),
    TEAM_DELETED: (Lost.MISSING, "restore the team, or name another channel in your clinic's file"),
    REMOVED: (Lost.REMOVED, "add Bookend to the team again, and write @Bookend help in the channel"),
    UNHEARD: (Lost.REMOVED, "see that Bookend is in its team, and write @Bookend help in the channel"),
}
_PRIVATE = "is a private channel, and Bookend speaks in standard channels only"
_SHARED = "is shared with another company, so no case is shown there"
_ANOTHER = "name another in your clinic's file"


class Roll(RollCall):
    """Looks up in Teams whom and what the clinics' files name."""

    def __init__(self, members: Members, places: KnownPlaces) -> None:
        super().__init__(PLATFORM, title="Teams", stranger=STRANGER)
        self._members = members
        self._places = places

    async def look(self, clinics: Iterable[Clinic]) -> Look:
        """Return what Teams says, and who opened Bookend; where it does not answer, what it said before."""
        # another program on this database may have heard what this one did not
        await self._places.load()
        look = await super().look(clinics)
        met = {each.name for each in self._places.met()}
        return replace(look, met=frozenset(met & {*look.accounts.values()}))

    async def person(self, name: str) -> tuple[str, str] | None:
        """Return an account as the file names it, and why it cannot take part."""
        account = await self._members.with_email(name) if is_email(name) else name
        if not account:
            # who left is nobody any more, and who was never met may be there all the same
            return ("", STRANGER) if name in self._last.accounts else None
        refused = self._places.refused(account)
        if refused and not (refused == UNMET and await self._members.opened(account)):
            return account, refused
        try:
            why = await self._members.why_not(account)
        except Undeliverable as silent:
            raise TryLater(str(silent), SOON) from silent
        return account, "" if why == UNMET else why

    async def group(self, name: str) -> frozenset[str] | Trouble:
        """Return what is wrong with a group: no role is given by one in Teams."""
        return Trouble(why=Lost.MISSING, said=f"The group {name} gives nobody a role in Teams.")

    async def channel(self, name: str, purpose: str) -> Trouble | None:
        """Return what is wrong with a channel."""
        if refused := self._places.refused(name):
            return _kept_trouble(name, purpose, refused)
        try:
            found = await self._members.channel(name)
            return obstacle(found, purpose, shared=await self._members.shared(name))
        except Undeliverable as unknown:
            said = f"{name} ({purpose}): {unknown} Check the id, and add Bookend to the team of that channel."
            return Trouble(why=Lost.MISSING, said=said)


async def roll_call(roll: Roll, clinics: Iterable[Clinic]) -> tuple[str, ...]:
    """Return a line for everybody and every channel that is not there, or not yet.

    Raise BookendError where nobody is there at all: the file is about another tenant. A Teams that does not
    answer is no reason not to begin.
    """
    known = list(clinics)
    look = await roll.look(known)
    if roll.nobody(wanted(known, PLATFORM).accounts, look.refused):
        raise BookendError(
            "Nobody of your clinic's file is in this Microsoft 365 tenant. Are the ids those of another? "
            "Copy each person's object id from Microsoft Entra, or set BOOKEND_TEAMS_TENANT_ID right."
        )
    if roll.unanswered:
        return (f"Who and what is in Teams could not be looked at: {roll.unanswered}",)
    return tuple(line for clinic in known for line in (*troubles(clinic, look), *unmet(clinic, look)))


def unmet(clinic: Clinic, look: Look) -> Iterator[str]:
    """Yield a line for those of a clinic who cannot be asked before they open Bookend."""
    named = [(each, each.accounts[PLATFORM]) for each in clinic.people.values() if PLATFORM in each.accounts]
    absent = [
        f"{person.name} ({account})"
        for person, account in named
        if account not in look.refused and look.accounts.get(account) not in look.met
    ]
    if absent and len(absent) == len(named):
        yield (
            f"Nobody of {clinic.title} has opened Bookend in Teams yet: install it for them, or let each "
            "open it and write hello."
        )
    else:
        for who in absent:
            yield f"{who} has not opened Bookend in Teams yet: install it for them, or let them write hello."


async def read_by(members: Members, clinics: Iterable[Clinic], usable: Collection[str]) -> tuple[str, ...]:
    """Return a line for each channel that others than full members of the tenant read."""
    lines: list[str] = []
    for name, what in channels_of(clinics, PLATFORM).items():
        if name in usable and (found := await members.outsiders(name)):
            there = called(await members.channel(name), what)
            lines.append(
                f"{there} is read by guests ({', '.join(found)}): they see codes, procedures and what is "
                "missing. Take them out of the team, or name another channel in your clinic's file."
            )
    return tuple(lines)


def called(channel: Json, what: str) -> str:
    """Return how a channel of the file is named to a person."""
    return f"{channel['name']} ({what})" if channel.get("name") else f"{channel['id']} ({what})"


def obstacle(channel: Json, what: str, *, shared: bool) -> Trouble | None:
    """Return why nothing can be posted into a channel, and what to do; what is not mentioned is well."""
    name = called(channel, what)
    if shared:
        return Trouble(why=Lost.SHARED, said=f"{name} {_SHARED}: {_ANOTHER}.")
    if is_private(channel):
        return Trouble(why=Lost.CLOSED, said=f"{name} {_PRIVATE}: {_ANOTHER}.")
    return None


def _kept_trouble(name: str, what: str, refused: str) -> Trouble:
    why, todo = _LOST.get(refused, _LOST[UNHEARD])
    return Trouble(why=why, said=f"{name} ({what}) {refused}: {todo}.")
