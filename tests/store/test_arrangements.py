"""Arrangements: what a clinic arranged stands until it is ended, and nobody's change is overwritten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.errors import Conflict
from bot.core.outgoing import Arrangement
from bot.store.store import SqlStore
from tests.store.made import MINUTE, NOW


def hold(key: str = "laser-b", **changes: Any) -> Arrangement:
    made = Arrangement(
        kind="hold",
        key=key,
        clinic="riverside",
        by="kit",
        at=NOW,
        detail={"why": "fault", "rooms": ["room-2"]},
    )
    return replace(made, **changes)


def test_what_was_arranged_is_read_back_as_it_was(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.arrange(hold())

    with store.reading() as reading:
        found = reading.arrangement("hold", "laser-b")

    assert found == hold(revision=1)


def test_arrangements_of_a_clinic_and_kind_come_oldest_first_without_the_ended(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.arrange(hold("late", at=NOW + MINUTE))
        tx.arrange(hold("early"))
        tx.arrange(hold("over", ended=NOW + timedelta(hours=1)))
        tx.arrange(hold("elsewhere", clinic="hilltop"))
        tx.arrange(hold("early", kind="room"))

        found = tx.arrangements("riverside", "hold")

    assert [each.key for each in found] == ["early", "late"]


def test_several_kinds_are_looked_up_at_once_and_a_change_of_one_is_seen(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.arrange(hold())
        tx.arrange(hold("r1", kind="room"))

        both = tx.arrangements("riverside", "hold", "room", "look")
        tx.arrange(hold("second", at=NOW + MINUTE))
        tx.arrange(replace(both[1], ended=NOW))

        assert [each.key for each in both] == ["laser-b", "r1"]
        assert [each.key for each in tx.arrangements("riverside", "hold")] == ["laser-b", "second"]
        assert tx.arrangements("riverside", "room", "look") == ()


def test_what_is_there_already_is_not_arranged_anew(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.arrange(hold())

        with pytest.raises(Conflict):
            tx.arrange(hold(by="ali"))

        assert tx.arrangement("hold", "laser-b") == hold(revision=1)


def test_a_change_under_an_old_revision_is_refused_and_changes_nothing(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.arrange(hold())
        read = tx.arrangement("hold", "laser-b")
        assert read is not None
        tx.arrange(replace(read, detail={"why": "mended"}))

        with pytest.raises(Conflict):
            tx.arrange(replace(read, ended=NOW))

        assert tx.arrangement("hold", "laser-b") == hold(detail={"why": "mended"}, revision=2)


def test_one_that_ended_is_still_found_by_its_name(store: SqlStore) -> None:
    with store.writing() as tx:
        tx.arrange(hold(ended=NOW))

        assert tx.arrangements("riverside", "hold") == ()
        assert tx.arrangement("hold", "laser-b") == hold(ended=NOW, revision=1)
