"""The secrets beside a SQLite file: made once, their owner's alone, and never made anew."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.errors import BookendError
from bot.keys import key_beside, names_key_beside


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = key_beside(tmp_path / "a.db"), key_beside(tmp_path / "a.db")

    file = tmp_path / "a.db.key"
    assert first == second
    assert len(first) == 32
    assert [stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()] == [0o600] * 2
    assert sorted(tmp_path.iterdir()) == [tmp_path / "a.db", file]


def test_a_database_whose_key_is_missing_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"what was kept")

    with pytest.raises(BookendError, match="is missing: restore it from your backup"):
        key_beside(tmp_path / "a.db")

    assert not (tmp_path / "a.db.key").exists()


@pytest.mark.parametrize("beside", [key_beside, names_key_beside])
@pytest.mark.parametrize("left", ["", "\n", "00" * 31, "no key at all"])
def test_what_is_left_of_a_key_is_none(beside: Callable[[Path], bytes], left: str, tmp_path: Path) -> None:
    beside(tmp_path / "a.db")
    (file,) = tmp_path.glob("*.key")
    file.write_text(left)

    with pytest.raises(BookendError, match=r"\.key is damaged: restore it from your backup"):
        beside(tmp_path / "a.db")


def test_a_folder_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BookendError, match="make its folder"):
        key_beside(tmp_path / "nowhere" / "a.db")
