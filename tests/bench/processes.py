"""What a start costs: whole processes, from the command to its end, its first answer or its idle memory."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.paths import shipped_playbooks
from tests.bench.figures import Figure, Goal, in_turn, seconds
from tests.bench.programs import ROOT, running
from tests.chat.slack.fake import TOKEN, fake_slack
from tests.chat.teams.fake import BOT, MSI_SECRET, TENANT, FakeTeams, fake_teams

PLAYBOOK = str(shipped_playbooks() / "abl.yaml")
BOLT = "from slack_bolt.async_app import AsyncApp"
#: What `check` and `--help` must not load, for it takes longer than they do.
HEAVY = (
    *("slack_bolt", "slack_sdk", "aiohttp", "microsoft_teams", "msal", "httpx", "sqlalchemy", "starlette"),
    *("uvicorn", "apscheduler", "alembic", "psycopg", "holidays", "rich", "typst", "jinja2", "cryptography"),
)


def start(rounds: int) -> Iterator[Figure]:
    """Measure the commands that a person waits for, and the demo until its page answers."""
    works = (ran("-m", "bot", "check", PLAYBOOK), ran("-m", "bot", "--help"), demo, ran("-c", BOLT))
    check, help_, demo_, bolt = in_turn(rounds, *works)
    against = "import Bolt's AsyncApp"
    waited = (
        ("check of a playbook", check, 0.6),
        ("--help", help_, 0.8),
        ("demo until its page answers", demo_, 8),
    )
    for what, ours, bound in waited:
        goal = Goal(bound=bound)
        yield Figure(what=f"bookend {what}", ours=ours, against=against, theirs=bolt, goal=goal)
    for what in ("check", "--help"):
        goal = Goal(bound=0)
        yield Figure(what=f"libraries too many in {what}", ours=len(loaded(what)), unit="", goal=goal)


def ran(*arguments: str) -> Callable[[int], float]:
    """Return what runs Python with these arguments and says how long that took."""

    def run(_: int) -> float:
        command = [sys.executable, *arguments]
        return seconds(lambda: subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL))

    return run


def loaded(what: str) -> list[str]:
    """Return which of the heavy libraries a command has loaded when it ends."""
    arguments = [what, PLAYBOOK] if what == "check" else [what]
    program = (
        f"import sys; from bot.cli import run; run({arguments!r})\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stderr.split()


def demo(_: int) -> float:
    """Return how long the demo takes until its page answers."""

    async def shown() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with running("bot", "demo", "--port", "0", "--no-browser") as server:
            await server.answers("/")
            return loop.time() - began

    return asyncio.run(shown())


def memory(folder: Path) -> Iterator[Figure]:
    """Measure what the demo and `serve` hold in memory when nothing is to be done."""

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
