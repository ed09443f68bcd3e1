"""A strict Teams of our own over real HTTP: it refuses what Teams refuses, and fails as it is told to.

`async with fake_teams() as teams` serves it. Bookend speaks to `teams.service`; who signs activities is told
at `teams.metadata_url`; a token for a managed identity is given at `teams.url + "/msi"` (MSI_SECRET).

    teams.join("ali"); teams.join("gus", userRole="guest")    # people; Jo is there, BOARD and GENERAL too
    teams.without.add("29:jo"); teams.blocking.add("29:jo")   # Bookend removed, Bookend blocked
    teams.troubles["post"] += ["429:2", "lose"]               # see faults; the kinds of calls: server.CALLS
    teams.strict = False                                      # calls need no token
    teams.keys.renew("k2")                                    # activities are signed with another key
    teams.cards("jo"), teams.cards(BOARD)                     # what stands there
    [call.body for call in teams.calls if call.what == "post"]

People do things in it: `jo = Person(teams=teams, name="jo", way=ToDoor(door=CLIENT, keys=teams.keys))`, then
`await jo.press(jo.card("Consultation"), "Answer", Why="because")`, `jo.say("done")`, `jo.mention("status")`.
"""

from tests.chat.teams.fake.cards import buttons, content, words
from tests.chat.teams.fake.names import (
    BOARD,
    BOT,
    BOT_MEMBER,
    GENERAL,
    ISSUER,
    JO,
    TEAM,
    TENANT,
    Json,
    account,
    direct,
    member,
)
from tests.chat.teams.fake.people import Person
from tests.chat.teams.fake.refusal import Refusal
from tests.chat.teams.fake.server import MSI_SECRET, fake_teams
from tests.chat.teams.fake.tenant import Call, Conversation, FakeTeams
from tests.chat.teams.fake.ways import Answer, AtOnce, ToDoor, Twice, Way

__all__ = [
    "BOARD",
    "BOT",
    "BOT_MEMBER",
    "GENERAL",
    "ISSUER",
    "JO",
    "MSI_SECRET",
    "TEAM",
    "TENANT",
    "Answer",
    "AtOnce",
    "Call",
    "Conversation",
    "FakeTeams",
    "Json",
    "Person",
    "Refusal",
    "ToDoor",
    "Twice",
    "Way",
    "account",
    "buttons",
    "content",
    "direct",
    "fake_teams",
    "member",
    "words",
]
