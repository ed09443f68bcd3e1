"""The platforms that the settings name, joined each for itself, its roll called; imported where wanted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.app import off_loop
from bot.config import Settings
from bot.core import wording
from bot.core.errors import BookendError, Mistakes
from bot.core.logged import Ours
from bot.core.replies import Address
from bot.ports import Chat, Desk, Platform
from bot.service.office import ClinicOffice
from bot.service.places import KeptPlaces
from bot.service.practice import Practice
from bot.service.shown import KeptShown
from bot.service.staff import Staff
from bot.service.workspace import enter

Say = Callable[[str], None]
#: How soon a platform is tried again that was away, or refused us, in seconds.
AGAIN = 60.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Joining:
    """What a platform is connected with."""

    settings: Settings
    practice: Practice
    staff: Staff
    desk: Desk


class Platforms:
    """The platforms of one program: those that it joined, and those that it tries until they let it in.

    That one is away, or refuses us, keeps nobody from the others. `joined` and `chats` are by name, and grow;
    `routes` are the web server's, to which each platform adds its own, unless nobody is to be heard here.
    """

    def __init__(
        self,
        joining: Joining,
        office: ClinicOffice,
        routes: list[Any],
        say: Say,
        *,
        again: float = AGAIN,
        hears: bool = True,
    ) -> None:
        self.joined: dict[str, Platform] = {}
        self.chats: dict[str, Chat] = {}
        self._joining = joining
        self._office = office
        self._routes = routes
        self._say = say
        self._again = again
        self._hears = hears
        self._trying: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Join every platform that the settings name; raise BookendError where not one lets us in, or where
        a setting is wrong in itself.
        """
        troubles = {name: trouble for name in self._missing() if (trouble := await self._tried(name))}
        for trouble in troubles.values():
            if isinstance(trouble, Mistakes) or not self.joined:
                raise trouble
        for name, trouble in troubles.items():
            self._say(f"{wording.platform(name)} is not joined, and Bookend goes on trying. {trouble}")
        if troubles:
            self._trying = asyncio.create_task(self._try_again())

    def changed(self) -> None:
        """Let people see what another program may have changed."""
        for platform in self.joined.values():
            platform.changed()

    async def end(self) -> None:
        """Hang up everywhere; an accident with one platform keeps none of the others."""
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.wait({self._trying})
        for platform in self.joined.values():
            await _left(platform)

    def look_again(self, to: Address) -> None:
        """Ask a platform anew of somebody or a channel, if it is joined."""
        if to.platform in self.joined:
            self.joined[to.platform].look_again(to)

    def well(self) -> dict[str, str]:
        """Return each platform that the settings name with why it does not reach us now, "" where it does."""
        missing = dict.fromkeys(self._missing(), "It is not joined yet, and Bookend goes on trying.")
        return missing | {name: each.trouble for name, each in self.joined.items()}

    def _missing(self) -> list[str]:
        return [name for name in self._joining.settings.platforms() if name not in self.joined]

    async def _try_again(self) -> None:
        while missing := self._missing():
            await asyncio.sleep(self._again)
            for name in missing:
                if trouble := await self._tried(name):
                    log.warning("%s is not joined yet. %s", Ours(wording.platform(name)), trouble)
                else:
                    self._say(f"{wording.platform(name)} is joined.")

    async def _tried(self, name: str) -> BookendError | None:
        """Join a platform; return what keeps us from it."""
        try:
            await self._join(name)
        except BookendError as trouble:
            return trouble
        return None

    async def _join(self, name: str) -> None:
        platform = await connected(name, self._joining)
        try:
            await _let_in(platform, self._joining, self._say)
            await platform.attend(self._joining.staff.written.values(), self._office.look)
            if self._hears:
                await platform.start()
        except BaseException:
            await _left(platform)
            raise
        self._routes.extend(platform.routes if self._hears else ())
        self.joined[name], self.chats[name] = platform, platform.chat


async def connected(name: str, joining: Joining) -> Platform:
    """Connect one platform, which reaches nobody yet and is to be stopped again; raise BookendError."""
    return await _CONNECT[name](joining)


async def _left(platform: Platform) -> None:
    try:
        await platform.stop()
    except Exception:
        log.exception("Leaving %s met an accident", platform.chat.platform)


async def _let_in(platform: Platform, joining: Joining, say: Say) -> None:
    name, place = platform.chat.platform, platform.workspace
    meant = joining.settings.moved_to(name)
    await off_loop(lambda: enter(joining.practice, name, place.team, name=place.name, meant=meant))
    for line in (*platform.notes, *await platform.roll_call(joining.staff.written.values())):
        say(line)


async def _slack(joining: Joining) -> Platform:
    from bot.chat.slack.connect import connect
    from bot.chat.slack.joining.scopes import uses_of
    from bot.chat.slack.joining.tokens import SlackSettings

    return await connect(
        SlackSettings(**joining.settings.slack()),
        joining.desk,
        off_loop,
        uses=uses_of(joining.staff.written.values()),
        # only one program can work on a file
        alone=joining.settings.database() is not None,
    )


async def _teams(joining: Joining) -> Platform:
    from bot.chat.teams.joining.extra import lacking
    from bot.chat.teams.settings import TeamsSettings

    if to_do := lacking():
        raise BookendError(to_do)
    from bot.chat.teams.connect import connect

    # only one program can work on a file
    alone = joining.settings.database() is not None
    return await connect(
        TeamsSettings(**joining.settings.teams()),
        joining.desk,
        off_loop,
        KeptPlaces(practice=joining.practice),
        shown=None if alone else KeptShown(practice=joining.practice),
        alone=alone,
    )


_CONNECT: Mapping[str, Callable[[Joining], Awaitable[Platform]]] = {"slack": _slack, "teams": _teams}
