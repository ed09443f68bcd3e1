"""The day itself: two clinics at work in one `bookend serve`; their people put marks wherever words enter."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import select

from bot.clock import WallClock
from bot.store.engines import Engines
from bot.store.tables import metadata
from tests.chat.slack import fake as slack_fake
from tests.chat.slack.fake import FakeSlack, Json, fake_slack
from tests.chat.slack.fake.ways import letter, signature
from tests.chat.teams import fake as teams_fake
from tests.chat.teams.fake import FakeTeams, fake_teams
from tests.kills.instances import Instance, until
from tests.marks.clinic import ALI, ANN, BOARD, JO, KIT, MAX, ROBIN, SAM, furnished, hired, in_both
from tests.marks.marks import NOTES, Fate, Planted, Trace
from tests.serving import free_port

HERE = ZoneInfo("Europe/London")
_CODE = re.compile(r"Write (\w{4,8}) ")
_LINK = re.compile(r"http://127\.0\.0\.1:\d+(/who/[\w-]+)")
#: Where the words of a message stand that its readers see, not its notification, and not its buttons.
BODY = {"slack": ("blocks",), "teams": ("body",)}


@dataclass(kw_only=True)
class Overheard:
    """A way to Bookend of which everything is written down that comes back over it."""

    name: str
    way: Any
    heard: list[tuple[str, Json]]

    async def deliver(self, *what: Any) -> Any:
        answer = await self.way.deliver(*what)
        self.heard.append((self.name, answer.body))
        return answer


@dataclass(kw_only=True)
class Day:
    """Both clinics, the program that serves them, and all that came of it."""

    slack: FakeSlack
    teams: FakeTeams
    door: httpx.AsyncClient
    folder: Path
    instance: Instance
    planted: Planted = field(default_factory=Planted)
    #: What was answered, by whom it came back.
    heard: list[tuple[str, Json]] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    #: The pages on which somebody looked a name up.
    pages: list[str] = field(default_factory=list)

    @property
    def environment(self) -> Mapping[str, str]:
        """The settings of the program that serves."""
        return self.instance.environment

    async def again(self, **settings: str) -> None:
        """End the program that serves, and begin it with other settings."""
        await self.instance.end()
        self.instance.environment = {**self.environment, **settings}
        self.instance.begin()
        await self.instance.up()

    def in_slack(self, account: str) -> slack_fake.Person:
        way = Overheard(name="slack", way=slack_fake.ToDoor(door=self.door), heard=self.heard)
        return slack_fake.Person(slack=self.slack, account=account, way=way)

    def in_teams(self, name: str) -> teams_fake.Person:
        to_door = teams_fake.ToDoor(door=self.door, keys=self.teams.keys)
        way = Overheard(name="teams", way=to_door, heard=self.heard)
        return teams_fake.Person(teams=self.teams, name=name, way=way)

    async def bookend(self, *words: str, shown: bool = True) -> str:
        """Run the command line beside it; what it prints leaves a trace if it is `shown`."""
        command = (sys.executable, "-m", "bot", *words)
        done = await asyncio.to_thread(
            subprocess.run, command, env=dict(self.environment), capture_output=True, check=False
        )
        if shown:
            self.traces.append(Trace(place=f"bookend {words[0]}", data=done.stdout + done.stderr))
        return done.stdout.decode()

    async def fetch(self, path: str, **form: str) -> str:
        """Get one of our own pages, or send its form off."""
        answer = await (self.door.post(path, data=form) if form else self.door.get(path))
        return answer.text

    def words_to(self, who: str) -> str:
        """All that somebody sees in Slack: their messages, and what they were told alone."""
        alone = [each for each in self.slack.whispers if each["user"] == who]
        return json.dumps([self.slack.messages["D" + who[1:]], alone], ensure_ascii=False)


@asynccontextmanager
async def opened(folder: Path, *, full: str = "slack", **more: str) -> AsyncIterator[Day]:
    """Both clinics are served, and everybody in Teams has Bookend; names may stand on the platform `full`."""
    port = free_port()
    async with (
        fake_slack() as slack,
        fake_teams() as teams,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as door,
    ):
        environment = furnished(folder, full, **more) | in_both(slack, teams, port)
        instance = Instance(log=folder / "said", environment=environment)
        day = Day(slack=slack, teams=teams, door=door, folder=folder, instance=instance)
        teams.now = WallClock().now
        profile = {
            name: day.planted.drawn(kind, "a Slack profile")
            for name, kind in (("real_name", "name"), ("phone", "phone"), ("status_text", "record"))
        }
        hired(slack, teams, profile)
        instance.begin()
        try:
            await instance.up()
            await day.in_teams(ROBIN).install_in_team()
            for name in (ROBIN, SAM):
                await day.in_teams(name).install()
            yield day
            await instance.end()
        finally:
            instance.kill()


async def played(day: Day) -> None:
    """Let the day pass."""
    code = await booked(day)
    await written_down(day, code, JO)
    other = await booked_at_harbour(day)
    await written_down(day, other, ANN)
    await looked_up(day, code, other)
    await typed_in_slack(day, code)
    await typed_in_teams(day, code)
    await forced(day)
    await at_the_command_line(day, code)
    await what_may_stay(day, code)
    await gathered(day, code)


def _soon(minutes: int) -> str:
    return f"{WallClock().now().astimezone(HERE) + timedelta(minutes=minutes):%Y-%m-%d %H:%M}"


async def booked(day: Day) -> str:
    """Riverside's front desk books in Teams; the nurse is asked in Slack."""
    robin = day.in_teams(ROBIN)
    await robin.say(f"new glow {_soon(6)} room-2 max")
    await until(lambda: _CODE.search("\n".join(map(robin.reads, robin.own()))), "a code in Teams", within=20)
    code = _CODE.search("\n".join(map(robin.reads, robin.own())))
    assert code is not None
    await until(lambda: "Skin exam" in day.words_to(JO), "a card for Jo", within=20)
    return code[1]


async def booked_at_harbour(day: Day) -> str:
    answer = await day.in_slack(ANN).command(f"new glow {_soon(7)} room-9 ann")
    code = _CODE.search(str(answer.body))
    assert code is not None, answer
    await until(lambda: "Skin exam" in day.words_to(ANN), "a card for Ann", within=20)
    return code[1]


async def written_down(day: Day, code: str, who: str) -> None:
    """Somebody writes down who a patient is, after mistakes: on the page for it, where alone that may be."""
    planted = day.planted
    page = await page_of(day, code, who)
    assert "write" in (await day.fetch(page, look="1")).lower()
    wrong = {kind: planted.drawn(kind, "the page of names, mistaken") for kind in ("name", "phone", "record")}
    await day.fetch(f"{page}/keep", name=wrong["name"], born=wrong["phone"], record=wrong["record"] * 20)
    await day.door.get(page, params={"name": planted.drawn("name", "an address of the page of names")})
    kept = {
        kind: planted.drawn(kind, f"who {who} wrote down", Fate.SEALED) for kind in ("name", "born", "record")
    }
    said = await day.fetch(f"{page}/keep", **kept)
    assert kept["name"] in said, said
    day.pages.append(said)


async def page_of(day: Day, code: str, who: str) -> str:
    """Press for a link that shows somebody once who a case is."""
    answer = await day.in_slack(who).command(f"who {code}")
    link = _LINK.search(json.dumps(answer.body))
    assert link is not None, answer
    return link[1]


async def looked_up(day: Day, code: str, other: str) -> None:
    """Everybody looks at everything, on both platforms."""
    for account, of in ((JO, code), (ALI, code), (KIT, code), (ANN, other)):
        person = day.in_slack(account)
        for words in (f"case {of}", "mine", "today", "status", "overdue", "help"):
            await person.command(words)
        await person.open_home()
    for name in (ROBIN, SAM):
        for words in (f"case {code}", "mine", "today", "status", "overdue"):
            await day.in_teams(name).say(words)


#: What is typed with a note in it, as a command; `{}` is the note.
_COMMANDS = (
    "event {code} {}",
    "late {code} 20 {}",
    "hold room-2 {}",
    "fact {code} smoker {}",
    "fact {code} {} yes",
    "assign {code} nurse {}",
    "override {code} {}",
    "case {}",
    "who {}",
    "new glow {}",
    "new {}",
    "session {code} {}",
    "move {code} {}",
    "ask-all glow {}",
    "amend {}",
    "status {}",
    "rooms {}",
    "today {}",
    "mine {}",
    "overdue {}",
    "help {}",
    "{}",
)
#: What is typed in one's own conversation, where no form can open at once.
_LINES = ("{}", "cancel {code} {}", "event {code} {}", "case {}", "new {}", "move {}", "hold {}", "today {}")
#: What is typed as a reply to a card.
_REPLIES = ("1 problem {}", "1 na {}", "1 caught {}", "1 {}", "{}", "to {}", "later {}", "all but {}")


async def typed_in_slack(day: Day, code: str) -> None:
    jo, ali, kit = map(day.in_slack, (JO, ALI, KIT))
    for line in _COMMANDS:
        for note in day.planted.telling(f"Slack, as a command: {line}"):
            await (kit if line.startswith(("ask-all", "override", "rooms")) else ali).command(
                line.format(note, code=code), channel=BOARD
            )
    message = next(m for m in day.slack.messages["D0JO"] if "Skin exam" in str(m.get("blocks")))
    for line in _REPLIES:
        for note in day.planted.telling(f"Slack, in a thread: {line}"):
            await jo.say(line.format(note), thread=message["ts"])
    for line in _LINES:
        for note in day.planted.telling(f"Slack, as a line: {line}"):
            await ali.say(line.format(note, code=code))
    for note in day.planted.telling("Slack, in the channel"):
        await kit.mention(f"status {note}", channel=BOARD)
    await _in_a_form(day, message)


async def _in_a_form(day: Day, message: Json) -> None:
    """A note of what is different, in a form that stays open until the note may be kept."""
    jo = day.in_slack(JO)
    await jo.press(message, "Answer")
    await until(lambda: "Problem" in str(jo.form), "a form with other outcomes")
    await jo.press_in_form("Problem")
    await until(lambda: any(b.get("block_id") == "note" for b in jo.form["blocks"]), "a note's field")
    for note in day.planted.telling("Slack, in a form"):
        await jo.submit({"note": note})


async def typed_in_teams(day: Day, code: str) -> None:
    people = [day.in_teams(ROBIN), day.in_teams(SAM)]
    lines = (*_COMMANDS, *_REPLIES, "list 1 na {}", "cancel {code} {}")
    for place, line in enumerate(lines):
        # each answer is a message, of which Teams takes one a second
        note = day.planted.note([*NOTES][place % len(NOTES)], f"Teams, as a line: {line}")
        await people[place % 2].say(line.format(note, code=code))
    await people[0].mention(f"case {day.planted.drawn('record', 'Teams, in the channel')}")


async def forced(day: Day) -> None:
    """What no client sends: unsigned, broken, of no kind, at addresses that are not there."""
    planted, door = day.planted, day.door

    def telling(where: str) -> str:
        return " ".join(planted.telling(where))

    for path in ("/slack/events", "/api/messages"):
        await door.post(path, content=telling(f"an unsigned body to {path}"))
        await door.post(path, json={"type": telling(f"an unsigned type to {path}"), "text": "x"})
    body, kind = letter("events_api", {"type": telling("a signed event of no kind")})
    for content in (body, b"{" + telling("a signed body that is broken").encode()):
        await door.post(
            "/slack/events", content=content, headers={"content-type": kind, **signature(content)}
        )
    deed = {"type": "block_actions", "user": {"id": JO}, "actions": [{"value": telling("a forged button")}]}
    body, kind = letter("interactive", deed)
    await door.post("/slack/events", content=body, headers={"content-type": kind, **signature(body)})
    robin = day.in_teams(ROBIN)
    place = teams_fake.direct(ROBIN)
    for more in (
        {"type": telling("an activity of no kind")},
        {"type": "invoke", "name": telling("an invoke of no name"), "value": {}},
        {
            "type": "invoke",
            "name": "adaptiveCard/action",
            "value": {"action": telling("an action that is none")},
        },
        {"type": "message", "text": 7, "value": {"bookend": telling("a forged value")}},
    ):
        sent = {"from": robin.who, "conversation": {"id": place}, "serviceUrl": day.teams.service, **more}
        await robin.way.deliver(sent | {"channelId": "msteams", "id": "1"})
    for place_of in ("/who/{}", "/{}", "/health?{}", "/about?{}"):
        note = planted.drawn("name", f"an address: {place_of}")
        await door.get(place_of.format(note.replace(" ", "%20")))
    await door.get("/health", headers={"X-Patient": planted.drawn("record", "a header")})


async def at_the_command_line(day: Day, code: str) -> None:
    """Bookings and an export of the clinic's own book, with all that it says of patients."""
    planted, folder = day.planted, day.folder / "planted"
    folder.mkdir()
    where = "a book that is imported"
    name, born, phone, record = (planted.drawn(kind, where) for kind in ("name", "born", "phone", "record"))
    start = WallClock().now().astimezone(HERE) + timedelta(days=3)
    head = "Appt ID;Date;Start;Service;Room;Provider;Patient Name;DOB;Mobile;MRN;Notes"
    row = f"{start:%d.%m.%Y};10:00;glow;Room 2;Max Model;{name};{born};{phone};{record};{name} rang"
    (folder / "book.csv").write_text(f"{head}\n17;{row}\n", "utf-8")
    await day.bookend("import", str(folder / "book.csv"), "--clinic", "riverside", "--dates", "dmy")
    wrong = f"{head}\n18;{planted.drawn('born', where)};{planted.drawn('name', where)};glow;Room 2;;;;;;\n"
    (folder / "wrong.csv").write_text(wrong, "utf-8")
    await day.bookend("import", str(folder / "wrong.csv"), "--clinic", "riverside", shown=False)
    booking = (
        f"playbook: glow\nstart: {start:%Y-%m-%d}T11:00\npatient: {planted.drawn('name', 'a booking')}\n"
    )
    (folder / "booking.yaml").write_text(booking, "utf-8")
    await day.bookend("new", str(folder / "booking.yaml"), shown=False)
    note = planted.drawn("name", "the command line")
    await day.bookend("cancel", code, "--because", note, shown=False)


async def what_may_stay(day: Day, code: str) -> None:
    """Words that name nobody are kept, and are shown to those who must know them: so the search finds what is
    there.
    """
    jo, robin = day.in_slack(JO), day.in_teams(ROBIN)
    message = next(m for m in day.slack.messages["D0JO"] if "Skin exam" in str(m.get("blocks")))
    stays = day.planted.drawn("word", "a thread in Slack", Fate.STAYS)
    await jo.say(f"2 na takes nothing, {stays}", thread=message["ts"])
    await until(lambda: stays in day.words_to(JO), "a note on Jo's card", within=20)
    await day.in_slack(MAX).command(f"case {code}")
    why = day.planted.drawn("word", "a line in Teams", Fate.STAYS)
    await robin.say(f"cancel {code} {why}")
    await until(lambda: "is cancelled" in "\n".join(map(robin.reads, robin.own())), "a case off", within=20)


async def gathered(day: Day, code: str) -> None:
    """Ask for everything that Bookend hands out."""
    kept = day.folder / "handed-out"
    kept.mkdir()
    commands = (
        *(("status",), ("case", code), ("audit", "verify"), ("audit", "seal"), ("doctor",), ("weekly",)),
        *(("export", code), ("export", code, "--pack", str(kept / "case.zip"))),
        ("audit", "page", "--out", str(kept / "audit.html")),
        ("sheet", "--clinic", "riverside", "--out", str(kept / "sheet.pdf")),
        *((("backup", str(kept)),) if day.environment["BOOKEND_DATABASE_URL"].startswith("sqlite") else ()),
    )
    await asyncio.gather(*(day.bookend(*words) for words in commands))
    for path in ("/health", "/metrics", "/about"):
        day.traces.append(Trace(place=path, data=(await day.fetch(path)).encode()))


def everything(day: Day) -> list[Trace]:
    """Return all that went out or is kept; of a Slack message its body, which may name a patient, apart."""
    found = [*day.traces, *_tables(day.environment["BOOKEND_DATABASE_URL"])]
    sent = [("slack", method, args) for method, args in day.slack.calls]
    sent += [("teams", call.what, {"path": call.path, **call.body}) for call in day.teams.calls]
    sent += [(platform, "an answer", body) for platform, body in day.heard]
    for platform, what, told in sent:
        found += _of_message(platform, what, told)
    files = [file for file in day.folder.rglob("*") if file.is_file() and "planted" not in file.parts]
    return [*found, *(trace for file in files for trace in _of_file(file))]


def _tables(address: str) -> Iterator[Trace]:
    """Yield every table with all its rows, as text: pages may cut a word in two."""
    engines = Engines(address)
    try:
        with engines.reading() as connection:
            for table in metadata.sorted_tables:
                rows = [tuple(row) for row in connection.execute(select(table))]
                yield _trace(f"table: {table.name}", [str(value) for row in rows for value in row])
    finally:
        engines.close()


def _of_file(file: Path) -> Iterator[Trace]:
    """Yield a file's bytes; of a packed one also those of what is in it."""
    yield Trace(place=f"file: {file.name}", data=file.read_bytes())
    if file.suffix == ".zip":
        with ZipFile(file) as pack:
            for name in pack.namelist():
                yield Trace(place=f"packed: {Path(name).name}", data=pack.read(name))


def _of_message(platform: str, what: str, told: Json) -> list[Trace]:
    """Return a request's parts: what its readers see, and all the rest."""
    bodies, rest = _parted({k: json.loads(v) if _is_json(v) else v for k, v in told.items()}, BODY[platform])
    return [_trace(f"{platform}: {what}, the body", bodies), _trace(f"{platform}: {what}", rest)]


def _is_json(value: object) -> bool:
    return isinstance(value, str) and value[:1] in "[{" and value[-1:] in "]}" and len(value) > 1


#: What inside of a body nobody reads.
_UNSEEN = (
    *("value", "action_id", "block_id", "private_metadata", "url", "accessibility_label"),
    *("data", "verb", "id", "tooltip", "fallback"),
)


def _parted(what: Any, bodies: Sequence[str]) -> tuple[list[str], Any]:
    """Return the words that stand in a body, and everything else."""
    words: list[str] = []

    def rest(part: Any, *, body: bool) -> Any:
        if isinstance(part, dict):
            return {k: rest(v, body=(body or k in bodies) and k not in _UNSEEN) for k, v in part.items()}
        if isinstance(part, list):
            return [rest(each, body=body) for each in part]
        if body and isinstance(part, str):
            words.append(part)
            return ""
        return part

    return words, rest(what, body=False)


def _trace(place: str, what: Any) -> Trace:
    return Trace(place=place, data=json.dumps(what, ensure_ascii=False).encode())
