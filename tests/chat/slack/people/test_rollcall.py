"""The roll call: whoever and whatever of a clinic's file is not in Slack is named, with what to do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import pytest

from bot.chat.rollcall import TAKEN
from bot.chat.slack.calling.client import SlackClient
from bot.chat.slack.connect import Slack, connect
from bot.chat.slack.joining.tokens import SlackSettings
from bot.chat.slack.people.members import Members
from bot.chat.slack.people.rollcall import Roll
from bot.clock import VirtualClock
from bot.core.errors import BookendError
from bot.core.people import Clinic, Person, Role
from bot.service.addresses import MOVED, believed
from tests.chat.played import PlayedDesk
from tests.chat.slack.fake import (
    BOARD,
    PENDING,
    SECRET,
    SHARED,
    TEAM,
    TOKEN,
    FakeSlack,
    channel,
    fake_slack,
    user,
)
from tests.service.clinic import OPENED, WITH_BOARD, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio


def clinic(*accounts: str, **channels: str) -> Clinic:
    people = {each: person(each) for each in accounts}
    return replace(WITH_BOARD, people=people, channels={"slack": channels})


def person(account: str) -> Person:
    return Person(
        id=account, name=account.title(), roles=frozenset([Role.NURSE]), accounts={"slack": account}
    )


@asynccontextmanager
async def joined() -> AsyncIterator[tuple[FakeSlack, Slack]]:
    async with fake_slack() as fake:
        given = SlackSettings(bot_token=TOKEN, signing_secret=SECRET, api_url=fake.url)
        slack = await connect(given, PlayedDesk(), asyncio.to_thread)
        try:
            yield fake, slack
        finally:
            await slack.stop()


async def test_where_all_are_there_nothing_is_said() -> None:
    async with joined() as (_, slack):
        assert await slack.roll_call([clinic("U0JO", board=BOARD)]) == ()


@pytest.mark.parametrize(
    ("account", "why"),
    [
        ("U0GUEST", "is a guest"),
        ("U0GONE", "has left"),
        ("U0ROBOT", "is not a person"),
        ("U0NOBODY", "is not in this workspace"),
    ],
)
async def test_one_who_may_not_take_part_is_said_and_stops_nothing(account: str, why: str) -> None:
    async with joined() as (_, slack):
        (line,) = await slack.roll_call([clinic("U0JO", account)])

    assert line == f"{account.title()} ({account}) {why} and will not be asked."


async def test_a_file_about_another_workspace_is_refused() -> None:
    async with joined() as (_, slack):
        with pytest.raises(
            BookendError, match=r"Nobody of your clinic's file is in the Slack workspace Clinic\."
        ):
            await slack.roll_call([clinic("U0THERE", "U0FAR")])


async def test_a_slack_that_suddenly_knows_nobody_is_not_believed() -> None:
    async with fake_slack() as fake, aiohttp.ClientSession() as session:
        client = SlackClient(token=TOKEN, base_url=fake.url, session=session)
        client.proxy = None
        members = Members(client, team=TEAM)
        roll = Roll(members)
        before = await roll.look([clinic("U0JO", "U0GONE")])
        fake.users.clear()
        members.forget_all()

        after = await roll.look([clinic("U0JO", "U0GONE")])

    assert after == before and after.accounts == {"U0JO": "U0JO"}
    assert "nobody" in roll.unanswered


@asynccontextmanager
async def rolling() -> AsyncIterator[tuple[FakeSlack, Members]]:
    async with fake_slack() as fake, aiohttp.ClientSession() as session:
        client = SlackClient(token=TOKEN, base_url=fake.url, session=session)
        client.proxy = None
        yield fake, Members(client, team=TEAM)


async def test_whoever_takes_a_colleagues_address_becomes_nobody_by_it_after_a_restart_either() -> None:
    named = [clinic("U0JO", "ali@clinic.example")]
    works = practice(memory_store(), VirtualClock(OPENED))
    async with rolling() as (fake, members):
        fake.users |= {"U0ALI": user("U0ALI"), "U0EVE": user("U0EVE")}
        before = believed(works, named, await Roll(members).look(named))
        fake.users |= {
            "U0ALI": user("U0ALI", profile={"email": "gone@clinic.example"}),
            "U0EVE": user("U0EVE", profile={"email": "ali@clinic.example"}),
        }
        members.forget_all()

        after = believed(works, named, await Roll(members).look(named))

    assert before.accounts["ali@clinic.example"] == "U0ALI"
    assert after.accounts == {"U0JO": "U0JO"}
    assert after.refused == {"ali@clinic.example": MOVED}


async def test_one_account_is_nobody_elses_by_an_address() -> None:
    async with rolling() as (fake, members):
        roll = Roll(members)
        fake.users["U0JO"] = user("U0JO", profile={"email": "ali@clinic.example"})

        look = await roll.look([clinic("U0JO", "ali@clinic.example")])
        apart = await roll.look([clinic("U0JO"), clinic("ali@clinic.example")])

    assert (look.accounts, look.refused) == ({"U0JO": "U0JO"}, {"ali@clinic.example": TAKEN})
    assert apart.refused == {}, "one person may work in two clinics"


async def test_addresses_that_nobody_has_are_those_of_strangers() -> None:
    async with rolling() as (_, members):
        look = await Roll(members).look([clinic("U0JO", "a@clinic.example", "b@clinic.example")])

    assert set(look.refused.values()) == {"is not in this workspace"}


async def test_people_without_an_account_are_not_looked_for() -> None:
    nobody = replace(clinic("U0JO"), people={"kit": replace(person("U0KIT"), accounts={})})
    async with joined() as (fake, slack):
        assert await slack.roll_call([nobody]) == ()
        assert fake.count("users.info") == 0


_OBSTACLES: Mapping[str, tuple[dict[str, object], str]] = {
    "archived": ({"is_archived": True}, "#esc (nurse) is archived: unarchive it"),
    "outside": ({"is_member": False}, "#esc (nurse) does not have Bookend in it: write /invite @Bookend"),
    "read only": ({"is_read_only": True}, "#esc (nurse) lets only some people post"),
    "private": ({"is_private": True, "is_member": False}, "C0ESC (nurse): There is no such channel"),
}


@pytest.mark.parametrize("case", _OBSTACLES)
async def test_a_channel_that_cannot_be_used_is_said_with_what_to_do(case: str) -> None:
    how, words = _OBSTACLES[case]
    async with joined() as (fake, slack):
        fake.channels["C0ESC"] = channel("C0ESC", **how)

        (line,) = await slack.roll_call([clinic("U0JO", board=BOARD, nurse="C0ESC")])

    assert line.startswith(words)


@pytest.mark.parametrize("where", [SHARED, PENDING])
async def test_a_shared_channel_is_said(where: str) -> None:
    async with joined() as (_, slack):
        (line,) = await slack.roll_call([clinic("U0JO", board=where)])

    assert "is shared with another company, so no case is shown there" in line


async def test_a_slack_that_asks_for_a_pause_keeps_nobody_from_beginning() -> None:
    async with joined() as (fake, slack):
        fake.troubles["users.info"].append("429:30")

        (line,) = await slack.roll_call([clinic("U0JO")])

    assert line.startswith("Who and what is in Slack could not be looked at: Slack asks for a pause.")
