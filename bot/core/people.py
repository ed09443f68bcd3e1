"""Who works in a clinic, and what the clinic is: people, roles, rooms, channels, ladders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from bot.core.errors import NotFound
from bot.core.times import Calendar


class Role(StrEnum):
    """What a person may answer and decide."""

    #: books, confirms, receives and checks out the patient
    FRONT_DESK = "front_desk"
    #: nurse or medical assistant
    NURSE = "nurse"
    #: operates the device and holds its safety duties
    OPERATOR = "operator"
    #: consults, prescribes, decides on stops
    PHYSICIAN = "physician"
    #: watches the board and is told when something slips
    MANAGER = "manager"
    #: owns and signs the playbooks
    MEDICAL_DIRECTOR = "medical_director"


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A member of staff; `accounts` maps a platform ("slack", "teams", "local") to their id there."""

    id: str
    name: str
    roles: frozenset[Role]
    accounts: Mapping[str, str] = field(default_factory=dict)
    quiet: tuple[time, time] | None = None

    def may(self, *roles: Role) -> bool:
        """Say whether the person holds any of these roles."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clinic:
    """One clinic as its `clinic.yaml` says; `channels` is platform -> {"board": id, "escalations": id}.

    `roster` maps a weekday (0 is Monday) to role -> person ids; `roster_changes` does so for single dates and
    only for the roles it names; `on_call` is role -> person ids. `overlays` are the files with its own
    changes of the playbooks.
    """

    id: str
    title: str
    calendar: Calendar
    people: Mapping[str, Person]
    roster: Mapping[int, Mapping[Role, tuple[str, ...]]] = field(default_factory=dict)
    roster_changes: Mapping[date, Mapping[Role, tuple[str, ...]]] = field(default_factory=dict)
    on_call: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    rooms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ladders: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    privacy: str = "strict"
    go_live: date | None = None
    playbooks: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()

    def person(self, person_id: str) -> Person:
        """Return the person, or say which names are near."""
        try:
            return self.people[person_id]
        except KeyError:
            raise NotFound("person", person_id, self.people) from None

    def account(self, platform: str, account: str) -> Person | None:
        """Return whose account on a platform this is, if anybody's."""
        return next((p for p in self.people.values() if p.accounts.get(platform) == account), None)

    def on_duty(self, role: Role, day: date) -> tuple[str, ...]:
        """Return who is rostered for a role on a local date, in the roster's order."""
        changed = self.roster_changes.get(day, {})
        return changed.get(role, self.roster.get(day.weekday(), {}).get(role, ()))

    def asked(self, role: Role, day: date, *, on_call: bool = False) -> str | None:
        """Return who is asked: on call if so marked, else on duty, else anyone with the role."""
        first = self.on_call.get(role, ()) if on_call else self.on_duty(role, day)
        second = self.on_duty(role, day) if on_call else self.on_call.get(role, ())
        for found in (*first, *second):
            return found
        return next((person.id for person in self.people.values() if role in person.roles), None)
