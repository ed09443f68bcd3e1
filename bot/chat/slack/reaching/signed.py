"""The door at our own address: requests that Slack signed, each of them once."""

from __future__ import annotations

import json
from binascii import a2b_qp
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.adapter.starlette.handler import to_starlette_response
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.chat.newest import Newest
from bot.chat.slack.reaching.intake import Intake

PATH = "/slack/events"
_SIGNATURE, _SIGNED_AT = "x-slack-signature", "x-slack-request-timestamp"
#: How many signatures are remembered: more than Slack makes in the minutes for which one is good. Nobody else
#: can make one, and so nobody else can drive one out.
MOST = 20_000


def routes(intake: Intake, signing_secret: str) -> tuple[BaseRoute, ...]:
    """Return the one route that Slack calls.

    An unsigned, wrongly signed or old request gets 401, and so does one that was answered before; what we
    failed to take may come again. Signatures are checked before anything is parsed. Bolt does it after, and
    takes every command that has the word "payload" in it for something else.
    """
    verifier = SignatureVerifier(signing_secret)
    # the desk knows what it answered: a copy that comes after a restart, or elsewhere, changes nothing
    taken_before = Newest[str, None](MOST)

    async def events(request: Request) -> Response:
        body = await request.body()
        if not genuine(verifier, body, request.headers):
            return Response(status_code=401)
        signature = request.headers[_SIGNATURE]
        if signature in taken_before:
            return Response(status_code=401)
        taken_before.keep(signature, None)
        answer = Response(status_code=503)
        try:
            answer = await taken(intake, body, request.headers.get("content-type", ""))
        finally:
            if answer.status_code >= 300:
                taken_before.forget(signature)
        return answer

    return (Route(PATH, events, methods=["POST"]),)


async def taken(intake: Intake, body: bytes, content_type: str) -> Response:
    """Return the answer to a genuine request."""
    try:
        sent = parsed(body, content_type)
    except (ValueError, RecursionError):
        return Response(status_code=400)
    return to_starlette_response(await intake.take(sent))


def genuine(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Say whether Slack signed this, within the last five minutes."""
    try:
        return verifier.is_valid(body, headers.get(_SIGNED_AT), headers.get(_SIGNATURE))
    except (ValueError, TypeError, OverflowError):
        # a timestamp that is no number, a signature or a body that is no text
        return False


def parsed(body: bytes, content_type: str) -> dict[str, Any]:
    """Return what Slack sent: JSON, a form, or JSON in a form; raise ValueError for anything else, and
    RecursionError for what is nested without end.
    """
    if content_type.startswith("application/json"):
        found = json.loads(body.decode("utf-8"))
    else:
        form = fields(body)
        found = json.loads(form["payload"]) if "payload" in form else form
    if not isinstance(found, dict):
        raise ValueError("Slack sends one JSON object.")
    return found


def fields(body: bytes) -> dict[str, str]:
    """Return the fields of a form as `parse_qsl` reads them, the last of each name; raise ValueError for
    what is no text.

    Whatever is pressed or sent off comes as one long field. `parse_qsl` looks at each of its escapes in
    turn, which is more work than all else between the socket and the desk.
    """
    name, _, value = body.partition(b"=")
    if name == b"payload" and b"&" not in value and (found := unescaped(value)) is not None:
        return {"payload": found}
    return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))


def unescaped(value: bytes) -> str | None:
    """Return the text of a value of a form, `None` where not all of it is what a browser would send.

    Escapes are read as quoted-printable, which Python does in one go: but for the sign before the two digits
    it is the same. A sign without them is something else in each; then less than two signs fall away for it.
    """
    if not value.isascii() or b"\n" in value or b"\r" in value:
        return None
    found = a2b_qp(value.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"="))
    if len(found) != len(value) - 2 * value.count(b"%"):
        return None
    return found.decode("utf-8", "replace")
