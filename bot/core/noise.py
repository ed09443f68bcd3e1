"""Noise: how often Bookend made a telephone buzz, for whom and to what avail.

Everybody who counts, the caps of a half-day and the weekly report alike, counts what is `Heard`: the first
drawing of a card is a message, a line in its thread a repeat, and an edit nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.kinds import CardKind
from bot.core.people import Clinic, Role

#: Whose card it is, whatever else its reader does in the clinic.
_ROLES: Mapping[str, Role] = {
    CardKind.DESK: Role.FRONT_DESK,
    CardKind.PREP: Role.NURSE,
    CardKind.AFTER: Role.NURSE,
    CardKind.DOCTOR: Role.PHYSICIAN,
    CardKind.CLEARANCE: Role.PHYSICIAN,
    CardKind.ROOM: Role.OPERATOR,
    CardKind.TIMEOUT: Role.OPERATOR,
    CardKind.RECORD: Role.OPERATOR,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """One buzz: a card's first message, or a `repeat` in its thread; `person` "" is nobody but a channel."""

    at: datetime
    person: str
    kind: str
    card: str
    repeat: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Noise:
    """What a role heard in the week that begins on a Monday.

    `answered_first` counts the messages that needed no repeat in that week, `after_hours` what was heard
    while the clinic was closed.
    """

    role: Role
    week: date
    messages: int
    repeats: int
    answered_first: int
    after_hours: int


def noise(heard: Iterable[Heard], clinic: Clinic) -> tuple[Noise, ...]:
    """Count what people heard, by week and role; what stands in a channel is nobody's noise."""
    weeks: dict[tuple[date, Role], list[Heard]] = {}
    for each in heard:
        role = role_of(each, clinic)
        if role is not None:
            weeks.setdefault((_week(clinic, each.at), role), []).append(each)
    order = list(Role)
    return tuple(
        _counted(role, week, its, clinic)
        for (week, role), its in sorted(weeks.items(), key=lambda each: (each[0][0], order.index(each[0][1])))
    )


def role_of(heard: Heard, clinic: Clinic) -> Role | None:
    """Return in which role a person heard it: the card's own where they have it, else their first."""
    person = clinic.people.get(heard.person)
    if person is None:
        return None
    role = _ROLES.get(heard.kind)
    return role if role in person.roles else next((each for each in Role if each in person.roles), None)


def outside_hours(clinic: Clinic, moment: datetime) -> bool:
    """Say whether the clinic is closed at a moment."""
    return clinic.calendar.working_moment(moment) != moment


def _week(clinic: Clinic, moment: datetime) -> date:
    day = clinic.calendar.day(moment)
    return day - timedelta(days=day.weekday())


def _counted(role: Role, week: date, heard: Iterable[Heard], clinic: Clinic) -> Noise:
    its = list(heard)
    messages = [each for each in its if not each.repeat]
    repeated = {each.card for each in its if each.repeat}
    return Noise(
        role=role,
        week=week,
        messages=len(messages),
        repeats=len(its) - len(messages),
        answered_first=sum(each.card not in repeated for each in messages),
        after_hours=sum(outside_hours(clinic, each.at) for each in its),
    )
