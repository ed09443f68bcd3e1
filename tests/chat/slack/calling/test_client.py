"""Slack asked for a pause, over real HTTP: later calls keep to it without being sent."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.chat.errands import Errands
from bot.chat.pace import Pace, Urgency
from bot.chat.reception import Reception
from bot.chat.slack import chat
from bot.chat.slack.calling.client import TIMEOUT, SlackClient
from bot.chat.slack.calling.faults import mapped
from bot.chat.slack.calling.pace import IN_A_CHANNEL, SlackLimits
from bot.chat.slack.chat import SlackChat
from bot.chat.slack.people.members import Members
from bot.chat.slack.showing.at_home import Homes
from bot.core.errors import Paced, TryLater
from bot.core.messages import Card
from tests.chat import boards, samples
from tests.chat.hours import Hours
from tests.chat.played import PlayedDesk
from tests.chat.slack.fake.names import TEAM, TOKEN
from tests.chat.slack.trial import BOARD_THERE, JO_THERE, SlackTrial, slack_trial

NOTED = [{"type": "section", "text": {"type": "mrkdwn", "text": "Noted."}}]

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("trouble", "seconds"), [("429:42", 42), ("busy", 30)])
async def test_after_a_pause_was_asked_for_nobody_sends_into_it(trouble: str, seconds: int) -> None:
    hours = Hours(limits=SlackLimits())
    async with slack_trial(hours.pace) as on:
        on.slack.troubles["chat.postMessage"].append(trouble)
        with pytest.raises(TryLater):
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        with pytest.raises(Paced) as later:
            await on.chat.send(samples.WORKLIST, JO_THERE, once="b")
        await on.chat.send(boards.BOARD, BOARD_THERE, once="c")
        hours.now += seconds
        await on.chat.send(samples.WORKLIST, JO_THERE, once="b")

        assert later.value.after == timedelta(seconds=seconds)
        assert on.slack.count("chat.postMessage") == 3


async def test_a_burst_for_one_person_is_held_back_before_slack_must_refuse_it() -> None:
    hours = Hours(limits=SlackLimits())
    async with slack_trial(hours.pace) as on:
        sent = 0
        with pytest.raises(Paced):
            for number in range(20):
                await on.chat.send(samples.PREP, JO_THERE, once=f"{number}")
                sent += 1
                # the clock stands still: nothing waits, and no turn comes
                hours.now = 1000.0

        assert IN_A_CHANNEL.burst <= sent < 20
        assert on.slack.count("chat.postMessage") == sent


async def test_a_person_is_answered_while_boards_and_cards_must_wait() -> None:
    hours = Hours(limits=SlackLimits())
    async with slack_trial(hours.pace) as on:
        with pytest.raises(Paced):
            ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
            for _ in range(30):
                await on.chat.update(ref, samples.PREP)
                hours.now = 1000.0

        before = hours.now
        await on.client.chat_postEphemeral(channel=ref.channel, user="U0JO", text="Noted.", blocks=NOTED)

        assert (hours.now, len(on.slack.whispers)) == (before, 1)


async def test_what_would_be_sent_away_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    hours, drawn = Hours(limits=SlackLimits()), list[Card]()
    async with slack_trial(hours.pace) as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        while hours.try_to("chat.update", Urgency.CARD) is not None:
            pass
        monkeypatch.setattr(chat, "drawn", drawn.append)

        with pytest.raises(Paced):
            await on.chat.update(ref, samples.WORKLIST)

        assert drawn == []


class Watched(Homes):
    """Notes whether a Home could be drawn at once when it was touched."""

    def __init__(self, hours: Hours, on: SlackTrial) -> None:
        reception = Reception(
            desk=PlayedDesk(), run=asyncio.to_thread, members=Members(on.client, team=TEAM), platform="Slack"
        )
        super().__init__(on.client, reception, Errands())
        self.hours = hours
        self.waited: list[bool] = []

    def touched(self, account: str) -> None:
        try:
            self.waited.append(self.hours.pace.book("views.publish") > 0)
        except Paced:
            self.waited.append(True)


async def test_a_home_that_somebody_opens_goes_before_one_that_only_changed() -> None:
    hours = Hours(limits=SlackLimits())
    async with slack_trial(hours.pace) as on:
        homes = Watched(hours, on)
        speaking = SlackChat(on.client, Members(on.client, team=TEAM), homes)
        while hours.try_to("views.publish", Urgency.CARD) == 0:
            pass

        await speaking.send(samples.PREP, JO_THERE, once="a")

        assert homes.waited == [True]
        assert hours.pace.book("views.publish") == 0


class NoAnswer(AbstractResolver):
    """Names that nobody knows an address for, however long one waits."""

    async def resolve(self, *_: Any, **__: Any) -> list[ResolveResult]:
        await asyncio.Event().wait()
        return []

    async def close(self) -> None:
        """There is nothing to close."""


async def test_what_ran_out_of_time_before_it_left_leaves_no_doubt() -> None:
    timeout = aiohttp.ClientTimeout(total=5, connect=0.02)
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=NoAnswer()), timeout=timeout
    ) as session:
        client = SlackClient(token=TOKEN, base_url="http://slack.invalid/api/", session=session)
        client.proxy = None

        with pytest.raises(TryLater), mapped():
            await client.chat_postMessage(channel=JO_THERE.account, text="Prep")

    assert TIMEOUT.connect and TIMEOUT.total and TIMEOUT.connect < TIMEOUT.total


async def test_the_clock_is_the_event_loops_own_unless_another_is_given() -> None:
    pace = Pace(SlackLimits())

    await pace.turn("chat.update")
    pace.pause("chat.update", "", timedelta(seconds=60))

    with pytest.raises(Paced) as later:
        await pace.turn("chat.update")
    assert timedelta(seconds=59) < later.value.after <= timedelta(seconds=60)
