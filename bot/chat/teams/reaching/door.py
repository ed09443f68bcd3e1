"""The door at our own address: what Microsoft signed for us, from our own tenant, and never an accident.

Not the App of Microsoft's library: its strict models answer 500 to a refresh, to a button without data, to an
upgrade and to whatever is new, and Teams may stop telling a bot anything that does so.
"""

from __future__ import annotations

import asyncio
import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.chat.teams import log
from bot.chat.teams.reaching.intake import Intake
from bot.chat.teams.reaching.normal import activity
from bot.chat.teams.reaching.tokens_in import Inbound
from bot.core.logged import Ours

PATH = "/api/messages"
#: How long the same reason is not logged again, in seconds: nobody who knocks can fill the log.
QUIET = 3600.0


def routes(intake: Intake, inbound: Inbound) -> tuple[BaseRoute, ...]:
    """Return the one route that Teams calls.

    401 whatever it says, unless Microsoft signed it for us; 400 if it is no activity; 401 as well if it is
    not from Teams, not of our tenant, or wants its answers elsewhere.
    """
    turned_away = TurnedAway()

    async def messages(request: Request) -> Response:
        token = request.headers.get("authorization", "")
        if not inbound.bears(token):
            return Response(status_code=401)
        body = parsed(await request.body())
        if why := await inbound.check(token, body):
            turned_away.because(why)
            return Response(status_code=401)
        told = activity(body)
        if not isinstance(body, dict) or not told.service:
            return JSONResponse({"error": "That is no activity of a bot."}, status_code=400)
        if why := inbound.stranger(body):
            turned_away.because(why)
            return Response(status_code=401)
        answer = await intake.take(told)
        # only signs of ASCII: half a letter that somebody typed must not keep the rest back
        return Response(json.dumps(answer.body), answer.status, media_type="application/json")

    return (Route(PATH, messages, methods=["POST"]),)


class TurnedAway:
    """Tells the log why somebody was not let in, each reason once an hour."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def because(self, why: str) -> None:
        """Tell of a reason, which has nothing of what was sent."""
        now = asyncio.get_running_loop().time()
        if now - self._told.get(why, float("-inf")) >= QUIET:
            self._told[why] = now
            log.warning("Something was turned away that came for Teams: %s.", Ours(why))


def parsed(body: bytes) -> object:
    """Return what was sent, `None` where it is no JSON, or nested without end."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
