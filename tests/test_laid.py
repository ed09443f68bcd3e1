"""Files that are laid somewhere: whole, or as if nobody had tried."""

import stat
from pathlib import Path

import pytest

from bot.laid import lay


@pytest.mark.parametrize(("private", "others"), [(True, 0), (False, stat.S_IROTH)], ids=["private", "any"])
def test_a_file_is_there_whole_and_a_private_one_is_its_owners_alone(
    tmp_path: Path, private: bool, others: int
) -> None:
    file = tmp_path / "pack.zip"
    file.write_bytes(b"of yesterday")

    lay(file, b"of today", private=private)

    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"of today"]
    assert file.stat().st_mode & stat.S_IROTH == others


def test_where_it_cannot_be_laid_nothing_is_left_of_it(tmp_path: Path) -> None:
    taken = tmp_path / "sheet.pdf"
    taken.mkdir()

    with pytest.raises(OSError, match=r"sheet\.pdf"):
        lay(taken, b"whole")

    assert [*tmp_path.iterdir()] == [taken]


def test_whoever_may_write_there_cannot_have_it_written_into_a_file_of_theirs(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch()
    (tmp_path / ".pack.zip.new").symlink_to(theirs)

    lay(tmp_path / "pack.zip", b"of one patient", private=True)

    assert theirs.read_bytes() == b""
