"""The Bot Connector of Teams, asked no faster than it allows, never twice by itself, and nobody else with it.

Activities are plain mappings, and nothing stands between us and what Teams answers: its library's own models
take a lost id for a message, and an answer without one for an accident.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import httpx

from bot.chat.pace import Pace
from bot.chat.teams.calling.addresses import (
    NO_SUCH_ID,
    VERSION,
    channels,
    conversations,
    in_thread,
    is_id,
)
from bot.chat.teams.calling.faults import SOON, never, passes, pause_of, trouble, unanswered
from bot.chat.teams.calling.hosts import allowed
from bot.chat.teams.calling.pace import EDIT, OPEN, POST, READ, REPLY, Retreat, TeamsLimits
from bot.chat.teams.calling.tokens_out import Tokens, tokens
from bot.chat.teams.sdk import Client, ClientOptions, MiddlewareContext, MiddlewareNext, hushed
from bot.chat.teams.settings import TeamsSettings
from bot.core.errors import ChatTrouble, Never, TryLater, Undeliverable, Unsure
from bot.core.places import Place

Json = Mapping[str, Any]

#: In seconds. What has no connection by then was surely not sent.
TIMEOUT = httpx.Timeout(8, connect=4, pool=4)
#: How long a call may take in all, in seconds: its lease must outlast it.
LONGEST = 10.0
#: What Microsoft's library writes where Teams gave no id.
NO_ID = "DO_NOT_USE_PLACEHOLDER_ID"
JSON = {"Content-Type": "application/json; charset=utf-8"}
#: How many people are asked for at once, and how many pages at most.
PAGE, PAGES = 500, 40


class Guard:
    """Lets nothing go anywhere but to Teams: it raises before a token is asked for."""

    def __init__(self, own: str) -> None:
        self._own = own

    async def send(self, context: MiddlewareContext, next: MiddlewareNext) -> httpx.Response:
        """Let a call go on, or raise Undeliverable."""
        service, version, _ = context.url.partition(VERSION)
        if not (version and allowed(service, self._own)):
            raise Undeliverable("That is no address of Teams: nothing was sent.")
        answer: httpx.Response = await next()
        return answer


class Signed:
    """Puts our token to a call, and lets no answer take for ever."""

    def __init__(self, source: Tokens) -> None:
        self._tokens = source

    async def send(self, context: MiddlewareContext, next: MiddlewareNext) -> httpx.Response:
        """Send a call and return the answer."""
        if token := await self._tokens.token():
            context.headers["Authorization"] = f"Bearer {token}"
        async with asyncio.timeout(LONGEST):
            answer: httpx.Response = await next()
        return answer


@dataclass(frozen=True, kw_only=True, slots=True)
class _Call:
    """One call, and as what it is paced."""

    method: str
    address: str
    kind: str
    where: str = ""
    channel: bool = False


class TeamsClient:
    """The one client through which Bookend speaks: each call waits for its turn, or raises Paced. All raise
    TryLater, Unsure or Undeliverable and nothing else; how urgent a call is says `bot.chat.pace.hurry`.
    """

    def __init__(self, http: Client, source: Tokens, pace: Pace, tenant: str) -> None:
        self._http = http
        self._tokens = source
        self._pace = pace
        self._tenant = tenant
        self._retreat = Retreat()

    async def post(self, place: Place, activity: Json, *, thread: str = "") -> str:
        """Post a message, in a channel also under the first message of a thread; return its id."""
        conversation = in_thread(place.conversation, thread)
        kind = REPLY if thread else POST
        call = _in(place, "POST", kind, conversations(place.service, conversation, "activities"))
        told = {"id": conversation, "tenantId": self._tenant}
        message = _id(await self._made(call, {**activity, "conversation": told}))
        if not message:
            raise Unsure("Teams did not say which message it made.")
        return message

    async def edit(self, place: Place, message: str, activity: Json) -> None:
        """Put another in the place of a message; whatever Teams says of it but an error is good."""
        address = conversations(place.service, place.conversation, "activities", message)
        await self._made(_in(place, "PUT", EDIT, address), {**activity, "id": message})

    async def converse(self, service: str, member: str) -> str:
        """Return the id of somebody's own conversation with Bookend, which stays the same; `member` is what
        Teams calls them, or the account.
        """
        if not is_id(member):
            raise Undeliverable(NO_SUCH_ID, Never.PERSON_LOST)
        asked = {
            "isGroup": False,
            "members": [{"id": member}],
            "tenantId": self._tenant,
            "channelData": {"tenant": {"id": self._tenant}},
        }
        call = _Call(method="POST", address=conversations(service), kind=OPEN)
        return _id(await self._made(call, asked)) or _not_teams()

    async def member(self, place: Place, member: str) -> Json:
        """Return what Teams says of somebody in a conversation."""
        address = conversations(place.service, place.conversation, "members", member)
        found = _mapping(await self._made(_in(place, "GET", READ, address)))
        # what says nothing of anybody would pass for a full member
        return found if found.get("id") else _not_teams()

    async def members(self, place: Place) -> list[Json]:
        """Return everybody in a conversation."""
        call = _in(place, "GET", READ, conversations(place.service, place.conversation, "pagedMembers"))
        found: list[Json] = []
        asked = {"pageSize": str(PAGE)}
        for _ in range(PAGES):
            page = _mapping(await self._made(call, asked=asked))
            found += _mappings(page.get("members"))
            more = page.get("continuationToken")
            if not more:
                return found
            asked["continuationToken"] = str(more)
        raise Undeliverable("Too many people are in this conversation to be looked through.")

    async def channels(self, service: str, team: str) -> list[Json]:
        """Return the channels of a team."""
        call = _Call(method="GET", address=channels(service, team), kind=READ, where=team, channel=True)
        return _mappings(_mapping(await self._made(call)).get("conversations"))

    async def token(self) -> None:
        """Prove that Microsoft gives us a token."""
        await self._tokens.token()

    async def close(self) -> None:
        """Hang up."""
        await self._http.http.aclose()
        await self._tokens.close()

    async def _made(
        self, call: _Call, body: Json | None = None, asked: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Make a call in its turn and return what was answered."""
        await self._pace.turn(call.kind, call.where)
        # what httpx and Teams say names the conversation: no error of ours carries it along
        try:
            answer: httpx.Response = await self._http.request(
                call.method, call.address, content=_content(body), headers=JSON, params=asked
            )
        except httpx.HTTPStatusError as refused:
            raise self._refused(call, refused.response) from None
        except (httpx.RequestError, TimeoutError) as error:
            raise unanswered(error, self._retreat.further(call.kind, call.where), kind=call.kind) from None
        self._retreat.end(call.kind, call.where)
        return answer

    def _refused(self, call: _Call, answer: httpx.Response) -> ChatTrouble:
        if answer.status_code == 401:
            self._tokens.forget()
        if not passes(answer):
            return never(answer, kind=call.kind, channel=call.channel)
        told = pause_of(answer)
        pause = told or self._retreat.further(call.kind, call.where)
        if told or answer.status_code == 429:
            self._pace.pause(call.kind, call.where, pause)
        return trouble(answer, pause, kind=call.kind)


def client(settings: TeamsSettings, pace: Pace | None = None) -> TeamsClient:
    """Return the client for a tenant; `pace` is another than the real time's, for a clock that leaps."""
    # what goes to a test client on this machine is nothing for a proxy
    http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=not settings.service_url)
    speaking, source = Client(ClientOptions(), _http=http), tokens(settings)
    hushed()
    speaking.use(Guard(settings.service_url))
    speaking.use(Signed(source))
    return TeamsClient(speaking, source, pace or Pace(TeamsLimits()), settings.tenant_id)


def _in(place: Place, method: str, kind: str, address: str) -> _Call:
    where, channel = place.conversation, place.is_channel
    return _Call(method=method, address=address, kind=kind, where=where, channel=channel)


def _content(body: Json | None) -> bytes | None:
    """Return what is sent; half a letter becomes a question mark."""
    if body is None:
        return None
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _body(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _id(answer: httpx.Response) -> str:
    """Return the id in an answer, "" where there is none."""
    body = _body(answer)
    told = body.get("id") if isinstance(body, dict) else None
    return told if isinstance(told, str) and told != NO_ID and is_id(told) else ""


def _mapping(answer: httpx.Response) -> Json:
    body = _body(answer)
    return body if isinstance(body, dict) else _not_teams()


def _mappings(found: object) -> list[Json]:
    if isinstance(found, list) and all(isinstance(each, dict) for each in found):
        return found
    return _not_teams()


def _not_teams() -> NoReturn:
    raise TryLater("What answered was not Teams.", SOON)
