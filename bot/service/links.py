"""Links for one person alone: addresses with a secret that only its reader is told; the database keeps its
digest.

Fetching one shows nothing, because programs that preview links fetch them, too: its page has a button.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.core.errors import NotFound, Settled
from bot.core.outgoing import Arrangement
from bot.core.people import Clinic, Person
from bot.core.permissions import Deed, require
from bot.ports import Reading, Transaction
from bot.service.practice import Practice

_PERSON, _UNTIL = "person", "until"


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """What an address that still opens stands for: whose it is, until when, and what was `made` for it."""

    clinic: Clinic
    person: Person
    until: datetime
    made: Arrangement


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """The links of one `kind`: under which `path` they stand, how long one `lasts`, by which `deed` of the
    table it is opened, and what is said of one that is `over`.
    """

    kind: str
    path: str
    lasts: timedelta
    deed: Deed
    over: str

    def new(
        self, practice: Practice, tx: Transaction, clinic: Clinic, person: Person, detail: Mapping[str, Any]
    ) -> str:
        """Return the address of a new link for a person, which stands for this `detail`."""
        token, now = secrets.token_urlsafe(32), practice.clock.now()
        kept = {**detail, _PERSON: person.id, _UNTIL: (now + self.lasts).isoformat()}
        key = _digest(token)
        tx.arrange(Arrangement(kind=self.kind, key=key, clinic=clinic.id, by=person.id, at=now, detail=kept))
        return f"{practice.public_url}{self.path}{token}"

    def find(self, practice: Practice, reading: Reading, token: str) -> Link:
        """Return what a link stands for; raise NotFound or Settled where it opens nothing any more, and
        NotAllowed where its reader may not open it by now.
        """
        made = reading.arrangement(self.kind, _digest(token))
        if made is None or made.clinic not in practice.clinics:
            raise NotFound("page", "this address")
        clinic, detail, now = practice.clinics[made.clinic], made.detail, practice.clock.now()
        until = datetime.fromisoformat(detail[_UNTIL])
        if now >= until or detail[_PERSON] not in clinic.people:
            raise Settled(self.over)
        person = clinic.person(detail[_PERSON])
        require(person, self.deed, clinic, now)
        return Link(clinic=clinic, person=person, until=until, made=made)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
