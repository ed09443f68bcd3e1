"""Check what Teams is reached with, and put its parts together; serve starts and stops what is returned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from bot.chat.attendance import Attendance
from bot.chat.errands import Errands
from bot.chat.pace import Pace
from bot.chat.reception import Reception
from bot.chat.teams.calling.client import TeamsClient, client
from bot.chat.teams.chat import TeamsChat
from bot.chat.teams.listen import TeamsFace
from bot.chat.teams.people.happenings import Happenings
from bot.chat.teams.people.members import Members
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.people.rollcall import Roll, roll_call
from bot.chat.teams.reaching.door import routes
from bot.chat.teams.reaching.intake import Intake
from bot.chat.teams.reaching.tokens_in import Inbound, inbound
from bot.chat.teams.settings import TeamsSettings, mistakes
from bot.chat.teams.showing.answering import Answering
from bot.chat.teams.showing.forms import Forms
from bot.chat.teams.showing.holding import Holding
from bot.chat.teams.showing.messages import Messages
from bot.chat.teams.showing.speaking import Speaking
from bot.core.errors import ChatTrouble, Mistakes
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.ports import Desk, Office, Places, Runner, Shown

#: Said of a test client, which anybody on the same machine could be.
_BELIEVED = "Teams is unauthenticated: whoever reaches this program is believed. It is for tests alone."


@dataclass(frozen=True, kw_only=True, slots=True)
class Tenant:
    """The Microsoft 365 tenant whose people are heard; a bot is told no other name of it than its id."""

    team: str

    @property
    def name(self) -> str:
        """What it is called."""
        return f"tenant {self.team}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Teams:
    """A tenant that let us in: `chat` speaks, `routes` go to the web server, over which Teams reaches us."""

    chat: TeamsChat
    routes: Sequence[BaseRoute]
    workspace: Tenant
    notes: tuple[str, ...]
    _roll: Roll
    _attendance: Attendance
    _inbound: Inbound
    _intake: Intake
    _errands: Errands
    _client: TeamsClient

    @property
    def trouble(self) -> str:
        """Nothing: of a request that does not come nobody would know."""
        return ""

    async def start(self) -> None:
        """Fetch the keys with which Microsoft signs, from now on."""
        self._inbound.start()

    async def roll_call(self, clinics: Iterable[Clinic]) -> tuple[str, ...]:
        """Return a line for whatever of the clinics' files is not there; raise BookendError if nobody is."""
        return await roll_call(self._roll, clinics)

    async def attend(self, clinics: Collection[Clinic], office: Office) -> None:
        """Tell the office who and what of the clinics' files is there, now and from now on."""
        await self._attendance.begin(clinics, office)

    def changed(self) -> None:
        """Do nothing: in Teams people look at their messages alone."""

    def look_again(self, to: Address) -> None:
        """Ask Teams anew of somebody or a channel."""
        self._attendance.again(to.account or to.channel)

    async def stop(self) -> None:
        """Hang up, and let the answers that are on their way arrive."""
        await self._inbound.stop()
        await self._attendance.end()
        await self._intake.finish()
        await self._errands.finish()
        await self._client.close()


async def connect(
    settings: TeamsSettings,
    desk: Desk,
    run: Runner,
    places: Places,
    *,
    pace: Pace | None = None,
    shown: Shown | None = None,
    alone: bool = False,
    metadata_url: str = "",
    issuer: str = "",
) -> Teams:
    """Ask Microsoft for a token and put the parts together; raise BookendError for settings that do not fit.

    Without a token people are heard all the same, and what waits for them waits on: which settings are wrong
    and what is only away cannot be told apart, and an outage must not end a clinic that begins again.
    `places` outlive a program; `shown` is what several programs have in common of what people have before
    them; `pace` is another than the real time's, for a clock that leaps; `alone` says
    that no other program draws this clinic's cards. A test signs with keys and an issuer of its own.
    """
    if wrong := tuple(mistakes(settings)):
        raise Mistakes(wrong)
    speaking = client(settings, pace)
    try:
        notes = [*_notes(settings), *await _without_token(speaking)]
        known = KnownPlaces(places, run, own_service=settings.service_url)
        await known.load()
        door = inbound(settings, metadata_url=metadata_url, issuer=issuer)
        holding = Holding(shown, run)
        return _put_together(settings, desk, run, speaking, known, door, holding, notes=notes, alone=alone)
    except BaseException:
        await speaking.close()
        raise


def _notes(settings: TeamsSettings) -> Iterator[str]:
    if settings.unauthenticated:
        yield _BELIEVED


async def _without_token(client: TeamsClient) -> tuple[str, ...]:
    """Return what it means that there is no token, if there is none."""
    try:
        await client.token()
    except ChatTrouble as trouble:
        return (f"Nobody is asked in Teams yet, and Bookend goes on trying. {trouble}",)
    return ()


def _put_together(
    settings: TeamsSettings,
    desk: Desk,
    run: Runner,
    client: TeamsClient,
    places: KnownPlaces,
    door: Inbound,
    holding: Holding,
    *,
    notes: Sequence[str],
    alone: bool,
) -> Teams:
    members, errands = Members(client, places, tenant=settings.tenant_id), Errands()
    roll = Roll(members, places)
    attendance = Attendance(members, roll, run)
    happenings = Happenings(places, members, attendance)
    messages = Messages(client, places, unreached=happenings.unreached, alone=alone)
    speaking = Speaking(Reception(desk=desk, run=run, members=members, platform="Teams"), holding)
    answering = Answering(messages, members, holding, errands)
    forms = Forms(speaking, answering)
    face = TeamsFace(speaking, forms, answering, happenings, members, places)
    intake = Intake(face.take, late=face.late)
    return Teams(
        chat=TeamsChat(messages, members, places, holding),
        routes=routes(intake, door),
        workspace=Tenant(team=settings.tenant_id),
        notes=tuple(notes),
        _roll=roll,
        _attendance=attendance,
        _inbound=door,
        _intake=intake,
        _errands=errands,
        _client=client,
    )
