"""The page behind "Who is this?": on our own server, at an address that nobody can guess, for one look.

Fetching the address shows nothing and counts as no look; pressing its button shows the name, once. Whoever
holds the link is taken for the person it was sent to, so it lasts five minutes and names them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.app import off_loop
from bot.core.errors import BookendError, WrongValues
from bot.paper import names
from bot.service import who
from bot.service.practice import Practice
from bot.web import PAGE_HEADERS, Endpoint, status_of

#: The page holds its own looks and one form, and tells nobody else where it stood.
HEADERS = {
    **PAGE_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
#: As many fields as the form has, and a few more.
FIELDS = 10
_OVER = f"{who.PATH}over"
_HIDDEN = "The name left the screen. Press Who is this? in your chat to see it again."

Drawn = Callable[[Request], Awaitable[str]]


class Names:
    """Answers at the addresses that `bot.service.who` hands out."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice

    def routes(self, guard: Callable[[Endpoint], Endpoint] = lambda endpoint: endpoint) -> list[Route]:
        """Return the page's routes, each behind `guard`; the first is for a name that left the screen."""
        place = f"{who.PATH}{{token}}"
        pages = [
            (_OVER, self._over, "GET"),
            (place, self._before, "GET"),
            (place, self._seen, "POST"),
            (f"{place}/keep", self._form, "GET"),
            (f"{place}/keep", self._kept, "POST"),
        ]
        return [Route(path, guard(_page(draw)), methods=[method]) for path, draw, method in pages]

    async def _over(self, _: Request) -> str:
        return names.over(_HIDDEN)

    async def _before(self, request: Request) -> str:
        look: who.Look = await off_loop(who.waiting, self._practice, _token(request))
        return names.before(
            code=look.code, label=look.label, reader=look.person.name, action=request.url.path
        )

    async def _seen(self, request: Request) -> str:
        found: who.Seen = await off_loop(who.look, self._practice, _token(request))
        look, keep = found.look, f"{request.url.path}/keep"
        if found.identity is None:
            return names.form(code=look.code, label=look.label, action=keep, known=False, typed=names.Typed())
        return names.seen(label=look.label, identity=found.identity, correct=keep, over=_OVER)

    async def _form(self, request: Request) -> str:
        return await self._again(request, names.Typed())

    async def _kept(self, request: Request) -> str:
        told = _told(await request.body())
        try:
            found: who.Seen = await off_loop(who.write_down, self._practice, _token(request), told)
        except WrongValues as wrong:
            return await self._again(request, names.Typed(told=told, problems=wrong.problems))
        assert found.identity is not None
        look = found.look
        return names.kept(code=look.code, label=look.label, identity=found.identity, over=_OVER)

    async def _again(self, request: Request, typed: names.Typed) -> str:
        look: who.Look = await off_loop(who.writing, self._practice, _token(request))
        return names.form(code=look.code, label=look.label, action=request.url.path, known=True, typed=typed)


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _told(body: bytes) -> dict[str, str]:
    """Return what a form holds, nothing where it is not ours: half a million fields would keep everybody
    waiting, and whoever sends them needs no link for it.
    """
    try:
        form = parse_qs(body.decode("utf-8", "replace"), max_num_fields=FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in form.items()}


def _page(draw: Drawn) -> Endpoint:
    @wraps(draw)
    async def answered(request: Request) -> Response:
        try:
            page = HTMLResponse(await draw(request))
        except BookendError as trouble:
            page = HTMLResponse(names.over(str(trouble).replace("*", "")), status_code=status_of(trouble))
        page.headers.update(HEADERS)
        return page

    return answered
