"""`bookend serve`: the clinic's own work on the platforms that are configured, until it is told to end.

It has two halves: one hears people, the other works through what is due and sends it. Several programs, whole
or a half each, may run on one PostgreSQL database, and the command line may write to it at any time: whoever
works is woken by what makes something due, and looks every few seconds besides, which costs one small query.
Everything is worked through once a minute.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from socket import socket

from bot import about, logs
from bot.app import off_loop, opened, staff_of
from bot.config import Settings
from bot.core.errors import BookendError, Never, Undeliverable
from bot.core.outgoing import Posting
from bot.evening import Sheets
from bot.halves import Half
from bot.logs import Form, Journal
from bot.metrics import Counts
from bot.minute import Minutes, chores
from bot.names import Names
from bot.platforms import Joining, Platforms
from bot.scheduling import Rounds
from bot.seen import Seen
from bot.service import signing
from bot.service.by_name import follow_privacy
from bot.service.desk import ClinicDesk
from bot.service.greeting import greet
from bot.service.here import take_in
from bot.service.office import ClinicOffice
from bot.service.outages import look_back
from bot.service.practice import Practice
from bot.service.staff import Staff
from bot.store.alone import serving_alone
from bot.store.store import SqlStore
from bot.web import asgi, take_port
from bot.web import serve as answer
from bot.work import First, Hearing, Last, Work, say_refused

#: New objects before the search for garbage among them: about what a sweep of a thousand tasks makes.
GARBAGE_AFTER = 50_000
#: Why a message was refused, where the platform is asked anew whether anybody is there.
LOST_SIGHT = (Never.PERSON_LOST, Never.CHANNEL_LOST, Never.CHANNEL_SHARED)
Say = Callable[[str], None]


def serve(settings: Settings, say: Say, half: Half = Half.BOTH) -> None:
    """Serve the configured platforms until told to end."""
    if half is not Half.BOTH and not settings.is_shared():
        raise BookendError(
            f"`--only {half}` needs PostgreSQL, where several programs can work: a SQLite file is for one. "
            "Set BOOKEND_DATABASE_URL, or leave out `--only`."
        )
    platforms = settings.platforms()
    if not platforms:
        raise BookendError(
            "No platform is configured. For Slack set BOOKEND_SLACK_BOT_TOKEN, and BOOKEND_SLACK_APP_TOKEN "
            "or BOOKEND_SLACK_SIGNING_SECRET; for Microsoft Teams BOOKEND_TEAMS_CLIENT_ID, "
            "BOOKEND_TEAMS_TENANT_ID and BOOKEND_TEAMS_CLIENT_SECRET; or try `bookend demo`."
        )
    logs.begin(Form(settings.log))
    staff = staff_of(settings)
    with serving_alone(settings.database()), opened(settings, begin=True, staff=staff) as (found, store):
        counts, structured = Counts(), Form(settings.log) is Form.JSON
        practice = replace(found, meter=Journal(counts) if structured else counts)
        notes = Notes(practice, logs.told if structured else say)
        notes.speak()
        here = take_port(settings.host, _port(settings, half))
        settle()
        opening = _Opened(
            settings=settings,
            practice=practice,
            staff=staff,
            store=store,
            here=here,
            notes=notes,
            half=half,
            counts=counts,
        )
        asyncio.run(_serve(opening))


def _port(settings: Settings, half: Half) -> int:
    """Return where to answer: nobody calls whoever only works, so that any free port does if none is set."""
    anywhere = half is Half.WORKER and "port" not in settings.model_fields_set
    return 0 if anywhere else settings.port


def settle() -> None:
    """Look for garbage less often, and never among what is loaded: it stays until the end.

    A search through it all takes longer than a click may wait, and an eighth of the time of a sweep.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 10, 10)


class Notes:
    """Says what is to be known of the playbooks, each thing once, until it is no longer so."""

    def __init__(self, practice: Practice, say: Say) -> None:
        self._practice = practice
        self.say = say
        self._said: frozenset[str] = frozenset()

    def speak(self) -> None:
        """Read files that were touched, and say what was not so before."""
        self._practice.shelf.look_again()
        lines = signing.notes(self._practice)
        for line in lines:
            if line not in self._said:
                self.say(line)
        self._said = frozenset(lines)


def _refused(platforms: Platforms, posting: Posting, trouble: Undeliverable) -> None:
    say_refused(posting, trouble)
    if trouble.reason in LOST_SIGHT:
        platforms.look_again(posting.to)


async def _beforehand(practice: Practice, staff: Staff, platforms: Platforms, half: Half) -> None:
    if half.works:
        # what waited while nobody looked is noted before it goes out
        await off_loop(look_back, practice)
    for to in await off_loop(take_in, practice, staff):
        platforms.look_again(to)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    """What a program serves with."""

    settings: Settings
    practice: Practice
    staff: Staff
    store: SqlStore
    here: socket
    notes: Notes
    half: Half
    counts: Counts


async def _serve(at: _Opened) -> None:
    practice, store, half, notes = at.practice, at.store, at.half, at.notes
    app = asgi([], health=None)
    if half.hears:
        app.router.routes.extend(
            [*Names(practice).routes(), *Sheets(practice).routes(), *about.routes(practice)]
        )

    rounds = Rounds(lambda: work.turn(), practice.clock)
    desk = ClinicDesk(practice=practice, wake=rounds.wake)
    office = ClinicOffice(practice=practice, staff=at.staff, wake=rounds.wake)
    joining = Joining(settings=at.settings, practice=practice, staff=at.staff, desk=desk)
    platforms = Platforms(joining, office, app.router.routes, notes.say, hears=half.hears)
    seen = Seen(store=store, platforms=platforms, counts=at.counts, turned=rounds.turned)
    app.router.routes.extend(seen.routes(at.settings))
    minutes = Minutes(chores(at.settings, practice, store, notes.speak, half, saw=seen.saw))
    beforehand = partial(_beforehand, practice, at.staff, platforms, half)
    work = _work(at, platforms, first=beforehand, last=minutes.pass_by)
    try:
        await platforms.begin()
        if half.works:
            # before the first board
            await off_loop(greet, practice)
            await off_loop(follow_privacy, practice)
        rounds.start()
        with store.listening(partial(_rung, rounds, platforms, asyncio.get_running_loop())):
            notes.say(_serves(practice, platforms, at.here, half))
            await answer(app, at.here, leaving=rounds.stop)
    finally:
        await rounds.end()
        await work.end()
        await minutes.end()
        await platforms.end()


def _rung(rounds: Rounds, platforms: Platforms, loop: asyncio.AbstractEventLoop) -> None:
    rounds.wake()
    loop.call_soon_threadsafe(platforms.changed)


def _work(at: _Opened, platforms: Platforms, *, first: First, last: Last) -> Work | Hearing:
    if not at.half.works:
        return Hearing(at.practice, first=first, last=last)
    alone, refused = not at.settings.is_shared(), partial(_refused, platforms)
    return Work(at.practice, platforms.chats, refused, first=first, last=last, alone=alone)


def _serves(practice: Practice, platforms: Platforms, here: socket, half: Half) -> str:
    clinics, on, port = ", ".join(practice.clinics), ", ".join(platforms.chats), here.getsockname()[1]
    only = "" if half is Half.BOTH else f", only as {half}"
    return f"Bookend serves {clinics} on {on}, port {port}{only}."
