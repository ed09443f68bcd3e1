"""The doctor in Teams: each thing that is wrong is found, said with what to do, and hides nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.chat.teams.joining.examine import Examined, Finding, examine
from bot.chat.teams.reaching.door import PATH
from bot.chat.teams.settings import TeamsSettings
from bot.clock import WallClock
from bot.core.people import Clinic, Person, Role
from bot.core.places import Place
from tests.chat.teams.fake import (
    BOARD,
    BOT,
    MSI_SECRET,
    TEAM,
    TENANT,
    FakeTeams,
    account,
    direct,
    fake_teams,
)
from tests.service.clinic import WITH_BOARD

pytestmark = pytest.mark.anyio

JO = Person(id="jo", name="Jo Sample", roles=frozenset([Role.NURSE]), accounts={"teams": account("jo")})
ALI = Person(id="ali", name="Dr Ali", roles=frozenset([Role.PHYSICIAN]), accounts={"teams": account("ali")})
CLINIC: Clinic = replace(WITH_BOARD, people={"jo": JO}, channels={"teams": {"board": BOARD}})
OTHER = "00000000-0000-4000-8000-000000000009"


@dataclass(kw_only=True)
class Told:
    """What Teams told of so far."""

    places: list[Place] = field(default_factory=list)

    def all(self, platform: str) -> list[Place]:
        return self.places

    def keep(self, place: Place) -> None:
        self.places.append(place)


class Late:
    """A clock that is wrong."""

    def __init__(self, late: timedelta) -> None:
        self.late = late

    def now(self) -> datetime:
        return WallClock().now() - self.late


def met(teams: FakeTeams, *names: str) -> Told:
    """The team of Bookend, and these people, who opened it."""
    team = Place(platform="teams", name=TEAM, conversation=TEAM, service=teams.service, team=TEAM)
    board = replace(team, name=BOARD, conversation=BOARD)
    people = [
        replace(team, name=account(name), conversation=direct(name), member=f"29:{name}", team="")
        for name in names
    ]
    return Told(places=[team, board, *people])


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A tenant, and what the doctor looks at in it: by a managed identity, as nothing leaves this machine."""

    @asynccontextmanager
    async def opened(**how: Any) -> AsyncIterator[tuple[FakeTeams, Examined]]:
        async with fake_teams() as teams:
            monkeypatch.setenv("IDENTITY_ENDPOINT", f"{teams.url}/msi")
            monkeypatch.setenv("IDENTITY_HEADER", MSI_SECRET)
            given = TeamsSettings(
                client_id=BOT, tenant_id=TENANT, managed_identity=True, service_url=teams.service
            )
            what = Examined(
                settings=given,
                clinics=[CLINIC],
                clock=WallClock(),
                places=met(teams, "jo"),
                run=asyncio.to_thread,
                login=teams.url,
            )
            yield teams, replace(what, **how)

    return opened


@asynccontextmanager
async def door(status: int) -> AsyncIterator[str]:
    """Somebody who answers at our address; the address."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post(PATH, answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def found(what: Examined) -> list[Finding]:
    return [each async for each in examine(what)]


def of(findings: list[Finding], state: str) -> list[str]:
    return [words for each, words in findings if each == state]


async def test_where_all_is_well_each_thing_is_named(there: Any) -> None:
    async with there() as (_, what), door(401) as url:
        findings = await found(replace(what, public_url=url))

    assert findings == [
        ("good", f"only people of the tenant {TENANT} are heard"),
        ("good", "the clock agrees with Microsoft's"),
        (
            "good",
            f"{url}/api/messages turns away what Microsoft did not sign: it is the bot's messaging endpoint",
        ),
        ("good", "Microsoft gives Bookend a token"),
        ("good", "1 channel can be used"),
        ("good", "1 person of your file can be asked"),
    ]


async def test_the_settings_are_looked_at_before_anybody_is_asked(there: Any) -> None:
    async with there() as (teams, what):
        both = replace(what.settings, secret="an~invented.secret")

        (words,) = of(await found(replace(what, settings=both)), "wrong")

    assert words.endswith("cannot stand beside it: keep one.")
    assert teams.calls == []


async def test_without_a_token_one_sentence_says_so_and_nobody_is_looked_for(
    there: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with there() as (teams, what):
        monkeypatch.setenv("IDENTITY_HEADER", "another machine's")

        (words,) = of(await found(what), "wrong")

    assert words.startswith("Microsoft gives Bookend no token: ")
    assert teams.count("member") == 0


@pytest.mark.parametrize("late", [timedelta(minutes=2), timedelta(minutes=-2)])
async def test_a_clock_that_is_wrong_is_said(there: Any, late: timedelta) -> None:
    async with there(clock=Late(late)) as (_, what):
        (words,) = of(await found(what), "wrong")

    assert words.startswith("This machine's clock is 1") and "NTP" in words


async def test_a_clock_that_is_a_little_wrong_does_no_harm(there: Any) -> None:
    async with there(clock=Late(timedelta(seconds=50))) as (_, what):
        assert of(await found(what), "wrong") == []


async def test_where_nobody_says_what_time_it_is_nothing_is_wrong(there: Any) -> None:
    async with there(login="http://127.0.0.1:1") as (_, what):
        findings = await found(what)

    assert ("note", "Microsoft does not say what time it is") in findings
    assert of(findings, "wrong") == []


async def test_another_tenant_than_before_is_said(there: Any) -> None:
    async with there(before=OTHER) as (_, what):
        (words,) = of(await found(what), "wrong")

    assert words.startswith(f"This database belongs to the tenant {OTHER}")
    assert words.endswith(f"BOOKEND_TEAMS_MOVED_TO={TENANT}.")


async def test_another_tenant_than_the_one_moved_to_is_said(there: Any) -> None:
    async with there(meant=OTHER) as (_, what):
        (words,) = of(await found(what), "wrong")

    assert words.startswith(f"BOOKEND_TEAMS_MOVED_TO names the tenant {OTHER}")


@pytest.mark.parametrize("status", [200, 404, 502])
async def test_an_address_at_which_somebody_else_answers_is_said(there: Any, status: int) -> None:
    async with there() as (_, what), door(status) as url:
        (words,) = of(await found(replace(what, public_url=url)), "wrong")

    assert f"answers {status} where Bookend answers 401" in words


async def test_an_address_at_which_nobody_answers_is_said(there: Any) -> None:
    async with there(public_url="http://127.0.0.1:1") as (_, what):
        (words,) = of(await found(what), "wrong")

    assert "cannot be reached: does `bookend serve` run" in words


async def test_without_an_address_it_is_said_that_teams_must_reach_us(there: Any) -> None:
    async with there() as (_, what):
        (words,) = of(await found(what), "note")

    assert words.startswith("Teams must reach this machine: set BOOKEND_PUBLIC_URL")


async def test_who_did_not_open_bookend_yet_is_named_with_what_to_do(there: Any) -> None:
    two = replace(CLINIC, people={"jo": JO, "ali": ALI})
    async with there(clinics=[two], public_url="") as (teams, what):
        teams.join("ali")
        findings = await found(what)

    (words,) = [words for words in of(findings, "note") if "Ali" in words]
    assert words.startswith(f"Dr Ali ({account('ali')}) has not opened Bookend in Teams yet: install it")
    assert ("good", "1 person of your file can be asked") in findings


async def test_who_blocked_bookend_is_wrong(there: Any) -> None:
    two = replace(CLINIC, people={"jo": JO, "ali": ALI})
    async with there(clinics=[two]) as (teams, what):
        places = met(teams, "jo", "ali")
        places.places[-1] = replace(
            places.places[-1], refused="blocked Bookend, or does not have it any more"
        )

        (words,) = of(await found(replace(what, places=places)), "wrong")

    assert (
        words
        == f"Dr Ali ({account('ali')}) blocked Bookend, or does not have it any more and will not be asked."
    )


async def test_a_channel_that_is_gone_is_wrong(there: Any) -> None:
    async with there() as (teams, what):
        del teams.conversations[BOARD]

        (words,) = of(await found(what), "wrong")

    assert words.startswith(BOARD) and "Check the id" in words


async def test_a_board_that_a_guest_reads_is_wrong(there: Any) -> None:
    async with there() as (teams, what):
        teams.join("gus", userRole="guest")

        (words,) = of(await found(what), "wrong")

    assert words.startswith("board (board) is read by guests") and account("gus") in words


async def test_names_in_chat_ask_for_an_agreement_with_microsoft(there: Any) -> None:
    async with there(clinics=[replace(CLINIC, names_on=frozenset({"teams"}))], public_url="") as (_, what):
        notes = of(await found(what), "note")

    assert any("(BAA)" in words and "Microsoft" in words for words in notes)


async def test_a_local_test_client_is_said_to_be_one_and_microsoft_is_not_asked(there: Any) -> None:
    async with there(public_url="http://127.0.0.1:1") as (teams, what):
        teams.strict = False
        local = replace(what.settings, managed_identity=False, unauthenticated=True)

        findings = await found(replace(what, settings=local))

    assert of(findings, "wrong") == []
    assert of(findings, "note") == [
        "BOOKEND_TEAMS_UNAUTHENTICATED: whoever reaches this machine is believed. That is for a test alone."
    ]
    assert teams.count("msi") == 0
