"""Microsoft's library is imported in one place, and changes nothing of ours."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.chat.teams.sdk import Client, hushed, our_environment_alone

#: Imports the library in a folder with a `.env`, and prints what became of the environment.
LOOK = """
import os
before = dict(os.environ)
import bot.chat.teams.sdk
after = dict(os.environ)
print({name for name in before.keys() | after.keys() if before.get(name) != after.get(name)} or "nothing")
"""


def imported_in(folder: Path) -> str:
    command = [sys.executable, "-c", LOOK]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stderr or done.stdout.strip()


def test_a_forgotten_file_of_settings_is_not_even_read_and_nothing_is_warned_of(
    tmp_path: Path,
) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=1\nBOOKEND_CLINIC=forgotten\nCLIENT_ID=forgotten\nNAME=\xff\n")
    inner = tmp_path / "bookend"
    inner.mkdir()

    assert imported_in(inner) == "nothing"


def test_what_something_leaves_in_the_environment_is_gone_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "as it was")
    with our_environment_alone():
        os.environ["LEFT_BEHIND"] = "1"

    assert "LEFT_BEHIND" not in os.environ
    assert "PYTHON_DOTENV_DISABLED" not in os.environ
    assert os.environ["KEPT"] == "as it was"


def test_a_client_of_the_library_brings_no_address_into_the_log() -> None:
    Client()
    assert logging.getLogger("httpx").level == logging.NOTSET

    hushed()

    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("microsoft_teams.apps").isEnabledFor(logging.ERROR)
    assert not logging.getLogger("msal.oauth2cli").isEnabledFor(logging.ERROR)


def test_nobody_else_imports_the_library() -> None:
    ours = Path(__file__).parents[3] / "bot"

    found = [
        str(path.relative_to(ours))
        for path in ours.rglob("*.py")
        if "from microsoft_teams" in path.read_text("utf-8")
    ]

    assert found == ["chat/teams/sdk.py"]
