"""What a path means to `bookend diff`: a folder, a playbook, or a file that playbooks share."""

import shutil
from pathlib import Path

import pytest

from bot.core.errors import BookendError, Mistakes
from bot.files.compared import playbooks_at
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks

SHIPPED = shipped_playbooks()


@pytest.fixture(scope="module")
def every() -> set[str]:
    return set(load_playbooks(SHIPPED))


def changed(source: str, target: Path, old: str, new: str) -> Path:
    """A copy of a shipped file in which one word differs."""
    text = (SHIPPED / source).read_text("utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), "utf-8")
    return target


def test_a_folder_means_its_playbooks(every: set[str]) -> None:
    assert set(playbooks_at(SHIPPED)) == every


def test_a_playbook_alone_borrows_facts_and_shared_steps_from_those_that_ship(tmp_path: Path) -> None:
    file = Path(shutil.copy(SHIPPED / "abl.yaml", tmp_path / "old.yaml"))

    found = playbooks_at(file)

    assert list(found) == ["abl"]
    assert found["abl"].step("g.skin_exam")


def test_shared_steps_alone_mean_every_shipped_playbook_with_them(tmp_path: Path, every: set[str]) -> None:
    file = changed("every-procedure.yaml", tmp_path / "shared.yaml", "title: Skin exam", "title: Skin")

    found = playbooks_at(file)

    assert set(found) == every
    assert {book.step("g.skin_exam").title for book in found.values()} == {"Skin"}


def test_facts_beside_playbooks_mean_these_playbooks(tmp_path: Path) -> None:
    for name in ("abl.yaml", "every-procedure.yaml", "red-flags.yaml", "facts.yaml"):
        shutil.copy(SHIPPED / name, tmp_path)
    file = changed("facts.yaml", tmp_path / "facts-before.yaml", "title: Age", "title: Years")

    before, after = playbooks_at(file), playbooks_at(tmp_path / "facts.yaml")

    assert [list(before), list(after)] == [["abl"], ["abl"]]
    assert before["abl"].facts["age"].title == "Years"
    assert after["abl"].facts["age"].title == "Age"


def test_red_flags_alone_mean_every_shipped_playbook_with_them(tmp_path: Path, every: set[str]) -> None:
    file = changed("red-flags.yaml", tmp_path / "flags.yaml", "title: Early scar", "title: Scar")

    found = playbooks_at(file)

    titled = {name for name, book in found.items() if "Scar" in {flag.title for flag in book.red_flags}}
    assert set(found) == every
    assert titled == {"abl", "pel", "mnd"}


def test_a_folder_without_a_playbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(BookendError, match="no playbook in"):
        playbooks_at(tmp_path)


def test_a_file_of_something_else_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "note.yaml").write_text("dear: diary", "utf-8")

    with pytest.raises(Mistakes, match=r"note\.yaml:1:1: this is nothing that Bookend reads"):
        playbooks_at(tmp_path / "note.yaml")
