"""A whole case in personal chats: the real service, door, outbox and cards, and a connector of our own."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.hands import Hands
from tests.service.clinic import ALI, FRAN, MAX, SAM

pytestmark = pytest.mark.anyio


async def test_a_case_is_confirmed_from_booking_to_the_visit_of_day_7_one_stop_decided() -> None:
    async with at_work(age=52, area_face="yes") as on:
        hands = Hands(on)
        await hands.until("2027-02-17 09:55")
        await on.until("2027-02-17 10:05")
        await a_stop_is_decided(on, hands)
        await hands.until("2027-02-18 09:45")
        inside = on.boards()[-1]
        await hands.until("2027-02-18 10:40")
        (started,) = [each for each in hands.people[MAX].own() if "Finish" in hands.people[MAX].labels(each)]
        await hands.answer(hands.people[MAX], started, "Finish")

        await hands.until("2027-02-25 18:00")

        assert "1 in the room" in inside and "✅ Nothing needs you." in inside
        assert hands.waiting() == set()
        assert "1 in aftercare: K7Q2" in on.boards()[-1]
        nothing_stands_twice(on)


async def a_stop_is_decided(on: AtWork, hands: Hands) -> None:
    """She did not take the antiviral: the physician is asked, and says go on, with a reason."""
    sam, ali = hands.people[SAM], hands.people[ALI]
    asked = sam.card("First antiviral dose")
    (answer,) = [label for label in sam.labels(asked) if label.startswith("Answer")]

    await hands.answer(sam, asked, answer, first_dose_taken="no")

    assert "The physician is told." in sam.reads(asked)
    assert "First antiviral dose taken: no" in on.boards()[-1]
    decision = ali.card("Your decision", "first dose taken: no")
    await hands.answer(ali, decision, "Proceed", reason="Takes it this evening.")
    assert "Proceed" in ali.reads(decision) and "Proceed" not in ali.labels(decision)
    assert "✅ Nothing needs you." in on.boards()[-1]


def nothing_stands_twice(on: AtWork) -> None:
    """One board a day, edited in place, and no card beside its double."""
    boards = Counter(each.splitlines()[0] for each in on.boards())
    assert set(boards.values()) == {1}
    for name in (ALI, SAM, MAX, FRAN):
        assert max(Counter(on.stands(name)).values()) == 1
