"""What goes wrong on the way, call by call, because a test said so in `FakeTeams.troubles`.

Before the deed: "STATUS" or "STATUS:DETAIL", where the detail is the seconds of a Retry-After, the code of a
refusal, or where a 307 sends us; "older:CODE" (a 403 in the older shape), "page" (what answers
is no connector), "drop" (the connection breaks), "hang" (until `patience` is set).
After it, so that the deed is done: "lose" (the connection breaks), "after:STATUS", "empty" and "list".
"""

from __future__ import annotations

from aiohttp import web

from tests.chat.teams.fake.refusal import Refusal
from tests.chat.teams.fake.tenant import FakeTeams

#: The code that goes with a status, unless another one is said.
_CODES = {
    "403": "ConversationBlockedByUser",
    "404": "ConversationNotFound",
    "412": "PreconditionFailed",
    "413": "MessageSizeTooBig",
    "429": "Throttled",
}


async def before(teams: FakeTeams, trouble: str, request: web.Request) -> web.Response | None:
    """What is answered instead; None when the deed is to be done."""
    kind, _, detail = trouble.partition(":")
    match kind:
        case "hang":
            await teams.patience.wait()
        case "drop":
            return broken(request)
        case "page":
            return web.Response(text="<html>Please log in</html>", content_type="text/html")
        case "older":
            return refused(Refusal(403, detail, older=True))
        case "307":
            return web.Response(status=307, headers={"Location": detail})
        case status if status.isdigit():
            usual = _CODES.get(status, "ServiceError")
            if detail.isdigit():
                return refused(Refusal(int(status), usual), **{"Retry-After": detail})
            return refused(Refusal(int(status), detail or usual))
    return None


def after(trouble: str, request: web.Request) -> web.Response | None:
    """What is answered although the deed is done; None for what the connector would say."""
    kind, _, detail = trouble.partition(":")
    match kind:
        case "lose":
            return broken(request)
        case "after":
            return refused(Refusal(int(detail), "ServiceError"))
        case "empty":
            return web.Response(status=201)
        case "list":
            return web.json_response([], status=201)
    return None


def refused(refusal: Refusal, **headers: str) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status, headers=headers)


def broken(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
