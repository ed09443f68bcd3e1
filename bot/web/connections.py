"""One connection each: how many there are, and how long one waits for a whole request or for a reader.

Without it a connection on which nothing comes, or a letter now and then, stays open for as long as whoever
opened it likes, and a few hundred of them leave no room for Slack and Teams.
"""

from __future__ import annotations

import asyncio
import logging

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

log = logging.getLogger(__name__)

#: As many connections are open at a time; a machine usually allows a program 1,024 open files.
MOST = 500
#: How long the next whole request may take to come, and what is read of an answer to make room, in seconds.
ARRIVES, READ = 20.0, 30.0


class Connection(H11Protocol):
    """A connection that is cut when its other end keeps it waiting too long."""

    _coming: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request, unless too many others are open."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            log.warning("More than %d connections are open: a new one was cut.", MOST)
            transport.abort()
            return
        self._watch()

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
