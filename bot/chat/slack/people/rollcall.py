"""The roll call: which people, groups and channels of the clinics' files are there; what to do where not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from bot.chat.rollcall import RollCall, channels_of
from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.faults import SOON
from bot.chat.slack.people.members import STRANGER, Members, is_shared
from bot.core.errors import BookendError, TryLater, Undeliverable
from bot.core.people import Clinic
from bot.core.staffing import Lost, Trouble, is_email, troubles, wanted

Json = Mapping[str, Any]


class Roll(RollCall):
    """Looks up in Slack whom and what the clinics' files name."""

    def __init__(self, members: Members) -> None:
        super().__init__(PLATFORM, title="Slack", stranger=STRANGER)
        self._members = members

    async def person(self, name: str) -> tuple[str, str]:
        """Return an account as the file names it, and why it cannot take part."""
        account = await self._members.with_email(name) if is_email(name) else name
        if not account:
            return "", STRANGER
        try:
            return account, await self._members.why_not(account)
        except Undeliverable as refused:
            raise TryLater(str(refused), SOON) from refused

    async def group(self, name: str) -> frozenset[str] | Trouble:
        """Return who is in a user group."""
        try:
            return await self._members.in_group(name)
        except Undeliverable as refused:
            said = f"The user group {name} gives nobody a role: {refused} Check the id in your clinic's file."
            return Trouble(why=Lost.MISSING, said=said)

    async def channel(self, name: str, purpose: str) -> Trouble | None:
        """Return what is wrong with a channel."""
        try:
            return obstacle(await self._members.channel(name), purpose)
        except Undeliverable as refused:
            said = f"{name} ({purpose}): {refused} Check the id, and write /invite @Bookend there."
            return Trouble(why=Lost.MISSING, said=said)


async def roll_call(roll: Roll, clinics: Iterable[Clinic], *, workspace: str) -> tuple[str, ...]:
    """Return a line for everybody, every group and every channel that is not there.

    Raise BookendError where nobody is there at all: the file is about another workspace. A Slack that does
    not answer is no reason not to begin.
    """
    known = list(clinics)
    look = await roll.look(known)
    accounts = wanted(known, PLATFORM).accounts
    if roll.nobody(accounts, look.refused):
        raise BookendError(
            f"Nobody of your clinic's file is in the Slack workspace {workspace}. Are the ids those of "
            "another one? Copy each from the person's profile here, or take the token of the other workspace."
        )
    if roll.unanswered:
        return (f"Who and what is in Slack could not be looked at: {roll.unanswered}",)
    return tuple(line for clinic in known for line in troubles(clinic, look))


def called(channel: Json, what: str) -> str:
    """Return how a channel of the file is named to a person."""
    return f"#{channel['name']} ({what})" if channel.get("name") else f"{channel['id']} ({what})"


async def read_by(members: Members, clinics: Iterable[Clinic], usable: Collection[str]) -> tuple[str, ...]:
    """Return a line for each channel that others than full members of the workspace read."""
    lines: list[str] = []
    for name, what in channels_of(clinics, PLATFORM).items():
        if name in usable and (found := await members.outsiders(name)):
            there = called(await members.channel(name), what)
            lines.append(
                f"{there} is read by guests or people of another workspace ({', '.join(found)}): they see "
                "codes, procedures and what is missing. Take them out, or name another in your clinic's file."
            )
    return tuple(lines)


def obstacle(channel: Json, what: str) -> Trouble | None:
    """Return why nothing can be posted into a channel, and what to do; what is not mentioned is well."""
    name = called(channel, what)
    reasons = (
        (
            is_shared(channel),
            Lost.SHARED,
            "is shared with another company, so no case is shown there: name another in your clinic's file",
        ),
        (
            channel.get("is_archived"),
            Lost.CLOSED,
            "is archived: unarchive it, or name another in your clinic's file",
        ),
        (
            channel.get("is_member") is False,
            Lost.REMOVED,
            "does not have Bookend in it: write /invite @Bookend there",
        ),
        (
            channel.get("is_read_only") or channel.get("is_thread_only"),
            Lost.CLOSED,
            "lets only some people post: let Bookend post in its settings",
        ),
    )
    return next((Trouble(why=why, said=f"{name} {said}.") for so, why, said in reasons if so), None)
