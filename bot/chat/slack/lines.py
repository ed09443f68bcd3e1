"""How Slack reaches us: a socket that we open, or signed requests to our own address."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.handler import to_starlette_response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.chat.slack.answering import log
from bot.chat.slack.faults import code_of
from bot.core.errors import BookendError

PATH = "/slack/events"
#: How long a first connection may take, in seconds; once it stood, it is renewed by itself for ever.
PATIENCE = 30


class Socket:
    """Socket Mode: needs no address of ours."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._app = app
        self._token = app_token
        self._handler: AsyncSocketModeHandler | None = None

    async def start(self) -> None:
        """Return when Slack can reach us; raise BookendError with what to do."""
        self._handler = AsyncSocketModeHandler(self._app, self._token, logger=log)
        try:
            async with asyncio.timeout(PATIENCE):
                # asked first, because with a wrong token the handler would try for ever
                self._handler.client.wss_uri = await self._handler.client.issue_new_wss_url()
                await self._handler.connect_async()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            await self.stop()
            raise BookendError(
                f"Slack does not accept BOOKEND_SLACK_APP_TOKEN ({code_of(error)}): make one with the right "
                "connections:write, and turn Socket Mode on."
            ) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            await self.stop()
            raise BookendError("Slack's Socket Mode cannot be reached. Is the network up?") from error

    async def stop(self) -> None:
        """Hang up."""
        if self._handler is not None:
            await self._handler.close_async()  # type: ignore[no-untyped-call]
            self._handler = None


def routes(app: AsyncApp, signing_secret: str) -> tuple[BaseRoute, ...]:
    """Return the one route that Slack calls; an unsigned, wrongly signed or old request gets 401.

    Signatures are checked before anything is parsed. Bolt does it after, and takes every command that has the
    word "payload" in it for something else.
    """
    verifier = SignatureVerifier(signing_secret)

    async def events(request: Request) -> Response:
        body = await request.body()
        if not genuine(verifier, body, request.headers):
            return Response(status_code=401)
        try:
            sent = parsed(body, request.headers.get("content-type", ""))
        except ValueError:
            return Response(status_code=400)
        # "socket mode" is Bolt's name for a body that is parsed and verified already
        asked = AsyncBoltRequest(mode="socket_mode", body=sent, headers=dict(request.headers))
        return to_starlette_response(await app.async_dispatch(asked))

    return (Route(PATH, events, methods=["POST"]),)


def genuine(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Say whether Slack signed this, within the last five minutes."""
    try:
        return verifier.is_valid_request(body, dict(headers))
    except (ValueError, TypeError, OverflowError):
        # a timestamp that is no number, a signature or a body that is no text
        return False


def parsed(body: bytes, content_type: str) -> dict[str, Any]:
    """Return what Slack sent: JSON, a form, or JSON in a form; raise ValueError for anything else."""
    text = body.decode("utf-8")
    if content_type.startswith("application/json"):
        found = json.loads(text)
    else:
        form = dict(parse_qsl(text, keep_blank_values=True))
        found = json.loads(form["payload"]) if "payload" in form else form
    if not isinstance(found, dict):
        raise ValueError("Slack sends one JSON object.")
    return found
