"""`python -m tests.bench.bolt`: what is measured against, a Bolt app with its defaults and one empty action.

It runs under uvicorn with its defaults, one worker, behind Bolt's own adapter for Starlette, and does nothing
but acknowledge. `BOOKEND_SLACK_*` name the workspace, as they do for `bookend serve`.
"""

from __future__ import annotations

import logging
import os
import re
import socket

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PATH = "/slack/events"


def routes() -> list[Route]:
    """Return Bolt's one route."""
    token, url = os.environ["BOOKEND_SLACK_BOT_TOKEN"], os.environ["BOOKEND_SLACK_API_URL"]
    app = AsyncApp(
        client=AsyncWebClient(token=token, base_url=url),
        signing_secret=os.environ["BOOKEND_SLACK_SIGNING_SECRET"],
    )
    app.action(re.compile(".*"))(_take)
    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return [Route(PATH, events, methods=["POST"])]


async def _take(ack: AsyncAck) -> None:
    await ack()


def serve(app: Starlette) -> None:
    """Serve an app on a free port of this machine, which is said."""
    here = socket.socket()
    here.bind(("127.0.0.1", 0))
    print(f"Listening on port {here.getsockname()[1]}.", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level=logging.WARNING, access_log=False)).run([here])


if __name__ == "__main__":
    serve(Starlette(routes=routes()))
