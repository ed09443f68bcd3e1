"""Home is drawn anew for who looks, after their deeds and prompts, seldom; and for nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import aiohttp
import pytest

from bot.chat.errands import Errands
from bot.chat.reception import Reception
from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.client import SlackClient
from bot.chat.slack.calling.pace import SlackLimits
from bot.chat.slack.chat import SlackChat
from bot.chat.slack.people.members import Members
from bot.chat.slack.showing.at_home import Homes, Often
from bot.core.errors import NotAllowed
from bot.core.messages import Notice
from bot.core.replies import Address
from tests.chat import boards, samples
from tests.chat.hours import at_leisure
from tests.chat.played import PlayedDesk
from tests.chat.slack import limits
from tests.chat.slack.fake import BOARD, JO, TEAM, TOKEN, FakeSlack, fake_slack
from tests.chat.slack.fake.names import user

pytestmark = pytest.mark.anyio

MAX = "U0MAX"
JO_THERE = Address(platform=PLATFORM, account=JO)
#: Short enough for a test to wait for, and long enough to see that it is waited.
SOON = Often(own=0.05, board=0.05)
#: So long that nothing but a first drawing comes within a test.
SELDOM = Often(own=600, board=600)


@dataclass(kw_only=True)
class Looking:
    """Homes over a workspace, and a desk that says what stands there."""

    slack: FakeSlack
    desk: PlayedDesk
    homes: Homes
    chat: SlackChat
    errands: Errands

    async def opens(self, account: str = JO, tab: str = "home") -> None:
        await self.homes.opened({"type": "app_home_opened", "user": account, "tab": tab})
        await self.errands.finish()

    async def drawn(self, times: int) -> None:
        """Return when so many Homes were drawn."""
        async with asyncio.timeout(5):
            while self.slack.count("views.publish") < times:
                self.slack.said.clear()
                await self.slack.said.wait()
        await self.errands.finish()

    def read(self, account: str = JO) -> str:
        return "\n".join(limits.words(self.slack.homes[account]["blocks"]))


@asynccontextmanager
async def looking(often: Often) -> AsyncIterator[Looking]:
    async with fake_slack() as slack, aiohttp.ClientSession() as session:
        slack.users[MAX] = user(MAX)
        client = SlackClient(token=TOKEN, base_url=slack.url, session=session, pace=at_leisure(SlackLimits()))
        client.proxy = None
        desk, errands, members = PlayedDesk(), Errands(), Members(client, team=TEAM)
        reception = Reception(desk=desk, run=asyncio.to_thread, members=members, platform="Slack")
        homes = Homes(client, reception, errands, often=often)
        chat = SlackChat(client, members, homes)
        try:
            yield Looking(slack=slack, desk=desk, homes=homes, chat=chat, errands=errands)
        finally:
            homes.end()
            await errands.finish()


async def test_nobody_who_did_not_open_home_has_one() -> None:
    async with looking(SOON) as on:
        await on.chat.send(samples.WORKLIST, JO_THERE, once="a")
        on.homes.touched(JO)
        await on.opens(MAX)

        assert on.slack.homes.keys() == {MAX}


async def test_the_messages_tab_draws_no_home() -> None:
    async with looking(SOON) as on:
        await on.opens(tab="messages")

        assert on.slack.homes == {}


async def test_a_new_prompt_draws_the_home_of_its_person_and_nobody_elses() -> None:
    async with looking(SOON) as on:
        await on.opens()
        await on.opens(MAX)
        on.desk.at_home = replace(samples.HOME, heading="Jo Park, later")

        ref = await on.chat.send(samples.WORKLIST, JO_THERE, once="a")
        await on.drawn(3)
        on.desk.at_home = replace(samples.HOME, heading="Jo Park, later still")
        await on.chat.update(ref, samples.WORKLIST)
        await on.drawn(4)

        assert "later still" in on.read()
        assert "later" not in on.read(MAX).partition("\n")[0]


async def test_many_changes_at_once_are_one_drawing() -> None:
    async with looking(SOON) as on:
        await on.opens()

        for _ in range(20):
            on.homes.touched(JO)
        await on.drawn(2)
        on.homes.touched(JO)
        await on.drawn(3)

        assert on.slack.count("views.publish") == 3


async def test_what_another_program_changed_is_drawn_where_it_says_something_new() -> None:
    async with looking(SOON) as on:
        await on.opens()
        await on.homes._publish(JO, only_news=True)
        unchanged = on.slack.count("views.publish")
        on.desk.at_home = replace(samples.HOME, heading="Jo Park, later")

        on.homes.changed()
        await on.drawn(2)

        assert unchanged == 1
        assert "later" in on.read()


async def test_a_drawing_that_waits_longer_holds_up_none_that_is_wanted_sooner() -> None:
    async with looking(Often(own=0.05, board=600)) as on:
        await on.opens()

        on.homes.changed()
        on.homes.touched(JO)
        await on.drawn(2)

        assert on.slack.count("views.publish") == 2


async def test_a_home_is_not_drawn_again_before_some_seconds_have_passed() -> None:
    async with looking(SELDOM) as on:
        await on.opens()

        on.homes.touched(JO)
        await on.opens(MAX)

        assert on.slack.count("views.publish") == 2


async def test_whoever_opened_home_hours_ago_looks_no_more() -> None:
    async with looking(Often(looked=0.0, own=0.0)) as on:
        await on.opens()

        on.homes.touched(JO)
        on.homes.say(MAX, Notice(text="Noted."))
        await on.drawn(2)

        published = [args["user_id"] for name, args in on.slack.calls if name == "views.publish"]
        assert published == [JO, MAX]


async def test_the_board_is_drawn_anew_for_who_has_it() -> None:
    async with looking(SOON) as on:
        await on.opens()
        on.desk.at_home = replace(samples.HOME, board=boards.BOARD)
        await on.opens(MAX)

        await on.chat.send(boards.BOARD, Address(platform=PLATFORM, channel=BOARD), once="a")
        await on.drawn(3)

        published = [args["user_id"] for name, args in on.slack.calls if name == "views.publish"]
        assert published == [JO, MAX, MAX]


async def test_what_just_happened_stays_for_the_next_drawing_and_not_for_ever() -> None:
    async with looking(SOON) as on:
        await on.opens()

        on.homes.say(JO, Notice(text="Confirmed: Escort.", tone="good"))
        await on.drawn(2)
        on.homes.touched(JO)
        await on.drawn(3)

        assert "Confirmed: Escort." in on.read()
    async with looking(replace(SOON, said=0.0)) as on:
        on.homes.say(JO, Notice(text="Confirmed: Escort.", tone="good"))
        await on.drawn(1)

        assert "Escort" not in on.read()


async def test_a_home_that_slack_puts_off_is_drawn_when_it_may() -> None:
    async with looking(SOON) as on:
        on.slack.troubles["views.publish"].append("429:0")

        await on.homes.opened({"user": JO, "tab": "home"})
        await on.drawn(2)

        assert JO in on.slack.homes


async def test_somebody_who_left_sees_no_case_any_more() -> None:
    async with looking(SOON) as on:
        on.desk.at_home = replace(samples.HOME, board=boards.BOARD)
        await on.opens()
        on.desk.at_home = NotAllowed(
            "I do not know you yet. Ask your manager to add you to the clinic's file."
        )

        on.homes.touched(JO)
        await on.drawn(2)

        assert on.read() == "I do not know you yet. Ask your manager to add you to the clinic's file."


async def test_at_the_end_nothing_more_is_drawn() -> None:
    async with looking(SOON) as on:
        await on.opens()
        on.homes.touched(JO)

        on.homes.end()
        on.homes.touched(JO)
        await on.opens(MAX)

        assert on.slack.count("views.publish") == 2
