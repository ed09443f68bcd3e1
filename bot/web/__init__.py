"""The web server: the routes that are handed in, behind its limits and one way to say what went wrong."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from ipaddress import ip_address
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from bot.core.errors import (
    BookendError,
    ChatTrouble,
    Conflict,
    Mistakes,
    NotAllowed,
    NotFound,
    Settled,
    StoreTrouble,
    WrongValues,
)
from bot.web.bodies import Bodies
from bot.web.connections import Connection

#: What an error of ours is in HTTP's terms; the nearest class counts, anything else is the sender's mistake.
STATUS: Mapping[type[BookendError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Settled: 409,
    Conflict: 409,
    WrongValues: 422,
    Mistakes: 422,
    StoreTrouble: 503,
    ChatTrouble: 503,
}

#: A page of ours loads nothing from elsewhere, runs no script of a stranger, and stands in nobody's frame.
PAGE_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

#: Headers by which a proxy says that it asks for somebody else.
PROXIED = (
    *("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"),
    *("cf-connecting-ip", "true-client-ip", "x-client-ip", "x-original-host", "x-envoy-external-address"),
)
#: What only a proxy speaks nowadays that says nothing of itself, as nginx does by itself.
_OLD = ("0.9", "1.0")

Endpoint = Callable[[Request], Awaitable[Response]]
Health = Callable[[], Mapping[str, str]]


def well() -> Mapping[str, str]:
    """Say nothing more than that the server answers."""
    return {}


def asgi(
    routes: Iterable[BaseRoute], *, lifespan: Lifespan[Starlette] | None = None, health: Health | None = well
) -> Starlette:
    """Return the app that serves these routes and, unless it is `None`, `/health`.

    `health` runs in a worker thread; what it returns is shown, what it raises makes `/health` answer 503.
    """
    app = Starlette(
        routes=[*([Route("/health", healthy(health))] if health else []), *routes],
        middleware=[Middleware(Bodies)],
        exception_handlers={
            BookendError: said,
            HTTPException: refused,
            ClientDisconnect: gone,
            Exception: surprised,
        },
        lifespan=lifespan,
    )
    # a redirect would lead to whatever host a request says it is for
    app.router.redirect_slashes = False
    return app


def healthy(health: Health) -> Endpoint:
    """Return the endpoint that says whether Bookend works."""

    async def answer(_: Request) -> Response:
        try:
            found = await run_in_threadpool(health)
        except BookendError as trouble:
            return JSONResponse({"status": "ill", "error": str(trouble)}, status_code=503)
        return JSONResponse({"status": "ok", **found})

    return answer


def said(_: Request, error: Exception) -> Response:
    """Answer with the words of one of our errors: they are fit to be shown."""
    return JSONResponse({"error": str(error)}, status_code=status_of(error))


def status_of(error: Exception) -> int:
    """Return what an error of ours is in HTTP's terms."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)


def refused(_: Request, error: Exception) -> Response:
    """Answer with what a route, or the server itself, refused."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


def gone(_: Request, __: Exception) -> Response:
    """Answer nobody: whoever asked hung up before all of it had come."""
    return Response(status_code=400)


def surprised(_: Request, __: Exception) -> Response:
    """Answer to what nobody foresaw: the traceback is for the log, not for the sender."""
    return JSONResponse({"error": "Something went wrong here. Try again."}, status_code=500)


def kept_here(endpoint: Endpoint, *, everywhere: bool = False) -> Endpoint:
    """Let only programs of this machine in, unless `everywhere`; anybody else gets 403."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        if everywhere or from_here(request):
            return await endpoint(request)
        return JSONResponse({"error": "This is answered only on this machine."}, status_code=403)

    return guarded


def only_here(endpoint: Endpoint, headers: Mapping[str, str] = PAGE_HEADERS) -> Endpoint:
    """Let only this machine's own browser in, and only from the page itself; anybody else gets 403."""

    @wraps(endpoint)
    async def guarded(request: Request) -> Response:
        if from_here(request):
            response = await endpoint(request)
        else:
            why = "This page answers only on this machine, and only to itself."
            response = JSONResponse({"error": why}, status_code=403)
        response.headers.update(headers)
        return response

    return guarded


def from_here(request: Request) -> bool:
    """Say whether a request comes from a browser on this machine that shows our own page.

    The Host header is looked at because a foreign name may be made to point here, the Origin header because a
    foreign page in the same browser may try, and the headers of a proxy because it asks for somebody else.
    """
    if request.scope.get("http_version") in _OLD or any(name in request.headers for name in PROXIED):
        return False
    client = request.client.host if request.client else ""
    host = request.headers.get("host", "")
    origin = request.headers.get("origin")
    try:
        ours = origin is None or urlsplit(origin).netloc == host
        return ours and is_loopback(client) and is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        # "[" begins an address that never ends
        return False


def is_loopback(host: str) -> bool:
    """Say whether a name or an address means this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def take_port(host: str, port: int) -> socket.socket:
    """Take the port before anything else starts; 0 is any free one. Raise BookendError with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # with its protocol named, asyncio lets no answer wait until what came before it was acknowledged
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(128)
    except OSError as trouble:
        taken.close()
        raise BookendError(
            f"Port {port} of {host} is not free ({trouble.strerror}): "
            "end the program that uses it, or choose another port."
        ) from trouble
    return taken


async def serve(app: Starlette, here: socket.socket, *, leaving: Callable[[], None]) -> None:
    """Answer on a port until the process is told to end, or this task is cancelled.

    `leaving` is called before the server waits for open answers: it must end those that would go on for ever.
    """
    settings = uvicorn.Config(
        app,
        # what it says goes the way of every other line: its own would quote what an accident met
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http=Connection,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    server = _Server(settings, leaving)
    try:
        await server.serve(sockets=[here])
    except asyncio.CancelledError:
        await server.shutdown(sockets=[here])
        raise


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._leaving = leaving

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leaving()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn raises the signal again when it has ended, before its caller could tidy up
        if threading.current_thread() is not threading.main_thread() or sys.platform == "win32":
            with super().capture_signals():
                yield
            return
        loop = asyncio.get_running_loop()
        for each in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(each, self.handle_exit, each, None)
        try:
            yield
        finally:
            for each in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(each)
