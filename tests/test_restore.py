"""A backup becomes the database again: nothing is said a second time, and what was there is kept."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.errors import Unsure
from bot.service.tick import tick
from bot.store import copies
from bot.store.store import SqlStore, open_store
from tests.service.clinic import ALI, FRAN, JO, KEY, OPENED, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import Workspace

BACKED_UP, RESTORED = "2027-01-12 13:50", "2027-01-13 11:00"


def clinic_in(file: Path, workspace: Workspace | None = None, now: str = "") -> tuple[Riverside, SqlStore]:
    store = open_store(copies.address(file), history_key=KEY, identity_keys=[KEY])
    at = london(now) if now else OPENED
    return Riverside(store=store, clinic=WITH_BOARD, workspace=workspace, now=at, signed=not now), store


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Riverside]:
    """A clinic at work for a day, with a backup of the hour in which its case was booked."""
    made, store = clinic_in(tmp_path / "bookend.db")
    made.book("2027-02-18 09:30").until(BACKED_UP)
    copies.back_up(tmp_path / "bookend.db", tmp_path / "backup.db", KEY)
    made.until(RESTORED)
    yield made
    store.close()


def goes_on_with(backup: Path, clinic: Riverside, at: str = RESTORED, *, noted: bool = True) -> Riverside:
    """The same clinic in the same workspace, once the backup was put back."""
    store = open_store(copies.address(backup), history_key=KEY)
    if noted:
        store.put_back(london(at))
    store.close()
    again, _ = clinic_in(backup, clinic.workspace, at)
    again.chat.passing = clinic.chat.passing
    return again.until(at)


def names(clinic: Riverside) -> list[tuple[str, str]]:
    return [(each.to, each.once) for each in clinic.workspace.messages]


def test_what_was_sent_after_the_backup_is_not_sent_again(clinic: Riverside, tmp_path: Path) -> None:
    before = names(clinic)
    since = [each for each in clinic.workspace.messages if each.posted > london(BACKED_UP)]

    goes_on_with(tmp_path / "backup.db", clinic)

    assert len(since) > 3, "the backup is older than what it must not repeat"
    assert names(clinic) == before


def test_what_is_asked_only_the_next_morning_is_not_sent_again_either(
    clinic: Riverside, tmp_path: Path
) -> None:
    clinic.until("2027-01-13 18:30")
    asked = [each for each in names(clinic) if each[0] in (ALI, JO, FRAN)]

    goes_on_with(tmp_path / "backup.db", clinic, "2027-01-13 18:30").until("2027-01-14 11:00")

    assert len(asked) == 3
    assert [each for each in names(clinic) if each[0] in (ALI, JO, FRAN)] == asked


def test_without_the_note_all_of_it_would_be_sent_again(clinic: Riverside, tmp_path: Path) -> None:
    before = len(clinic.workspace.messages)

    goes_on_with(tmp_path / "backup.db", clinic, noted=False)

    assert len(clinic.workspace.messages) > before + 2


def test_what_had_not_arrived_is_sent(clinic: Riverside, tmp_path: Path) -> None:
    (lost,) = clinic.workspace.of(JO)
    clinic.workspace.messages.remove(lost)

    goes_on_with(tmp_path / "backup.db", clinic)

    assert [each.once for each in clinic.workspace.of(JO)] == [lost.once]


def test_where_nobody_can_be_asked_each_message_comes_once_more_and_not_twice(
    clinic: Riverside, tmp_path: Path
) -> None:
    def nobody_knows(point: str) -> None:
        if point == "find before":
            raise Unsure("nobody can tell")

    clinic.chat.passing = nobody_knows
    again = goes_on_with(tmp_path / "backup.db", clinic)
    again.until("2027-01-13 11:30")

    assert Counter(name for name in names(clinic) if name[0] == JO) == {
        (JO, clinic.workspace.of(JO)[0].once): 2
    }


def test_after_some_days_nothing_is_in_doubt_any_more(clinic: Riverside, tmp_path: Path) -> None:
    again = goes_on_with(tmp_path / "backup.db", clinic)
    asked: list[str] = []
    again.until("2027-01-17 11:01")
    again.chat.passing = asked.append

    again.until("2027-01-20 12:00")

    assert "send before" in asked
    assert "find before" not in asked


def test_what_waited_as_the_backup_was_made_and_went_out_then_is_not_sent_again(tmp_path: Path) -> None:
    clinic, store = clinic_in(tmp_path / "bookend.db")
    clinic.book("2027-02-18 09:30").clock.advance(london("2027-01-12 15:00"))
    tick(clinic.practice)
    copies.back_up(tmp_path / "bookend.db", tmp_path / "backup.db", KEY)
    clinic.until("2027-01-12 15:05")
    before = names(clinic)

    goes_on_with(tmp_path / "backup.db", clinic, "2027-01-12 15:05")

    assert len(before) > 2
    assert names(clinic) == before
    store.close()


def test_what_was_held_when_the_backup_was_made_is_free(tmp_path: Path) -> None:
    clinic, store = clinic_in(tmp_path / "bookend.db")
    clinic.book("2027-02-18 09:30")
    with store.writing() as tx:
        tx.lease(f"sweep:{clinic.clinic.id}", "killed", clinic.clock.now(), timedelta(days=9))
    copies.back_up(tmp_path / "bookend.db", tmp_path / "backup.db", KEY)

    goes_on_with(tmp_path / "backup.db", clinic, "2027-01-12 15:00")

    assert clinic.workspace.of(ALI)
    store.close()
