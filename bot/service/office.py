"""The office: what a platform says of people and channels takes effect, and managers hear what is news."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.core.errors import Conflict
from bot.core.staffing import Look
from bot.service.addresses import believed
from bot.service.greeting import welcome
from bot.service.leaving import settle_people
from bot.service.lost import settle_channels
from bot.service.practice import Practice
from bot.service.staff import Staff


@dataclass(frozen=True, kw_only=True, slots=True)
class ClinicOffice:
    """`look` is the port Office. `staff` are the practice's clinics; `wake` lets what follows go out."""

    practice: Practice
    staff: Staff
    wake: Callable[[], None] = lambda: None

    def look(self, look: Look) -> None:
        """Take what a platform says; hand on what waits for those who left, and speak where it is heard."""
        look = believed(self.practice, self.staff.written.values(), look)
        self.staff.learn(look)
        now = self.practice.clock.now()
        for clinic in self.practice.clinics.values():
            written = self.staff.written[clinic.id]
            # of two instances that see the same one is late
            with suppress(Conflict), self.practice.store.writing() as tx:
                settle_people(self.practice, tx, clinic, written, look, now)
                settle_channels(self.practice, tx, clinic, written, look, now)
                welcome(tx, clinic, look, now)
        self.wake()
