"""What each minute does besides asking and sending: a list of chores, and no accident of one keeps another.

A chore is a line in the list below. It runs off the event loop, and what takes longer than a moment goes on
while Bookend asks and sends: it is not begun again before it has ended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.app import off_loop
from bot.config import Settings
from bot.core.errors import BookendError, Conflict
from bot.core.logged import Ours
from bot.core.watched import Watched
from bot.evening import print_sheets
from bot.halves import Half
from bot.heartbeat import beat
from bot.service.erasing import purge_at_night
from bot.service.greeting import greet
from bot.service.outages import watch
from bot.service.practice import Practice
from bot.service.shown import forget_shown
from bot.store.store import SqlStore

MINUTE = timedelta(minutes=1)
#: Is told how each clinic stood at the watchdog's look.
Saw = Callable[[Mapping[str, Watched]], None]
#: How long asking and sending wait for the chores of a minute, in seconds.
PATIENCE = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chore:
    """Something that is done once a minute; `name` says it where it met an accident."""

    name: str
    do: Callable[[], object]


def chores(
    settings: Settings,
    practice: Practice,
    store: SqlStore,
    speak: Callable[[], None],
    half: Half,
    *,
    saw: Saw,
) -> tuple[Chore, ...]:
    """Return what each minute does, in this order: what each program does for itself, then what is done for
    the clinic, by whoever works.
    """
    own = (Chore(name="Looking at the playbooks", do=speak),)
    if not half.works:
        return own
    return (
        *own,
        Chore(name="Sealing the history", do=lambda: store.seal(practice.clock.now())),
        Chore(name="Watching what went out", do=partial(watch_out, settings, practice, saw)),
        Chore(name="Printing the next day's sheet", do=partial(print_sheets, settings, practice)),
        Chore(name="Greeting a channel", do=partial(greet, practice)),
        Chore(name="Forgetting what was kept long enough", do=partial(forget, practice, store)),
        Chore(name="Forgetting what nobody looks at", do=partial(forget_shown, practice)),
    )


def forget(practice: Practice, store: SqlStore) -> None:
    """Once a night let go of what each clinic has kept as long as its file says."""
    if purge_at_night(practice):
        store.sweep_out(thorough=False)


def watch_out(settings: Settings, practice: Practice, saw: Saw) -> None:
    """Look whether all that is due went out, say what was seen, and while all did, let the heartbeat be
    heard.
    """
    found, address = watch(practice), settings.heartbeat_url
    saw(found)
    if address is not None and all(clinic.well for clinic in found.values()):
        beat(address.get_secret_value())


class Minutes:
    """Does the chores whenever a minute has passed since they were begun."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = chores
        self._begun: datetime | None = None
        self._doing: asyncio.Task[None] | None = None

    async def pass_by(self, now: datetime) -> None:
        """Do the chores if it is time, and return after `PATIENCE` at the latest."""
        busy = self._doing is not None and not self._doing.done()
        # a clock that was set back must not keep the chores from being done for as long
        is_time = self._begun is None or not timedelta() <= now - self._begun < MINUTE
        if not busy and is_time:
            self._begun = now
            self._doing = asyncio.create_task(self._do())
            await asyncio.wait({self._doing}, timeout=PATIENCE)

    async def end(self) -> None:
        """Return when what was begun has been done."""
        if self._doing is not None:
            await asyncio.wait({self._doing})

    async def _do(self) -> None:
        for chore in self._chores:
            await _done(chore)


async def _done(chore: Chore) -> None:
    try:
        await off_loop(chore.do)
    except Conflict:
        log.info("%s: another program is at it", Ours(chore.name))
    except BookendError as trouble:
        log.error("%s: %s", Ours(chore.name), trouble)
    except Exception:
        log.exception("%s met an accident", Ours(chore.name))
