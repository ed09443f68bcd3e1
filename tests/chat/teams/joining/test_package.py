"""The package is a zip as Teams wants it, the same bytes each time, and takes no other file's place."""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.teams.joining.manifest import manifest
from bot.chat.teams.joining.package import keep, package
from bot.cli import run
from bot.core.errors import BookendError
from tests.chat.teams.joining.test_manifest import BOT, WANTED

NEWER = replace(WANTED, version="0.2.0")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bookend-teams.zip"


def test_it_holds_the_manifest_and_the_icons_it_names_at_its_top() -> None:
    with zipfile.ZipFile(io.BytesIO(package(WANTED))) as packed:
        told = json.loads(packed.read("manifest.json"))

        assert packed.testzip() is None
        assert packed.namelist() == ["manifest.json", *sorted(told["icons"].values())]
    assert told == manifest(WANTED)


def test_the_same_settings_make_the_same_bytes() -> None:
    assert package(WANTED) == package(WANTED)
    with zipfile.ZipFile(io.BytesIO(package(WANTED))) as packed:
        assert {each.date_time for each in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_earlier_package_of_the_same_app_is_replaced(file: Path) -> None:
    said = [keep(package(WANTED), file), keep(package(WANTED), file), keep(package(NEWER), file)]

    assert said == ["", "", ""]
    assert file.read_bytes() == package(NEWER)


def test_a_change_without_a_higher_version_is_said(file: Path) -> None:
    keep(package(WANTED), file)

    said = keep(package(replace(WANTED, name="Bookend north")), file)

    assert "whose version was 0.1.0, too" in said and "--version" in said


def test_a_zip_whose_manifest_is_nested_without_end_is_another_file(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as odd:
        odd.writestr("manifest.json", "[" * 100_000)

    with pytest.raises(BookendError, match="another file"):
        keep(package(WANTED), file)


@pytest.mark.parametrize(
    ("there", "what"),
    [
        (b"my holiday", "another file"),
        (package(replace(WANTED, client_id=BOT.replace("1", "9"))), "the package of another bot"),
    ],
)
def test_another_file_is_left_as_it_is(file: Path, there: bytes, what: str) -> None:
    file.write_bytes(there)

    with pytest.raises(BookendError, match=f"is {what}, and is left as it is"):
        keep(package(WANTED), file)

    assert file.read_bytes() == there


def test_the_command_writes_it_from_the_settings(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOOKEND_TEAMS_CLIENT_ID", BOT.upper())
    monkeypatch.setenv("BOOKEND_PUBLIC_URL", WANTED.url)

    ended = run(["teams-package", "--out", str(file), "--name", "Bookend north", "--version", "3.1.4"])

    assert (ended, capsys.readouterr().out) == (
        0,
        f"{file} is written: Bookend north 3.1.4. Upload it in the Teams admin centre.\n",
    )
    assert file.read_bytes() == package(replace(WANTED, name="Bookend north", version="3.1.4"))


def test_the_command_says_what_to_set(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("BOOKEND_TEAMS_CLIENT_ID", raising=False)

    ended = run(["teams-package", "--out", str(file)])

    assert (ended, file.exists()) == (1, False)
    assert capsys.readouterr().err.startswith("Set BOOKEND_TEAMS_CLIENT_ID")


def test_it_is_made_without_microsofts_libraries() -> None:
    look = "import sys, bot.chat.teams.joining.package; print({'microsoft_teams', 'msal'} & {*sys.modules})"

    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert said.stdout == "set()\n"
