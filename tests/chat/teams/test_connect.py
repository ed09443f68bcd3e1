"""What does not fit is named before anything starts, and nothing of Teams is loaded unasked."""

import asyncio
import subprocess
import sys
from dataclasses import replace

import httpx
import pytest

from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.connect import Teams, connect
from bot.chat.teams.settings import TeamsSettings
from bot.core.errors import Mistakes
from bot.core.people import Clinic
from bot.core.places import Place
from bot.core.replies import Address
from bot.core.staffing import Look
from bot.service.places import KeptPlaces
from bot.web import asgi
from tests.chat import samples
from tests.chat.hours import at_leisure
from tests.chat.played import PlayedDesk
from tests.chat.teams.fake import JO, TENANT, direct, fake_teams
from tests.chat.teams.front import front
from tests.chat.teams.trial import identity_from, no_places, settings_of

pytestmark = pytest.mark.anyio


async def joined(given: TeamsSettings, kept: KeptPlaces | None = None) -> Teams:
    return await connect(
        given, PlayedDesk(), asyncio.to_thread, kept or no_places(), pace=at_leisure(TeamsLimits())
    )


async def test_everything_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(Mistakes) as wrong:
        await joined(TeamsSettings(client_id="bookend", tenant_id="", secret="x"))

    named = {each.file for each in wrong.value.mistakes}
    assert {"BOOKEND_TEAMS_CLIENT_ID", "BOOKEND_TEAMS_TENANT_ID"} <= named


async def test_a_bot_that_gets_no_token_starts_and_says_so() -> None:
    async with fake_teams() as teams:
        with identity_from(teams):
            teams.troubles["msi"] += ["500"] * 20
            connected = await joined(settings_of(teams.service))
            await connected.stop()

        assert "Nobody is asked in Teams yet" in connected.notes[0]
        assert "Microsoft gives Bookend no token" in connected.notes[0]


async def test_a_tenant_is_known_by_its_id() -> None:
    async with front() as at:
        workspace = at.connected.workspace

        assert (workspace.team, TENANT in workspace.name) == (TENANT, True)
        assert at.connected.notes == ()


async def test_a_test_client_is_believed_and_that_is_said() -> None:
    async with fake_teams() as teams:
        given = replace(settings_of(teams.service), managed_identity=False, unauthenticated=True)
        connected = await joined(given)

        await connected.stop()

        assert "whoever reaches this program is believed" in connected.notes[0]


async def test_where_people_are_reached_is_known_again_after_a_restart() -> None:
    async with fake_teams() as teams:
        with identity_from(teams):
            kept = no_places()
            told = {"platform": PLATFORM, "service": teams.service}
            kept.keep(Place(name=JO, conversation=direct("jo"), member="29:jo", **told))
            connected = await joined(settings_of(teams.service), kept)

            await connected.chat.send(samples.PREP, Address(platform=PLATFORM, account=JO), once="a")
            await connected.stop()

        assert teams.count("converse") == 0 and len(teams.cards("jo")) == 1


async def test_the_office_hears_who_is_there() -> None:
    async with front() as at:
        looks: list[Look] = []
        jo = replace(samples.CLINIC.people["jo"], accounts={PLATFORM: JO})
        clinic: Clinic = replace(samples.CLINIC, people={"jo": jo}, channels={})

        await at.connected.attend([clinic], looks.append)

        assert looks[0].platform == PLATFORM and JO in looks[0].accounts


async def test_without_a_token_of_microsofts_nobody_is_heard() -> None:
    async with front() as at:
        app = asgi([*at.connected.routes])
        over = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=over, base_url="https://door.invalid") as stranger:
            answer = await stranger.post("/api/messages", json={"type": "message", "text": "mine"})

        assert (answer.status_code, at.desk.heard) == (401, [])


def test_nothing_of_microsofts_library_is_loaded_before_teams_is_connected() -> None:
    look = (
        "import sys, bot.platforms, bot.serve; "
        "print({'microsoft_teams', 'msal', 'jwt', 'bot.chat.teams.connect'} & {*sys.modules})"
    )

    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "set()"
