"""`python -m tests.bench.bolt [teams]`: what is measured against, a Bolt app that does nothing.

It has Bolt's defaults, one action that only acknowledges, Bolt's own adapter for Starlette, and one worker of
uvicorn with its defaults. With `teams` an app of the Teams SDK that does nothing either serves beside it, as
that does by itself. `BOOKEND_SLACK_*` and `BOOKEND_TEAMS_*` name the workspace and the tenant, as they do for
`bookend serve`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/slack/events"


def routes(token: str, url: str, secret: str, **more: Any) -> list[Route]:
    """Return Bolt's one route; `more` is set besides its defaults."""
    app = AsyncApp(client=AsyncWebClient(token=token, base_url=url), signing_secret=secret, **more)
    app.action(re.compile(".*"))(_take)
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return [Route(PATH, events, methods=["POST"])]


async def _take(ack: AsyncAck) -> None:
    await ack()


async def beside_teams(ours: list[Route]) -> Starlette:
    """Return the server of an empty Teams app, with these routes besides."""
    from microsoft_teams.apps import App, FastAPIAdapter

    adapter = FastAPIAdapter()
    named = {name: os.environ[f"BOOKEND_TEAMS_{name.upper()}"] for name in ("client_id", "tenant_id")}
    await App(**named, client_secret="invented", http_server_adapter=adapter).initialize()
    adapter.app.router.routes.extend(ours)
    return adapter.app


def serve(app: Starlette) -> None:
    """Serve an app on a free port of this machine, which is said."""
    here = socket.socket()
    here.bind(("127.0.0.1", 0))
    print(f"Listening on port {here.getsockname()[1]}.", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level=logging.WARNING, access_log=False)).run([here])


if __name__ == "__main__":
    names = ("BOT_TOKEN", "API_URL", "SIGNING_SECRET")
    empty = routes(*(os.environ[f"BOOKEND_SLACK_{name}"] for name in names))
    serve(asyncio.run(beside_teams(empty)) if "teams" in sys.argv else Starlette(routes=empty))
