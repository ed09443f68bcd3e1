"""What a start costs: whole processes, from the command to its end, its first answer or its idle memory."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.paths import shipped_playbooks
from tests.bench.figures import Figure, Goal, in_turn, seconds
from tests.chat.slack.fake import TOKEN, fake_slack
from tests.chat.teams.fake import BOT, MSI_SECRET, TENANT, FakeTeams, fake_teams

ROOT = Path(__file__).parents[2]
PLAYBOOK = str(shipped_playbooks() / "abl.yaml")
BOLT = "from slack_bolt.async_app import AsyncApp"
#: What `check` and `--help` must not load, for it takes longer than they do.
HEAVY = (
    *("slack_bolt", "slack_sdk", "aiohttp", "microsoft_teams", "msal", "httpx", "sqlalchemy", "starlette"),
    *("uvicorn", "apscheduler", "alembic", "psycopg", "holidays", "rich", "typst", "jinja2", "cryptography"),
)
PATIENCE = 60


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
        async with serving("demo", "--port", "0", "--no-browser") as server:
            await server.answers("/")
            return loop.time() - began

    return asyncio.run(shown())


def memory(folder: Path) -> Iterator[Figure]:
    """Measure what the demo and `serve` hold in memory when nothing is to be done."""

    async def idle_demo() -> int:
        async with serving("demo", "--port", "0", "--no-browser") as server:
            await server.answers("/")
            return server.megabytes()

    async def idle_slack() -> int:
        async with fake_slack() as slack, serving("serve", **_settings(folder, slack.url)) as server:
            await server.answers("/health")
            return server.megabytes()

    async def idle_both() -> int:
        async with fake_slack() as slack, fake_teams() as teams:
            settings = _settings(folder, slack.url) | _settings_of_teams(teams)
            async with serving("serve", **settings) as server:
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


class Server:
    """A server of ours in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._port = 0

    async def listens(self) -> None:
        """Return when it has said on which port it listens."""
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode():
            if found := re.search(r"127\.0\.0\.1:(\d+)|port (\d+)", line):
                self._port = int(found[1] or found[2])
                return
        raise RuntimeError("it ended before it listened")

    async def answers(self, path: str) -> None:
        """Return when it has answered a request with 200."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        if b" 200 " not in answer.partition(b"\r\n")[0]:
            raise RuntimeError(f"{path} was answered with {answer[:200]!r}")

    def megabytes(self) -> int:
        """Return how much memory it holds."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) // 1024  # type: ignore[index]


@asynccontextmanager
async def serving(*command: str, **environment: str) -> AsyncIterator[Server]:
    """Run a command of ours that serves, and end it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *command),
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    server = Server(process)
    try:
        async with asyncio.timeout(PATIENCE):
            await server.listens()
            yield server
    finally:
        process.terminate()
        await process.wait()
