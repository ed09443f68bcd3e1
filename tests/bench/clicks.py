"""What a click costs: `bookend serve` itself against a Bolt app that does nothing, in turn, in one run.

Ours is the whole program in a process of its own: signed HTTP, an invented Slack in another process as its
Web API, a SQLite file with synchronous=FULL or a PostgreSQL in which commits wait for the disk. Each click
confirms another line that stands on a card: it is verified, the person's right to it is looked up, the answer
with its history and what is to be drawn anew are committed, and only then the response goes out; the echo to
that person and the changed cards go to Slack beside it, on the same cores. Theirs is a stock AsyncApp whose
one handler only acknowledges. Both get the same bytes from the same program, over AT_ONCE connections and
over one; afterwards the store must have an answer for every click.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, create_engine, text

from tests.bench.clicked import Cards, Press, firsts, lines_of, presses, standing, stock
from tests.bench.figures import Figure, Goal
from tests.bench.group import Group
from tests.bench.load import Load, sent, written
from tests.bench.programs import Server, running
from tests.chat.slack.fake import signature
from tests.kills.databases import database
from tests.settings import settings_of

#: How many of Slack's connections press at once.
AT_ONCE = 32
#: How often everybody is introduced, at most.
LONGEST = 60
PATH = "/slack/events"
MANY, ONE = f"clicks, {AT_ONCE} connections", "a click, one connection: p50"
AGAINST = "an empty Bolt handler"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How many clicks are measured: in each round, over all connections and over one."""

    group: Group
    rounds: int
    clicks: int
    alone: int

    def __post_init__(self) -> None:
        assert lines_of(self.group) >= self.sent_in, "each click needs a line of its own"

    @property
    def sent_in(self) -> int:
        """Return how many clicks are sent to Bookend, the first one of each person among them."""
        return self.group.people + (self.rounds + 1) * (self.clicks + self.alone)


WHOLE = Sizes(group=Group(clinics=4, cases=80), rounds=3, clicks=800, alone=100)
QUICK = Sizes(group=Group(clinics=1, cases=30), rounds=1, clicks=100, alone=40)


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """One of the two programs, and what each round found of it."""

    at_once: list[Load] = field(default_factory=list)
    alone: list[Load] = field(default_factory=list)
    #: What each click cost of a processor, all connections together, with what follows from it meanwhile.
    worked: list[float] = field(default_factory=list)

    @property
    def a_second(self) -> float:
        """Return how many clicks were answered in a second, all connections together."""
        return median(each.a_second for each in self.at_once)

    @property
    def p99(self) -> float:
        """Return how long the slowest in a hundred waited then."""
        return median(each.p99 for each in self.at_once)

    @property
    def p50(self) -> float:
        """Return how long a click takes when it is the only one."""
        return median(each.p50 for each in self.alone)


def on_sqlite(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    """Measure clicks that are kept in a file."""
    ours, theirs = measured("sqlite", folder, sizes)
    yield _a_second("SQLite", ours, theirs, at_least=1.0)
    yield Figure(what=f"{MANY}, SQLite: p99", ours=ours.p99, goal=Goal(bound=0.1))
    yield _worked("SQLite", ours, theirs)
    goal = Goal(bound=0.2)
    yield Figure(what=f"{ONE}, SQLite", ours=ours.p50, against=AGAINST, theirs=theirs.p50, goal=goal)


def on_postgres(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    """Measure clicks that are kept in PostgreSQL; how long they take is only shown."""
    ours, theirs = measured("postgres", folder, sizes)
    yield _a_second("PostgreSQL", ours, theirs, at_least=0.8)
    yield Figure(what=f"{MANY}, PostgreSQL: p99", ours=ours.p99)
    yield _worked("PostgreSQL", ours, theirs)
    yield Figure(what=f"{ONE}, PostgreSQL", ours=ours.p50, against=AGAINST, theirs=theirs.p50)


def _a_second(where: str, ours: Side, theirs: Side, *, at_least: float) -> Figure:
    return Figure(
        what=f"{MANY}, {where}: in a second",
        ours=ours.a_second,
        against=AGAINST,
        theirs=theirs.a_second,
        unit="/s",
        goal=Goal(bound=at_least, at_least=True),
    )


def _worked(where: str, ours: Side, theirs: Side) -> Figure:
    """Return what a busy machine does not blur."""
    what, of_ours, of_theirs = f"{MANY}, {where}: CPU each", median(ours.worked), median(theirs.worked)
    return Figure(what=what, ours=of_ours, against=AGAINST, theirs=of_theirs)


def measured(kind: str, folder: Path, sizes: Sizes) -> tuple[Side, Side]:
    """Measure Bookend on such a database, and Bolt, in turn; raise where not every click was kept."""
    place = folder / f"clicks-{kind}"
    place.mkdir()
    with database(kind, place) as address:
        _require_durable(address)
        environment = sizes.group.furnish(place, address)
        cards = stock(settings_of(environment), sizes.group.places)
        before = answers(address)
        found = asyncio.run(_by_turns(place, environment, sizes, cards))
        if (kept := answers(address) - before) != sizes.sent_in:
            raise RuntimeError(f"of {sizes.sent_in} clicks {kept} were kept")
    return found


async def _by_turns(
    place: Path, environment: Mapping[str, str], sizes: Sizes, cards: Cards
) -> tuple[Side, Side]:
    ours, theirs = Side(), Side()
    first, others = split(cards, sizes.group)
    clicks = iter(others)
    async with beside(place, environment, sizes.group, cards, first=first) as (bookend, bolt):
        for number in range(sizes.rounds + 1):
            at_once = written(place / "at-once", signed(islice(clicks, sizes.clicks)))
            alone = written(place / "alone", signed(islice(clicks, sizes.alone)))
            for server, side in ((bookend, ours), (bolt, theirs)):
                before = server.seconds()
                many = await sent(server.port, AT_ONCE, at_once)
                worked = (server.seconds() - before) / sizes.clicks
                one = await sent(server.port, 1, alone)
                # in the first round each does what it does but once
                if number:
                    side.at_once.append(many)
                    side.worked.append(worked)
                    side.alone.append(one)
    return ours, theirs


def split(cards: Cards, group: Group) -> tuple[list[Press], list[Press]]:
    """Return the first press of each person, and all others; raise where a line stands on no card."""
    every = presses(cards)
    if len(every) != (lines := lines_of(group)):
        raise RuntimeError(f"of {lines} lines {len(every)} can be pressed")
    first = firsts(every)
    known = {id(press) for press in first}
    return first, [press for press in every if id(press) not in known]


@asynccontextmanager
async def beside(
    place: Path,
    environment: Mapping[str, str],
    group: Group,
    cards: Cards,
    *,
    first: Sequence[Press],
    teams: bool = False,
) -> AsyncIterator[tuple[Server, Server]]:
    """Run Bookend and Bolt, with an empty Teams app where `teams` are asked for, in one workspace where these
    cards stand; when they are there, everybody has made their first press at Bookend.
    """
    (place / "cards.json").write_text(json.dumps(standing(cards)), "utf-8")
    workspace = (str(place / "cards.json"), *map(str, (group.clinics, group.cases, group.pair)))
    async with running("tests.bench.workspace", *workspace) as slack:
        where = {**environment, "BOOKEND_SLACK_API_URL": f"http://127.0.0.1:{slack.port}/api/"}
        async with (
            running("bot", "serve", environment=where, kill=True) as bookend,
            running("tests.bench.bolt", *["teams"] * teams, environment=where) as bolt,
        ):
            await bookend.answers("/health")
            await introduced(bookend, place, environment["BOOKEND_DATABASE_URL"], first)
            yield bookend, bolt


async def introduced(bookend: Server, place: Path, address: str, first: Sequence[Press]) -> None:
    """Let everybody press once, until all are known: a program that begins asks Slack who they are, no faster
    than Slack allows.
    """
    before = answers(address)
    # no two letters of Slack's are of the same second
    for ago in reversed(range(LONGEST)):
        await sent(bookend.port, 1, written(place / "first", signed(first, ago=ago)))
        if answers(address) - before == len(first):
            return
    raise TimeoutError("Slack did not say who everybody is")


def signed(clicks: Iterable[Press], *, ago: int = 0) -> Iterator[bytes]:
    """Return the requests with which Slack tells of these, signed now or so many seconds ago."""
    for click in clicks:
        body = click.letter()
        headers = {
            "host": "127.0.0.1",
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "accept": "application/json,*/*",
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
            **signature(body, ago=ago),
        }
        lines = [f"POST {PATH} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        yield "\r\n".join([*lines, "", ""]).encode("ascii") + body


def answers(address: str) -> int:
    """Return how many answers a database holds."""
    with _connected(address) as connection:
        return int(connection.execute(text("SELECT count(*) FROM answers")).scalar_one())


def _require_durable(address: str) -> None:
    """Raise where a commit of PostgreSQL does not wait for the disk; SQLite's is ours to set, and tested."""
    if not address.startswith("sqlite"):
        with _connected(address) as connection:
            for setting in ("fsync", "synchronous_commit"):
                if connection.execute(text(f"SHOW {setting}")).scalar_one() != "on":
                    raise RuntimeError(f"{setting} is off: this would be no measure")


@contextmanager
def _connected(address: str) -> Iterator[Connection]:
    engine = create_engine(address)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
