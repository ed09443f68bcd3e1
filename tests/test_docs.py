"""The documents say what is there: every command and setting, and nothing else; every example works."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.app import rehearsed
from bot.chat.slack.joining.scopes import SCOPES
from bot.cli import run
from bot.cli.commands import app
from bot.config import Settings, names
from bot.core.case import TaskStatus
from bot.core.people import Role
from bot.core.permissions import WHO
from bot.files.check import inspect
from bot.paths import shipped_playbooks

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text("utf-8")
DOCUMENTS = (ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md", ROOT / "CHANGELOG.md")
#: What `bookend` is followed by in a sentence rather than in a command.
SLACK_WORDS = {"status"}

#: Those whose inside the map draws.
PLATFORMS = ("slack", "teams")


def blocks(language: str) -> list[str]:
    """The fenced examples of the README in a language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", README, re.DOTALL | re.MULTILINE)
    return ["\n".join(line.removeprefix(indent) for line in text.splitlines()) for indent, text in found]


def commands() -> set[str]:
    single = {
        each.name or getattr(each.callback, "__name__", "").replace("_", "-")
        for each in app.registered_commands
    }
    return single | {str(each.name) for each in app.registered_groups}


def table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading, cell by cell."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_command_has_its_row_and_no_row_is_of_another() -> None:
    listed = [row[0].removeprefix("`bookend ").removesuffix("`") for row in table("Commands")]

    assert sorted(listed) == sorted(commands())


def test_the_help_lists_the_commands_in_the_order_of_their_rows(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])

    told = re.findall(r"^  ([a-z][a-z-]+)  ", capsys.readouterr().out, re.MULTILINE)
    assert told == [row[0].removeprefix("`bookend ").removesuffix("`") for row in table("Commands")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_a_command_that_is_not_there(document: Path) -> None:
    named = set(re.findall(r"(?<![/\w])bookend ([a-z][\w-]+)", document.read_text("utf-8")))

    assert named - commands() - SLACK_WORDS == set()


def test_every_setting_has_its_row_and_no_row_is_of_another() -> None:
    listed = [row[0].strip("`") for row in table("Settings")]

    assert sorted(listed) == sorted(names())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_names_a_setting_that_is_not_there(document: Path) -> None:
    named = set(re.findall(r"BOOKEND_[A-Z_]+[A-Z]", document.read_text("utf-8")))

    assert {name for name in named if not name.startswith("BOOKEND_TEST_")} <= set(names())


def test_a_default_in_the_settings_table_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)
    shown = {row[0].strip("`"): row[1].strip("`") for row in table("Settings")}
    real = Settings()

    assert shown["PORT"] == str(real.port)
    assert shown["BOOKEND_HOST"] == real.host
    assert shown["BOOKEND_DATABASE_URL"] == real.database_url
    assert shown["BOOKEND_DEBUG"] == "no" and real.debug is False


def test_every_yaml_example_passes_the_check(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.yaml" for number, _ in enumerate(blocks("yaml"))]
    for file, text in zip(files, blocks("yaml"), strict=True):
        file.write_text(text, "utf-8")

    found = inspect(files)

    assert (found.mistakes, found.advice) == ([], [])
    assert sorted(found.playbooks) == ["glow"]
    assert len(found.files) == 5, "a playbook, an overlay, a booking, a script and a clinic"


def test_the_clinic_in_the_readme_is_the_shipped_example() -> None:
    example = (shipped_playbooks() / "clinic-example.yaml").read_text("utf-8")
    (clinic,) = [text for text in blocks("yaml") if text.startswith("clinic: riverside")]

    assert example.rstrip().endswith(clinic)


def test_the_local_teams_client_of_the_readme_is_of_the_shipped_clinic() -> None:
    client = yaml.safe_load((ROOT / ".github" / "teams-client.yml").read_text("utf-8"))
    example = yaml.safe_load((shipped_playbooks() / "clinic-example.yaml").read_text("utf-8"))
    (ours,) = [text for text in blocks("sh") if "UNAUTHENTICATED" in text]
    settings = dict(re.findall(r"(BOOKEND_\w+)=(\S+)", ours))

    assert client["bot"]["id"] == settings["BOOKEND_TEAMS_CLIENT_ID"]
    assert client["tenantId"] == settings["BOOKEND_TEAMS_TENANT_ID"]
    assert client["currentUser"]["aadObjectId"] == example["people"]["jo"]["teams"]
    assert [each["id"] for each in client["team"]["channels"]] == [example["channels"]["teams"]["board"]]
    assert (ROOT / settings["BOOKEND_CLINIC"]).is_file()


def test_the_story_in_the_readme_plays_to_the_day_7_visit() -> None:
    (story,) = [text for text in blocks("yaml") if text.startswith("booking:")]

    played = rehearsed(story, "README.md", shipped_playbooks())

    status = {task.step: task.status for task in played.course.tasks}
    assert status["abl.hsv_started"] is TaskStatus.DONE
    assert status["abl.visit_7"] is TaskStatus.DONE
    assert any("Still open" in line or "Your decision" in line for line in played.transcript)


def test_slacks_rights_stand_in_the_readme_with_their_reasons() -> None:
    section = README.split("\n## Connect Slack\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]

    assert rows == [f"| `{name}` | {scope.why}{scope.use.words} |" for name, scope in SCOPES.items()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_within_the_repository_resolves(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text("utf-8"))
    inside = [link.split("#")[0] for link in links if "://" not in link]

    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_the_map_in_contributing_names_every_module_and_part() -> None:
    parts = {path.name for path in (ROOT / "bot").iterdir() if path.suffix == ".py" or path.is_dir()}
    parts -= {"__init__.py", "__main__.py", "__pycache__"}
    rows = " ".join(line for line in CONTRIBUTING.splitlines() if line.startswith("| `"))

    assert sorted(part for part in parts if f"bot/{part}" not in rows) == []


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_file_that_is_named_is_there(text: str) -> None:
    named = set(re.findall(r"`((?:bot|playbooks|tests|\.ci|\.github)/[\w./-]+)`", text))

    assert sorted(name for name in named if not (ROOT / name).exists()) == []


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_readme_has_one_line_that_tries_it_and_one_that_tests_it(name: str) -> None:
    script = ROOT / ".ci" / "readme-line"
    if not os.access(script, os.X_OK):
        pytest.skip("This tree is not a checkout: it has no .ci folder.")

    said = subprocess.run([script, name], capture_output=True, text=True, check=True)

    assert said.stdout.count("\n") == 1
    assert "-c constraints.txt" in said.stdout


def test_the_changelog_keeps_its_form() -> None:
    headings = re.findall(r"^## \[(.+?)\]", CHANGELOG, re.MULTILINE)
    kinds = set(re.findall(r"^### (\w+)", CHANGELOG, re.MULTILINE))

    assert headings[0] == "Unreleased"
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_the_table_of_who_may_do_what_is_the_one_that_is_kept() -> None:
    section = README.split("\n## Who may do what\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    shown = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]

    assert shown == [
        [deed.value, *("✓" if role in who else "" for role in Role)] for deed, who in WHO.items()
    ]


@pytest.mark.parametrize("package", ["core", "service", "store"])
def test_the_map_names_every_module_of_the_core_the_service_and_the_store_once(package: str) -> None:
    section = CONTRIBUTING.split(f"\n| `bot/{package}/` | |\n")[1].split("\n\n")[0]
    named = re.findall(r"`(\w+)/?`", section)

    folder = ROOT / "bot" / package
    there = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/*.py")}
    assert sorted(named) == sorted(there - {"__init__"})


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_map_names_every_folder_and_module_of_a_platform_once(platform: str) -> None:
    section = CONTRIBUTING.split(f"\n| `bot/chat/{platform}/` | |\n")[1].split("\n\n")[0]
    named = re.findall(r"`(\w+)/?`", section)

    folder = ROOT / "bot" / "chat" / platform
    there = [path.parent.name if path.stem == "__init__" else path.stem for path in folder.rglob("*.py")]
    assert sorted([*named, platform]) == sorted(there)


def test_the_map_names_every_module_that_platforms_share_once() -> None:
    section = CONTRIBUTING.split("\n| `bot/chat/` | what platforms share |\n")[1].split("\n\n")[0]

    there = {path.stem for path in (ROOT / "bot" / "chat").glob("*.py")} - {"__init__"}
    assert sorted(re.findall(r"`(\w+)`", section)) == sorted(there)


def test_every_kind_of_arrangement_has_its_row_with_its_owner() -> None:
    section = CONTRIBUTING.split("\n| Kind | Owner | What it is |\n")[1].split("\n\n")[0]
    rows = [line.split("|")[1:3] for line in section.splitlines()[1:]]
    listed = {owner for _, owners in rows for owner in re.findall(r"`(\w+)`", owners)}
    service = {path.stem: path.read_text("utf-8") for path in (ROOT / "bot" / "service").glob("*.py")}

    makes = re.compile(r"\b(Arrangement|Links)\(")
    assert {name for name, text in service.items() if makes.search(text)} == listed
    for kinds, owners in rows:
        of_row = "".join(service[owner] for owner in re.findall(r"`(\w+)`", owners))
        assert [kind for kind in re.findall(r"`(\w+)`", kinds) if f'"{kind}"' not in of_row] == []
