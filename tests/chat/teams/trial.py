"""Teams on trial: its Chat against a connector of our own, with eyes that look into that directly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

import pytest

from bot.chat.pace import Pace
from bot.chat.teams import PLATFORM
from bot.chat.teams.calling.client import TeamsClient, client
from bot.chat.teams.calling.pace import TeamsLimits
from bot.chat.teams.chat import TeamsChat
from bot.chat.teams.drawing.carried import KEY
from bot.chat.teams.people.members import Members
from bot.chat.teams.people.places import KnownPlaces
from bot.chat.teams.settings import TeamsSettings
from bot.chat.teams.showing.holding import Holding
from bot.chat.teams.showing.messages import Messages
from bot.clock import VirtualClock
from bot.core.actions import Action
from bot.core.places import Place
from bot.core.replies import Address, MessageRef
from bot.service.places import KeptPlaces
from bot.service.shown import KeptShown
from tests.chat.hours import at_leisure
from tests.chat.teams.fake import (
    BOARD,
    BOT,
    JO,
    MSI_SECRET,
    TEAM,
    TENANT,
    FakeTeams,
    Json,
    buttons,
    content,
    direct,
    fake_teams,
    words,
)
from tests.chat.trial import Seen
from tests.service.clinic import OPENED, here, practice
from tests.store.memory import memory_store

JO_THERE = Address(platform=PLATFORM, account=JO)
BOARD_THERE = Address(platform=PLATFORM, channel=BOARD)


def no_places() -> KeptPlaces:
    """Where nothing was told of yet."""
    return KeptPlaces(practice=practice(memory_store(), VirtualClock(OPENED)))


@dataclass(kw_only=True)
class TeamsTrial:
    teams: FakeTeams
    client: TeamsClient
    kept: KeptPlaces = field(default_factory=no_places)
    person: Address = JO_THERE
    channel: Address = BOARD_THERE
    alone: bool = False

    async def open(self) -> None:
        """Begin with what is kept."""
        places = KnownPlaces(self.kept, here, own_service=self.teams.service)
        await places.load()
        members = Members(self.client, places, tenant=TENANT)
        messages = Messages(self.client, places, alone=self.alone)
        self.holding = Holding(KeptShown(practice=self.kept.practice), here)
        self.chat = TeamsChat(messages, members, places, self.holding)

    async def meet(self, *names: str) -> None:
        """Let people in who opened Bookend before."""
        for name in names:
            who = self.teams.join(name)
            self.kept.keep(self.place_of(who["aadObjectId"], direct(name), member=who["id"]))
        await self.open()

    def place_of(self, name: str, conversation: str, **more: str) -> Place:
        """Where Teams said that somebody, or a channel, is reached."""
        told = {"platform": PLATFORM, "service": self.teams.service}
        return Place(name=name, conversation=conversation, **told, **more)

    async def seen(self, ref: MessageRef) -> Seen:
        stand = self.teams.cards(ref.channel)
        card = next(each for each in stand if each["id"] == ref.message)
        return Seen(
            words="\n".join(words(content(card))),
            buttons=sum(not only_shows(each) for each in buttons(content(card))),
            thread=tuple(self._line(each) for each in stand if is_line(each) and hangs_on(each, ref)),
        )

    async def count(self, to: Address) -> int:
        place = to.channel or "jo"
        return sum(not is_line(each) for each in self.teams.cards(place))

    async def begin_again(self) -> None:
        await self.open()

    def _line(self, message: Json) -> str:
        """A line as it is read, with the account of whom it mentions."""
        card = content(message)
        text = " ".join(words(card))
        for each in card.get("msteams", {}).get("entities", ()):
            assert each["text"] in text, "a mention whose text is not there is shown as nothing"
            who = self.teams.person(each["mentioned"]["id"])
            assert who is not None
            text = text.replace(each["text"], who["aadObjectId"])
        return text


def only_shows(button: Json) -> bool:
    """Whether a button opens one of the board's cases to be read: the board itself has none."""
    return button["verb"] == Action.CASE and "revision" not in button["data"][KEY]["press"]


def is_line(message: Json) -> bool:
    """Whether a message is one line, and no card: it has no heading."""
    return not any(part.get("style") == "heading" for part in content(message)["body"])


def hangs_on(message: Json, ref: MessageRef) -> bool:
    """Whether a line is in the thread of a message, or below it where there are no threads."""
    if ref.channel.startswith("19:"):
        return bool(message.get("thread") == ref.message)
    return int(message["id"]) > int(ref.message)


def settings_of(service: str, *, identity: bool = True) -> TeamsSettings:
    """How a clinic reaches a tenant of our own: by an identity of its machine, or as a test client."""
    return TeamsSettings(
        client_id=BOT,
        tenant_id=TENANT,
        managed_identity=identity,
        unauthenticated=not identity,
        service_url=service,
    )


@contextmanager
def identity_from(teams: FakeTeams) -> Iterator[None]:
    """Let this machine have the identity that the tenant gives."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("IDENTITY_ENDPOINT", f"{teams.url}/msi")
        patched.setenv("IDENTITY_HEADER", MSI_SECRET)
        yield


@asynccontextmanager
async def teams_trial(pace: Pace | None = None, *, alone: bool = False) -> AsyncIterator[TeamsTrial]:
    async with fake_teams() as teams:
        with identity_from(teams):
            speaking = client(settings_of(teams.service), pace or at_leisure(TeamsLimits()))
            trial = TeamsTrial(teams=teams, client=speaking, alone=alone)
            trial.kept.keep(trial.place_of(BOARD, BOARD, team=TEAM))
            try:
                await trial.meet("jo")
                yield trial
            finally:
                await speaking.close()
