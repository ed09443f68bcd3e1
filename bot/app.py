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
from bot.core.errors import BookendError, NotFound
from bot.core.people import Clinic
from bot.core.playbook import Playbook

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.core.script import Script
    from bot.service.practice import Practice
    from bot.service.rehearse import Played
    from bot.store.store import SqlStore


class Bookshelf:
    """The playbooks of a folder, and from the store every version that a case was planned with."""

    def __init__(self, folder: Path, store: SqlStore | None = None) -> None:
        from bot.files.playbooks import load_with_texts

        found = load_with_texts(folder)
        self._current = {name: playbook for name, (playbook, _) in found.items()}
        self._texts = {playbook.digest: texts for playbook, texts in found.values()}
        self._versions = {book.digest: book for book in self._current.values()}
        self._store = store

    @property
    def playbooks(self) -> Mapping[str, Playbook]:
        """Return the newest playbooks by id."""
        return self._current

    def current(self, playbook: str) -> Playbook:
        """Return the newest version of a playbook; raise NotFound with the nearest ids."""
        if playbook not in self._current:
            raise NotFound("playbook", playbook, self._current)
        return self._current[playbook]

    def version(self, digest: str) -> Playbook:
        """Return exactly the version with this digest, though its file may have changed since."""
        if digest not in self._versions:
            self._versions[digest] = self._kept(digest)
        return self._versions[digest]

    def texts(self, digest: str) -> Mapping[str, str]:
        """Return the texts that a current version is made of."""
        return self._texts[digest]

    def _kept(self, digest: str) -> Playbook:
        from bot.files.playbooks import parse_playbook

        kept = None
        if self._store is not None:
            with self._store.reading() as reading:
                kept = reading.kept_playbook(digest)
        if kept is None:
            raise BookendError(
                f"The playbook version {digest[:12]} is not in this database. Restore your backup."
            )
        name, texts = kept
        return parse_playbook(texts, name)


def planned(text: str, file: str, folder: Path) -> Course:
    """Plan the booking that a text describes; nothing is kept."""
    from bot.core.plan import plan_case
    from bot.files.bookings import parse_booking

    shelf = Bookshelf(folder)
    booking = parse_booking(text, file, shelf.playbooks)
    playbook = shelf.current(booking.playbook)
    case, tasks = plan_case(playbook, booking, code="", clinic="")
    return Course(case=case, tasks=tasks, playbook=playbook, calendar=booking.calendar)


def rehearsed(text: str, file: str, folder: Path) -> Played:
    """Play the script that a text describes."""
    from bot.files.scripts import parse_script

    shelf = Bookshelf(folder)
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
    """Read the clinics' files; raise Mistakes with every mistake, BookendError where two have one name."""
    from bot.files.clinic import load_clinic

    clinics = [load_clinic(file) for file in files]
    by_id = {clinic.id: clinic for clinic in clinics}
    if len(by_id) < len(clinics):
        raise BookendError("Two clinic files have the same `clinic:` name. Give each its own.")
    return by_id


@contextmanager
def opened(settings: Settings, *, begin: bool = False) -> Iterator[tuple[Practice, SqlStore]]:
    """Open the practice that the settings name; a database is made or brought up to date only to `begin`."""
    from bot.clock import WallClock
    from bot.service.practice import Practice

    clinics = load_clinics(settings.clinic_files())
    with store_of(settings, begin=begin) as store:
        shelf = Bookshelf(settings.playbooks, store)
        # a command knows the platforms, too: what it changes is drawn anew on their boards
        platforms = settings.platforms()
        yield (
            Practice(store=store, shelf=shelf, clock=WallClock(), clinics=clinics, platforms=platforms),
            store,
        )


@contextmanager
def store_of(settings: Settings, *, begin: bool = False) -> Iterator[SqlStore]:
    """Open the store that the settings name."""
    from bot.store.store import open_store

    file = settings.database()
    if file is not None and not begin and not file.is_file():
        raise BookendError(
            f"There is no database {file} yet. Begin one with `bookend migrate`, or set BOOKEND_DATABASE_URL."
        )
    store = open_store(settings.database_url, history_key=settings.key(), migrate=begin)
    try:
        yield store
    finally:
        store.close()


def new_case(practice: Practice, text: str, file: str, clinic: str | None) -> Course:
    """Open a case for the booking that a text describes; the clinic is named where there are several."""
    from bot.files.bookings import parse_new
    from bot.service import console

    if clinic is None and len(practice.clinics) > 1:
        raise BookendError(f"For which clinic? Add --clinic with one of {', '.join(practice.clinics)}.")
    name = clinic or next(iter(practice.clinics))
    if name not in practice.clinics:
        raise NotFound("clinic", name, practice.clinics)
    chosen = practice.clinics[name]
    shelf = practice.shelf
    assert isinstance(shelf, Bookshelf)
    booking = parse_new(text, file, shelf.playbooks, chosen.calendar, practice.clock.now())
    return console.new(practice, booking, chosen)


def told(practice: Practice, code: str) -> tuple[str, dict[str, Any]]:
    """Return a case as a script: as text, and as plain data."""
    from bot.files.told import script_data, script_text
    from bot.service import console

    script = console.script(practice, code)
    heading = f"What happened to case {code}, told as a script: play it with `bookend rehearse`."
    return script_text(script, heading), script_data(script)


async def off_loop(function: Callable[..., Any], *args: Any) -> Any:
    """Run a synchronous function in a worker thread."""
    return await asyncio.to_thread(function, *args)
