"""How this program fares: `/health` says whether it can work, and why not; `/health/live` whether it runs on.

Whoever asks from elsewhere, such as a load balancer, learns nothing but yes or no; a person or a program on
this machine learns what each part says. Not ready (503) is what cannot do its work here: a database that does
not answer or is not of our version, no platform at all. What others must mend while this program works on,
such as prompts that are late, is odd and still ready: else a clinic whose worker is slow could not answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import off_loop
from bot.core.errors import BookendError
from bot.web import from_here

PATH = "/health"
LIVE = "/health/live"
#: A turn of the rounds that takes longer than this hangs, in seconds: whoever watches may begin us anew.
HANGS = 900.0
#: A turn that is this long ago is odd, in seconds.
SLOW = 180.0
#: How long an answer is good for, in seconds: whoever asks without end keeps no database busy.
FRESH = 1.0


class State(StrEnum):
    """How a part fares."""

    #: all is well
    GOOD = "good"
    #: somebody should look, and work goes on
    ODD = "odd"
    #: this program cannot do its work
    ILL = "ill"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What one part says of itself; `why` is a sentence, "" where all is well."""

    part: str
    state: State
    why: str = ""


#: Looks at one part or several; runs in a worker thread, and what it raises makes its part ill.
Look = Callable[[], Iterable[Part]]


class Health:
    """Looks at every part when it is asked, at most once a second; `turned` says how long ago the rounds
    ended a turn, in seconds, `None` where this program has none.
    """

    def __init__(
        self, looks: Mapping[str, Look], *, turned: Callable[[], float | None], everywhere: bool = False
    ) -> None:
        self._looks = looks
        self._turned = turned
        self._everywhere = everywhere
        self._parts: Sequence[Part] = ()
        self._looked = -FRESH
        self._busy = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return where this is asked."""
        return [Route(PATH, self._ready, methods=["GET"]), Route(LIVE, self._live, methods=["GET"])]

    async def parts(self) -> Sequence[Part]:
        """Return what each part says."""
        async with self._busy:
            now = asyncio.get_running_loop().time()
            if now - self._looked >= FRESH:
                found = await off_loop(lambda: [part for name in self._looks for part in self._of(name)])
                self._parts, self._looked = (*found, *self._rounds()), now
            return self._parts

    def _of(self, name: str) -> Sequence[Part]:
        try:
            return [*self._looks[name]()]
        except BookendError as trouble:
            return [Part(part=name, state=State.ILL, why=str(trouble))]

    def _rounds(self) -> Iterable[Part]:
        ago = self._turned()
        if ago is not None:
            late = f"Nothing was asked or sent for {ago / 60:.0f} minutes." if ago > SLOW else ""
            yield Part(part="rounds", state=_as_late(ago), why=late)

    async def _ready(self, request: Request) -> Response:
        parts = await self.parts()
        ill = any(part.state is State.ILL for part in parts)
        told = {"status": "ill" if ill else "ok"} | self._reasons(request, parts)
        return JSONResponse(told, status_code=503 if ill else 200)

    def _reasons(self, request: Request, parts: Sequence[Part]) -> dict[str, Any]:
        if not (self._everywhere or from_here(request)):
            return {}
        said = [{"part": part.part, "state": part.state.value, "why": part.why} for part in parts]
        return {"parts": said}

    async def _live(self, _: Request) -> Response:
        ago = self._turned()
        hangs = ago is not None and ago > HANGS
        return JSONResponse({"status": "ill" if hangs else "ok"}, status_code=503 if hangs else 200)


def _as_late(ago: float) -> State:
    if ago > HANGS:
        return State.ILL
    return State.ODD if ago > SLOW else State.GOOD
