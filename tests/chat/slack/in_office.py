"""Riverside in Slack: the real service on SQLite, Slack's Web API of our own, and its events, signed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

import httpx

from bot.chat.slack.calling.pace import SlackLimits
from bot.chat.slack.connect import Slack, connect
from bot.chat.slack.joining.tokens import SlackSettings
from bot.core.errors import Undeliverable
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Role
from bot.core.staffing import Look
from bot.serve import LOST_SIGHT
from bot.service.deliver import Delivery
from bot.service.desk import ClinicDesk
from bot.service.office import ClinicOffice
from bot.service.tick import tick
from bot.web import asgi
from tests.chat.hours import at_leisure
from tests.chat.slack import limits
from tests.chat.slack.fake import SECRET, TEAM, TOKEN, FakeSlack, channel, fake_slack, signature, user
from tests.service.clinic import JO, RIVERSIDE, SAM, here, london
from tests.service.riverside import Riverside

MAIL = "sam@clinic.example"
BOARD, NURSES, ESCALATIONS = "C0BOARD", "C0NURSES", "C0ESC"
#: Riverside in Slack; Sam comes first, by e-mail, and has the role by a user group.
CLINIC: Clinic = replace(
    RIVERSIDE,
    people={
        name: replace(
            each,
            accounts={"slack": MAIL if name == SAM else f"U0{name.upper()}"},
            roles=frozenset() if name == SAM else each.roles,
        )
        for name, each in RIVERSIDE.people.items()
    },
    roster={day: {**duty, Role.NURSE: (SAM, JO)} for day, duty in RIVERSIDE.roster.items()},
    on_call={},
    channels={"slack": {"board": BOARD, "nurse": NURSES, "escalations": ESCALATIONS}},
    groups={"slack": {Role.NURSE: "S0NURSES"}},
)


@dataclass
class InOffice:
    """The clinic at work in Slack: time passes, Slack tells things, and eyes look into its conversations."""

    slack: FakeSlack
    riverside: Riverside
    connected: Slack
    door: httpx.AsyncClient
    office: ClinicOffice
    looked: asyncio.Event
    told: int = 0

    def __post_init__(self) -> None:
        self.delivery = Delivery(
            self.office.practice, {"slack": self.connected.chat}, here, refused=self._refused
        )
        self.loop = asyncio.get_running_loop()

    def _refused(self, posting: Posting, trouble: Undeliverable) -> None:
        if trouble.reason in LOST_SIGHT:
            self.connected.look_again(posting.to)

    def take(self, look: Look) -> None:
        self.office.look(look)
        self.loop.call_soon_threadsafe(self.looked.set)

    async def until(self, wall: str) -> None:
        """Let time pass up to a moment, look by look, and say what is due on the way."""
        while (moment := self.riverside.next_moment()) is not None and moment <= london(wall):
            self.riverside.clock.advance(max(moment, self.riverside.clock.now()))
            await self.speak()
        self.riverside.clock.advance(london(wall))
        await self.speak()

    async def speak(self) -> None:
        tick(self.office.practice)
        await self.delivery.all()

    async def happens(self, event: dict[str, Any], *, looks: bool = True) -> None:
        """Let Slack tell of something; return once Bookend has looked, if it does, and said what follows."""
        self.looked.clear()
        self.told += 1
        body = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{self.told}", "event": event}
        sent = json.dumps(body).encode()
        headers = {"content-type": "application/json", **signature(sent, ago=self.told)}
        answer = await self.door.post("/slack/events", content=sent, headers=headers)
        assert answer.status_code == 200
        if looks:
            await self.after_a_look()

    async def at_home(self, account: str, words: str) -> None:
        """Return when these words stand at somebody's Home."""
        async with asyncio.timeout(5):
            while words not in str(self.slack.homes.get(account)):
                self.slack.said.clear()
                await self.slack.said.wait()

    async def after_a_look(self) -> None:
        async with asyncio.timeout(5):
            await self.looked.wait()
        await self.speak()

    def stands(self, where: str) -> list[str]:
        """What stands in a conversation, each message with all its words; the oldest first."""
        name = f"D{where[1:]}" if where.startswith("U") else where
        return [unescape("\n".join(limits.words(each["blocks"]))) for each in self.slack.messages[name]]


@asynccontextmanager
async def in_office(*steps: str, clinic: Clinic = CLINIC) -> AsyncIterator[InOffice]:
    """Open Riverside in Slack, with a case that was booked this Tuesday."""
    riverside = Riverside(*steps, clinic=clinic).book()
    practice = replace(riverside.practice, platforms=("slack",))
    office = ClinicOffice(practice=practice, staff=riverside.office.staff)
    async with fake_slack() as slack:
        slack.users |= {
            account: user(account) for account in (f"U0{name.upper()}" for name in RIVERSIDE.people)
        }
        slack.channels |= {name: channel(name) for name in (NURSES, ESCALATIONS)}
        slack.groups["S0NURSES"] = {"id": "S0NURSES", "users": ["U0SAM"]}
        settings = SlackSettings(bot_token=TOKEN, api_url=slack.url, signing_secret=SECRET)
        desk = ClinicDesk(practice=practice)
        connected = await connect(settings, desk, asyncio.to_thread, pace=at_leisure(SlackLimits()))
        transport = httpx.ASGITransport(app=asgi(connected.routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
            at_work = InOffice(slack, riverside, connected, door, office, asyncio.Event())
            try:
                await connected.attend(office.staff.written.values(), at_work.take)
                yield at_work
            finally:
                await connected.stop()
