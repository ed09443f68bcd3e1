"""Who must not be named in what is typed: the clinic's patients, where somebody wrote down who they are."""

from __future__ import annotations

from contextlib import AbstractContextManager

from bot.core import guard
from bot.core.people import Clinic
from bot.ports import Reading


def minding(reading: Reading, clinic: Clinic) -> AbstractContextManager[None]:
    """Have the guard look for a clinic's patients in all that is typed meanwhile; its staff may be named."""
    return guard.minding(
        lambda: reading.patients(clinic.id), (person.name for person in clinic.people.values())
    )
