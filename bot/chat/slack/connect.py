"""Check Slack's tokens and put its parts together; serve and doctor start and stop what `connect` returns."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import BaseRoute

from bot.chat.attendance import Attendance
from bot.chat.errands import Errands
from bot.chat.pace import Pace
from bot.chat.reception import Reception
from bot.chat.slack import log
from bot.chat.slack.bolting import Workspace, bolt
from bot.chat.slack.calling.client import TIMEOUT, SlackClient
from bot.chat.slack.chat import SlackChat
from bot.chat.slack.joining.admission import let_in, reached
from bot.chat.slack.joining.scopes import Use
from bot.chat.slack.joining.tokens import SlackSettings, mistakes, notes
from bot.chat.slack.listen import SlackFace
from bot.chat.slack.patience import PATIENT, Patience
from bot.chat.slack.people.happenings import Happenings
from bot.chat.slack.people.members import Members
from bot.chat.slack.people.rollcall import Roll, roll_call
from bot.chat.slack.reaching.intake import Intake
from bot.chat.slack.reaching.signed import routes
from bot.chat.slack.reaching.socket_mode import Socket
from bot.chat.slack.showing.answering import Answering
from bot.chat.slack.showing.at_home import Homes
from bot.chat.slack.showing.looking import Looking
from bot.chat.slack.showing.whispers import Whispers
from bot.core.errors import Mistakes
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.ports import Desk, Office, Runner


@dataclass(frozen=True, kw_only=True, slots=True)
class Slack:
    """A workspace that let us in: `chat` speaks, `routes` go to the web server, `start` lets people in.

    `notes` are what is odd about the settings, and may be right all the same.
    """

    chat: SlackChat
    routes: Sequence[BaseRoute]
    workspace: Workspace
    notes: tuple[str, ...]
    _roll: Roll
    _attendance: Attendance
    _intake: Intake
    _homes: Homes
    _errands: Errands
    _session: aiohttp.ClientSession
    _socket: Socket | None

    @property
    def trouble(self) -> str:
        """Why Socket Mode does not reach us; a request that does not come, nobody would know of."""
        return self._socket.trouble if self._socket is not None else ""

    async def start(self) -> None:
        """Return when Slack can reach us; raise BookendError with what to do."""
        if self._socket is not None:
            await self._socket.start()

    async def roll_call(self, clinics: Iterable[Clinic]) -> tuple[str, ...]:
        """Return a line for whatever of the clinics' files is not there; raise BookendError if nobody is."""
        return await roll_call(self._roll, clinics, workspace=self.workspace.name)

    async def attend(self, clinics: Collection[Clinic], office: Office) -> None:
        """Tell the office who and what of the clinics' files is there, now and from now on."""
        await self._attendance.begin(clinics, office)

    def changed(self) -> None:
        """Draw every Home that is open anew, where it says something else by now."""
        self._homes.changed()

    def look_again(self, to: Address) -> None:
        """Ask Slack anew of somebody or a channel that could not be reached."""
        self._attendance.again(to.account or to.channel)

    async def stop(self) -> None:
        """Hang up, and let the answers that are on their way arrive."""
        if self._socket is not None:
            await self._socket.stop()
        await self._attendance.end()
        await self._intake.finish()
        self._homes.end()
        await self._errands.finish()
        await self._session.close()


async def connect(
    settings: SlackSettings,
    desk: Desk,
    run: Runner,
    *,
    uses: Collection[Use] = (),
    patience: Patience = PATIENT,
    pace: Pace | None = None,
    alone: bool = False,
) -> Slack:
    """Ask Slack who we are and put the parts together; raise BookendError for tokens that do not fit.

    `uses` are what the clinics' files need rights for that not every clinic needs; `pace` is another than the
    real time's, for a clock that leaps; `alone` says that no other program draws this clinic's cards.
    """
    if wrong := tuple(mistakes(settings)):
        raise Mistakes(wrong)
    # slack_sdk writes whole messages into the log of a logger that has no level of its own
    log.setLevel(logging.WARNING)
    session = aiohttp.ClientSession(timeout=TIMEOUT)
    try:
        client = SlackClient(token=settings.bot_token, pace=pace, **reached(settings, session))
        workspace = await let_in(client, settings, uses)
        return _put_together(settings, desk, run, session, client, workspace, patience, alone=alone)
    except BaseException:
        await session.close()
        raise


def _put_together(
    settings: SlackSettings,
    desk: Desk,
    run: Runner,
    session: aiohttp.ClientSession,
    client: SlackClient,
    workspace: Workspace,
    patience: Patience,
    *,
    alone: bool,
) -> Slack:
    members, errands = Members(client, team=workspace.team), Errands()
    reception = Reception(desk=desk, run=run, members=members, platform="Slack")
    homes = Homes(client, reception, errands)
    looking = Looking(client, reception, homes, errands, patience=patience.form)
    whispers = Whispers(client, members, looking)
    answering = Answering(client, whispers, errands, patience)
    face = SlackFace(desk, reception, homes, answering, whispers, bot=workspace.user, patience=patience)
    # Bolt copies this one for each request and it opens the socket; Bookend never speaks through it
    listening = AsyncWebClient(retry_handlers=[], **reached(settings, session))
    roll = Roll(members)
    attendance = Attendance(members, roll, run)
    happenings = Happenings(attendance.again, homes.anew, bot=workspace.user)
    app = bolt(face, looking, homes, happenings, workspace, client=listening, token=settings.bot_token)
    intake = Intake(app)
    socket = Socket(intake, listening, settings.app_token) if settings.app_token else None
    return Slack(
        chat=SlackChat(client, members, homes, alone=alone),
        routes=() if socket else routes(intake, settings.signing_secret),
        workspace=workspace,
        notes=tuple(notes(settings)),
        _roll=roll,
        _attendance=attendance,
        _intake=intake,
        _homes=homes,
        _errands=errands,
        _session=session,
        _socket=socket,
    )
