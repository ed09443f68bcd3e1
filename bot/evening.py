"""The evening: the next day's paper sheet is pressed, laid into a folder, told of, and opened by a link.

Each program that works lays it into its own folder; whichever is first tells people of it.
"""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.app import off_loop
from bot.config import Settings
from bot.core import wording
from bot.core.errors import BookendError
from bot.core.people import Clinic
from bot.laid import lay
from bot.names import HEADERS
from bot.paper import names, press
from bot.service.practice import Practice
from bot.service.printing import PATH, Sheet, announce, due_sheet, linked
from bot.service.sheet import day_sheet
from bot.web import status_of

#: What a browser is told of the PDF; the rules of a page would keep its viewer from showing it.
_KEPT_NOWHERE = {name: value for name, value in HEADERS.items() if name != "Content-Security-Policy"}
#: How long a sheet stays in its folder after its day.
KEPT = timedelta(days=7)


def pressed(practice: Practice, clinic: Clinic, day: date) -> bytes:
    """Return the sheet of a day as a PDF."""
    with practice.store.reading() as reading:
        told = day_sheet(practice, reading, clinic, day)
    return press.pdf("day", told)


def print_sheets(settings: Settings, practice: Practice) -> None:
    """Make each clinic's sheet of the next day once its time has come, and tell of it once."""
    folder = settings.sheet_folder
    for clinic in practice.clinics.values():
        day = due_sheet(practice, clinic)
        if day is None or not (folder or practice.public_url):
            continue
        if folder is not None:
            _lay(folder, practice, clinic, day)
        announce(practice, clinic, day)


def _lay(folder: Path, practice: Practice, clinic: Clinic, day: date) -> None:
    file = folder / _named(clinic, day)
    if file.exists():
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # a printer that watches the folder never sees half of it
        lay(file, pressed(practice, clinic, day))
        _clear(folder, clinic, day)
    except OSError as trouble:
        raise BookendError(
            f"The sheet cannot be laid into {folder} ({trouble.strerror}): let the user who runs Bookend "
            "write there."
        ) from None


def _clear(folder: Path, clinic: Clinic, day: date) -> None:
    """Remove this clinic's sheets of long ago, and nothing else."""
    for each in folder.glob(f"{clinic.id}-????-??-??.pdf"):
        if each.name < _named(clinic, day - KEPT):
            each.unlink(missing_ok=True)


def _named(clinic: Clinic, day: date) -> str:
    return f"{clinic.id}-{day}.pdf"


class Sheets:
    """Answers at the addresses that `bot.service.printing` hands out."""

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        # each takes a program of its own and seconds: together they would leave no thread for answers
        self._one = asyncio.Lock()

    def routes(self) -> list[Route]:
        """Return the page of a link, and what its button opens."""
        place = f"{PATH}{{token}}"
        return [
            Route(place, self._before, methods=["GET"]),
            Route(place, self._opened, methods=["POST"]),
        ]

    async def _before(self, request: Request) -> Response:
        try:
            sheet: Sheet = await off_loop(linked, self._practice, _token(request))
        except BookendError as trouble:
            return _over(trouble)
        page = names.to_open(
            title=f"Paper sheet of {wording.day_words(sheet.day)}",
            label=sheet.clinic.title,
            reader=sheet.person.name,
            action=request.url.path,
        )
        return HTMLResponse(page, headers=HEADERS)

    async def _opened(self, request: Request) -> Response:
        try:
            sheet: Sheet = await off_loop(linked, self._practice, _token(request))
            async with self._one:
                made: bytes = await off_loop(pressed, self._practice, sheet.clinic, sheet.day)
        except BookendError as trouble:
            return _over(trouble)
        shown = {"Content-Disposition": f'inline; filename="{_named(sheet.clinic, sheet.day)}"'}
        return Response(made, media_type="application/pdf", headers={**_KEPT_NOWHERE, **shown})


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _over(trouble: BookendError) -> Response:
    page = names.over(str(trouble).replace("*", ""))
    return HTMLResponse(page, status_code=status_of(trouble), headers=HEADERS)
