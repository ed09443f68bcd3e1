"""`bookend weekly` and `bookend noise`: a week in numbers, for people and for programs."""

import csv
import json
from pathlib import Path

import pytest

from bot.cli import run
from bot.core.weekly import COLUMNS
from bot.paths import shipped_playbooks

NUMBERS = dict.fromkeys(
    ("pre_due", "pre_answered", "post_due", "post_answered", "catches", "overrides", "unreached", "messages"),
    0,
)


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two clinics and an empty database."""
    monkeypatch.chdir(tmp_path)
    text = (shipped_playbooks() / "clinic-example.yaml").read_text("utf-8")
    Path("one.yaml").write_text(text, "utf-8")
    other = text.replace("clinic: riverside", "clinic: hillside").replace("Riverside", "Hillside")
    # an account belongs to one person of one clinic
    other = other.replace("slack: U0", "slack: U01").replace("teams: 8f0e0000", "teams: 8f0e0001")
    Path("two.yaml").write_text(other, "utf-8")
    monkeypatch.setenv("BOOKEND_CLINIC", "one.yaml,two.yaml")
    monkeypatch.setenv("BOOKEND_DATABASE_URL", f"sqlite:///{tmp_path / 'bookend.db'}")
    assert run(["migrate"]) == 0
    return tmp_path


@pytest.mark.usefixtures("clinic")
def test_a_week_is_told_in_lines_clinic_by_clinic(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    code = run(["weekly", "--week", "2026-W06"])

    said = capsys.readouterr().out
    assert code == 0
    assert said.count("Mon 2 Feb to Sun 8 Feb (week 6)") == 2
    assert "before nothing due, after nothing due; no good catches; 0 overrides; 0 unreached" in said


@pytest.mark.usefixtures("clinic")
def test_a_program_gets_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    assert run(["weekly", "--week", "2026-W06", "--json"]) == 0

    first, second = json.loads(capsys.readouterr().out)["weeks"]
    assert list(first) == list(COLUMNS)
    assert (first["week"], first["clinic"], second["clinic"]) == ("2026-W06", "riverside", "hillside")
    assert {name: first[name] for name in NUMBERS} == NUMBERS


def test_a_spreadsheet_gets_a_header_and_a_line_for_each_clinic(clinic: Path) -> None:
    assert run(["weekly", "--week", "2026-W06", "--csv", "weeks.csv"]) == 0

    with (clinic / "weeks.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert [row["clinic"] for row in rows] == ["riverside", "hillside"]
    assert rows[0]["pre_percent"] == ""


@pytest.mark.usefixtures("clinic")
def test_noise_is_told_by_role_and_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["noise", "--week", "2026-W06"]) == 0
    people = capsys.readouterr().out

    assert run(["noise", "--week", "2026-W06", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)["noise"]

    assert people.count("No messages.") == 2
    assert data[0] == {"clinic": "riverside", "week": "2026-W06", "roles": {}}


@pytest.mark.usefixtures("clinic")
@pytest.mark.parametrize("command", ["weekly", "noise"])
@pytest.mark.parametrize(
    ("week", "what"),
    [
        ("6", "write it like 2027-W06"),
        ("2027-W60", "write it like 2027-W06"),
        ("2026-W6x", "write it like 2027-W06"),
        ("2999-W06", "has not begun"),
    ],
)
def test_what_is_no_week_is_refused_with_how_to_write_one(
    capsys: pytest.CaptureFixture[str], command: str, week: str, what: str
) -> None:
    code = run([command, "--week", week])

    assert code == 2
    assert what in capsys.readouterr().err


def test_a_table_that_cannot_be_written_is_a_sentence(
    clinic: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["weekly", "--week", "2026-W06", "--csv", str(clinic / "nowhere" / "weeks.csv")])

    assert code == 1
    assert "No such file or directory" in capsys.readouterr().err
