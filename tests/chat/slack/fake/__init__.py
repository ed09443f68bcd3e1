"""A strict Slack of our own over real HTTP: it refuses what Slack refuses, and fails as it is told to.

`async with fake_slack() as slack` serves it at `slack.url`; its tokens are TOKEN and APP_TOKEN.

    slack.users["U0ALI"] = user("U0ALI")
    slack.channels["C0ESC"] = channel("C0ESC", is_private=True)
    slack.members["C0ESC"] = {"U0ALI"}     # who is in it besides Bookend; U0JO, unless said
    slack.scopes = "chat:write,im:write"   # what the app was granted: everything, unless said
    slack.troubles["chat.postMessage"] += ["429:2", "lose"]
    slack.pace.allow("chat.update", 50)    # within a minute; slack.pace.one_a_second = True for channels
    slack.clock.forward(3)                 # triggers run out

People do things in it: `jo = Person(slack=slack, account=JO, way=OverSocket(sockets=slack.sockets))`, or
`way=ToDoor(door=AN_HTTPX_CLIENT)`; then `await jo.press(message, "Answer")`, `submit({...})`, `say("done")`.
"""

from tests.chat.slack.fake.names import (
    APP,
    APP_TOKEN,
    BOARD,
    BOT,
    BOT_USER,
    JO,
    PENDING,
    SECRET,
    SHARED,
    TEAM,
    TOKEN,
    Json,
    channel,
    user,
)
from tests.chat.slack.fake.people import Person
from tests.chat.slack.fake.refusal import Refusal
from tests.chat.slack.fake.server import fake_slack
from tests.chat.slack.fake.ways import Answer, OverSocket, ToDoor, Twice, Way, signature
from tests.chat.slack.fake.workspace import FakeSlack

__all__ = [
    "APP",
    "APP_TOKEN",
    "BOARD",
    "BOT",
    "BOT_USER",
    "JO",
    "PENDING",
    "SECRET",
    "SHARED",
    "TEAM",
    "TOKEN",
    "Answer",
    "FakeSlack",
    "Json",
    "OverSocket",
    "Person",
    "Refusal",
    "ToDoor",
    "Twice",
    "Way",
    "channel",
    "fake_slack",
    "signature",
    "user",
]
