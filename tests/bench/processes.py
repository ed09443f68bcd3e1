"""What a start costs: whole processes, from the command to its end or its first answer."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator

from bot.paths import shipped_playbooks
from tests.bench.figures import Figure, Goal, in_turn, seconds
from tests.bench.programs import ROOT, running

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
