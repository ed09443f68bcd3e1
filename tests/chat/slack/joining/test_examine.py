"""The doctor in Slack: each thing that is wrong is found, said with what to do, and hides nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.chat.slack.connect import connect
from bot.chat.slack.joining.examine import Examined, Finding, examine
from bot.chat.slack.joining.scopes import asked_for
from bot.chat.slack.joining.tokens import SlackSettings
from bot.clock import WallClock
from bot.core.people import Clinic, Person, Role
from bot.web import asgi, take_port
from bot.web import serve as answer
from tests.chat.played import PlayedDesk
from tests.chat.slack.fake import APP_TOKEN, BOARD, TEAM, TOKEN, FakeSlack, channel, fake_slack
from tests.service.clinic import WITH_BOARD

pytestmark = pytest.mark.anyio

SECRET = "0" * 32
JO = Person(id="jo", name="Jo Sample", roles=frozenset([Role.NURSE]), accounts={"slack": "U0JO"})
CLINIC = replace(WITH_BOARD, people={"jo": JO}, channels={"slack": {"board": BOARD}})


class Late:
    """A clock that is wrong."""

    def __init__(self, late: timedelta) -> None:
        self.late = late

    def now(self) -> datetime:
        return WallClock().now() - self.late


@asynccontextmanager
async def there(**how: Any) -> AsyncIterator[tuple[FakeSlack, Examined]]:
    async with fake_slack() as fake:
        given = SlackSettings(bot_token=TOKEN, app_token=APP_TOKEN, api_url=fake.url)
        yield fake, replace(Examined(settings=given, clinics=[CLINIC], clock=WallClock()), **how)


async def found(what: Examined) -> list[Finding]:
    return [each async for each in examine(what)]


def wrong(findings: list[Finding]) -> list[str]:
    return [words for state, words in findings if state == "wrong"]


async def test_where_all_is_well_each_thing_is_named() -> None:
    async with there() as (fake, what):
        findings = await found(what)

    assert {state for state, _ in findings} == {"good"}
    words = " | ".join(words for _, words in findings)
    for each in (f"workspace Clinic ({TEAM})", *asked_for(), "the clock agrees", "Socket Mode opens"):
        assert each in words
    assert "1 channel can be used" in words and "1 person of your file can be asked" in words
    assert fake.count("apps.connections.open") == 1


async def test_without_a_network_one_sentence_says_so() -> None:
    given = SlackSettings(bot_token=TOKEN, app_token=APP_TOKEN, api_url="http://127.0.0.1:1/api/")

    ((state, words),) = await found(Examined(settings=given, clinics=[CLINIC], clock=WallClock()))

    assert state == "wrong"
    assert "cannot be reached" in words


async def test_tokens_are_looked_at_before_slack_is_asked() -> None:
    async with there() as (fake, what):
        swapped = replace(what.settings, bot_token=APP_TOKEN, app_token=TOKEN)

        (words,) = wrong(await found(replace(what, settings=swapped)))

        assert words.endswith("swap them.")
        assert fake.calls == []


async def test_each_missing_right_is_said_with_what_it_costs_and_hides_nothing_else() -> None:
    async with there() as (fake, what):
        fake.scopes = ",".join(set(asked_for()) - {"pins:write", "commands"})
        fake.channels[BOARD] = channel(BOARD, is_archived=True)

        rights, pins, board = wrong(await found(what))

    assert rights.startswith("Missing right commands (`/bookend` does not exist): paste")
    assert pins.startswith("Missing right pins:write (the board is not pinned): paste")
    assert board.startswith("#board (board) is archived")


@pytest.mark.parametrize("late", [timedelta(minutes=2), timedelta(minutes=-2)])
async def test_a_clock_that_is_wrong_is_said(late: timedelta) -> None:
    async with there(clock=Late(late)) as (_, what):
        (words,) = wrong(await found(what))

    assert words.startswith("This machine's clock is 1")
    assert "NTP" in words


async def test_a_clock_that_is_a_little_wrong_does_no_harm() -> None:
    async with there(clock=Late(timedelta(seconds=50))) as (_, what):
        assert wrong(await found(what)) == []


async def test_another_workspace_than_the_settings_name_is_said() -> None:
    async with there(meant="T0ELSE") as (_, what):
        (words,) = wrong(await found(what))

    assert "BOOKEND_SLACK_TEAM names the workspace T0ELSE" in words and TEAM in words


async def test_another_workspace_than_before_is_said() -> None:
    async with there(before="T0ELSE") as (_, what):
        (words,) = wrong(await found(what))

    assert "belongs to the workspace T0ELSE" in words and f"BOOKEND_SLACK_TEAM={TEAM}" in words


async def test_socket_mode_that_does_not_open_is_said() -> None:
    async with there() as (fake, what):
        fake.troubles["apps.connections.open"].append("refuse:not_allowed_token_type")

        (words,) = wrong(await found(what))

    assert words.startswith("Socket Mode does not open (not_allowed_token_type)")


async def test_a_token_of_another_app_hides_nothing_else() -> None:
    async with there() as (fake, what):
        fake.channels[BOARD] = channel(BOARD, is_member=False)
        mixed = replace(what.settings, app_token="xapp-1-A0ELSE-1-invented")

        said = " | ".join(wrong(await found(replace(what, settings=mixed))))

    assert "belongs to the Slack app A0ELSE" in said
    assert "write /invite @Bookend there" in said


async def test_people_who_are_not_there_are_said() -> None:
    gone = replace(JO, id="sam", name="Sam Gone", accounts={"slack": "U0GONE"})
    clinic: Clinic = replace(CLINIC, people={"jo": JO, "sam": gone})
    async with there(clinics=[clinic]) as (_, what):
        findings = await found(what)

    (words,) = wrong(findings)
    assert words.startswith("Sam Gone (U0GONE) has left and will not be asked")
    assert ("good", "1 person of your file can be asked") in findings


async def test_names_in_chat_ask_for_an_agreement_with_slack() -> None:
    async with there(clinics=[replace(CLINIC, names_on=frozenset({"slack"}))]) as (_, what):
        (words,) = [words for state, words in await found(what) if state == "note"]

    assert "(BAA)" in words


# Signed requests


@asynccontextmanager
async def served(fake: FakeSlack, secret: str) -> AsyncIterator[str]:
    """Bookend's own door on a port of this machine; its address."""
    given = SlackSettings(bot_token=TOKEN, signing_secret=secret, api_url=fake.url)
    slack = await connect(given, PlayedDesk(), asyncio.to_thread)
    here = take_port("127.0.0.1", 0)
    running = asyncio.create_task(answer(asgi(slack.routes), here, leaving=lambda: None))
    try:
        yield f"http://127.0.0.1:{here.getsockname()[1]}"
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await slack.stop()


def signing(what: Examined, url: str) -> Examined:
    by_http = replace(what.settings, app_token="", signing_secret=SECRET)
    return replace(what, settings=by_http, public_url=url)


async def test_our_own_door_is_tried_unsigned_and_signed() -> None:
    async with there() as (fake, what), served(fake, SECRET) as url:
        findings = await found(signing(what, url))

    assert wrong(findings) == []
    assert ("good", f"{url}/slack/events turns away what Slack did not sign") in findings
    assert ("good", "what is signed with BOOKEND_SLACK_SIGNING_SECRET is answered") in findings


async def test_a_door_with_another_secret_is_said() -> None:
    async with there() as (fake, what), served(fake, "f" * 32) as url:
        (words,) = wrong(await found(signing(what, url)))

    assert "refuses what is signed with BOOKEND_SLACK_SIGNING_SECRET (401)" in words
    assert SECRET not in words


async def test_an_address_at_which_nobody_answers_is_said() -> None:
    async with there() as (_, what):
        (words,) = wrong(await found(signing(what, "http://127.0.0.1:1")))

    assert "cannot be reached: does `bookend serve` run" in words


async def test_an_address_at_which_somebody_else_answers_is_said() -> None:
    elsewhere = web.AppRunner(web.Application())
    await elsewhere.setup()
    await web.TCPSite(elsewhere, "127.0.0.1", 0).start()
    async with there() as (_, what):
        (words,) = wrong(await found(signing(what, f"http://127.0.0.1:{elsewhere.addresses[0][1]}")))
    await elsewhere.cleanup()

    assert "answers 404 where Bookend answers 401" in words


async def test_without_an_address_it_is_said_that_slack_must_reach_us() -> None:
    async with there() as (_, what):
        notes = [words for state, words in await found(signing(what, "")) if state == "note"]

    assert notes == [
        "Slack must reach this machine: set BOOKEND_PUBLIC_URL to its address, and I try it from here."
    ]


async def test_a_group_whose_members_decide_is_named_with_what_to_see_to() -> None:
    by_group = replace(CLINIC, groups={"slack": {Role.NURSE: "S0NURSES", Role.PHYSICIAN: "S0DOCTORS"}})
    async with there(clinics=[by_group]) as (fake, what):
        fake.groups |= {name: {"id": name, "users": ["U0JO"]} for name in ("S0NURSES", "S0DOCTORS")}
        findings = await found(what)

    (told,) = [words for state, words in findings if state == "note"]
    assert "S0DOCTORS" in told and "only admins may change user groups" in told


@pytest.mark.parametrize("reader", ["U0GUEST", "U0ULTRA", "U0STRANGE", "U0OTHER"])
async def test_a_board_that_a_guest_reads_is_wrong(reader: str) -> None:
    async with there() as (fake, what):
        fake.members[BOARD].add(reader)
        (told,) = wrong(await found(what))

    assert told.startswith(f"#board (board) is read by guests or people of another workspace ({reader})")
