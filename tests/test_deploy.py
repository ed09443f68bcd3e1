"""What runs Bookend on a server: the unit and the container file name what is there, and one can go back."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import run
from bot.config import names
from bot.health import LIVE
from bot.paths import shipped_playbooks
from tests.test_docs import commands

DEPLOY = Path(__file__).parents[1] / ".github" / "deploy"
ROOT = DEPLOY.parents[1]
UNIT = (DEPLOY / "bookend.service").read_text("utf-8")
CONTAINER = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")


def steps(word: str) -> list[str]:
    """What stands behind a word of the container file, line by line."""
    return re.findall(rf"^ *{word} +(.+)$", CONTAINER, re.MULTILINE)


def test_both_run_a_command_that_is_there() -> None:
    (unit,) = re.findall(r"^ExecStart=\S+/bookend (\w+)$", UNIT, re.MULTILINE)

    assert [*map(json.loads, steps("ENTRYPOINT"))] == [["bookend"]]
    assert {unit, *json.loads(steps("CMD")[-1])} <= commands()


@pytest.mark.parametrize("text", [UNIT, CONTAINER], ids=["unit", "container"])
def test_both_name_settings_that_are_there(text: str) -> None:
    assert set(re.findall(r"BOOKEND_\w+", text)) <= set(names())


def test_the_container_copies_what_is_there_and_all_that_a_wheel_needs() -> None:
    copied = [name for line in steps("COPY") if "--from" not in line for name in shlex.split(line)[:-1]]

    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", "bot", "playbooks"} == set(copied)


def test_the_container_runs_as_nobody_and_ends_as_it_is_told() -> None:
    assert steps("USER") == ["10001"]
    assert steps("STOPSIGNAL") == ["SIGTERM"]
    assert steps("VOLUME") == ["/data"]
    assert all(re.fullmatch(r"python:\d\.\d+-slim( AS build)?", each) for each in steps("FROM"))


def test_the_container_is_begun_anew_by_what_does_not_hang_on_the_database() -> None:
    (check,) = re.findall(r"HEALTHCHECK .*?CMD (\[.+\])", CONTAINER)
    program = json.loads(check)

    assert program[:2] == ["python", "-c"] and f"{LIVE}'" in program[2]
    compile(program[2], "healthcheck", "exec")


def test_the_unit_comes_back_however_often_its_database_is_away() -> None:
    assert "Restart=always" in UNIT
    # otherwise systemd gives up after five starts within ten seconds
    assert "StartLimitIntervalSec=0" in UNIT


def test_the_unit_is_one_and_shuts_the_machine_away(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not here: it comes with systemd.")
    unit = tmp_path / "bookend.service"
    unit.write_text(UNIT.replace("/opt/bookend/bin/bookend", sys.executable), "utf-8")

    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True)
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True
    )

    assert (verified.returncode, verified.stderr) == (0, "")
    (exposure,) = re.findall(r"exposure level for bookend.service: (\d+\.\d)", judged.stdout)
    assert float(exposure) <= 2.0, "the larger, the more of the machine is open to it, up to 10"


# Going back


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clinic with one case, backed up."""
    for name in [name for name in os.environ if name.startswith("BOOKEND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BOOKEND_CLINIC", str(shipped_playbooks() / "clinic-example.yaml"))
    monkeypatch.setenv("BOOKEND_DATABASE_URL", f"sqlite:///{tmp_path / 'bookend.db'}")
    run(["migrate"])
    run(["backup", str(tmp_path / "before.db")])
    return tmp_path


def newer(clinic: Path) -> None:
    """What the migration of a newer version does."""
    with closing(sqlite3.connect(clinic / "bookend.db")) as database, database:
        database.execute("CREATE TABLE of_tomorrow (number INTEGER)")
        database.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    "command", [["status"], ["migrate"], ["audit", "verify"], ["new", "booking.yaml"]], ids=" ".join
)
def test_the_old_version_refuses_a_newer_database_in_a_sentence_and_changes_nothing(
    clinic: Path, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(clinic)
    Path("booking.yaml").write_text("playbook: abl\nstart: 2030-01-07T09:30\nfacts: {age: 52}\n", "utf-8")
    newer(clinic)
    before = (clinic / "bookend.db").read_bytes()
    capsys.readouterr()

    ended = run(command)

    said = capsys.readouterr().err
    assert ended == 1
    assert "written by a newer Bookend (its schema is 9999" in said
    assert (clinic / "bookend.db").read_bytes() == before


def test_the_backup_from_before_puts_it_right(clinic: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer(clinic)

    restored = run(["restore", str(clinic / "before.db")])
    capsys.readouterr()

    assert restored == 0
    assert run(["status"]) == 0
    assert run(["audit", "verify"]) == 0
