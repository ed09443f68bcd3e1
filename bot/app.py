"""The app: puts store, files and service together by hand, once; demo, serve and doctor add a platform.

Parts are imported where they are used, so that `bookend check` and `--help` load neither Bolt nor SQLAlchemy.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.course import Course
from bot.core.errors import BookendError
from bot.core.people import Clinic
from bot.shelf import Bookshelf

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.core.script import Script
    from bot.service.practice import Practice
    from bot.service.rehearse import Played
    from bot.service.staff import Staff
    from bot.store.store import SqlStore


def planned(text: str, file: str, folder: Path, overlays: Sequence[Path] = ()) -> Course:
    """Plan the booking that a text describes; nothing is kept."""
    from bot.core.plan import plan_case
    from bot.files.bookings import parse_booking

    shelf = Bookshelf(folder, overlays={"": tuple(map(str, overlays))})
    booking = parse_booking(text, file, shelf.playbooks)
    playbook = shelf.current(booking.playbook)
    case, tasks = plan_case(playbook, booking, code="", clinic="")
    return Course(case=case, tasks=tasks, playbook=playbook, calendar=booking.calendar)


def rehearsed(text: str, file: str, folder: Path, overlays: Sequence[Path] = ()) -> Played:
    """Play the script that a text describes."""
    from bot.files.scripts import parse_script

    shelf = Bookshelf(folder, overlays={"": tuple(map(str, overlays))})
    return rehearse(parse_script(text, file, shelf.playbooks), shelf)


def rehearse(script: Script, shelf: Bookshelf) -> Played:
    """Play a script on a virtual clock, in memory."""
    from bot.clock import VirtualClock
    from bot.service.practice import Practice
    from bot.service.rehearse import CLINIC, rehearsal_clinic
    from bot.service.rehearse import rehearse as played
    from bot.service.transcript import PLATFORM
    from bot.store.store import open_store

    store = open_store("sqlite://", history_key=b"a rehearsal is not kept")
    clock = VirtualClock(script.booking.opened)
    practice = Practice(
        store=store,
        shelf=shelf,
        clock=clock,
        clinics={CLINIC: rehearsal_clinic(script.booking.calendar)},
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )
    try:
        return played(practice, clock, script)
    finally:
        store.close()


def load_clinics(files: Sequence[Path]) -> dict[str, Clinic]:
    """Read the clinics' files; raise Mistakes with every mistake."""
    from bot.files.clinics import load_clinics

    return load_clinics(files)


def staff_of(settings: Settings) -> Staff:
    """Read the clinics' files, of which no platform has said anything yet; raise Mistakes."""
    from bot.service.staff import Staff

    return Staff(load_clinics(settings.clinic_files()))


def overlays_of(clinics: Mapping[str, Clinic]) -> dict[str, tuple[str, ...]]:
    """Return the files with each clinic's own changes, by clinic."""
    return {clinic.id: clinic.overlays for clinic in clinics.values()}


@contextmanager
def opened(
    settings: Settings,
    *,
    begin: bool = False,
    staff: Staff | None = None,
    platforms: Sequence[str] | None = None,
) -> Iterator[tuple[Practice, SqlStore]]:
    """Open the practice that the settings name; a database is made or brought up to date only to `begin`.

    `staff` are its clinics, for whoever lets a platform say who is there; `platforms` are some of the
    settings', for whoever goes on where another is half set.
    """
    from bot.clock import WallClock
    from bot.service.here import take_in
    from bot.service.practice import Practice

    clinics = staff or staff_of(settings)
    with store_of(settings, begin=begin) as store:
        shelf = Bookshelf(settings.playbooks, store, overlays_of(clinics), forgiving=True)
        # a command knows the platforms, too: what it changes is drawn anew on their boards
        speaking = settings.platforms() if platforms is None else platforms
        practice = Practice(
            store=store,
            shelf=shelf,
            clock=WallClock(),
            clinics=clinics,
            platforms=tuple(speaking),
            public_url=settings.public_url,
        )
        take_in(practice, clinics)
        yield practice, store


@contextmanager
def store_of(settings: Settings, *, begin: bool = False) -> Iterator[SqlStore]:
    """Open the store that the settings name."""
    from bot.keys import require_not_lost
    from bot.store.store import open_store

    file = settings.database()
    if file is not None:
        require_not_lost(file)
    if file is not None and not begin and not file.is_file():
        raise BookendError(
            f"There is no database {file} yet. Begin one with `bookend migrate`, or set BOOKEND_DATABASE_URL."
        )
    store = open_store(
        settings.database_url,
        history_key=settings.key(),
        identity_keys=settings.secrets_of_names(),
        migrate=begin,
    )
    try:
        yield store
    finally:
        store.close()


def new_case(practice: Practice, text: str, file: str, clinic: str | None) -> Course:
    """Open a case for the booking that a text describes; the clinic is named where there are several."""
    from bot.files.bookings import parse_new
    from bot.service import console, signing

    chosen = signing.clinic_of(practice, clinic)
    booking = parse_new(text, file, signing.books(practice, chosen), chosen.calendar, practice.clock.now())
    return console.new(practice, booking, chosen)


def told(practice: Practice, code: str) -> tuple[str, dict[str, Any]]:
    """Return a case as a script: as text, and as plain data."""
    from bot.files.told import script_data, script_text
    from bot.service import console

    script = console.script(practice, code)
    with practice.store.reading() as reading:
        own = practice.course(reading, code).playbook.overlays
    laid_over = f" and `--overlay` for {', '.join(own)}" if own else ""
    heading = f"What happened to case {code}, told as a script: play it with `bookend rehearse`{laid_over}."
    return script_text(script, heading), script_data(script)


async def off_loop(function: Callable[..., Any], *args: Any) -> Any:
    """Run a synchronous function in a worker thread."""
    return await asyncio.to_thread(function, *args)


def slack_manifest(name: str, *, url: str, emails: bool, user_groups: bool) -> dict[str, Any]:
    """Return the manifest of a clinic's Slack app; a clinic's file says what only some clinics need."""
    from bot.chat.slack.joining.manifest import manifest
    from bot.chat.slack.joining.scopes import Use, uses_of
    from bot.config import settings

    known = settings()
    clinics = load_clinics(known.clinic_files()) if known.clinic else {}
    told = {Use.EMAILS: emails, Use.USER_GROUPS: user_groups}
    wanted = {use for use, given in told.items() if given}
    return manifest(name, url=url, uses=wanted | uses_of(clinics.values()))


def teams_package(file: Path, *, name: str, url: str, version: str) -> tuple[str, ...]:
    """Write the package of a clinic's Teams app; return what is to be said of it."""
    from importlib.metadata import version as version_of

    from bot.chat.teams.joining.manifest import Wanted
    from bot.chat.teams.joining.package import keep, package
    from bot.config import settings

    known = settings()
    wanted = Wanted(
        client_id=known.teams()["client_id"],
        url=url or known.public_url,
        name=name,
        version=version or version_of("bookend"),
    )
    odd = keep(package(wanted), file)
    done = f"{file} is written: {wanted.name} {wanted.version}. Upload it in the Teams admin centre."
    return (done, odd) if odd else (done,)
