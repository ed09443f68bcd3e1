"""The platforms that the settings name, each connected and its roll called; imported where it is wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.app import off_loop
from bot.config import Settings
from bot.core.errors import BookendError
from bot.ports import Desk, Platform
from bot.service.places import KeptPlaces
from bot.service.practice import Practice
from bot.service.staff import Staff
from bot.service.workspace import enter

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Joining:
    """What a platform is connected with."""

    settings: Settings
    practice: Practice
    staff: Staff
    desk: Desk


async def connected(joining: Joining, say: Say) -> list[Platform]:
    """Connect every platform and say what is odd; raise BookendError where one does not let us in, or is of
    another workspace than this database's.
    """
    found: list[Platform] = []
    try:
        for name in joining.settings.platforms():
            found.append(await _CONNECT[name](joining))
            await _let_in(found[-1], joining, say)
    except BaseException:
        await stopped(found)
        raise
    return found


async def stopped(platforms: list[Platform]) -> None:
    """Hang up everywhere."""
    for platform in platforms:
        await platform.stop()


async def _let_in(platform: Platform, joining: Joining, say: Say) -> None:
    name, place = platform.chat.platform, platform.workspace
    meant = {"slack": joining.settings.slack_team, "teams": joining.settings.teams_moved_to.strip().lower()}[
        name
    ]
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
    from bot.chat.teams.joining.settings import TeamsSettings

    if to_do := lacking():
        raise BookendError(to_do)
    from bot.chat.teams.connect import connect

    return await connect(
        TeamsSettings(**joining.settings.teams()),
        joining.desk,
        off_loop,
        KeptPlaces(practice=joining.practice),
        # only one program can work on a file
        alone=joining.settings.database() is not None,
    )


_CONNECT: Mapping[str, Callable[[Joining], Awaitable[Platform]]] = {"slack": _slack, "teams": _teams}
