"""The workspace behind a real port of this machine: tokens, rights, limits and troubles, then the method."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.chat.slack.fake import faults, knowing, showing, talking
from tests.chat.slack.fake.names import Json
from tests.chat.slack.fake.refusal import Refusal, TooMany
from tests.chat.slack.fake.rights import check_right, check_token
from tests.chat.slack.fake.workspace import FakeSlack

METHODS = {**knowing.METHODS, **talking.METHODS, **showing.METHODS}


async def answer(slack: FakeSlack, request: web.Request) -> web.StreamResponse:
    """Answer one call as Slack does, or as a trouble has it."""
    method = request.match_info["method"]
    sent = await request.json() if request.content_type == "application/json" else await request.post()
    args: Json = dict(request.query) | dict(sent)
    slack.calls.append((method, args))
    slack.asked.set()
    trouble = slack.troubles[method].popleft() if slack.troubles[method] else ""
    if early := await faults.before(slack, trouble, request):
        return early
    token = request.headers.get("Authorization", "").partition(" ")[2] or str(args.get("token", ""))
    try:
        found = called(slack, method, args, token)
    except TooMany as many:
        return faults.pause(many.seconds)
    slack.said.set()
    return faults.after(trouble, request) or web.json_response(
        found, headers={"x-oauth-scopes": slack.scopes}
    )


def called(slack: FakeSlack, method: str, args: Json, token: str) -> Json:
    """What Slack says to a call."""
    try:
        if method not in METHODS:
            raise Refusal("unknown_method")
        check_token(method, token)
        check_right(method, slack.scopes, slack.channels.get(str(args.get("channel"))))
        slack.pace.count(method, str(args.get("channel", "")))
        return {"ok": True, **METHODS[method](slack, args)}
    except Refusal as refusal:
        return refusal.answer()
    except KeyError as missing:
        said = f"[ERROR] missing required field: {missing.args[0]}"
        return Refusal("invalid_arguments", response_metadata={"messages": [said]}).answer()


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """Serve a Slack of our own on a free port of this machine."""
    slack = FakeSlack()

    async def called_by(request: web.Request) -> web.StreamResponse:
        return await answer(slack, request)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", called_by)
    app.router.add_get("/link/", slack.sockets.connected)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()
