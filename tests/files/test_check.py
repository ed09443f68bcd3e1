"""`bookend check`: any file people write, in its place, with advice where something looks wrong."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from yaml.events import Event

from bot.files import reader
from bot.files.check import check, inspect
from bot.files.folders import load_folder
from bot.paths import shipped_playbooks
from tests.files.samples import CLINIC, HEAD, TEXTS, TINY, place, step

BOOKING = {
    "playbook": "tiny",
    "clinic": {"timezone": "UTC"},
    "opened": "2027-01-12T13:45",
    "start": "2027-02-18T09:30",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small clinic's files."""
    for name, text in {**TEXTS, "clinic.yaml": CLINIC}.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_what_is_shipped_has_neither_mistakes_nor_advice() -> None:
    found = inspect([])

    assert (found.mistakes, found.advice) == ([], [])
    assert "abl" in found.playbooks
    assert len(found.files) == len(list(shipped_playbooks().glob("*.yaml")))


def test_all_that_is_shipped_is_read_once_and_checked_in_under_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: Counter[str] = Counter()
    parse = reader._events

    def counted(text: str) -> Iterator[Event]:
        read[text] += 1
        return parse(text)

    monkeypatch.setattr(reader, "_events", counted)
    began = process_time()

    inspect([])

    texts = {name: text for name, text in load_folder(shipped_playbooks()).items() if "clinic" not in name}
    assert {name: read[text] for name, text in texts.items()} == dict.fromkeys(texts, 1)
    assert process_time() - began < 1


def test_a_folder_is_checked_whole(folder: Path) -> None:
    found = inspect([folder])

    assert found.mistakes == []
    assert sorted(found.playbooks) == ["tiny"]
    assert [Path(file).name for file in found.files] == [
        "clinic.yaml",
        "every.yaml",
        "facts.yaml",
        "tiny.yaml",
    ]


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("tiny.yaml", TINY.replace("role: nurse", "role: nurs"), "13:11"),
        ("every.yaml", TEXTS["every.yaml"].replace("physician", "doctor"), "6:11"),
        ("facts.yaml", TEXTS["facts.yaml"].replace("default: 40", "default: forty"), "2:51"),
        ("clinic.yaml", CLINIC.replace("strict", "none"), "14:10"),
        ("booking.json", json.dumps({**BOOKING, "facts": {"smoker": "often"}}), "1:132"),
        ("script.yaml", f"booking: {json.dumps(BOOKING)}\nscript: [{{do: dance}}]", "2:15"),
        ("notes.yaml", "a: b", "1:1"),
        ("empty.yaml", "", "1:1"),
    ],
)
def test_every_kind_of_file_is_checked_as_what_it_is(folder: Path, name: str, text: str, where: str) -> None:
    (folder / name).write_text(text, "utf-8")

    assert [place(mistake) for mistake in check([folder / name])] == [f"{folder / name}:{where}"]


def test_good_files_of_every_kind_have_no_mistakes(folder: Path) -> None:
    (folder / "booking.json").write_text(json.dumps(BOOKING), "utf-8")
    (folder / "script.json").write_text(json.dumps({"booking": BOOKING, "script": []}), "utf-8")

    assert check(sorted(folder.iterdir())) == []


def test_a_draft_beside_the_original_is_checked_and_not_the_original(folder: Path) -> None:
    (folder / "draft.yaml").write_text(TINY.replace("version: 3", "version: four"), "utf-8")

    assert [place(mistake) for mistake in check([folder / "draft.yaml"])] == [f"{folder / 'draft.yaml'}:4:10"]
    assert check([folder / "tiny.yaml"]) == []


def test_a_neighbour_that_cannot_be_read_does_not_matter(folder: Path) -> None:
    (folder / "broken.yaml").write_bytes(b"\xff\xfe")

    assert check([folder / "tiny.yaml"]) == []
    assert [place(mistake) for mistake in check([folder])] == [f"{folder / 'broken.yaml'}:1:1"]


def test_a_playbook_alone_in_a_folder_borrows_the_shipped_facts_and_steps(tmp_path: Path) -> None:
    copy = tmp_path / "mine.yaml"
    copy.write_text((shipped_playbooks() / "abl.yaml").read_text("utf-8"), "utf-8")

    assert check([copy]) == []


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    gone, empty = tmp_path / "gone.yaml", tmp_path / "folder"
    empty.mkdir()

    assert "cannot be read" in str(check([gone])[0])
    assert "no .yaml or .yml file" in str(check([empty])[0])


EARLY = "start - 3 days at 10:00, previous open day"
ADVICE = {
    "no source is named": {"grade": "T"},
    "it can stop the procedure but asks nothing": {"stop": "hard", "grade": "P"},
    "it stops even when all is well": {
        "ask": "{first: {choose: [yes, no], normal: no}}",
        "stop": "{md: {first: no}}",
        "grade": "P",
    },
}


@pytest.mark.parametrize("words", ADVICE)
def test_what_looks_wrong_is_advice_and_no_mistake(folder: Path, words: str) -> None:
    (folder / "tiny.yaml").write_text(HEAD + step(**{"due": EARLY, **ADVICE[words]}), "utf-8")

    found = inspect([folder / "tiny.yaml"])

    assert found.mistakes == []
    assert [place(each) for each in found.advice] == [f"{folder / 'tiny.yaml'}:9:1"]
    assert words in found.advice[0].what


@pytest.mark.parametrize(
    "lines",
    [
        {"ask": "{first: [no, yes]}", "stop": "{md: {first: no}}"},
        {"ask": "{first: {choose: [yes, no], normal: yes}}", "stop": "{md: {first: no}}"},
        {"stop": "{hard: {smoker: yes}}", "ask": "{note: text}"},
        {"ask": "{given: {date: past}}", "stop": "{md: {given: {within: 7 days}}}"},
        {"ask": "{reason: text}", "stop": "{md: {reason: {missing: yes}}}"},
    ],
)
def test_a_step_that_can_be_answered_well_gets_no_advice(folder: Path, lines: dict[str, str]) -> None:
    (folder / "tiny.yaml").write_text(HEAD + step(**{"due": EARLY, **lines}, grade="P"), "utf-8")

    assert inspect([folder / "tiny.yaml"]).advice == []


OWN = """\
overlay: riverside
change:
  tiny.hsv_started:
    role: nurse
    ask:
      first_dose_taken: {choose: [yes, will_take_today, no], normal: yes}
      told_by: text
leave_out:
  g.skin_exam: The dermatologist next door does it.
"""


def test_of_an_overlay_it_says_what_is_needless_what_is_dangerous_and_what_it_touches(folder: Path) -> None:
    (folder / "own.yaml").write_text(OWN, "utf-8")

    found = inspect([folder / "own.yaml"])

    assert found.mistakes == []
    assert [place(each).removeprefix(f"{folder}/") for each in found.advice] == [
        "own.yaml:4:5",
        "own.yaml:6:7",
        "own.yaml:9:3",
    ]
    assert "says what is shipped already" in found.advice[0].what
    assert "IS A HARD STOP" in found.advice[2].what
    assert found.touches == {str(folder / "own.yaml"): ("tiny",)}


def test_it_says_loudly_which_hard_stop_an_overlay_changes(folder: Path) -> None:
    own = "overlay: riverside\nchange: {g.skin_exam: {title: Skin, phase: post, due: end}}\n"
    (folder / "own.yaml").write_text(own, "utf-8")

    (said,) = inspect([folder / "own.yaml"]).advice

    what = "g.skin_exam (Skin) IS SHIPPED AS A HARD STOP; changed here: its phase, due"
    assert str(said) == f"{folder}/own.yaml:2:10: {what}"


def test_a_clinics_overlays_are_checked_with_its_file(folder: Path) -> None:
    (folder / "own.yaml").write_text(OWN.replace("g.skin_exam", "g.skin_exams"), "utf-8")
    (folder / "clinic.yaml").write_text(f"{CLINIC}overlays: [own.yaml, gone.yaml]\n", "utf-8")

    found = inspect([folder / "clinic.yaml"])

    last = len(CLINIC.splitlines()) + 1
    assert [str(each).removeprefix(f"{folder}/") for each in found.mistakes] == [
        f"clinic.yaml:{last}:22: there is no file 'gone.yaml' beside this one"
    ]
    (folder / "clinic.yaml").write_text(f"{CLINIC}overlays: [own.yaml]\n", "utf-8")
    (mistake,) = inspect([folder / "clinic.yaml"]).mistakes
    assert place(mistake).endswith("own.yaml:9:3")
    assert "Did you mean 'g.skin_exam'" in mistake.what


def test_an_overlay_is_laid_over_the_playbooks_of_the_folder_that_is_named_with_it(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = tmp_path_factory.mktemp("elsewhere") / "own.yaml"
    own.write_text(OWN, "utf-8")

    alone, together = inspect([own]), inspect([own, folder])

    assert "there is no step 'tiny.hsv_started'" in str(alone.mistakes[0]), "the shipped ones are looked at"
    assert together.mistakes == []


@pytest.mark.parametrize(("name", "books"), [("every.yaml", ("tiny",)), ("facts.yaml", ("other", "tiny"))])
def test_a_shared_file_names_the_playbooks_that_it_touches(
    folder: Path, name: str, books: tuple[str, ...]
) -> None:
    other = HEAD.replace("tiny", "other").replace("includes: [every]", "includes: []") + step(id="other.one")
    (folder / "other.yaml").write_text(other, "utf-8")

    found = inspect([folder / name])

    assert found.touches == {str(folder / name): books}


def test_a_review_that_stands_in_the_file_is_called_a_note(folder: Path) -> None:
    review = "review: {medical_director: Dr Ali, reviewed_on: 2027-01-04, next_review: 2028-01-04}"
    (folder / "tiny.yaml").write_text(TINY.replace("steps:", f"{review}\nsteps:"), "utf-8")

    (advice,) = inspect([folder / "tiny.yaml"]).advice

    assert place(advice).endswith("tiny.yaml:8:9")
    assert "signs nothing" in advice.what


@pytest.mark.parametrize(
    ("defaults", "where", "words"),
    [
        ("{abl: {mode: fractionl}}", "17:24", "Did you mean 'fractional'?"),
        ("{abl: {moode: fractional}}", "17:18", "Did you mean 'mode'"),
        ("{abll: {mode: fractional}}", "17:12", "Did you mean 'abl'?"),
    ],
)
def test_a_default_that_no_case_can_have_is_found_in_its_place(
    tmp_path: Path, defaults: str, where: str, words: str
) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(f"{CLINIC}defaults: {defaults}\n".replace("[tiny]", "[abl]"), "utf-8")

    (mistake,) = check([file])

    assert place(mistake) == f"{file}:{where}"
    assert words in mistake.what
