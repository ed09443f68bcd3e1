"""What `bookend doctor` looks at in Teams: everything that can be wrong before a working day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from bot.chat.teams import PLATFORM
from bot.chat.teams.joining.extra import lacking
from bot.chat.teams.settings import LOGIN, UNAUTHENTICATED, TeamsSettings, mistakes
from bot.core import wording
from bot.core.errors import ChatTrouble
from bot.core.people import Clinic
from bot.core.staffing import troubles
from bot.ports import Clock, Places, Runner

if TYPE_CHECKING:
    import httpx

    from bot.chat.teams.calling.client import TeamsClient

#: How far this machine's clock may be from Microsoft's; its tokens are refused from five minutes on.
SKEW = timedelta(seconds=60)
#: How long a server may take to answer, in seconds.
TIMEOUT = 10.0
Finding = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """What is looked at; `public_url` is our own address, "" for none, `login` is where Microsoft signs in.

    `before` is the tenant so far and `meant` the one that the settings move to, each "" for none.
    """

    settings: TeamsSettings
    clinics: Collection[Clinic]
    clock: Clock
    places: Places
    run: Runner
    public_url: str = ""
    before: str = ""
    meant: str = ""
    login: str = LOGIN


async def examine(what: Examined) -> AsyncIterator[Finding]:
    """Yield what was found, as ("good", "note" or "wrong", sentence)."""
    wrong = [str(each) for each in (*mistakes(what.settings), lacking()) if str(each)]
    for each in wrong:
        yield "wrong", each
    if wrong:
        return
    for finding in (*_tenant(what), *_privacy(what)):
        yield finding
    if what.settings.unauthenticated:
        yield (
            "note",
            f"{UNAUTHENTICATED}: whoever reaches this machine is believed. That is for a test alone.",
        )
    else:
        async for finding in _microsoft(what):
            yield finding
    async for finding in _there(what):
        yield finding


def _tenant(what: Examined) -> Iterator[Finding]:
    here = what.settings.tenant_id
    if what.meant not in ("", here):
        yield (
            "wrong",
            f"BOOKEND_TEAMS_MOVED_TO names the tenant {what.meant}, and BOOKEND_TEAMS_TENANT_ID is {here}: "
            "correct one of them.",
        )
    elif what.before not in ("", here):
        yield (
            "wrong",
            f"This database belongs to the tenant {what.before}: set BOOKEND_TEAMS_TENANT_ID to that one; "
            f"or, to move for good, set BOOKEND_TEAMS_MOVED_TO={here}.",
        )
    else:
        yield "good", f"only people of the tenant {here} are heard"


def _privacy(what: Examined) -> Iterator[Finding]:
    for clinic in what.clinics:
        if PLATFORM in clinic.names_on:
            yield (
                "note",
                f"{clinic.title} shows names in Teams (`privacy: full`): the agreement (BAA) in its file "
                "must be one with Microsoft, and cover this tenant.",
            )


async def _microsoft(what: Examined) -> AsyncIterator[Finding]:
    import httpx

    async with httpx.AsyncClient(timeout=TIMEOUT) as http:
        yield await _clock(what, http)
        async for finding in _door(what, http):
            yield finding


async def _clock(what: Examined, http: httpx.AsyncClient) -> Finding:
    import httpx

    try:
        answer = await http.head(
            f"{what.login}/{what.settings.tenant_id}/v2.0/.well-known/openid-configuration"
        )
        microsofts = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, LookupError, ValueError, TypeError):
        return "note", "Microsoft does not say what time it is"
    apart = abs(what.clock.now() - microsofts)
    if apart > SKEW:
        return (
            "wrong",
            f"This machine's clock is {int(apart.total_seconds())} s away from Microsoft's: let the network "
            "set it (NTP). From five minutes on, what Teams sends is refused.",
        )
    return "good", "the clock agrees with Microsoft's"


async def _door(what: Examined, http: httpx.AsyncClient) -> AsyncIterator[Finding]:
    import httpx

    from bot.chat.teams.reaching.door import PATH

    if not what.public_url:
        yield (
            "note",
            "Teams must reach this machine: set BOOKEND_PUBLIC_URL to its address, and I try it from here.",
        )
        return
    door = f"{what.public_url}{PATH}"
    try:
        answer = await http.post(door, json={})
    except httpx.HTTPError:
        yield (
            "wrong",
            f"{door} cannot be reached: does `bookend serve` run, does the proxy hand it on to PORT, is the "
            "certificate valid?",
        )
        return
    if answer.status_code == 401:
        yield "good", f"{door} turns away what Microsoft did not sign: it is the bot's messaging endpoint"
    else:
        yield (
            "wrong",
            f"{door} answers {answer.status_code} where Bookend answers 401: something else stands there. "
            f"Let the proxy hand {PATH} on to Bookend's PORT as it is.",
        )


async def _there(what: Examined) -> AsyncIterator[Finding]:
    """Yield whether Microsoft lets us in, then who and what of the clinics' files is there."""
    from bot.chat.teams.calling.client import client

    teams = client(what.settings)
    try:
        await teams.token()
        if not what.settings.unauthenticated:
            yield "good", "Microsoft gives Bookend a token"
        async for finding in _roll(what, teams):
            yield finding
    except ChatTrouble as trouble:
        yield "wrong", str(trouble)
    finally:
        await teams.close()


async def _roll(what: Examined, teams: TeamsClient) -> AsyncIterator[Finding]:
    from bot.chat.teams.people.members import Members
    from bot.chat.teams.people.places import KnownPlaces
    from bot.chat.teams.people.rollcall import Roll, read_by, unmet

    places = KnownPlaces(what.places, what.run, own_service=what.settings.service_url)
    members = Members(teams, places, tenant=what.settings.tenant_id)
    roll = Roll(members, places)
    look = await roll.look(what.clinics)
    if roll.unanswered:
        yield "wrong", f"Who and what is in Teams could not be looked at: {roll.unanswered}"
    for clinic in what.clinics:
        for line in troubles(clinic, look):
            yield "wrong", line
        # of whom nothing was said may have opened it all the same
        for line in () if roll.unanswered else unmet(clinic, look):
            yield "note", line
    for line in await read_by(members, what.clinics, look.usable):
        yield "wrong", line
    if look.usable:
        yield "good", f"{wording.count(len(look.usable), 'channel')} can be used"
    if look.met:
        yield "good", f"{wording.count(len(look.met), 'person', 'people')} of your file can be asked"
