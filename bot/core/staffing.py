"""Staffing: a clinic as its platforms know it: who is really there, in which role, and where it may speak.

A file may name an e-mail address for an account and a group for a role, and it outlives those who leave.
What a platform says of all that is a `Look`; what it has not said yet stays as the file has it, and whoever
the roster names in a role that a group gives is taken to have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.core.people import Clinic, Duty, Person, Role, Shift
from bot.core.wording import plain

#: Why somebody cannot be asked who can set that right alone, by writing to Bookend where it is installed.
UNMET = "has not opened Bookend yet"
BLOCKED = "blocked Bookend, or does not have it"
TAKEN_OUT = "took Bookend out of their apps"
BY_THEMSELVES = frozenset({UNMET, BLOCKED, TAKEN_OUT})


class Lost(StrEnum):
    """Why nothing can be said in a channel."""

    #: people of another company read it, or are about to
    SHARED = "shared"
    #: Bookend was removed from it, or never invited
    REMOVED = "removed"
    #: nobody can write in it, or only some people
    CLOSED = "closed"
    #: there is none, or none that Bookend can see
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """What is wrong with a channel or a group, in the platform's own words, and what to do."""

    why: Lost
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What the clinics' files name on one platform: accounts (ids or e-mail addresses), groups, channels."""

    accounts: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What a platform says of what the files name there; what it has not said is in none of these.

    `accounts` is an account as written -> its id, `refused` an account as written -> why it cannot take part
    ("is a guest"); `groups` -> the ids in it; `lost` is a channel or group -> what is wrong with it, `usable`
    are the channels with which nothing is. `met` are the ids of those who opened Bookend, where people do.
    """

    platform: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lost: Mapping[str, Trouble] = field(default_factory=dict)
    usable: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()


Looks = Mapping[str, Look]


def wanted(clinics: Iterable[Clinic], platform: str) -> Wanted:
    """Return what a platform is asked about."""
    clinics = tuple(clinics)
    people = [person for clinic in clinics for person in clinic.people.values()]
    return Wanted(
        accounts=frozenset(each.accounts[platform] for each in people if platform in each.accounts),
        groups=frozenset(group for each in clinics for group in each.groups.get(platform, {}).values()),
        channels=frozenset(name for each in clinics for name in each.channels.get(platform, {}).values()),
    )


def is_email(account: str) -> bool:
    """Say whether a file names somebody by their e-mail address."""
    return "@" in account


def refused(clinic: Clinic, look: Look) -> dict[str, str]:
    """Return which people of a clinic's file cannot take part on a platform, and why: person -> reason."""
    accounts = {name: each.accounts.get(look.platform, "") for name, each in clinic.people.items()}
    return {person: look.refused[name] for person, name in accounts.items() if name in look.refused}


def staffed(clinic: Clinic, looks: Looks) -> Clinic:
    """Return a clinic with the accounts, roles and channels that there are.

    Whoever can take part on no platform keeps their name, and has no role and no shift: what was theirs goes
    the way of what belonged to somebody who left the file.
    """
    people = {name: _person(each, clinic, looks) for name, each in clinic.people.items()}
    return replace(
        clinic,
        people=people,
        roster={day: _duty(duty, people) for day, duty in clinic.roster.items()},
        roster_changes={day: _duty(duty, people) for day, duty in clinic.roster_changes.items()},
        on_call={role: _having(role, names, people) for role, names in clinic.on_call.items()},
        channels={
            platform: {name: each for name, each in channels.items() if not _is_lost(each, platform, looks)}
            for platform, channels in clinic.channels.items()
        },
    )


def _is_lost(name: str, platform: str, looks: Looks) -> bool:
    return platform in looks and name in looks[platform].lost


def _person(person: Person, clinic: Clinic, looks: Looks) -> Person:
    known = {name: _account(name, account, looks) for name, account in person.accounts.items()}
    accounts = {platform: account for platform, account in known.items() if account}
    left = any(person.accounts[name] in looks[name].refused for name in person.accounts.keys() & looks)
    if left and not accounts.keys() & looks:
        return replace(person, accounts={}, roles=frozenset())
    given = {role for role in Role if _is_given(role, person, clinic, looks)}
    return replace(person, accounts=accounts, roles=person.roles | given)


def _account(platform: str, account: str, looks: Looks) -> str:
    look = looks.get(platform, Look(platform=platform))
    if account in look.refused:
        return ""
    return look.accounts.get(account, "" if is_email(account) else account)


def _is_given(role: Role, person: Person, clinic: Clinic, looks: Looks) -> bool:
    """Say whether a group gives somebody a role."""
    return any(
        _is_in(
            clinic.groups[platform][role], role, person, clinic, looks.get(platform, Look(platform=platform))
        )
        for platform in person.accounts.keys() & clinic.groups
        if role in clinic.groups[platform]
    )


def _is_in(group: str, role: Role, person: Person, clinic: Clinic, look: Look) -> bool:
    if group in look.groups:
        account = _account(look.platform, person.accounts[look.platform], {look.platform: look})
        return account in look.groups[group]
    return group not in look.lost and _is_rostered(person.id, role, clinic)


def _is_rostered(person: str, role: Role, clinic: Clinic) -> bool:
    return any(_name(each) == person for duty in _duties(clinic) for each in duty.get(role, ()))


def _duties(clinic: Clinic) -> Iterator[Duty]:
    yield from (*clinic.roster.values(), *clinic.roster_changes.values(), clinic.on_call)


def _name(each: str | Shift) -> str:
    return each.person if isinstance(each, Shift) else each


def _duty(duty: Duty, people: Mapping[str, Person]) -> Duty:
    return {
        role: tuple(each for each in names if _has(_name(each), role, people)) for role, names in duty.items()
    }


def _having(role: Role, names: Iterable[str], people: Mapping[str, Person]) -> tuple[str, ...]:
    return tuple(each for each in names if _has(each, role, people))


def _has(person: str, role: Role, people: Mapping[str, Person]) -> bool:
    return person in people and people[person].may(role)


def troubles(clinic: Clinic, look: Look) -> Iterator[str]:
    """Yield what a clinic's file names on a platform and is not so there, a sentence each."""
    for person, why in refused(clinic, look).items():
        account = clinic.people[person].accounts[look.platform]
        yield f"{clinic.people[person].name} ({account}) {why} and will not be asked."
    named = clinic.groups.get(look.platform, {})
    for role, group in named.items():
        strangers = sorted(look.groups.get(group, frozenset()) - set(look.accounts.values()))
        what = f"in the group {group} ({plain(role)}), but not in the clinic's file, and not asked"
        yield from (f"{account} is {what}." for account in strangers)
    places = dict.fromkeys((*named.values(), *clinic.channels.get(look.platform, {}).values()))
    yield from (look.lost[name].said for name in places if name in look.lost)
    yield from _idle(clinic, look)


def _idle(clinic: Clinic, look: Look) -> Iterator[str]:
    now, named = staffed(clinic, {look.platform: look}), clinic.groups.get(look.platform, {})
    for person in clinic.people.keys() - refused(clinic, look):
        rostered = {role for role in named if _is_rostered(person, role, clinic)}
        for role in sorted(rostered - now.people[person].roles):
            who = f"The roster names {clinic.people[person].name} ({person}) as {plain(role)}"
            yield f"{who}, but they are not in that group: they are not asked."
