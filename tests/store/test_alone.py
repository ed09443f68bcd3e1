"""One program alone serves a SQLite file, and no other trouble is taken for a second one."""

from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest

from bot.core.errors import StoreTrouble
from bot.store import alone
from bot.store.alone import serving_alone


def test_a_second_one_is_refused_until_the_first_has_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "PATIENCE", 0)
    database = tmp_path / "bookend.db"

    with (
        serving_alone(database),
        pytest.raises(StoreTrouble, match=r"^Another `bookend serve` works on"),
        serving_alone(database),
    ):
        pass

    with serving_alone(database):
        pass


def test_of_a_database_that_is_no_file_there_may_be_many() -> None:
    with serving_alone(None), serving_alone(None):
        pass


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match="make its folder"), serving_alone(tmp_path / "no" / "bookend.db"):
        pass


def test_a_file_that_is_none_of_ours_is_not_taken_for_a_second_program(tmp_path: Path) -> None:
    (tmp_path / "bookend.db.serving").write_text("what somebody else wrote there" * 40)

    with pytest.raises(StoreTrouble, match="is no database"), serving_alone(tmp_path / "bookend.db"):
        pass


def test_a_file_that_cannot_be_opened_is_not_taken_for_a_second_program(tmp_path: Path) -> None:
    (tmp_path / "bookend.db.serving").mkdir()

    with pytest.raises(StoreTrouble, match="cannot be opened"), serving_alone(tmp_path / "bookend.db"):
        pass


def test_a_disk_that_is_full_is_not_taken_for_a_second_program(tmp_path: Path) -> None:
    before = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(StoreTrouble, match=r"^The disk under"), serving_alone(tmp_path / "bookend.db"):
            pass
    finally:
        setrlimit(RLIMIT_FSIZE, before)
