"""An event loop whose time is virtual: it jumps to what comes next, and the same seed runs the same way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any


class _Nothing:
    """Stands where a loop waits for sockets: here nothing ever comes from outside, so time passes at once."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> Sequence[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        self._loop.passed += timeout
        return ()


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs what is ready, then lets time pass up to the next thing that was to happen."""

    def __init__(self) -> None:
        super().__init__()
        self.passed = 0.0
        self._selector = _Nothing(self)

    def time(self) -> float:
        """Return the seconds since the beginning."""
        return self.passed

    def _process_events(self, event_list: Sequence[Any]) -> None:
        """Do nothing: there are no sockets."""

    def _write_to_self(self) -> None:
        """Do nothing: nobody waits in another thread."""
