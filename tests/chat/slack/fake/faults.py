"""What goes wrong on the way, call by call, because a test said so in `FakeSlack.troubles`.

Before the deed: "refuse:CODE", "429" or "429:SECONDS", "busy" (a 429 that is a page), "503", "page" or
"page:BODY" (what answers is not Slack), "drop" (the connection breaks), "hang", "wait" (until `patience`
is set) and "delay:SECONDS". After it, so that the deed is done: "lose" (the connection breaks) and "502".
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.chat.slack.fake.workspace import FakeSlack


async def before(slack: FakeSlack, trouble: str, request: web.Request) -> web.Response | None:
    """What is answered instead; None when the deed is to be done."""
    code, _, detail = trouble.partition(":")
    if code == "wait":
        await slack.patience.wait()
    if code == "hang":
        await asyncio.Event().wait()
    if code == "delay":
        await asyncio.sleep(float(detail))
    if code == "drop":
        return broken(request)
    return answered(code, detail)


def answered(code: str, detail: str) -> web.Response | None:
    match code:
        case "refuse":
            return web.json_response({"ok": False, "error": detail})
        case "429":
            return pause(detail or "7")
        case "busy":
            return page(429, "slow down")
        case "503":
            return page(503, "unavailable")
        case "page":
            kind = (detail and "application/json") or "text/plain"
            return web.Response(text=detail or "Please log in", content_type=kind)
    return None


def after(trouble: str, request: web.Request) -> web.Response | None:
    """What is answered although the deed is done; None for what Slack would say."""
    if trouble == "lose":
        return broken(request)
    return page(502, "bad gateway") if trouble == "502" else None


def pause(seconds: object) -> web.Response:
    body = {"ok": False, "error": "ratelimited"}
    return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})


def page(status: int, words: str) -> web.Response:
    return web.Response(status=status, text=f"<html>{words}</html>", content_type="text/html")


def broken(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
