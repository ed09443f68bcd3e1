"""Microsoft's sign-in, of our own: it knows one app of one tenant, and counts who asks for a token."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web

from bot.chat.teams.settings import LOGIN
from tests.chat.teams.fake import BOT, TENANT

SECRET = "invented~secret~of~a~test"
#: What Microsoft says of a wrong secret quotes what it was asked with.
WORDS = f"AADSTS{{number}}: Invented words about app '{BOT}' and {SECRET}. Trace ID: 1"
Json = dict[str, Any]


@dataclass(kw_only=True)
class SignIn:
    """What was asked, and what comes next: one of Microsoft's numbers, "page", "500", "hang", or a token."""

    url: str = ""
    asked: list[Json] = field(default_factory=list)
    next: deque[str] = field(default_factory=deque)
    lasts: int = 3600
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def http(self, timeout: float = 2.0) -> httpx.Client:
        """A way to Microsoft that ends here."""
        return httpx.Client(transport=_Here(self.url), timeout=timeout)

    async def tenant(self, request: web.Request) -> web.Response:
        """Where the tenant's tokens are given, as it is looked for before the first one."""
        if request.match_info["tenant"] != TENANT:
            words = WORDS.format(number=90002)
            return web.json_response({"error": "invalid_tenant", "error_description": words}, status=400)
        at = f"{LOGIN}/{TENANT}/oauth2/v2.0"
        ways = {"token_endpoint": f"{at}/token", "authorization_endpoint": f"{at}/authorize"}
        return web.json_response({"issuer": f"{LOGIN}/{TENANT}/v2.0", **ways})

    async def token(self, request: web.Request) -> web.Response:
        """Give a token, each time another, or say why not."""
        self.asked.append({str(key): str(value) for key, value in (await request.post()).items()})
        match self.next.popleft() if self.next else "":
            case "page":
                return web.Response(text="<html>Please log in</html>", content_type="text/html")
            case "hang":
                await self.over.wait()
                return web.Response()
            case "500":
                return web.Response(status=500, text="oops")
            case "":
                given = {"access_token": f"token-{len(self.asked)}", "expires_in": self.lasts}
                return web.json_response({"token_type": "Bearer", **given})
            case number:
                words = WORDS.format(number=number)
                refused = {"error": "invalid_client", "error_description": words}
                return web.json_response(refused, status=401)


class _Here(httpx.BaseTransport):
    """Sends what is meant for Microsoft to a port of this machine."""

    def __init__(self, url: str) -> None:
        self._url = httpx.URL(url)
        self._http = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https" and request.url.host == httpx.URL(LOGIN).host
        there = self._url
        request.url = request.url.copy_with(scheme=there.scheme, host=there.host, port=there.port)
        return self._http.handle_request(request)

    def close(self) -> None:
        self._http.close()


@asynccontextmanager
async def sign_in() -> AsyncIterator[SignIn]:
    """Serve a sign-in on a free port of this machine."""
    microsoft = SignIn()
    app = web.Application()
    app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", microsoft.tenant)
    app.router.add_post("/{tenant}/oauth2/v2.0/token", microsoft.token)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    microsoft.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield microsoft
    finally:
        microsoft.over.set()
        await runner.cleanup()
