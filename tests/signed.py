"""A clinic's playbooks, signed by its medical director: what `bookend serve` needs to prompt anybody."""

from collections.abc import Mapping
from datetime import timedelta

from bot.app import opened
from bot.core.signing import directors
from bot.service import signing
from tests.settings import settings_of


def sign_all(environment: Mapping[str, str]) -> None:
    """Sign every playbook that the clinics of these settings use, for a year."""
    with opened(settings_of(environment), begin=True) as (practice, _):
        for clinic in practice.clinics.values():
            ahead = clinic.calendar.day(practice.clock.now()) + timedelta(days=365)
            for standing in signing.waiting(practice, clinic):
                assert standing.newest is not None
                director, digest = directors(clinic)[0], standing.newest.digest
                signing.sign(practice, clinic, standing.playbook, director, ahead, digest=digest)
