"""One connection each: how many there are, and how long one waits for a whole request or for a reader.

Without it a connection on which nothing comes, or a letter now and then, stays open for as long as whoever
opened it likes, and a few hundred of them leave no room for Slack and Teams.
"""

from __future__ import annotations

import asyncio
import logging
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

log = logging.getLogger(__name__)

#: As many connections are open at a time; a machine usually allows a program 1,024 open files.
MOST = 500
#: How long the next whole request may take to come, and what is read of an answer to make room, in seconds.
ARRIVES, READ = 20.0, 30.0
#: How often it is said that there are too many, in seconds.
QUIET = 60.0


class Connection(H11Protocol):
    """A connection that is cut when its other end keeps it waiting too long."""

    #: when it was said last that there are too many
    _told: ClassVar[float] = float("-inf")

    _coming: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; of too many, cut the one that has kept us waiting longest."""
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > MOST:
            self._tell()
            self._longest().transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what came; it does not prolong the wait for the rest."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._watch()

    def pause_writing(self) -> None:
        """Begin to wait for the reader."""
        super().pause_writing()
        self._unread = self._unread or self.loop.call_later(READ, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: something was read."""
        super().resume_writing()
        self._unread = _ended(self._unread)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._coming, self._unread = _ended(self._coming), _ended(self._unread)
        super().connection_lost(exc)

    def _tell(self) -> None:
        # a line for each would fill the disk with what was meant to fill the memory
        if self.loop.time() - Connection._told >= QUIET:
            Connection._told = self.loop.time()
            log.warning("More than %d connections are open: those that were silent longest are cut.", MOST)

    def _longest(self) -> Connection:
        """Return who waits longest for nothing, itself where all others are being answered: whoever opens
        hundreds and says nothing must not keep out Slack, which opens one and asks at once.
        """
        open_ones = (each for each in self.connections if isinstance(each, Connection))
        waits = [each for each in open_ones if each._coming and not each.transport.is_closing()]
        return min(waits, key=Connection._until, default=self)

    def _until(self) -> float:
        return self._coming.when() if self._coming else float("inf")

    def _watch(self) -> None:
        if self._is_answering():
            self._coming = _ended(self._coming)
        elif not self.transport.is_closing():
            self._coming = self._coming or self.loop.call_later(ARRIVES, self.transport.abort)

    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.more_body and not cycle.response_complete


def _ended(waiting: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    if waiting is not None:
        waiting.cancel()
    return None
