"""How long Teams waits for a press: from the click to the answer, over the signed door.

`python -m tests.chat.teams.latency [PRESSES]` prints it for a form that opens and for what is written, with
the real desk, a store in an SQLite file, a token that is checked each time, and a real port of this machine.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace

import httpx

from bot.app import off_loop
from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.connect import connect
from bot.service.desk import ClinicDesk
from bot.service.places import KeptPlaces
from tests.chat.hours import at_leisure
from tests.chat.latency import Waited, asked_by, clinic_in, told, waited
from tests.chat.teams.at_work import CLINIC
from tests.chat.teams.fake import Answer, FakeTeams, Json, Person, account, fake_teams
from tests.chat.teams.trial import identity_from, settings_of
from tests.service.clinic import RIVERSIDE, SAM

#: Who is asked at a consultation.
NURSE = SAM
#: Where nobody is called up at the start, she is named by her account.
HER_CLINIC = replace(
    CLINIC,
    people={**CLINIC.people, SAM: replace(CLINIC.people[SAM], accounts={PLATFORM: account(SAM)})},
)


class Watched:
    """A way to the door on which somebody looks at the clock, from the signed activity to its answer."""

    def __init__(self, door: httpx.AsyncClient, teams: FakeTeams) -> None:
        self._door = door
        self._teams = teams
        self.seconds = 0.0

    async def deliver(self, activity: Json) -> Answer:
        token = self._teams.keys.signed(str(activity["serviceUrl"]))
        signed = {"Authorization": f"Bearer {token}"}
        since = time.perf_counter()
        answer = await self._door.post("/api/messages", json=activity, headers=signed)
        self.seconds = time.perf_counter() - since
        return Answer(status=answer.status_code, body=answer.json())


async def measured(presses: int) -> Waited:
    """How long the nurse waits."""
    with tempfile.TemporaryDirectory() as folder:
        clinic = clinic_in(folder, HER_CLINIC, PLATFORM)
        async with fake_teams() as teams:
            for name in RIVERSIDE.people:
                teams.join(name)
            with identity_from(teams):
                connected = await connect(
                    settings_of(teams.service),
                    ClinicDesk(practice=clinic.practice),
                    off_loop,
                    KeptPlaces(practice=clinic.practice),
                    pace=at_leisure(TeamsLimits()),
                    metadata_url=teams.metadata_url,
                )
                async with asked_by(connected, clinic) as door:
                    (card,) = teams.cards(NURSE)

                    async def press(label: str) -> float:
                        # with fresh eyes each time: the form that stands there now is not what is measured
                        way = Watched(door, teams)
                        answer = await Person(teams=teams, name=NURSE, way=way).press(card, label)
                        assert answer.taken, answer
                        return way.seconds

                    found = await waited(press, presses, clinic, form="Answer all 2")
        clinic.store.close()
        return found


def by_each_way(presses: int) -> Mapping[str, Waited]:
    """How long the nurse waits: there is one way in."""
    return {"signed HTTP": asyncio.run(measured(presses))}


if __name__ == "__main__":
    told(by_each_way)
