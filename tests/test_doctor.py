"""The doctor with a clinic in Teams: with a database or none, and where a manager chose the channel."""

import os
from pathlib import Path

import pytest

from bot.app import opened
from bot.config import settings
from bot.core.replies import Command
from bot.doctor import Finding, examine
from bot.paths import shipped_playbooks
from bot.service.desk import ClinicDesk

KIT = "8f0e0000-0000-0000-0000-00000000000a"
BOARD = "19:board@thread.tacv2"
THERE = "19:there@thread.tacv2"
#: A test client on this machine that is not there.
LOCAL = {
    "BOOKEND_TEAMS_CLIENT_ID": "11111111-2222-3333-4444-555555555555",
    "BOOKEND_TEAMS_TENANT_ID": "66666666-7777-8888-9999-000000000000",
    "BOOKEND_TEAMS_UNAUTHENTICATED": "true",
    "BOOKEND_TEAMS_SERVICE_URL": "http://127.0.0.1:1",
    "PORT": "0",
}


@pytest.fixture(autouse=True)
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's clinic with its manager in Teams, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("BOOKEND_")]:
        monkeypatch.delenv(name)
    text = (shipped_playbooks() / "clinic-example.yaml").read_text("utf-8")
    file = tmp_path / "clinic.yaml"
    file.write_text(text.replace("slack: U0KIT", f"slack: U0KIT, teams: {KIT}"), "utf-8")
    for name, value in {**LOCAL, "BOOKEND_CLINIC": str(file)}.items():
        monkeypatch.setenv(name, value)


def found(what: str) -> list[Finding]:
    return [each for each in examine({}) if each.what == what]


def test_teams_is_looked_at_although_there_is_no_database_yet() -> None:
    said = [(each.state, each.found) for each in found("Teams")]

    assert ("good", f"only people of the tenant {LOCAL['BOOKEND_TEAMS_TENANT_ID']} are heard") in said
    assert any(state == "wrong" and "could not be looked at" in words for state, words in said)
    assert not any("has opened Bookend" in words for _, words in said), "nobody could be asked for"


def test_a_mistake_in_the_clinics_file_is_not_said_of_teams_and_hides_nothing_there() -> None:
    file = Path(os.environ["BOOKEND_CLINIC"])
    file.write_text(file.read_text("utf-8").replace(KIT, "kit"), "utf-8")

    said = [(each.what, each.found) for each in examine({})]

    assert ("Teams", f"only people of the tenant {LOCAL['BOOKEND_TEAMS_TENANT_ID']} are heard") in said
    assert "Teams" not in {what for what, words in said if "expected an object id" in words}


def test_a_proof_too_many_is_said_once_and_hides_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_TEAMS_CLIENT_SECRET", "an~invented.secret")

    findings = examine({})

    assert [each.what for each in findings if "together: keep one" in each.found] == ["Platforms"]
    assert "Playbooks" in {each.what for each in findings}
    assert not any("an~invented.secret" in each.found for each in findings)


def test_whoever_is_named_by_email_is_looked_for_with_a_database_and_without() -> None:
    file = Path(os.environ["BOOKEND_CLINIC"])
    file.write_text(file.read_text("utf-8").replace(KIT, "kit@clinic.example"), "utf-8")

    before = found("Clinic")
    with opened(settings(), begin=True):
        pass
    after = found("Clinic")

    assert after == before
    assert not any(each.found.startswith("Kit Pattern has no") for each in after)


def test_looking_makes_no_file(tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())

    examine({})

    assert sorted(tmp_path.iterdir()) == before


def test_a_channel_that_a_manager_chose_is_named_beside_the_files() -> None:
    with opened(settings(), begin=True) as (practice, _):
        here = Command(platform="teams", account=KIT, once="1", words=("here",), channel=THERE)
        ClinicDesk(practice=practice).command(here)

    said = [each.found for each in found("Clinic")]

    assert (
        f"The board on teams stands in {THERE}, and not in {BOARD}: a manager chose so with `here`." in said
    )
