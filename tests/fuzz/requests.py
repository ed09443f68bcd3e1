"""Spoilt requests to the HTTP faces: what no button of ours carries, signed as it must be, or by a thief.

Each begins as something that somebody sends: a cell of the table of roles, or a forgery of one. Whatever
becomes of it, nothing is raised, no answer takes long, and whoever may not changes nothing.

`python -m tests.fuzz.requests [FIRST [MANY]]` knocks that often at each face, and counts what became of it.
"""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from bot import about
from bot.names import Names
from bot.web import asgi
from tests.chat.slack.fake import Answer as SlackAnswer
from tests.chat.slack.fake import Json
from tests.chat.slack.fake.ways import letter, signature
from tests.chat.teams.fake import Answer as TeamsAnswer
from tests.chat.teams.fake import Person
from tests.roles.by_slack import InSlack
from tests.roles.by_teams import InTeams
from tests.roles.deeds import Told
from tests.roles.faces import Page, named
from tests.roles.floor import FACES, Floor
from tests.roles.trying import OPENS, cells, forgeries
from tests.service.clinic import CODE

#: How long an answer may take, in seconds: Slack waits for three.
PATIENCE = 3.0
_NESTED: Any = "deep"
for _ in range(200):
    _NESTED = [_NESTED]
ODD: tuple[Any, ...] = (
    *(None, "", [], {}, 0, -1, True, 1e308, 10**30, "x" * 5000, "\ud800", "\x00", "\u202e", _NESTED),
    *(
        "../../etc/passwd",
        "https://trap.example/",
        "<!channel>",
        "K7Q2:g.medicines:1:1",
        "K7Q2:::",
        ":",
        "9" * 5000,
    ),
)


def spoilt(what: Any, random: Random) -> Any:
    """Return something like it with one to three of its parts gone, odd, or another part of the same."""
    made = copy.deepcopy(what)
    for _ in range(random.choice((1, 1, 2, 3))):
        places = [*_places(made)]
        if not places:
            return random.choice(ODD)
        holder, key = random.choice(places)
        match random.randrange(4):
            case 0 if isinstance(holder, dict):
                del holder[key]
            case 1:
                other, there = random.choice(places)
                holder[key] = (
                    copy.deepcopy(other[there]) if there in other or isinstance(other, list) else None
                )
            case _:
                holder[key] = random.choice(ODD)
    return made


def _parts(what: Any) -> list[Any]:
    return [holder[key] for holder, key in _places(what)] or [None]


def _places(what: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(what) if isinstance(what, dict) else range(len(what)) if isinstance(what, list) else ()
    for key in keys:
        yield what, key
        yield from _places(what[key])


@dataclass
class Sends:
    """Keeps what a platform would send, instead of sending it."""

    kept: list[tuple[str, Json]] = field(default_factory=list)

    async def deliver(self, *told: Any) -> Any:
        """Keep an activity of Teams, or a kind of Slack's with its payload."""
        self.kept.append(("activity", told[0]) if len(told) == 1 else told)
        return TeamsAnswer(status=200) if len(told) == 1 else SlackAnswer(taken=True)


#: Sends a spoilt payload; the last says whether it is signed as it must be.
Send = Callable[[Random, str, Told, bool], Awaitable[httpx.Response]]


@dataclass
class Door:
    """A face of the clinic at work with a hand that spoils what comes to it."""

    floor: Floor
    send: Send
    finish: Callable[[], Awaitable[None]]
    #: What counts as turned away, where somebody else's signature stands under it.
    refuses: tuple[int, ...] = (401,)
    counted: Counter[str] = field(default_factory=Counter)

    async def knock(self, number: int) -> str:
        """Spoil the thing of this number and send it; return what became of it, or raise what is wrong."""
        random = Random(number)
        cell = random.choice(_CELLS)
        signed = random.random() < 0.8
        self.floor.again()
        told = cell.done.make(self.floor, cell.role)
        before = self.floor.state()
        with raised() as accidents:
            async with asyncio.timeout(PATIENCE):
                answer = await self.send(random, cell.role.value, told, signed)
            await self.finish()
        changed = self.floor.state() != before
        assert accidents == [], accidents
        assert answer.status_code < 500, (answer.status_code, answer.text)
        assert "Traceback" not in answer.text
        assert signed or answer.status_code in self.refuses, answer.status_code
        assert not changed or (signed and cell.done.may(cell.role)), f"{cell} changed something"
        assert not self.floor.clinic.store.proof(CODE)["problems"]
        return f"{answer.status_code}{' changed' if changed else ''}"


#: What is begun with: somebody who may and sends it in pieces, or somebody who may not.
_CELLS = [cell for cell in (*cells(), *forgeries()) if cell.done.name != "Arrived"]


@contextmanager
def raised() -> Iterator[list[str]]:
    """Collect the accidents that only the log is told."""
    found: list[str] = []

    class Ears(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info:
                found.append(logging.Formatter().formatException(record.exc_info))

    ears = Ears()
    logging.getLogger().addHandler(ears)
    try:
        yield found
    finally:
        logging.getLogger().removeHandler(ears)


@asynccontextmanager
async def slack(floor: Floor) -> AsyncIterator[Door]:
    """Slack's requests, signed with the secret or with another one."""
    async with OPENS["slack"](floor) as face:
        assert isinstance(face, InSlack)
        door = face._way.door  # type: ignore[attr-defined]
        stamps = iter(range(10**9))

        async def send(random: Random, who: str, told: Told, signed: bool) -> httpx.Response:
            kept = Sends()
            face_kept = InSlack(face._slack, face._connected, kept)
            await face_kept._sends(f"U0{who.upper()}", told)
            kind, payload = kept.kept[-1]
            made = spoilt(payload, random)
            body, content_type = letter(kind, _plain(made) if kind == "slash_commands" else _sendable(made))
            secret = {} if signed else {"secret": "somebody else's"}
            headers = {"content-type": content_type, **signature(body, ago=next(stamps) % 240, **secret)}
            return await door.post("/slack/events", content=body, headers=headers)

        yield Door(floor, send, face._connected._errands.finish)


@asynccontextmanager
async def teams(floor: Floor) -> AsyncIterator[Door]:
    """Teams' activities, with a token of Microsoft's or for somebody else."""
    async with OPENS["teams"](floor) as face:
        assert isinstance(face, InTeams)

        async def send(random: Random, who: str, told: Told, signed: bool) -> httpx.Response:
            kept = Sends()
            face._way, way = kept, face._way  # type: ignore[assignment]
            try:
                await face._sends(Person(teams=face._teams, name=who, way=kept), told)
            finally:
                face._way = way
            (_, activity) = kept.kept[-1]
            claims = {} if signed else {"aud": "somebody else"}
            token = way.keys.signed(str(activity["serviceUrl"]), **claims)
            body = json.dumps(_sendable(spoilt(activity, random))).encode()
            headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
            return await way.door.post("/api/messages", content=body, headers=headers)

        yield Door(floor, send, face._connected._errands.finish)


@asynccontextmanager
async def page(floor: Floor) -> AsyncIterator[Door]:
    """The page's own requests, from the page or from a stranger's."""
    async with OPENS["page"](floor) as face:
        assert isinstance(face, Page)

        async def send(random: Random, who: str, told: Told, signed: bool) -> httpx.Response:
            path, said = face.request(who, named(told, FACES["page"], who))
            origin = {} if signed else {"origin": "https://trap.example"}
            body = json.dumps(_sendable(spoilt(said, random))).encode()
            headers = {"content-type": "application/json", **origin}
            return await face._browser.post(path, content=body, headers=headers)

        yield Door(floor, send, _nothing, refuses=(403,))


@asynccontextmanager
async def who(floor: Floor) -> AsyncIterator[Door]:
    """The page behind "Who is this?", at addresses that nobody was given."""
    practice = floor.clinic.practice
    app = asgi([*Names(practice).routes(), *about.routes(practice)])
    wire = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=wire, base_url="http://bot") as browser:

        async def send(random: Random, who: str, told: Told, signed: bool) -> httpx.Response:
            ends = ("", "/", "/keep", "/keep/", "/../../about", "%00", "%ff", "?a=b", "a" * 3000)
            path = f"/who/{random.choice(('over', 'x' * 43, '%2e', ''))}{random.choice(ends)}"
            method = random.choice(("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"))
            host = random.choice(("bot", "[", "[::1", "a b", "x:99999999", ""))
            body = random.randbytes(random.choice((0, 10, 1000)))
            return await browser.request(method, path, content=body, headers={"host": host})

        yield Door(floor, send, _nothing, refuses=tuple(range(200, 500)))


async def _nothing() -> None:
    return None


def _plain(fields: Json) -> Json:
    """Return what a form can hold: words, each of whole letters."""
    return {key: str(each).encode("utf-8", "replace").decode() for key, each in fields.items()}


def _sendable(what: Any) -> Any:
    """Return what JSON can hold; halves of letters stand in it as escapes."""
    return json.loads(json.dumps(what, default=str))


#: Every face over HTTP.
DOORS: Mapping[str, Any] = {"slack": slack, "teams": teams, "page": page, "who": who}


async def knocked(name: str, floor: Floor, numbers: Iterator[int] | range) -> Counter[str]:
    """Knock with each of these numbers; return how often what became of it."""
    async with DOORS[name](floor) as door:
        found: Counter[str] = Counter()
        for number in numbers:
            try:
                found[await door.knock(number)] += 1
            except BaseException as wrong:
                wrong.add_note(f"{name}, number {number}")
                raise
        return found


def main(first: int = 0, many: int = 1000) -> None:
    """Knock and print."""
    for name in DOORS:
        found = asyncio.run(knocked(name, Floor(), range(first, first + many)))
        told = ", ".join(f"{said} {times:,}" for said, times in sorted(found.items()))
        print(f"{name}: {found.total():,} requests: {told}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
