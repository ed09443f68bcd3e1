"""Slack on trial: its Chat against a Web API of our own, with eyes that look into that directly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape

import aiohttp

from bot.chat.errands import Errands
from bot.chat.pace import Pace
from bot.chat.reception import Reception
from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.client import SlackClient
from bot.chat.slack.calling.pace import SlackLimits
from bot.chat.slack.chat import SlackChat
from bot.chat.slack.people.members import Members
from bot.chat.slack.showing.at_home import Homes
from bot.core.replies import Address, MessageRef
from tests.chat.hours import at_leisure
from tests.chat.played import PlayedDesk
from tests.chat.slack import limits
from tests.chat.slack.fake import BOARD, JO, TEAM, TOKEN, FakeSlack, fake_slack
from tests.chat.trial import Seen

JO_THERE = Address(platform=PLATFORM, account=JO)
BOARD_THERE = Address(platform=PLATFORM, channel=BOARD)


@dataclass(kw_only=True)
class SlackTrial:
    slack: FakeSlack
    client: SlackClient
    person: Address = JO_THERE
    channel: Address = BOARD_THERE
    alone: bool = False

    def __post_init__(self) -> None:
        members = Members(self.client, team=TEAM)
        reception = Reception(desk=PlayedDesk(), run=asyncio.to_thread, members=members, platform="Slack")
        homes = Homes(self.client, reception, Errands())
        self.chat = SlackChat(self.client, members, homes, alone=self.alone)

    async def seen(self, ref: MessageRef) -> Seen:
        sent = self.slack.messages[ref.channel]
        card = next(each for each in sent if each["ts"] == ref.message)
        # what only opens the rest of a card to be read is no button of the card's
        buttons = [word for word in str(card["blocks"]).split("'") if word.startswith('{"do":')]
        return Seen(
            words=unescape("\n".join(limits.words(card["blocks"]))),
            buttons=len(buttons),
            thread=tuple(unescape(each["text"]) for each in sent if each.get("thread_ts") == ref.message),
        )

    async def count(self, to: Address) -> int:
        place = to.channel or "D" + to.account[1:]
        return sum("thread_ts" not in each for each in self.slack.messages[place])

    async def begin_again(self) -> None:
        self.__post_init__()


@asynccontextmanager
async def slack_trial(pace: Pace | None = None, *, alone: bool = False) -> AsyncIterator[SlackTrial]:
    # short enough for a test that waits for an answer that never comes
    timeout = aiohttp.ClientTimeout(total=0.5)
    async with fake_slack() as slack, aiohttp.ClientSession(timeout=timeout) as session:
        leisure = at_leisure(SlackLimits())
        client = SlackClient(token=TOKEN, base_url=slack.url, session=session, pace=pace or leisure)
        # what the machine's proxy settings say is not for a server on this machine
        client.proxy = None
        yield SlackTrial(slack=slack, client=client, alone=alone)
