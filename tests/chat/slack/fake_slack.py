"""A strict small Slack Web API over real HTTP, for what the stand-in cannot do: lose a reply, ask for a
pause, break off, refuse, keep metadata, know guests and shared channels.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.chat.slack import limits

Json = dict[str, Any]

TEAM, BOT_USER, BOT, APP = "T0CLINIC", "U0BOT", "B0BOT", "A0BOOKEND"
TOKEN = "xoxb-invented"
#: The person, the channel, and those who may not take part.
JO, BOARD, SHARED, PENDING = "U0JO", "C0BOARD", "C0SHARED", "C0PENDING"


def user(account: str, **more: object) -> Json:
    return {"id": account, "team_id": TEAM, "deleted": False, "is_bot": False, **more}


class Refusal(Exception):
    """Slack answers with this error."""


@dataclass(kw_only=True)
class FakeSlack:
    """`troubles` are taken one by one by the calls that come: before the deed "refuse:CODE", "429", "busy",
    "hang", "drop", "page", and "wait" until `patience` ends; after it "lose", "502".
    """

    url: str = ""
    scopes: str = ""
    messages: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    whispers: list[Json] = field(default_factory=list)
    views: list[Json] = field(default_factory=list)
    pins: list[str] = field(default_factory=list)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    troubles: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Json] = field(default_factory=dict)
    said: asyncio.Event = field(default_factory=asyncio.Event)
    patience: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.users |= {
            each["id"]: each
            for each in (
                user(JO),
                user("U0GUEST", is_restricted=True),
                user("U0ULTRA", is_ultra_restricted=True),
                user("U0GONE", deleted=True),
                user("U0ROBOT", is_bot=True),
                user("U0STRANGE", is_stranger=True),
                user("U0OTHER", team_id="T0OTHER"),
            )
        }
        self.channels |= {
            BOARD: {"id": BOARD},
            SHARED: {"id": SHARED, "is_ext_shared": True},
            PENDING: {"id": PENDING, "is_pending_ext_shared": True},
        }

    def count(self, method: str) -> int:
        return sum(name == method for name, _ in self.calls)

    async def until_said(self, many: int = 1) -> None:
        """Return when so many answers for one person alone, or forms, have come."""
        async with asyncio.timeout(5):
            while len(self.whispers) + len(self.views) < many:
                self.said.clear()
                await self.said.wait()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        sent = await request.json() if request.content_type == "application/json" else await request.post()
        args = dict(request.query) | dict(sent)
        self.calls.append((method, args))
        trouble = self.troubles[method].popleft() if self.troubles[method] else ""
        if early := await self._early(trouble, request):
            return early
        answer = self._reply(method, args, request.headers.get("Authorization", ""))
        self.said.set()
        if trouble == "lose" and request.transport is not None:
            request.transport.abort()
        if trouble == "502":
            return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
        return web.json_response(answer, headers={"x-oauth-scopes": self.scopes} if self.scopes else {})

    async def _early(self, trouble: str, request: web.Request) -> web.Response | None:
        code, _, detail = trouble.partition(":")
        if code == "refuse":
            return web.json_response({"ok": False, "error": detail})
        if code == "429":
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers={"Retry-After": detail or "7"})
        if code == "busy":
            return web.Response(status=429, text="<html>slow down</html>", content_type="text/html")
        if code == "page":
            return web.Response(
                text=detail or "Please log in", content_type=(detail and "application/json") or "text/plain"
            )
        if code == "wait":
            await self.patience.wait()
        if code == "hang":
            await asyncio.Event().wait()
        if code == "drop" and request.transport is not None:
            request.transport.abort()
            return web.Response()
        return None

    def _reply(self, method: str, args: Json, authorization: str) -> Json:
        if authorization != f"Bearer {TOKEN}":
            return {"ok": False, "error": "invalid_auth"}
        do = getattr(self, "do_" + method.replace(".", "_"), None)
        if do is None:
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **do(args)}
        except Refusal as refusal:
            return {"ok": False, "error": str(refusal)}

    def do_auth_test(self, _: Json) -> Json:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT}

    def do_bots_info(self, _: Json) -> Json:
        return {"bot": {"id": BOT, "app_id": APP}}

    def do_users_info(self, args: Json) -> Json:
        if args["user"] not in self.users:
            raise Refusal("user_not_found")
        return {"user": self.users[args["user"]]}

    def do_conversations_info(self, args: Json) -> Json:
        return {"channel": self._channel(args["channel"])}

    def do_conversations_open(self, args: Json) -> Json:
        account = args["users"]
        if account not in self.users:
            raise Refusal("user_not_found")
        channel = "D" + account[1:]
        self.channels.setdefault(channel, {"id": channel, "is_im": True})
        return {"channel": {"id": channel}}

    def do_conversations_history(self, args: Json) -> Json:
        self._channel(args["channel"])
        cards = [each for each in self.messages[args["channel"]] if "thread_ts" not in each]
        return self._page(list(reversed(cards)), args)

    def do_conversations_replies(self, args: Json) -> Json:
        self._message(args["channel"], args["ts"], missing="thread_not_found")
        thread = [m for m in self.messages[args["channel"]] if args["ts"] in (m["ts"], m.get("thread_ts"))]
        return self._page(thread, args)

    def do_chat_postMessage(self, args: Json) -> Json:  # noqa: N802 (Slack's own name)
        self._channel(args["channel"])
        self._fits(args)
        if "thread_ts" in args:
            self._message(args["channel"], args["thread_ts"])
        number = sum(map(len, self.messages.values())) + 1
        sent = {"ts": f"1000.{number:06}", "bot_id": BOT, "edits": 0, **args}
        self.messages[args["channel"]].append(sent)
        return {"channel": args["channel"], "ts": sent["ts"]}

    def do_chat_update(self, args: Json) -> Json:
        self._channel(args["channel"])
        self._fits(args)
        sent = self._message(args["channel"], args["ts"])
        sent |= {"text": args["text"], "blocks": args["blocks"], "edits": sent["edits"] + 1}
        return {"channel": args["channel"], "ts": args["ts"]}

    def do_pins_add(self, args: Json) -> Json:
        self._message(args["channel"], args["timestamp"])
        if args["timestamp"] in self.pins:
            raise Refusal("already_pinned")
        self.pins.append(args["timestamp"])
        return {}

    def do_pins_remove(self, args: Json) -> Json:
        if args["timestamp"] not in self.pins:
            raise Refusal("no_pin")
        self.pins.remove(args["timestamp"])
        return {}

    def do_chat_postEphemeral(self, args: Json) -> Json:  # noqa: N802 (Slack's own name)
        self._fits(args)
        self.whispers.append(args)
        return {"message_ts": "1"}

    def do_views_open(self, args: Json) -> Json:
        if args["trigger_id"] == "late":
            raise Refusal("expired_trigger_id")
        return self.do_views_update(args)

    def do_views_update(self, args: Json) -> Json:
        if limits.of_view(args["view"]):
            raise Refusal("invalid_arguments")
        self.views.append(args["view"])
        return {"view": args["view"] | {"id": "V1"}}

    def _channel(self, name: str) -> Json:
        if name not in self.channels:
            raise Refusal("channel_not_found")
        if self.channels[name].get("is_archived"):
            raise Refusal("is_archived")
        return self.channels[name]

    def _message(self, channel: str, ts: str, *, missing: str = "message_not_found") -> Json:
        found = next((each for each in self.messages[channel] if each["ts"] == ts), None)
        if found is None:
            raise Refusal(missing)
        return found

    def _fits(self, args: Json) -> None:
        if limits.of_message(args["text"], args["blocks"]):
            raise Refusal("invalid_blocks")

    def _page(self, messages: list[Json], args: Json) -> Json:
        start, limit = int(args.get("cursor") or 0), int(args.get("limit", 100))
        kept = messages[start : start + limit]
        if str(args.get("include_all_metadata")).lower() not in ("1", "true"):
            kept = [{name: value for name, value in each.items() if name != "metadata"} for each in kept]
        more = str(start + limit) if start + limit < len(messages) else ""
        return {"messages": kept, "response_metadata": {"next_cursor": more}}


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """Serve a Slack of our own on a free port of this machine."""
    slack = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    try:
        yield slack
    finally:
        await runner.cleanup()
