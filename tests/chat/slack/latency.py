"""How long Slack waits for a press: from the click to the acknowledgement, by each way into Bookend.

`python -m tests.chat.slack.latency [PRESSES]` prints it for a form that opens and for what is written, with
the real desk, a store in an SQLite file, and a real port of this machine for each way.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.app import off_loop
from bot.chat.slack import PLATFORM
from bot.chat.slack.connect import SlackSettings, connect
from bot.service.desk import ClinicDesk
from tests.chat.latency import Waited, asked_by, clinic_in, seconds, told, waited
from tests.chat.slack.fake import APP_TOKEN, SECRET, TOKEN, OverSocket, Person, ToDoor, fake_slack, user
from tests.chat.slack.test_twice import IN_SLACK, NURSE


async def measured(presses: int, *, socket: bool) -> Waited:
    """How long the nurse waits, with Bookend behind a socket or a port."""
    by = {"app_token": APP_TOKEN} if socket else {"signing_secret": SECRET}
    with tempfile.TemporaryDirectory() as folder:
        clinic = clinic_in(folder, IN_SLACK, PLATFORM)
        async with fake_slack() as slack:
            settings = SlackSettings(bot_token=TOKEN, api_url=slack.url, **by)
            connected = await connect(settings, ClinicDesk(practice=clinic.practice), off_loop)
            async with asked_by(connected, clinic) as door:
                slack.users[NURSE] = user(NURSE)
                way = OverSocket(sockets=slack.sockets) if socket else ToDoor(door=door)
                who = Person(slack=slack, account=NURSE, way=way)
                card = slack.messages[who.direct][0]
                found = await waited(partial(_press, who, card), presses, clinic, form="Answer")
        clinic.store.close()
        return found


async def _press(who: Person, card: dict[str, Any], label: str) -> float:
    return await seconds(who.press(card, label))


def by_each_way(presses: int) -> Mapping[str, Waited]:
    """How long the nurse waits over HTTP and over Socket Mode."""
    ways = {"signed HTTP": False, "Socket Mode": True}
    return {way: asyncio.run(measured(presses, socket=socket)) for way, socket in ways.items()}


if __name__ == "__main__":
    told(by_each_way)
