"""The tenant behind a real port of this machine: troubles, then tokens, then what was asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.chat.teams.fake import faults, knowing, talking
from tests.chat.teams.fake.keys import GOOD_FOR
from tests.chat.teams.fake.names import ISSUER, Json
from tests.chat.teams.fake.refusal import Refusal, bad
from tests.chat.teams.fake.tenant import Call, FakeTeams

Answered = Callable[[FakeTeams, web.Request, Json], tuple[int, Any]]
#: What programs on a machine of Azure show to be given a token there.
MSI_SECRET = "invented-header"


def _named(request: web.Request, name: str = "place") -> str:
    return request.match_info[name]


def _query(request: web.Request, name: str) -> str:
    return request.query.get(name, "")


#: Each kind of call by its name, which `troubles` and `calls` have too.
CALLS: dict[str, tuple[str, str, Answered]] = {
    "converse": ("POST", "/v3/conversations", lambda t, r, b: (201, talking.converse(t, b))),
    "post": (
        "POST",
        "/v3/conversations/{place}/activities",
        lambda t, r, b: (201, talking.post(t, _named(r), b)),
    ),
    "edit": (
        "PUT",
        "/v3/conversations/{place}/activities/{message}",
        lambda t, r, b: (200, talking.edit(t, _named(r), _named(r, "message"), b)),
    ),
    "members": (
        "GET",
        "/v3/conversations/{place}/members",
        lambda t, r, b: (200, knowing.members(t, _named(r))),
    ),
    "member": (
        "GET",
        "/v3/conversations/{place}/members/{who}",
        lambda t, r, b: (200, knowing.member(t, _named(r), _named(r, "who"))),
    ),
    "pages": (
        "GET",
        "/v3/conversations/{place}/pagedMembers",
        lambda t, r, b: (
            200,
            knowing.paged_members(t, _named(r), _query(r, "pageSize"), _query(r, "continuationToken")),
        ),
    ),
    "channels": (
        "GET",
        "/v3/teams/{team}/conversations",
        lambda t, r, b: (200, knowing.channels(t, _named(r, "team"))),
    ),
}


def metadata(teams: FakeTeams, request: web.Request, body: Json) -> tuple[int, Any]:
    """Who signs activities, and where its keys are."""
    keys = f"{teams.url}/v1/.well-known/keys"
    said = {"issuer": ISSUER, "jwks_uri": keys, "id_token_signing_alg_values_supported": ["RS256"]}
    return 200, said


def msi(teams: FakeTeams, request: web.Request, body: Json) -> tuple[int, Any]:
    """Give a token to a program on this machine, as Azure does to one on its own."""
    if request.headers.get("X-IDENTITY-HEADER") != MSI_SECRET:
        raise Refusal(401, "Unauthorized")
    given = teams.keys.give(request.query["resource"])
    return 200, given | {"expires_on": str(2**31 - GOOD_FOR), "resource": request.query["resource"]}


def token(teams: FakeTeams, request: web.Request, body: Json) -> tuple[int, Any]:
    """Give a token for a secret."""
    if not body.get("client_secret") or body.get("grant_type") != "client_credentials":
        return 400, {"error": "invalid_client", "error_description": "Invented words."}
    return 200, teams.keys.give()


#: What is asked of others than the connector: no token is needed there.
OPEN: dict[str, tuple[str, str, Answered]] = {
    "metadata": ("GET", "/v1/.well-known/openidconfiguration", metadata),
    "keys": ("GET", "/v1/.well-known/keys", lambda t, r, b: (200, t.keys.public())),
    "msi": ("GET", "/msi", msi),
    "token": ("POST", "/{tenant}/oauth2/v2.0/token", token),
}


def _route(
    teams: FakeTeams, what: str, done: Answered, *, closed: bool
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        body = await _body(request)
        teams.calls.append(Call(what=what, path=request.path, bearer=bearer, body=body, at=teams.now()))
        teams.asked.set()
        trouble = teams.troubles[what].popleft() if teams.troubles[what] else ""
        if early := await faults.before(teams, trouble, request):
            return early
        try:
            if closed and teams.strict and (scheme != "Bearer" or bearer not in teams.keys.given):
                raise Refusal(401, "Unauthorized")
            status, found = done(teams, request, body)
        except Refusal as refusal:
            return faults.refused(refusal)
        return faults.after(trouble, request) or web.json_response(found, status=status)

    return answer


async def _body(request: web.Request) -> Json:
    if not request.can_read_body:
        return {}
    if request.content_type == "application/json":
        found = await request.json()
        return dict(found) if isinstance(found, dict) else {}
    return {str(key): value for key, value in (await request.post()).items()}


async def _nowhere(request: web.Request) -> web.Response:
    return faults.refused(bad("NotFound"))


def application(teams: FakeTeams) -> web.Application:
    """Everything that can be asked for."""
    app = web.Application(client_max_size=2**23)
    for what, (method, path, done) in CALLS.items():
        app.router.add_route(method, f"/emea{path}", _route(teams, what, done, closed=True))
    for what, (method, path, done) in OPEN.items():
        app.router.add_route(method, path, _route(teams, what, done, closed=False))
    app.router.add_route("*", "/{rest:.*}", _nowhere)
    return app


@asynccontextmanager
async def fake_teams() -> AsyncIterator[FakeTeams]:
    """Serve a tenant of our own on a free port of this machine."""
    teams = FakeTeams()
    runner = web.AppRunner(application(teams), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield teams
    finally:
        teams.patience.set()
        await runner.cleanup()
