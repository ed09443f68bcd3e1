"""The roll call: which people, groups and channels of the clinics' files are there; what to do where not."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.faults import SOON
from bot.chat.slack.people.members import STRANGER, Members, is_shared
from bot.core.errors import BookendError, ChatTrouble, TryLater, Undeliverable
from bot.core.people import Clinic
from bot.core.staffing import Look, Lost, Trouble, is_email, troubles, wanted

Json = Mapping[str, Any]

#: What is said of an e-mail address that somebody else took: people change their own in Slack.
TAKEN = "is the account of somebody else in that file"


class Roll:
    """Looks up in Slack whom and what the clinics' files name.

    `unanswered` says why something could not be looked at, the last time.
    """

    def __init__(self, members: Members) -> None:
        self._members = members
        self._last = Look(platform=PLATFORM)
        self.unanswered = ""

    async def look(self, clinics: Iterable[Clinic]) -> Look:
        """Return what Slack says; where it does not answer, what it said before."""
        self.unanswered = ""
        known = [*clinics]
        named, purposes = wanted(known, PLATFORM), channels_of(known)
        people = await self._each(sorted(named.accounts), self._person)
        people |= dict.fromkeys(taken(known, people), ("", TAKEN))
        groups = await self._each(sorted(named.groups), self._group)
        channels = await self._each(sorted(named.channels), lambda name: self._channel(name, purposes[name]))
        lost = {name: found for name, found in {**groups, **channels}.items() if isinstance(found, Trouble)}
        refused = {name: why for name, (_, why) in people.items() if why}
        if self._last.accounts and nobody(named.accounts, refused):
            # a clinic is not left by everybody at one moment: whoever says so is not their Slack
            self.unanswered = "Slack knows nobody of the clinic's file any more."
            return self._last
        self._last = Look(
            platform=PLATFORM,
            accounts={name: account for name, (account, why) in people.items() if not why},
            refused=refused,
            groups={name: found for name, found in groups.items() if not isinstance(found, Trouble)},
            lost=lost,
            usable=frozenset(channels.keys() - lost.keys()),
        )
        return self._last

    async def _each(self, names: list[str], ask: Callable[[str], Awaitable[Any]]) -> dict[str, Any]:
        answers = await asyncio.gather(*(ask(name) for name in names), return_exceptions=True)
        found: dict[str, Any] = {}
        for name, answer in zip(names, answers, strict=True):
            if isinstance(answer, ChatTrouble):
                self.unanswered = str(answer)
                found |= self._before(name)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found[name] = answer
        return found

    def _before(self, name: str) -> dict[str, Any]:
        last = self._last
        answers = {
            **{each: (account, "") for each, account in last.accounts.items()},
            **{each: ("", why) for each, why in last.refused.items()},
            **last.groups,
            **last.lost,
            **dict.fromkeys(last.usable),
        }
        return {name: answers[name]} if name in answers else {}

    async def _person(self, name: str) -> tuple[str, str]:
        """Return an account as the file names it, and why it cannot take part."""
        account = await self._members.with_email(name) if is_email(name) else name
        if not account:
            return "", STRANGER
        try:
            return account, await self._members.why_not(account)
        except Undeliverable as refused:
            raise TryLater(str(refused), SOON) from refused

    async def _group(self, name: str) -> frozenset[str] | Trouble:
        try:
            return await self._members.in_group(name)
        except Undeliverable as refused:
            said = f"The user group {name} gives nobody a role: {refused} Check the id in your clinic's file."
            return Trouble(why=Lost.MISSING, said=said)

    async def _channel(self, name: str, purpose: str) -> Trouble | None:
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
    if nobody(accounts, look.refused):
        raise BookendError(
            f"Nobody of your clinic's file is in the Slack workspace {workspace}. Are the ids those of "
            "another one? Copy each from the person's profile here, or take the token of the other workspace."
        )
    if roll.unanswered:
        return (f"Who and what is in Slack could not be looked at: {roll.unanswered}",)
    return tuple(line for clinic in known for line in troubles(clinic, look))


def nobody(accounts: Collection[str], refused: Mapping[str, str]) -> bool:
    """Say whether Slack has never heard of anybody at all."""
    return bool(accounts) and all(refused.get(each) == STRANGER for each in accounts)


def taken(clinics: Iterable[Clinic], people: Mapping[str, tuple[str, str]]) -> set[str]:
    """Return the e-mail addresses whose account is that of somebody else in the same clinic."""
    found: set[str] = set()
    for clinic in clinics:
        named = [each.accounts[PLATFORM] for each in clinic.people.values() if PLATFORM in each.accounts]
        owned = {name: people[name][0] for name in named if name in people and people[name][0]}
        often = Counter(owned.values())
        found |= {name for name, account in owned.items() if is_email(name) and often[account] > 1}
    return found


def channels_of(clinics: Iterable[Clinic]) -> Mapping[str, str]:
    """Return the channels of the clinics' files: id -> what it is there for, such as "board"."""
    return {
        channel: what for clinic in clinics for what, channel in clinic.channels.get(PLATFORM, {}).items()
    }


def called(channel: Json, what: str) -> str:
    """Return how a channel of the file is named to a person."""
    return f"#{channel['name']} ({what})" if channel.get("name") else f"{channel['id']} ({what})"


async def read_by(members: Members, clinics: Iterable[Clinic], usable: Collection[str]) -> tuple[str, ...]:
    """Return a line for each channel that others than full members of the workspace read."""
    lines: list[str] = []
    for name, what in channels_of(clinics).items():
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
