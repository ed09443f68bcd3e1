"""What shows a playbook to whoever answers for it: `bookend diff`, as a director uses it."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import run
from bot.clock import WallClock
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


def test_a_preview_is_one_file_that_holds_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["preview", "abl"]) == 0

    assert capsys.readouterr().out == "abl.html holds Ablative laser resurfacing (CO₂, Er:YAG).\n"
    assert "Smoking stopped" in Path("abl.html").read_text("utf-8")


def test_a_preview_is_written_over_an_earlier_one_and_over_no_playbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    playbook, page = tmp_path / "abl.yaml", tmp_path / "abl.html"
    for each in (playbook, page):
        each.write_text("mine", "utf-8")

    ends = [run(["preview", "abl", "--svg", "--out", str(each)]) for each in (playbook, page)]

    assert ends == [1, 0]
    assert playbook.read_text("utf-8") == "mine"
    assert page.read_text("utf-8").startswith("<svg")
    assert "nothing was written" in capsys.readouterr().err


def test_a_preview_for_one_patient_reads_facts_from_a_line_or_a_booking(tmp_path: Path) -> None:
    booking, out = tmp_path / "booking.yaml", tmp_path / "page.svg"
    booking.write_text("playbook: abl\nfacts: {smoker: yes, age: 17}", "utf-8")

    pages = []
    for facts in ("smoker=yes, age=17", str(booking)):
        assert run(["preview", "abl", "--facts", facts, "--svg", "--out", str(out)]) == 0
        pages.append(out.read_text("utf-8"))

    assert pages[0] == pages[1]
    assert "Patient under 18" in pages[0]
    assert "Blood thinner plan" not in pages[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "There is no playbook 'nope'."),
        (["abl", "--facts", "smokr=yes"], "--facts: there is no fact 'smokr' here. Did you mean 'smoker'?"),
        (["abl", "--facts", "smoker=maybe"], "--facts: expected one of no, yes, unknown, found 'maybe'."),
        (["abl", "--facts", "age"], "age"),
        (["abl", "--facts", "smoker=yes,age"], "--facts: expected name=value such as smoker=yes, not 'age'"),
    ],
)
def test_what_cannot_be_previewed_is_said_and_nothing_is_written(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["preview", *words]) == 1

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_name_means_the_text_that_was_signed_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clinic = (SHIPPED / "clinic-example.yaml").read_text("utf-8")
    (tmp_path / "clinic.yaml").write_text(clinic, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOOKEND_CLINIC", "clinic.yaml")
    soon = str(WallClock().now().date() + timedelta(days=300))
    new = changed(tmp_path, "title: Test spot", "title: Test area")
    assert run(["migrate"]) == 0
    assert run(["diff", "abl", new]) == 1
    assert "was ever signed" in capsys.readouterr().err
    assert run(["sign", "abl", "--director", "ali", "--next-review", soon, "--yes"]) == 0
    capsys.readouterr()

    code = run(["diff", "abl", new])

    assert (code, capsys.readouterr().out) == (0, "Test area: was called “Test spot”.\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([str(SHIPPED / "every-procedure.yaml")], "every-procedure.yaml is part of abl, "),
        ([str(SHIPPED / "abl.yaml"), "--overlay", "own.yaml"], "name the playbook, abl."),
    ],
)
def test_a_preview_of_a_file_draws_that_playbook_or_asks_for_its_name(
    words: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("own.yaml").write_text("overlay: riverside\nleave_out: {g.plume: It has its own.}\n", "utf-8")

    assert run(["preview", *words]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("*.html"))
