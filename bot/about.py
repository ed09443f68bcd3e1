"""The page that says what Bookend is and keeps, and who runs it: the app in Teams leads there.

Whoever has the address may read it; it names the clinics and nothing else of them.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.paper.about import about
from bot.service.practice import Practice
from bot.web import PAGE_HEADERS

PATH = "/about"
#: The page holds its own looks.
HEADERS = {
    **PAGE_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex",
}


def routes(practice: Practice) -> list[Route]:
    """Return the page's route."""

    async def answered(_: Request) -> Response:
        page = about([clinic.title for clinic in practice.clinics.values()])
        return HTMLResponse(page, headers=HEADERS)

    return [Route(PATH, answered, methods=["GET"])]
