"""The heartbeat: a call to an address elsewhere, once a minute while all is well; it is missed when not so.

What watches over Bookend must not run with it: a service that expects the call warns whoever runs Bookend
when it stays away, be it because the machine is off.
"""

from __future__ import annotations

import http.client
import logging
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

#: How long the call may take, in seconds.
PATIENCE = 10.0
#: How we name ourselves.
_AGENT = "Bookend"

log = logging.getLogger(__name__)


class _NoRedirect(HTTPRedirectHandler):
    """Leads nowhere else: the address is the one that somebody set."""

    def redirect_request(self, *_: object) -> None:
        return None


def beat(address: str) -> bool:
    """Call the address once; return whether it answered that it heard. Nothing is raised."""
    try:
        with build_opener(_NoRedirect).open(
            Request(address, headers={"User-Agent": _AGENT}), timeout=PATIENCE
        ) as answer:
            return bool(200 <= answer.status < 300)
    except (URLError, OSError, http.client.HTTPException) as trouble:
        why = getattr(trouble, "code", None) or type(trouble).__name__
        log.warning("The heartbeat was not heard by %s: %s", urlsplit(address).hostname, why)
        return False
