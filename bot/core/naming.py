"""Whom somebody means by `@jo`, `Jo Park` or a platform's own mention."""

from __future__ import annotations

from bot.core.errors import NotFound, Unclear
from bot.core.people import Clinic, Person


def person_meant(clinic: Clinic, said: str) -> Person:
    """Return the member of staff that is meant: by id, account or name, of which the first will do.

    Raise Unclear where two fit, NotFound with the nearest where nobody does.
    """
    meant = said.strip().strip("<>@ ").partition("|")[0].casefold()
    people = list(clinic.people.values())
    for fitting in (
        [each for each in people if meant in (each.id.casefold(), each.name.casefold())],
        [each for each in people if meant in {account.casefold() for account in each.accounts.values()}],
        [each for each in people if meant in each.name.casefold().split()],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            names = " or ".join(f"`@{each.id}` ({each.name})" for each in fitting)
            raise Unclear(f"Whom do you mean by {said!r}: {names}? Nothing was changed.")
    raise NotFound("person", said, [*clinic.people, *(each.name for each in people)])
