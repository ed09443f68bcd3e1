"""What a request brings along: how long it may be, and in which time all of it must have come."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Nothing that a person or a platform sends is longer, in bytes, or takes longer to come, in seconds.
LARGEST, SLOWEST = 1_000_000, 10.0
#: Said to whoever is not listened to any more.
_HANG_UP = {"Connection": "close"}


class Bodies:
    """Refuses a body that says it is too long before it is read, and one that turns out to be, or too slow.

    Whoever was refused so is not listened to any more.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request whose body may be read up to the limits."""
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isdecimal() and int(length) > LARGEST:
            long = _too_long()
            answer = JSONResponse({"error": long.detail}, long.status_code, long.headers)
            await answer(scope, receive, send)
            return
        body = _Body(receive) if scope["type"] == "http" else None
        await self._app(scope, body.receive if body else receive, send)


class _Body:
    """A body as it comes, piece by piece; what comes behind it may take its time."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._until = asyncio.get_running_loop().time() + SLOWEST
        self._taken = 0
        self._whole = False

    async def receive(self) -> Message:
        """Return the next piece; raise HTTPException for one too many, and for one that does not come."""
        try:
            async with asyncio.timeout_at(None if self._whole else self._until):
                message = await self._receive()
        except TimeoutError:
            words = f"The whole request did not come within {SLOWEST:.0f} seconds."
            raise HTTPException(408, words, _HANG_UP) from None
        self._whole = not message.get("more_body", False)
        self._taken += len(message.get("body", b""))
        if self._taken > LARGEST:
            raise _too_long()
        return message


def _too_long() -> HTTPException:
    return HTTPException(413, f"More than {LARGEST:,} bytes: that is too long.", _HANG_UP)
