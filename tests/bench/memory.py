"""What a program holds in memory: with nothing to be done, and after many clicks with much in the store."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.paths import shipped_playbooks
from tests.bench.clicked import Cards, Press, lines_of, stock
from tests.bench.clicks import AT_ONCE, beside, signed, split
from tests.bench.figures import Figure, Goal
from tests.bench.group import Group
from tests.bench.load import sent, written
from tests.bench.programs import Server, running
from tests.bench.stocked import Stock, fill
from tests.chat.slack.fake import TOKEN, fake_slack
from tests.chat.teams.fake import BOT, MSI_SECRET, TENANT, FakeTeams, fake_teams
from tests.settings import settings_of

#: How many clicks are signed at a time: a signature is good for minutes, and a machine may be slow.
TOGETHER = 1_000
#: How much more may be held after twice as many clicks: pages come and go.
FLAT = 1.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How much is stored, and how often it is clicked before each look."""

    group: Group
    tasks: int
    clicks: int

    def __post_init__(self) -> None:
        assert lines_of(self.group) >= self.group.people + 2 * self.clicks, (
            "each click needs a line of its own"
        )


WHOLE = Sizes(group=Group(clinics=8, cases=215, pair=72), tasks=1_000_000, clicks=10_000)
QUICK = Sizes(group=Group(clinics=1, cases=30), tasks=3_000, clicks=150)


def idle(folder: Path) -> Iterator[Figure]:
    """Measure what the demo and `serve` hold when nothing is to be done."""

    async def idle_demo() -> int:
        async with running("bot", "demo", "--port", "0", "--no-browser") as server:
            await server.answers("/")
            return server.megabytes()

    async def idle_slack() -> int:
        async with (
            fake_slack() as slack,
            running("bot", "serve", environment=_settings(folder, slack.url)) as server,
        ):
            await server.answers("/health")
            return server.megabytes()

    async def idle_both() -> int:
        async with fake_slack() as slack, fake_teams() as teams:
            settings = _settings(folder, slack.url) | _settings_of_teams(teams)
            async with running("bot", "serve", environment=settings) as server:
                await server.answers("/health")
                return server.megabytes()

    goal = Goal(bound=160)
    yield Figure(what="memory of the idle demo", ours=asyncio.run(idle_demo()), unit="MB", goal=goal)
    yield Figure(what="memory of idle serve with Slack", ours=asyncio.run(idle_slack()), unit="MB", goal=goal)
    what = "memory of idle serve with Slack and Teams"
    yield Figure(what=what, ours=asyncio.run(idle_both()), unit="MB", goal=goal)


def clicked(folder: Path, sizes: Sizes) -> Iterator[Figure]:
    """Measure what `serve` holds that many clicked at, with Slack and Teams and much in its SQLite file,
    against an empty Bolt app and an empty Teams app in one process that got the same; then once more.
    """
    place = folder / "memory"
    place.mkdir()
    address = f"sqlite:///{place / 'bookend.db'}"
    # most of it is over, in the same clinics
    fill(address, Stock(tasks=sizes.tasks, rounds=sizes.group.clinics, due=0, board=0))
    environment = sizes.group.furnish(place, address)
    cards = stock(settings_of(environment), sizes.group.places)
    (ours, theirs), (later, _) = asyncio.run(_held(place, environment, sizes, cards))
    what = f"memory after {sizes.clicks:,} clicks, {sizes.tasks:,} tasks stored"
    against, goal = "empty Bolt and Teams apps", Goal(bound=1.5)
    yield Figure(what=what, ours=ours, against=against, theirs=theirs, unit="MB", goal=goal)
    what, against = f"memory after {2 * sizes.clicks:,} clicks", f"after {sizes.clicks:,}"
    yield Figure(what=what, ours=later, against=against, theirs=ours, unit="MB", goal=Goal(bound=FLAT))


async def _held(
    place: Path, environment: Mapping[str, str], sizes: Sizes, cards: Cards
) -> list[tuple[int, int]]:
    """Return what both hold in megabytes, after the first clicks and after as many again."""
    first, others = split(cards, sizes.group)
    clicks, found = iter(others), []
    async with fake_teams() as teams:
        in_both = {**environment, **_settings_of_teams(teams)}
        async with beside(place, in_both, sizes.group, cards, first=first, teams=True) as (bookend, both):
            for _ in range(2):
                await _click(place, islice(clicks, sizes.clicks), bookend, both)
                found.append((bookend.megabytes(), both.megabytes()))
    return found


async def _click(place: Path, clicks: Iterator[Press], *servers: Server) -> None:
    while some := [*islice(clicks, TOGETHER)]:
        file = written(place / "letters", signed(some))
        for server in servers:
            await sent(server.port, AT_ONCE, file)


def _settings(folder: Path, slack: str) -> dict[str, str]:
    return {
        "BOOKEND_CLINIC": str(shipped_playbooks() / "clinic-example.yaml"),
        "BOOKEND_DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
        "BOOKEND_SLACK_BOT_TOKEN": TOKEN,
        "BOOKEND_SLACK_SIGNING_SECRET": "invented",
        "BOOKEND_SLACK_API_URL": slack,
        "PORT": "0",
    }


def _settings_of_teams(teams: FakeTeams) -> dict[str, str]:
    return {
        "BOOKEND_TEAMS_CLIENT_ID": BOT,
        "BOOKEND_TEAMS_TENANT_ID": TENANT,
        "BOOKEND_TEAMS_MANAGED_IDENTITY": "1",
        "BOOKEND_TEAMS_SERVICE_URL": teams.service,
        "IDENTITY_ENDPOINT": f"{teams.url}/msi",
        "IDENTITY_HEADER": MSI_SECRET,
    }
