"""Who is not of the clinic's tenant, not in Teams, or not Microsoft gets no answer, no case and no token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.fake import Answer, Json, Way, fake_teams
from tests.service.clinic import SAM

pytestmark = pytest.mark.anyio

ELSEWHERE = "0bad0000-0000-4000-8000-000000000009"


@dataclass
class Changed:
    """A way on which what people do is changed before it is signed."""

    way: Way
    changes: Json

    async def deliver(self, activity: Json) -> Answer:
        return await self.way.deliver(activity | self.changes)


def asked(on: AtWork) -> int:
    """How often Bookend has spoken to anybody but whoever publishes keys."""
    return sum(call.what not in ("keys", "metadata") for call in on.teams.calls)


async def turned_away(on: AtWork, way: Way) -> None:
    """Hold to it that a press gets 401, and that nothing comes of it."""
    before, spoken = on.state(), asked(on)
    sam = on.person(SAM, way)

    pressed = await sam.press(sam.card("Medication disclosure"), "In 20 min")
    typed = await sam.say("mine")

    assert (pressed.status, typed.status) == (401, 401)
    assert (on.state(), asked(on)) == (before, spoken)


@pytest.mark.parametrize("channel", ["directline", "webchat", "emulator", "", None])
async def test_another_channel_than_teams_is_refused(channel: str | None) -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")

        await turned_away(on, Changed(on.way(), {"channelId": channel}))


async def test_another_tenant_is_refused_though_microsoft_signed_it() -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        on.teams.join("eve", tenantId=ELSEWHERE)
        spoken = asked(on)

        answers = [await on.person("eve").say("mine"), await on.person("eve").install()]

        assert [each.status for each in answers] == [401, 401]
        assert asked(on) == spoken


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "somebody else"},
        {"iss": "https://issuer.example"},
        {"exp": 1},
        {"exp": None},
        {"serviceurl": None},
        {"serviceurl": "https://smba.trafficmanager.net/teams/"},
        {"kid": "unknown"},
        {"key": "a thief's", "kid": "k1"},
    ],
    ids=str,
)
async def test_what_microsoft_did_not_sign_for_us_is_refused(claims: dict[str, Any]) -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")

        await turned_away(on, on.way(**claims))


async def test_a_forged_service_address_gets_no_request_and_no_token() -> None:
    async with at_work("g.medicines") as on, fake_teams() as thief:
        await on.until("2027-01-12 15:01")
        for forged in (f"{thief.service}/", f"{on.teams.service}@{thief.url[7:]}/", thief.url):
            await turned_away(on, Changed(on.way(), {"serviceUrl": forged}))

        await on.until("2027-01-12 15:30")

        assert thief.calls == []
        assert len(on.teams.cards(SAM)) > 1


async def test_a_guest_is_told_that_bookend_is_not_for_guests_and_nothing_of_a_case() -> None:
    async with at_work("g.medicines") as on:
        await on.until("2027-01-12 15:01")
        on.teams.join("gus", userRole="guest")

        await on.person("gus").say("case K7Q2")

        (told,) = on.stands("gus")
        assert "guest" in told and "K7Q2" not in told


async def test_where_teams_sends_us_elsewhere_nobody_follows() -> None:
    async with at_work("g.medicines") as on, fake_teams() as thief:
        on.teams.troubles["post"] += [f"307:{thief.service}/v3/conversations/a/activities"] * 3

        await on.until("2027-01-12 15:10")

        assert on.teams.count("post") >= 3
        assert thief.calls == []
