"""The halves of `serve`: whoever hears people, and whoever works through what is due."""

from __future__ import annotations

from enum import StrEnum


class Half(StrEnum):
    """What one program does of it."""

    #: both, in one program
    BOTH = "both"
    #: answers platforms and pages; asks nobody and sends nothing by itself
    WEB = "web"
    #: works through what is due and sends it; hears nobody
    WORKER = "worker"

    @property
    def hears(self) -> bool:
        """Say whether people and platforms reach it."""
        return self is not Half.WORKER

    @property
    def works(self) -> bool:
        """Say whether it asks and sends."""
        return self is not Half.WEB
