"""The heartbeat: a call to an address elsewhere, once a minute while all is well; it is missed when not so.

What watches over Bookend must not run with it: a service that expects the call warns whoever runs Bookend
when it stays away, be it because the machine is off.
"""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from contextlib import suppress
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPRedirectHandler, HTTPSHandler, Request, build_opener

#: How long the call may take, in seconds.
PATIENCE = 10.0
#: How we name ourselves.
_AGENT = "Bookend"

log = logging.getLogger(__name__)


class _NoRedirect(HTTPRedirectHandler):
    """Leads nowhere else: the address is the one that somebody set."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Timed(HTTPHandler, HTTPSHandler):
    """Lets a call be ended from outside: the library's own limit begins anew with each letter that comes."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = False
        self._call: http.client.HTTPConnection | None = None

    def do_open(self, http_class: Any, req: Request, **told: Any) -> http.client.HTTPResponse:
        def made(*where: Any, **how: Any) -> http.client.HTTPConnection:
            call: http.client.HTTPConnection = http_class(*where, **how)
            self._call = call
            return call

        return super().do_open(made, req, **told)

    def end(self) -> None:
        """Hang up."""
        self.ended = True
        if self._call is not None and self._call.sock is not None:
            with suppress(OSError):
                self._call.sock.shutdown(socket.SHUT_RDWR)


def beat(address: str) -> bool:
    """Call the address once; return whether it answered that it heard. Nothing is raised."""
    timed = _Timed()
    patience = threading.Timer(PATIENCE, timed.end)
    patience.daemon = True
    patience.start()
    try:
        with build_opener(timed, _NoRedirect).open(
            Request(address, headers={"User-Agent": _AGENT}), timeout=PATIENCE
        ) as answer:
            if timed.ended:
                raise TimeoutError
            return bool(200 <= answer.status < 300)
    except (URLError, OSError, http.client.HTTPException) as trouble:
        why = getattr(trouble, "code", None) or type(trouble).__name__
        log.warning("The heartbeat was not heard by %s: %s", urlsplit(address).hostname, why)
        return False
    finally:
        patience.cancel()
