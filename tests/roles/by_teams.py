"""Teams as a face of the table: signed activities at its door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.connect import Teams, connect
from bot.chat.teams.drawing.asked import Asked, Does, Opening
from bot.chat.teams.drawing.carried import pressing
from bot.chat.teams.drawing.inputs import NOTE, as_value
from bot.chat.teams.showing.answering import ELSEWHERE
from bot.core.actions import Button
from bot.core.replies import Command, Filled, Pressed
from bot.service.places import KeptPlaces
from bot.web import asgi
from tests.chat.hours import at_leisure
from tests.chat.teams.fake import Answer, FakeTeams, Json, Person, ToDoor, direct, fake_teams, payloads
from tests.chat.teams.fake.names import BOT_MEMBER
from tests.chat.teams.trial import identity_from, settings_of
from tests.roles.deeds import Told
from tests.roles.faces import Face, flat
from tests.roles.floor import CLINIC, Floor


class InTeams:
    """The staff in Teams; what they send need not stand anywhere."""

    def __init__(self, teams: FakeTeams, connected: Teams, door: httpx.AsyncClient) -> None:
        self._teams, self._connected, self.chat = teams, connected, connected.chat
        self._way = ToDoor(door=door, keys=teams.keys)

    async def tells(self, who: str, told: Told) -> Any:
        before = len(self._teams.cards(who))
        body = await self._sends(Person(teams=self._teams, name=who, way=self._way), told)
        await self._connected._errands.finish()
        return [body, self._teams.cards(who)[before:]]

    def overheard(self, who: str) -> str:
        # in a channel it is said that the answer is somewhere else
        others = (place for place in self._teams.conversations.values() if place.id != direct(who))
        said = (each for place in others for each in place.messages)
        return flat(
            [each for each in said if ELSEWHERE not in flat(each) and each["from"]["id"] == BOT_MEMBER]
        )

    def cards(self) -> Any:
        return [call.body for call in self._teams.calls if call.what in ("post", "edit")]

    async def _sends(self, person: Person, told: Told) -> Json:
        match told:
            case Command():
                answer = await person.mention(" ".join(told.words))
            case Pressed():
                button = Button(
                    action=told.action, label="", tasks=told.tasks, revision=told.revision, value=told.value
                )
                answer = await self._presses(person, dict(pressing(button)))
            case Filled():
                answer = await self._presses(person, _form(told))
        assert answer.status == 200
        return answer.body

    async def _presses(self, person: Person, data: Json) -> Answer:
        place = self._teams.conversations[direct(person.name)]
        told = payloads.invoke({}, data, to=self._teams.number())
        return await person._tell("invoke", place, **told)


def _form(told: Filled) -> Json:
    asked = Asked(
        does=Does.SAVE,
        opening=Opening(once="anything"),
        action=told.action,
        tasks=tuple(told.entries),
        revisions=tuple(told.revisions.values()),
        value=told.value,
        outcome=told.outcome,
    )
    given: Json = {NOTE: told.note} if told.note else {}
    for part, entries in enumerate(told.entries.values()):
        for name, value in entries.items():
            if isinstance(value, tuple):
                given[f"p{part}.several.{name}"] = ",".join(map(as_value, value))
            else:
                given[f"p{part}.words.{name}"] = value
    return {**asked.carried(), **given}


@asynccontextmanager
async def teams(floor: Floor) -> AsyncIterator[Face]:
    """Open the clinic in Teams; everybody has Bookend, and it is in the team."""
    async with fake_teams() as there:
        there.now = floor.clinic.clock.now
        for name in CLINIC.people:
            there.join(name)
        desk = floor.desk("teams")
        with identity_from(there):
            connected = await connect(
                settings_of(there.service),
                desk,
                asyncio.to_thread,
                KeptPlaces(practice=desk.practice),
                pace=at_leisure(TeamsLimits()),
                metadata_url=there.metadata_url,
            )
            transport = httpx.ASGITransport(app=asgi(connected.routes))
            async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
                try:
                    await connected.start()
                    face = InTeams(there, connected, door)
                    for name in CLINIC.people:
                        await Person(teams=there, name=name, way=face._way).install()
                    await connected._errands.finish()
                    yield face
                finally:
                    await connected.stop()
