"""What people know of the world in which they work, and what they were told of what they said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tests.simulation.faults import Faults
from tests.simulation.house import House
from tests.simulation.platforms import Platform
from tests.simulation.programs import Program


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What somebody said of tasks, and whether they were answered, as far as they know."""

    who: str
    tasks: tuple[str, ...]


class Street(Protocol):
    """What people need to know of the world."""

    house: House
    faults: Faults
    platforms: Mapping[str, Platform]

    def now(self) -> datetime:
        """Return what time it really is."""

    def at(self, moment: datetime, deed: Callable[[], object]) -> None:
        """Do something at a moment."""

    def running(self) -> Program | None:
        """Return one of the programs that run."""

    def tell(self, line: str) -> None:
        """Write a line of the transcript."""

    def answered(self) -> None:
        """Look whether every answer is kept."""
