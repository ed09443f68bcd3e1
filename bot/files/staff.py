"""Who works in a clinic, when, and where they are reached, as its file says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time

from bot.core.people import DECIDING_ROLES, Duty, Person, Role, Shift
from bot.core.times import WEEKDAYS
from bot.files.accounts import PLATFORMS, account_of
from bot.files.calendars import span_of_day, weekdays, zone
from bot.files.entry import Entry, plain_id

People = Mapping[str, Person]
#: platform -> role -> the group of people who have it.
Groups = Mapping[str, Mapping[Role, str]]

_GROUP = re.compile(r"S[A-Z0-9]{2,}")


def people_of(entry: Entry, groups: Groups) -> dict[str, Person]:
    """Return who works in a clinic, by id; where a group gives a role, people may have none of their own."""
    people: dict[str, Person] = {}
    accounts: dict[tuple[str, str], str] = {}
    for key, value in entry.pairs():
        value.only("name", "roles", "quiet", "hours", "timezone", *PLATFORMS)
        person = Person(
            id=plain_id(key, "person"),
            name=value.need("name").text(),
            roles=_roles(value.need("roles")) if _says_roles(value, groups) else frozenset(),
            accounts={each: account_of(each, found) for each in PLATFORMS if (found := value.get(each))},
            quiet=value.maybe("quiet", _quiet, None),
            hours=value.maybe("hours", _hours, None),
            zone=value.maybe("timezone", zone, None),
        )
        for platform, account in person.accounts.items():
            first = accounts.setdefault((platform, account), person.id)
            if first != person.id:
                value.need(platform).wrong(f"{first} has the {platform} account {account!r} already")
        people[person.id] = person
    if entry.is_mapping and not people:
        entry.wrong("a clinic has at least one person")
    return people


def groups_of(entry: Entry, *, may_decide: bool) -> dict[str, dict[Role, str]]:
    """Return which group of people has which role, on which platform.

    In many workspaces any member may join a group, and would be a physician by their own doing: a role that
    decides is given by one only if it `may_decide`.
    """
    return {key.one_of(("slack",)): dict(_groups(value, may_decide)) for key, value in entry.pairs()}


def _groups(entry: Entry, may_decide: bool) -> Iterator[tuple[Role, str]]:
    for role, value in _by_role(entry):
        if role in DECIDING_ROLES and not may_decide:
            value.wrong(
                f"whoever changes the group could make themselves {role}: write `roles` at each person; or, "
                "where only admins may change user groups, `user_groups_may_decide: yes`"
            )
        if value.is_word and not _GROUP.fullmatch(value.text()):
            value.wrong(f"expected the id of a user group such as S012AB3CD, found {value.shown}")
        yield role, value.text()


def _says_roles(person: Entry, groups: Groups) -> bool:
    return person.get("roles") is not None or not any(person.get(platform) for platform in groups)


def may_have(person: Person, role: Role, groups: Groups) -> bool:
    """Say whether the file gives somebody a role, or a group may."""
    return person.may(role) or any(role in groups[platform] for platform in person.accounts.keys() & groups)


def _roles(entry: Entry) -> frozenset[Role]:
    clear = len(entry.source.mistakes)
    found = frozenset(each.member(Role) for each in entry.each())
    # one wrong word is one mistake: what was meant is nowhere missed
    return found if len(entry.source.mistakes) == clear else frozenset(Role)


def _quiet(entry: Entry) -> tuple[time, time] | None:
    start, end = span_of_day(entry)
    if start == end:
        entry.wrong("the quiet hours end when they begin; leave them out for none")
    return start, end


def _hours(entry: Entry) -> tuple[time, time]:
    clear = len(entry.source.mistakes)
    starts, ends = span_of_day(entry)
    if ends <= starts and len(entry.source.mistakes) == clear:
        entry.wrong(f"the shift ends at {ends:%H:%M}, before it begins at {starts:%H:%M}")
    return starts, ends


def _by_role(entry: Entry) -> Iterator[tuple[Role, Entry]]:
    for key, value in entry.pairs():
        role = key.member(Role)
        if key.content == role:
            yield role, value


def _duty(entry: Entry, people: People, groups: Groups) -> dict[Role, tuple[str | Shift, ...]]:
    return {role: _once(value, role, people, groups) for role, value in _by_role(entry)}


def _once(entry: Entry, role: Role, people: People, groups: Groups) -> tuple[str | Shift, ...]:
    """Return who works in a role; nobody does so twice at the same time."""
    working: list[str | Shift] = []
    for each in entry.each():
        for found in _working(each, role, people, groups):
            name, starts, ends = _span(found)
            others = [span for span in map(_span, working) if span[0] == name]
            if name and any(starts < until and since < ends for _, since, until in others):
                each.wrong(f"{name} works as {role} then already; name each once, or with hours apart")
            working.append(found)
    return tuple(working)


def _span(found: str | Shift) -> tuple[str, time, time]:
    if isinstance(found, Shift):
        return found.person, found.starts, found.ends
    return found, time.min, time.max


def _working(entry: Entry, role: Role, people: People, groups: Groups) -> Iterator[str | Shift]:
    """Yield a name alone, or the shifts of `{sam: 12:00-18:00}`."""
    if not entry.is_mapping:
        yield _on_duty(entry, role, people, groups)
        return
    for key, value in entry.pairs():
        starts, ends = _hours(value)
        yield Shift(person=_on_duty(key, role, people, groups), starts=starts, ends=ends)


def on_call_of(entry: Entry, people: People, groups: Groups) -> dict[Role, tuple[str, ...]]:
    """Return who is on call, by role, in the order in which they are asked."""
    return {
        role: tuple(_on_duty(each, role, people, groups) for each in value.each())
        for role, value in _by_role(entry)
    }


def _on_duty(entry: Entry, role: Role, people: People, groups: Groups) -> str:
    if not entry.is_word:
        entry.wrong(f"expected the name of a person, found {entry.shown}")
        return ""
    name = entry.known(people, "person")
    if name in people and not may_have(people[name], role, groups):
        has = ", ".join(sorted(people[name].roles)) or "nothing"
        entry.wrong(f"{name} is no {role}, but {has}; add the role to {name} or name somebody else")
    return name


def roster_of(entry: Entry, people: People, groups: Groups) -> dict[int, Duty]:
    """Return who works on each weekday."""
    roster: dict[int, Duty] = {}
    for key, value in entry.pairs():
        duty = _duty(value, people, groups)
        for day in weekdays(key):
            for role in duty.keys() & roster.get(day, {}).keys():
                key.wrong(f"the {role} of {WEEKDAYS[day]} stands here twice")
            roster[day] = {**roster.get(day, {}), **duty}
    return roster


def changes_of(entry: Entry, people: People, groups: Groups) -> dict[date, Duty]:
    """Return who works on single days that differ."""
    return {key.day(): _duty(value, people, groups) for key, value in entry.pairs()}
