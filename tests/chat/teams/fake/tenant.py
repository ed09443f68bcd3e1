"""What the invented tenant holds: people, a team, conversations, messages, and all that was asked of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.chat.teams.fake.keys import Keys
from tests.chat.teams.fake.names import BOARD, BOT_MEMBER, GENERAL, TEAM, Json, direct, member
from tests.chat.teams.fake.refusal import Refusal, gone

#: A Tuesday on which the questions of consultations are asked.
OPENED = datetime(2027, 1, 12, 15, tzinfo=UTC)


@dataclass(kw_only=True)
class Conversation:
    """Where messages stand, the oldest first: somebody's own with Bookend, or a channel of the `team`."""

    id: str
    name: str = ""
    person: str = ""
    team: str = ""
    #: What kind of channel it is: "standard", "private" or "shared".
    type: str = "standard"
    messages: list[Json] = field(default_factory=list)

    @property
    def personal(self) -> bool:
        return not self.team


def _channels() -> dict[str, Conversation]:
    named = {GENERAL: "", BOARD: "board"}
    return {id: Conversation(id=id, name=name, team=TEAM) for id, name in named.items()}


@dataclass(kw_only=True)
class Call:
    """A request that came: what it was for, with what authority, what it carried, and when."""

    what: str
    path: str
    bearer: str
    body: Json
    at: datetime


@dataclass(kw_only=True)
class FakeTeams:
    """A tenant. `troubles` are taken one by one by the calls of a kind as they come (see `faults`)."""

    url: str = ""
    #: People by the id that Teams gives them; `join` adds one.
    people: dict[str, Json] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=_channels)
    #: Whose own conversation has no Bookend in it any more, and who blocked it: ids of Teams.
    without: set[str] = field(default_factory=set)
    blocking: set[str] = field(default_factory=set)
    #: Teams in which Bookend is.
    teams: dict[str, set[str]] = field(default_factory=lambda: {TEAM: set()})
    calls: list[Call] = field(default_factory=list)
    troubles: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    keys: Keys = field(default_factory=Keys)
    #: Whether calls must carry a token that was given out; a test client on one's own machine does not ask.
    strict: bool = True
    #: How many members stand on one page.
    page: int = 3
    patience: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    #: What time it is there when somebody does something.
    now: Callable[[], datetime] = lambda: OPENED
    _numbers: int = 1_800_000_000_000

    def __post_init__(self) -> None:
        self.join("jo")

    @property
    def service(self) -> str:
        """The address to which Bookend is to speak."""
        return f"{self.url}/emea"

    @property
    def metadata_url(self) -> str:
        """Where the signer of activities says which keys are its own."""
        return f"{self.url}/v1/.well-known/openidconfiguration"

    def join(self, name: str, **more: object) -> Json:
        """Let somebody in who has Bookend in their chat and is in the team."""
        who = member(name, **more)
        self.people[who["id"]] = who
        self.teams[TEAM].add(who["id"])
        place = direct(name)
        self.conversations.setdefault(place, Conversation(id=place, person=who["id"]))
        return who

    def open_channel(self, id: str, **more: str) -> Conversation:
        """Let the team have a channel; `type="shared"` for one that other companies read."""
        name = id.partition(":")[2].partition("@")[0]
        self.conversations[id] = Conversation(id=id, name=name, team=TEAM, **more)
        return self.conversations[id]

    def count(self, what: str) -> int:
        """How often something was asked for, such as "post"."""
        return sum(each.what == what for each in self.calls)

    async def until_called(self, what: str, many: int = 1) -> None:
        """Return when something was asked for so often."""
        async with asyncio.timeout(5):
            while self.count(what) < many:
                self.asked.clear()
                await self.asked.wait()

    def number(self) -> str:
        """The next id of a message: nothing in this tenant has the same one."""
        self._numbers += 1
        return str(self._numbers)

    def person(self, id: str) -> Json | None:
        """Who is meant by an id of Teams, an object id or a user principal name."""
        names = ("id", "aadObjectId", "userPrincipalName")
        return next((each for each in self.people.values() if id in [each[n] for n in names]), None)

    def known(self, id: str) -> Conversation:
        """A conversation that Bookend can know of."""
        found = self.conversations.get(id)
        if found is None:
            raise gone("ConversationNotFound")
        if found.team and found.team not in self.teams:
            raise Refusal(403, "BotNotInConversationRoster")
        return found

    def writable(self, id: str) -> Conversation:
        """A conversation in which Bookend may speak."""
        found = self.known(id)
        if found.person in self.blocking:
            raise Refusal(403, "MessageWritesBlocked", older=True)
        if found.person in self.without:
            raise Refusal(403, "ForbiddenOperationException")
        return found

    def message(self, place: Conversation, id: str) -> Json:
        """A message that stands in a conversation, as it is kept."""
        found = next((each for each in place.messages if each["id"] == id), None)
        if found is None:
            raise gone("ActivityNotFoundInConversation")
        return found

    def keep(self, place: Conversation, said: Json) -> Json:
        """Put a message into a conversation and return it, with its id."""
        kept = {"from": {"id": BOT_MEMBER}, **said, "id": self.number(), "edits": 0}
        place.messages.append(kept)
        return kept

    def cards(self, name: str) -> list[Json]:
        """What Bookend said in somebody's own conversation ("jo") or in a channel, as it stands."""
        place = self.conversations[name if name in self.conversations else direct(name)]
        return [each for each in place.messages if each["from"]["id"] == BOT_MEMBER]
