"""The clinic as `bookend serve` runs it: turns minute by minute, with the watchdog after each."""

from datetime import timedelta

from bot.core.errors import TryLater
from bot.service.outages import look_back, watch
from tests.service.clinic import london
from tests.service.riverside import Riverside

MINUTE = timedelta(minutes=1)


def turn(clinic: Riverside) -> bool:
    """One turn of whoever works; return whether the watchdog finds all well."""
    look_back(clinic.practice)
    clinic.speak()
    seen = watch(clinic.practice)
    clinic.speak()
    return all(each.well for each in seen.values())


def turns(clinic: Riverside, until: str) -> None:
    """A turn each minute up to a moment."""
    while clinic.clock.now() < london(until):
        clinic.clock.advance(clinic.clock.now() + MINUTE)
        turn(clinic)


def off(clinic: Riverside, until: str) -> None:
    """Nobody runs until a moment; then one turn."""
    clinic.clock.advance(london(until))
    turn(clinic)


def away(point: str) -> None:
    """A platform that takes nothing."""
    raise TryLater("away", timedelta(seconds=20))
