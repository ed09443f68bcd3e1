"""By name: what goes to a platform that may show names gets them from the encrypted table as it is drawn."""

from __future__ import annotations

from typing import TypeVar

from bot.core.messages import Card, Home, Response
from bot.core.named import codes_on, named, names_may_stand
from bot.core.people import Clinic, Person
from bot.service.practice import Practice

Shown = TypeVar("Shown", bound=Card | Response | Home)


def by_name(practice: Practice, clinic: Clinic, what: Shown, platform: str, reader: Person | None) -> Shown:
    """Return a card with the names that this person, or all of a channel (`None`), may read on a platform."""
    if not names_may_stand(clinic, platform, reader):
        return what
    with practice.store.reading() as reading:
        names = reading.names(dict.fromkeys(filter(None, codes_on(what))))
    return named(what, names)
