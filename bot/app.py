"""The app: puts the parts together by hand, once; the only module that knows every other.

Parts are imported where they are used, so that `bookend check` and `--help` load neither Bolt nor SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.course import Course
from bot.core.errors import BookendError
from bot.core.people import Clinic
from bot.core.playbook import Playbook
from bot.ports import Chat

if TYPE_CHECKING:
    from bot.config import Settings
    from bot.core.script import Script
    from bot.service.practice import Practice
    from bot.service.rehearse import Played
    from bot.store.store import SqlStore

log = logging.getLogger("bookend")


class Bookshelf:
    """The playbooks of a folder, and from the store every version that a case was planned with."""

    def __init__(self, folder: Path, store: SqlStore | None = None) -> None:
        from bot.files.playbooks import load_folder, load_playbooks

        self._all_texts = load_folder(folder)
        self._current = load_playbooks(folder)
        self._versions = {book.digest: book for book in self._current.values()}
        self._store = store

    @property
    def playbooks(self) -> Mapping[str, Playbook]:
        """Return the newest playbooks by id."""
        return self._current

    def current(self, playbook: str) -> Playbook:
        """Return the newest version of a playbook; raise NotFound with the nearest ids."""
        from bot.core.errors import NotFound

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
        from bot.files.playbooks import texts_of

        return texts_of(self._all_texts, self._versions[digest].id)

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

    return rehearse(parse_script(text, file, Bookshelf(folder).playbooks), folder)


def rehearse(script: Script, folder: Path) -> Played:
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
        shelf=Bookshelf(folder, store),
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
def practice_of(settings: Settings, *, platforms: tuple[str, ...] = ()) -> Iterator[Practice]:
    """Open the practice that the settings name, for a command or for `serve`."""
    from bot.clock import WallClock
    from bot.service.practice import Practice
    from bot.store.store import open_store

    store = open_store(settings.database_url, history_key=settings.key())
    try:
        yield Practice(
            store=store,
            shelf=Bookshelf(settings.playbooks, store),
            clock=WallClock(),
            clinics=load_clinics(settings.clinic_files()),
            platforms=platforms,
        )
    finally:
        store.close()


async def off_loop(function: Callable[..., Any], *args: Any) -> Any:
    """Run a synchronous function in a worker thread."""
    return await asyncio.to_thread(function, *args)


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the configured platforms until told to end."""
    platforms = tuple(settings.platforms())
    if not platforms:
        raise BookendError(
            "No platform is configured. Set BOOKEND_SLACK_BOT_TOKEN, and BOOKEND_SLACK_APP_TOKEN or "
            "BOOKEND_SLACK_SIGNING_SECRET; or try `bookend demo`."
        )
    with practice_of(settings, platforms=platforms) as practice:
        for line in shadows(practice):
            say(line)
        asyncio.run(_serve(settings, practice, say))


def shadows(practice: Practice) -> list[str]:
    """Say which playbooks are only planned and shown, and why."""
    wanted = {book for clinic in practice.clinics.values() for book in clinic.playbooks}
    return [
        f"{book} runs in shadow mode: planned and shown, nobody is prompted. "
        "No medical director has signed it (`review:` in its file)."
        for book in sorted(wanted)
        if practice.in_shadow(practice.shelf.current(book))
    ]


async def _serve(settings: Settings, practice: Practice, say: Callable[[str], None]) -> None:
    from bot.chat.slack.connect import SlackSettings, connect
    from bot.scheduling import Rounds
    from bot.service.desk import ClinicDesk
    from bot.web import asgi, take_port
    from bot.web import serve as answer

    chats: dict[str, Chat] = {}
    rounds = Rounds(_work(practice, chats), practice.clock)
    slack = await connect(
        SlackSettings(**settings.slack()), ClinicDesk(practice=practice, wake=rounds.wake), off_loop
    )
    chats[slack.chat.platform] = slack.chat
    here = take_port(settings.host, settings.port)
    app = asgi(slack.routes, health=lambda: health(practice))
    await slack.start()
    rounds.start()
    say(f"Bookend serves {', '.join(practice.clinics)} on {', '.join(chats)}, port {here.getsockname()[1]}.")
    try:
        await answer(app, here, leaving=rounds.stop)
    finally:
        rounds.stop()
        await slack.stop()


def _work(practice: Practice, chats: Mapping[str, Chat]) -> Callable[[], Awaitable[datetime | None]]:
    from bot.service.deliver import delivered
    from bot.service.tick import tick

    async def work() -> datetime | None:
        await off_loop(tick, practice)
        await delivered(practice, chats, off_loop)
        moment: datetime | None = await off_loop(next_moment, practice)
        return moment

    return work


def next_moment(practice: Practice) -> datetime | None:
    """Return when the next task or parcel wants attention."""
    with practice.store.reading() as reading:
        return reading.next_moment()


def health(practice: Practice) -> dict[str, str]:
    """Say whether the store answers; raises what it raises."""
    moment = next_moment(practice)
    return {"next": moment.isoformat() if moment else "nothing due"}
