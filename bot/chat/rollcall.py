"""The roll call: which people, groups and channels of the clinics' files a platform has."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from bot.core.errors import ChatTrouble
from bot.core.people import Clinic
from bot.core.staffing import Look, Trouble, is_email, wanted

#: What is said of an e-mail address that somebody else took: people change their own on a platform.
TAKEN = "is the account of somebody else in that file"


class RollCall(ABC):
    """Looks up on a platform, which people call `title`, whom and what the clinics' files name.

    `stranger` is what is said of an account that nobody has there; `unanswered` says why something could not
    be looked at, the last time.
    """

    def __init__(self, platform: str, *, title: str, stranger: str) -> None:
        self._platform = platform
        self._title = title
        self._stranger = stranger
        self._last = Look(platform=platform)
        self.unanswered = ""

    @abstractmethod
    async def person(self, name: str) -> tuple[str, str] | None:
        """Return an account as the file names it, and why it cannot take part; `None` to say nothing yet."""

    @abstractmethod
    async def group(self, name: str) -> frozenset[str] | Trouble:
        """Return who is in a group."""

    @abstractmethod
    async def channel(self, name: str, purpose: str) -> Trouble | None:
        """Return what is wrong with a channel."""

    async def look(self, clinics: Iterable[Clinic]) -> Look:
        """Return what the platform says; where it does not answer, what it said before."""
        self.unanswered = ""
        known = [*clinics]
        named, purposes = wanted(known, self._platform), channels_of(known, self._platform)
        people = await self._people(known, sorted(named.accounts))
        groups = await self._each(sorted(named.groups), self.group)
        channels = await self._each(sorted(named.channels), lambda name: self.channel(name, purposes[name]))
        lost = {name: found for name, found in {**groups, **channels}.items() if isinstance(found, Trouble)}
        refused = {name: why for name, (_, why) in people.items() if why}
        if self._last.accounts and self.nobody(named.accounts, refused):
            # a clinic is not left by everybody at one moment: whoever says so is not their platform
            self.unanswered = f"{self._title} knows nobody of the clinic's file any more."
            return self._last
        self._last = Look(
            platform=self._platform,
            accounts={name: account for name, (account, why) in people.items() if not why},
            refused=refused,
            groups={name: found for name, found in groups.items() if not isinstance(found, Trouble)},
            lost=lost,
            usable=frozenset(channels.keys() - lost.keys()),
        )
        return self._last

    def nobody(self, accounts: Collection[str], refused: Mapping[str, str]) -> bool:
        """Say whether the platform has never heard of anybody at all."""
        return bool(accounts) and all(refused.get(each) == self._stranger for each in accounts)

    async def _people(self, clinics: Iterable[Clinic], names: list[str]) -> dict[str, tuple[str, str]]:
        found = await self._each(names, self.person)
        people = {name: each for name, each in found.items() if each is not None}
        return people | dict.fromkeys(_taken(clinics, people, self._platform), ("", TAKEN))

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


def _taken(clinics: Iterable[Clinic], people: Mapping[str, tuple[str, str]], platform: str) -> set[str]:
    """Return the e-mail addresses whose account is that of somebody else in the same clinic."""
    found: set[str] = set()
    for clinic in clinics:
        named = [each.accounts[platform] for each in clinic.people.values() if platform in each.accounts]
        owned = {name: people[name][0] for name in named if name in people and people[name][0]}
        often = Counter(owned.values())
        found |= {name for name, account in owned.items() if is_email(name) and often[account] > 1}
    return found


def channels_of(clinics: Iterable[Clinic], platform: str) -> Mapping[str, str]:
    """Return the channels of the clinics' files: id -> what it is there for, such as "board"."""
    return {
        channel: what for clinic in clinics for what, channel in clinic.channels.get(platform, {}).items()
    }
