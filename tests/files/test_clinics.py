"""Several clinics in one installation: what they must not share, and where it says so."""

from pathlib import Path

import pytest

from bot.core.errors import Mistakes
from bot.files.check import inspect
from bot.files.clinics import load_clinics
from tests.files.samples import CLINIC, place

HILLSIDE = CLINIC.replace("riverside", "hillside").replace("U0", "U1").replace("C0", "C1")


def two(folder: Path, second: str) -> list[Path]:
    files = [folder / "riverside.yaml", folder / "hillside.yaml"]
    for file, text in zip(files, (CLINIC, second), strict=True):
        file.write_text(text, "utf-8")
    return files


def test_two_clinics_keep_their_own_zone_people_and_channels(tmp_path: Path) -> None:
    clinics = load_clinics(two(tmp_path, HILLSIDE.replace("Europe/London", "America/Chicago")))

    assert [clinic.calendar.zone.key for clinic in clinics.values()] == ["Europe/London", "America/Chicago"]
    assert [clinic.people["jo"].accounts for clinic in clinics.values()] == [
        {"slack": "U0JO"},
        {"slack": "U1JO"},
    ]
    assert [clinic.channels["slack"]["board"] for clinic in clinics.values()] == ["C0BOARD", "C1BOARD"]


@pytest.mark.parametrize(
    ("before", "after", "where", "words"),
    [
        ("U1ALI", "U0JO", "8:68", "jo of riverside has the slack account 'U0JO' already"),
        ("clinic: hillside", "clinic: riverside", "1:9", "a clinic of this name is in"),
    ],
)
def test_what_two_clinics_share_by_mistake_is_said_with_its_place(
    tmp_path: Path, before: str, after: str, where: str, words: str
) -> None:
    files = two(tmp_path, HILLSIDE.replace(before, after))

    with pytest.raises(Mistakes) as wrong:
        load_clinics(files)

    assert [place(mistake) for mistake in wrong.value.mistakes] == [f"{files[1]}:{where}"]
    assert words in wrong.value.mistakes[0].what
    assert list(wrong.value.mistakes) == inspect(files).mistakes


def test_the_mistakes_of_all_files_come_out_at_once(tmp_path: Path) -> None:
    files = two(tmp_path, HILLSIDE.replace("strict", "lax"))
    files[0].write_text(CLINIC.replace("strict", "laxer"), "utf-8")

    with pytest.raises(Mistakes) as wrong:
        load_clinics(files)

    assert len(wrong.value.mistakes) == 2


def test_two_boards_in_one_channel_are_advised_against(tmp_path: Path) -> None:
    files = two(tmp_path, HILLSIDE.replace("C1BOARD", "C0BOARD"))

    found = inspect(files)

    assert found.mistakes == []
    advised = [each for each in found.advice if "sees both clinics" in each.what]
    assert [place(each) for each in advised] == [f"{files[1]}:12:27"]
    assert "the board of riverside" in advised[0].what


def test_an_address_in_capitals_is_the_same_address(tmp_path: Path) -> None:
    files = two(tmp_path, HILLSIDE.replace("U1JO", "JO@clinic.example"))
    files[0].write_text(CLINIC.replace("U0JO", "jo@clinic.example"), "utf-8")

    with pytest.raises(Mistakes, match=r"jo of riverside has the slack account 'JO@clinic\.example' already"):
        load_clinics(files)
