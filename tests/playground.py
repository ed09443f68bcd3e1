"""A Teams client that tests can drive: the npm package `@microsoft/m365agentsplayground`, Microsoft's own.

It is a page in the browser and a connector behind it. It listens on every interface, so it, the bot and the
browser run where only loopback exists (`tests/alone.py`). It signs nothing, knows no limits and no manifest,
and whoever sits before it is one person: the others are in the tenant, and messages to them are taken and
not shown. It forgets what was said when its page is loaded again.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.alone import be_alone, wait_until
from tests.serving import free_port

TENANT = "7e000000-0000-4000-8000-000000000001"
BOT = "b0700000-0000-4000-8000-000000000001"
TEAM = "19:clinic@thread.tacv2"
#: Whoever sits before the page, and their conversation with the bot.
ME, MY_CHAT = "jo", "a:jo"
BOT_NAME = "Bookend"


def account(person: str) -> str:
    """The object id of somebody invented, as the tenant knows them."""
    return f"a0000000-0000-4000-8000-{person.encode().hex():0>12}"


@contextmanager
def playground(
    program: Path, *, bot_url: str, people: Mapping[str, str], channels: Mapping[str, str]
) -> Iterator[str]:
    """Run a client for people (name -> what they are called) and channels (id -> name), whose bot answers at
    `bot_url`; yield where its page and, below /_connector, its connector are.
    """
    be_alone()
    with tempfile.TemporaryDirectory(prefix="bookend-teams-") as name:
        folder, port = Path(name), free_port()
        # JSON is YAML as well
        described = json.dumps(_described(people, channels))
        (folder / ".m365agentsplayground.yml").write_text(described, "utf-8")
        command = (
            "node",
            program,
            "start",
            "-e",
            bot_url,
            "-c",
            "msteams",
            "-p",
            port,
            "--disable-telemetry",
        )
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(
                [*map(str, command)],
                cwd=folder,
                env=os.environ | {"TEAMSAPPTESTER_BROWSER": "none"},
                stdout=said,
                stderr=said,
            )
        try:
            wait_until(lambda: _listens(process, folder / "said"), what="the Teams client", timeout=30)
            yield f"http://localhost:{port}"
        finally:
            process.terminate()
            process.wait(timeout=10)


def _listens(process: subprocess.Popen[bytes], said: Path) -> bool:
    text = said.read_text("utf-8")
    assert process.poll() is None, f"the Teams client ended at once: {text}"
    return "Listening on" in text


def _described(people: Mapping[str, str], channels: Mapping[str, str]) -> dict[str, Any]:
    me, *others = (_person(key, name) for key, name in people.items())
    return {
        "version": "0.1.1",
        "tenantId": TENANT,
        "bot": {"id": BOT, "name": BOT_NAME},
        "currentUser": me,
        "users": others,
        "personalChat": {"id": MY_CHAT},
        "groupChat": {"id": "19:group@thread.v2", "name": "A group"},
        "team": {
            "id": TEAM,
            "name": "An invented clinic",
            "aadGroupId": "c0000000-0000-4000-8000-000000000001",
            "channels": [{"id": key, "name": name} for key, name in channels.items()],
        },
    }


def _person(key: str, name: str) -> dict[str, str]:
    given, _, surname = name.rpartition(" ")
    address = f"{key}@clinic.example"
    named = {"name": name, "givenName": given, "surname": surname}
    return {
        "id": f"29:{key}",
        "aadObjectId": account(key),
        "userPrincipleName": address,
        "email": address,
    } | named
