"""`bookend serve` itself, in a folder with a clinic's files, beside chat clients that we did not write."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bot.paths import shipped_playbooks
from tests.alone import wait_until
from tests.signed import sign_all
from tests.slack_standin import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


def shipped(*names: str) -> dict[str, str]:
    """The texts of shipped playbook files, all of them where none is named."""
    files = shipped_playbooks().glob("*.yaml")
    return {file.name: file.read_text("utf-8") for file in files if not names or file.name in names}


def furnish(folder: Path, clinic: str, playbooks: Mapping[str, str], **more: str) -> dict[str, str]:
    """Write a clinic's files into a folder, its playbooks signed; return the environment that names them, and
    `more`, such as another database.
    """
    shelf = folder / "playbooks"
    shelf.mkdir()
    for name, text in playbooks.items():
        (shelf / name).write_text(text, "utf-8")
    (folder / "clinic.yaml").write_text(clinic, "utf-8")
    files = {
        "BOOKEND_CLINIC": str(folder / "clinic.yaml"),
        "BOOKEND_PLAYBOOKS": str(shelf),
        "BOOKEND_DATABASE_URL": f"sqlite:///{folder / 'bookend.db'}",
        **more,
    }
    sign_all(files)
    return environment() | files


def environment() -> dict[str, str]:
    """This program's own, without a proxy: nothing leaves the machine."""
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


@contextmanager
def serving(folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Run `bookend serve` until it is told to end."""
    command = (sys.executable, "-m", "bot", "serve")
    # written anew each time it begins
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(command, env=dict(environment), stdout=said) as process,
    ):
        try:
            wait_until(lambda: "Bookend serves" in (folder / "said").read_text(), what="serve", timeout=30)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) in (0, -signal.SIGTERM)


def in_slack(slack_url: str, *, port: int = 0) -> dict[str, str]:
    """The settings for a workspace of the Slack stand-in; Socket Mode without a port."""
    way = {"BOOKEND_SLACK_SIGNING_SECRET": SIGNING_SECRET} if port else {"BOOKEND_SLACK_APP_TOKEN": APP_TOKEN}
    tokens = {"BOOKEND_SLACK_BOT_TOKEN": BOT_TOKEN, "BOOKEND_SLACK_API_URL": slack_url, "PORT": str(port)}
    return {**tokens, **way}


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
