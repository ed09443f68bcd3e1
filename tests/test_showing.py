"""What shows a playbook to whoever answers for it: `bookend diff`, as a director uses it."""

import json
from pathlib import Path

import pytest

from bot.cli import run
from bot.paths import shipped_playbooks

SHIPPED = shipped_playbooks()


def changed(folder: Path, old: str, new: str) -> str:
    """The shipped ablative playbook with one word changed, in a folder of its own."""
    text = (SHIPPED / "abl.yaml").read_text("utf-8")
    assert old in text
    (folder / "abl.yaml").write_text(text.replace(old, new, 1), "utf-8")
    return str(folder / "abl.yaml")


def test_a_change_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = changed(tmp_path, "smoker: [yes, unknown]", "smoker: yes")

    code = run(["diff", str(SHIPPED), new])

    said = capsys.readouterr().out
    assert (code, said) == (0, "Smoking stopped: no longer asked when “Smoker” is unknown.\n")


def test_no_change_is_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", str(SHIPPED / "abl.yaml"), str(SHIPPED / "abl.yaml")]) == 0
    assert capsys.readouterr().out == "Nothing changed.\n"


def test_a_program_gets_step_title_words_and_playbooks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = changed(tmp_path, "title: Test spot", "title: Test area")

    assert run(["diff", str(SHIPPED / "abl.yaml"), new, "--json"]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "changes": [
            {
                "step": "abl.test_spot",
                "fact": "",
                "title": "Test area",
                "words": "was called “Test spot”",
                "playbooks": ["abl"],
            }
        ]
    }


def test_what_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["diff", str(SHIPPED), "nowhere.yaml"]) == 2
    assert "There is no file or folder nowhere.yaml." in capsys.readouterr().err
