"""Teams without a network and on a virtual clock: a day of calls passes in seconds, each counted."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import httpx

from bot.chat.pace import Pace
from bot.chat.teams.calling.client import TeamsClient
from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.calling.tokens_out import NoTokens
from bot.chat.teams.chat import TeamsChat
from bot.chat.teams.sdk import Client, ClientOptions
from bot.clock import VirtualClock
from bot.service.practice import Practice
from tests.chat.teams.fake import TENANT, FakeTeams
from tests.chat.teams.fake.server import CALLS
from tests.chat.teams.fake.tenant import Call
from tests.chat.teams.trial import TeamsTrial

_PATHS = {
    what: (method, re.compile("/emea" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), done)
    for what, (method, path, done) in CALLS.items()
}


@dataclass
class Direct(httpx.AsyncBaseTransport):
    """Asks the invented tenant itself, as its server would."""

    teams: FakeTeams

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = httpx.Response(200, content=request.content).json() if request.content else {}
        for what, (method, path, done) in _PATHS.items():
            if request.method == method and (found := path.fullmatch(request.url.path)):
                self.teams.calls.append(
                    Call(what=what, path=request.url.path, bearer="", body=body, at=self.teams.now())
                )
                asked = SimpleNamespace(match_info=found.groupdict(), query=dict(request.url.params))
                status, answer = done(self.teams, asked, body)
                return httpx.Response(status, json=answer, request=request)
        raise AssertionError(f"the tenant knows no {request.method} {request.url.path}")


def teams_of(works: Practice, clock: VirtualClock) -> tuple[FakeTeams, TeamsChat]:
    """A tenant with everybody of an installation in it, and how Bookend speaks there."""

    async def sleep(seconds: float) -> None:
        clock.advance(clock.now() + timedelta(seconds=seconds))

    teams = FakeTeams(url="http://127.0.0.1:9")
    http = httpx.AsyncClient(transport=Direct(teams), trust_env=False)
    pace = Pace(TeamsLimits(), time=lambda: clock.now().timestamp(), sleep=sleep)
    speaking = TeamsClient(Client(ClientOptions(), _http=http), NoTokens(), pace, TENANT)
    on = TeamsTrial(teams=teams, client=speaking, alone=True)
    asyncio.run(on.meet(*{name for clinic in works.clinics.values() for name in clinic.people}))
    return teams, on.chat
