"""Who a patient is, as somebody types it: two identifiers, or every field that needs another look."""

from datetime import date

import pytest

from bot.core.errors import WrongValues
from bot.core.identity import Identity, read_identity

TODAY = date(2027, 2, 16)


def test_what_is_typed_loses_only_stray_spaces() -> None:
    found = read_identity("  Ada \t Invented ", "1968-03-09", " EX-1 ", today=TODAY)

    assert found == Identity(name="Ada Invented", born=date(1968, 3, 9), record="EX-1")


@pytest.mark.parametrize(
    ("name", "born", "record", "wrong"),
    [
        ("", "1968-03-09", "", ["name"]),
        ("Ada Invented", "", "", ["born"]),
        ("Ada Invented", "yesterday", "", ["born"]),
        ("Ada Invented", "2027-02-17", "", ["born"]),
        ("Ada Invented", "1899-12-31", "", ["born"]),
        ("x" * 121, "1968-03-09", "y" * 121, ["name", "record"]),
        ("", "", "y" * 121, ["born", "name", "record"]),
    ],
)
def test_every_field_that_needs_another_look_is_named(
    name: str, born: str, record: str, wrong: list[str]
) -> None:
    with pytest.raises(WrongValues) as raised:
        read_identity(name, born, record, today=TODAY)

    assert sorted(raised.value.problems) == wrong


def test_somebody_born_today_is_a_patient() -> None:
    assert read_identity("Ada Invented", "2027-02-16", "", today=TODAY).born == TODAY


@pytest.mark.parametrize("name", ["\x00", "\u200b\u202e", "12", "."])
def test_a_name_that_nobody_can_read_is_none(name: str) -> None:
    with pytest.raises(WrongValues, match="identity card"):
        read_identity(name, "1968-03-09", "", today=TODAY)


def test_a_name_reads_as_it_was_written() -> None:
    found = read_identity("Ada \u202edetnevnI\x1b", "1968-03-09", "EX\u2066-1", today=TODAY)
    joined = read_identity("\u0646\u200c\u0646", "1968-03-09", "", today=TODAY)

    assert (found.name, found.record) == ("Ada detnevnI", "EX -1")
    assert joined.name == "\u0646\u200c\u0646"
