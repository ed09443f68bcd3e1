"""What a command that changes something is handed, wherever the function stands that does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import Unclear
from bot.core.people import Clinic, Person
from bot.core.replies import Address
from bot.core.written import read_start
from bot.ports import Transaction
from bot.service.practice import Practice


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What somebody wants done; `words` stood behind the case's code, or behind the command without one.

    `said_in` is the platform, and the channel if it was said in one in which a board may stand.
    """

    practice: Practice
    tx: Transaction
    clinic: Clinic
    person: Person
    words: tuple[str, ...]
    said_in: Address
    code: str = ""
    session: int | None = None

    @property
    def now(self) -> datetime:
        """Return the present moment."""
        return self.practice.clock.now()

    def start(self, command: str) -> datetime:
        """Return the moment that was typed."""
        try:
            return self.clinic.calendar.instant(*read_start(self.words))
        except ValueError:
            raise Unclear(f"To when? Write it like `{command} {self.code} 2027-02-18 09:30`.") from None
