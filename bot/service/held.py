"""Holds as they are kept: which of them stand, and what they do to a case that is opened or changed."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core import fleet
from bot.core.case import Case
from bot.core.fleet import Affected, Hold, On, Thing
from bot.core.outgoing import Arrangement
from bot.core.people import Clinic
from bot.ports import Reading

#: A hold that stands until it is released, and one that was only looked at; both are named by the same key.
HOLD, PREVIEW = "hold", "hold_preview"


def previewed(hold: Hold, clinic: Clinic, seen: Iterable[Affected]) -> Arrangement:
    """Return a hold that somebody looks at, with the sessions that they see."""
    return _kept(PREVIEW, hold, clinic, seen=[each.key for each in seen])


def put_on(hold: Hold, clinic: Clinic, told: Iterable[str]) -> Arrangement:
    """Return a hold that stands, with the cards on which people are told of it."""
    return _kept(HOLD, hold, clinic, told=list(told))


def _kept(kind: str, hold: Hold, clinic: Clinic, **more: list[str]) -> Arrangement:
    detail = {"on": hold.thing.on.value, "name": hold.thing.name, "reason": hold.reason, **more}
    return Arrangement(kind=kind, key=hold.key, clinic=clinic.id, by=hold.by, at=hold.at, detail=detail)


def hold_of(kept: Arrangement) -> Hold:
    """Return the hold that is kept."""
    thing = Thing(on=On(kept.detail["on"]), name=kept.detail["name"])
    return Hold(key=kept.key, thing=thing, reason=kept.detail["reason"], by=kept.by, at=kept.at)


def standing(reading: Reading, clinic: Clinic) -> tuple[Hold, ...]:
    """Return the holds of a clinic that nobody released, oldest first."""
    return tuple(hold_of(each) for each in reading.arrangements(clinic.id, HOLD))


def as_held(reading: Reading, clinic: Clinic, case: Case) -> Case:
    """Return a case whose sessions say what holds them now."""
    return fleet.held(case, standing(reading, clinic), clinic)


def held_words(case: Case, session: int = 0) -> tuple[str, ...]:
    """Say of the sessions of a case that are held, or of one of them, why they are, in a line each."""
    several = len(case.sessions) > 1
    return tuple(
        f"{f'Session {each.number} is h' if several else 'H'}eld: {each.held}."
        for each in case.sessions
        if each.held and session in (0, each.number)
    )
