"""The medical director's page: what changed, how it prints, and one button; gone when it is pressed.

It answers on this machine alone, at an address that nobody can guess and for one signature. Whoever may use
this machine's database may sign with `bookend sign` as well: the page adds no right.
"""

from __future__ import annotations

import asyncio
import secrets
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from urllib.parse import parse_qs

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.app import off_loop
from bot.core import wording
from bot.core.difference.told import difference
from bot.core.difference.touched import short_names
from bot.core.errors import BookendError, NotFound, Refused
from bot.core.people import Clinic
from bot.core.signing import Signature, Standing, directors, offer_lines
from bot.paper.render import Desk, Shown, signed, to_sign
from bot.service import signing
from bot.service.practice import Practice
from bot.web import PAGE_HEADERS, asgi, only_here, serve, take_port

#: The page holds its own looks and one form; a browser names the page as the form's origin only if it may.
HEADERS = {
    **PAGE_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
#: When a playbook is usually read anew.
A_YEAR = timedelta(days=365)


class Office:
    """The page for one playbook of a clinic; `given` is its signature once it is there.

    Everybody on this machine can read how a browser was started: it is started at the `door`, which opens
    once and leads to the `address`.
    """

    def __init__(self, practice: Practice, clinic: Clinic, playbook: str) -> None:
        self._practice = practice
        self._clinic = clinic
        self._playbook = playbook
        self.address, self.door = (f"/{secrets.token_urlsafe(24)}" for _ in range(2))
        self._entered = False
        self.given: Signature | None = None
        self.closing = asyncio.Event()

    def routes(self) -> list[Route]:
        """Return the page and its form, and the door to it: nothing else is served."""
        return [
            Route(self.door, only_here(self._enter, HEADERS), methods=["GET"]),
            Route(self.address, only_here(self._show, HEADERS), methods=["GET"]),
            Route(self.address, only_here(self._sign, HEADERS), methods=["POST"]),
        ]

    async def _enter(self, _: Request) -> Response:
        if self._entered:
            raise Refused(
                "This door has opened once already. If it was not you, end the command with Ctrl-C."
            )
        self._entered = True
        return RedirectResponse(self.address, status_code=303)

    async def _show(self, _: Request) -> Response:
        return HTMLResponse(await off_loop(self.page))

    async def _sign(self, request: Request) -> Response:
        if request.headers.get("origin") is None:
            raise Refused("Only this page's own form signs.")
        form = {
            name: values[0]
            for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()
        }
        try:
            await off_loop(self.sign, form)
        except BookendError as trouble:
            return HTMLResponse(await off_loop(self.page, str(trouble)), status_code=409)
        return HTMLResponse(self.done(), background=BackgroundTask(self.closing.set))

    def page(self, problem: str = "") -> str:
        """Draw the newest text of the playbook, as somebody would sign it now."""
        if self.given:
            return self.done()
        practice, clinic = self._practice, self._clinic
        practice.shelf.look_again()
        with practice.store.reading() as reading:
            found = signing.standing(practice, reading, clinic.id, self._playbook)
        if found.newest is None:
            raise NotFound("playbook", self._playbook, practice.shelf.names(clinic.id))
        shorts = short_names(signing.books(practice, clinic))
        changes = difference(found.signed, found.newest, shorts) if found.signed else None
        desk = Desk(
            lines=self._lines(found),
            changes=changes,
            directors=[(person.id, person.name) for person in directors(clinic)],
            next_review=self._today() + A_YEAR,
            address=self.address,
            problem=problem,
        )
        note = "It is not signed yet." if found.waits or found.shadow else "It is signed."
        return to_sign(Shown(playbook=found.newest, note=note, playbooks=shorts), desk)

    def _lines(self, found: Standing) -> list[str]:
        others = signing.touched_as_well(self._practice, self._clinic, found)
        # each change stands below, under what it is of
        return [line for line in offer_lines(found, others, self._clinic) if not line.startswith("- ")]

    def sign(self, form: dict[str, str]) -> None:
        """Sign what the form says was shown; raise as `signing.sign` does, and nothing has changed then."""
        if self.given:
            raise Refused("This page has signed already. Open a new one.")
        person = self._clinic.person(form.get("director", ""))
        try:
            next_review = date.fromisoformat(form.get("next_review", ""))
        except ValueError:
            raise Refused("Name the day of the next review. Nothing was signed.") from None
        self._practice.shelf.look_again()
        self.given = signing.sign(
            self._practice,
            self._clinic,
            self._playbook,
            person,
            next_review,
            digest=form.get("digest", ""),
        )

    def done(self) -> str:
        """Draw who signed what, and when."""
        assert self.given is not None
        return signed(f"{self.given.playbook} is signed", said(self.given, self._clinic))

    def _today(self) -> date:
        return self._clinic.calendar.day(self._practice.clock.now())


def said(given: Signature, clinic: Clinic) -> list[str]:
    """Say who signed what, when, and until when."""
    at = wording.moment(given.at, clinic.calendar)
    day = f"{wording.day_words(given.next_review)} {given.next_review.year}"
    return [
        f"By {given.name}, {at}, for {clinic.title}. Next review {day}.",
        f"The text that was signed: {given.digest}",
        "This page has done its work and is closed now.",
    ]


def open_office(
    practice: Practice,
    clinic: Clinic,
    playbook: str,
    say: Callable[[str], None],
    *,
    port: int = 0,
    browser: bool = True,
) -> Signature | None:
    """Show the page until it has signed or is told to end; return the signature, if there is one."""
    return asyncio.run(_open(practice, clinic, playbook, say, port=port, browser=browser))


async def _open(
    practice: Practice,
    clinic: Clinic,
    playbook: str,
    say: Callable[[str], None],
    *,
    port: int,
    browser: bool,
) -> Signature | None:
    office = Office(practice, clinic, playbook)
    # what cannot be shown is said here, before anybody looks at an empty page
    await off_loop(office.page)
    here = take_port("127.0.0.1", port)
    origin = f"http://127.0.0.1:{here.getsockname()[1]}"
    serving = asyncio.create_task(serve(asgi(office.routes(), health=None), here, leaving=office.closing.set))
    say(f"Read and sign {playbook} at {origin}{office.address}  (Ctrl-C ends it)")
    if browser:
        asyncio.get_running_loop().run_in_executor(None, webbrowser.open, f"{origin}{office.door}")
    closing = asyncio.create_task(office.closing.wait())
    await asyncio.wait({serving, closing}, return_when=asyncio.FIRST_COMPLETED)
    serving.cancel()
    closing.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    return office.given
