"""The outbox: never lost, never twice, and never out of order on one card."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.outgoing import Parcel, Verb
from bot.store.store import SqlStore
from bot.store.tables import parcels
from bot.store.writing import SqlTransaction
from tests.store.made import MINUTE, NOW, posting, ref

PREP = "prep:K7Q2:1:jo"
LEASE = 2 * MINUTE


def claimed(work: SqlTransaction, after: timedelta = timedelta(), limit: int = 100) -> list[Parcel]:
    return list(work.claim(NOW + after, LEASE, limit))


def test_a_parcel_is_claimed_once_with_all_that_was_said(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.NUDGE, key="remind:1", at=NOW, text="Still open: skin exam")
        (parcel,) = claimed(work)
        again = claimed(work)

    assert (parcel.card, parcel.verb, parcel.at) == (PREP, Verb.NUDGE, NOW)
    assert (parcel.text, parcel.attempts, parcel.unsure) == ("Still open: skin exam", 0, False)
    assert again == []


def test_ids_are_never_the_same(store: SqlStore) -> None:
    with store.writing() as work:
        for number in range(50):
            work.queue(f"card {number}", Verb.DRAW, key=f"ask:{number}", at=NOW)
        ids = {parcel.id for parcel in claimed(work)}

    assert len(ids) == 50


def test_a_key_is_queued_once_for_ever(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.NUDGE, key="remind:1", at=NOW)
        work.queue(PREP, Verb.NUDGE, key="remind:1", at=NOW)
        (parcel,) = claimed(work)
        work.sent(parcel.id, None, NOW)
        work.queue(PREP, Verb.NUDGE, key="remind:1", at=NOW)

        assert claimed(work) == []


def test_drawings_of_a_card_that_waits_are_one(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask:1", at=NOW)
        work.queue(PREP, Verb.DRAW, key="ask:2", at=NOW + MINUTE)
        work.queue("another card", Verb.DRAW, key="ask:3", at=NOW)
        first, second = claimed(work)
        work.sent(first.id, None, NOW)
        work.sent(second.id, None, NOW)

        assert {first.card, second.card} == {PREP, "another card"}
        assert claimed(work, MINUTE) == []


def test_several_cards_are_drawn_at_once_but_those_that_will_be_drawn_anyway(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue("a card", Verb.DRAW, key="ask:1", at=NOW)
        (over,) = claimed(work)
        work.sent(over.id, None, NOW)
        work.queue(PREP, Verb.DRAW, key="ask:2", at=NOW)
        work.draw({PREP: "draw:1", "another card": "draw:2", "a card": "ask:1"}, NOW)
        work.draw({}, NOW)

        assert [parcel.card for parcel in claimed(work)] == [PREP, "another card"]
        assert claimed(work, MINUTE) == []


def test_a_drawing_that_is_on_its_way_does_not_stand_for_a_later_one(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask:1", at=NOW)
        (first,) = claimed(work)
        work.queue(PREP, Verb.DRAW, key="ask:2", at=NOW)
        work.sent(first.id, None, NOW)
        (second,) = claimed(work)

    assert second.id != first.id


def test_parcels_of_a_card_go_one_by_one_in_the_order_they_were_queued(store: SqlStore) -> None:
    said = [f"line {number}" for number in range(6)]
    heard = []

    with store.writing() as work:
        for text in said:
            work.queue(PREP, Verb.NUDGE, key=text, at=NOW, text=text)
        for _ in said:
            (parcel,) = claimed(work)
            heard.append(parcel.text)
            work.sent(parcel.id, None, NOW)

    assert heard == said


def test_what_a_clock_that_is_behind_queued_later_does_not_overtake_what_is_on_its_way(
    store: SqlStore,
) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (first,) = claimed(work)
        work.queue(PREP, Verb.DRAW, key="redraw", at=NOW - MINUTE)
        early = claimed(work)
        work.sent(first.id, None, NOW)

        assert (early, len(claimed(work))) == ([], 1)


def test_a_parcel_says_whether_another_of_its_card_waits_behind_it(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.NUDGE, key="remind:1", at=NOW)
        work.queue(PREP, Verb.NUDGE, key="remind:2", at=NOW)
        work.queue("board", Verb.DRAW, key="board", at=NOW)
        first, board = claimed(work)
        work.sent(first.id, None, NOW)
        (last,) = claimed(work)

    assert [each.followed for each in (first, board, last)] == [True, False, False]


def test_a_parcel_that_was_put_back_holds_up_the_later_ones_of_its_card(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        work.queue(PREP, Verb.NUDGE, key="remind", at=NOW + MINUTE)
        work.queue("another card", Verb.DRAW, key="other", at=NOW)
        first, other = claimed(work)
        work.sent(other.id, None, NOW)
        work.put_back(first.id, NOW + 5 * MINUTE, "come back later", unsure=False)

        assert claimed(work, 4 * MINUTE) == []
        (again,) = claimed(work, 5 * MINUTE)
    assert (again.id, again.attempts, again.unsure) == (first.id, 1, False)


def test_a_parcel_waits_for_its_time(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW + MINUTE)

        assert claimed(work) == []
        assert len(claimed(work, MINUTE)) == 1


def test_a_parcel_behind_another_has_no_moment_of_its_own(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        work.queue(PREP, Verb.NUDGE, key="remind", at=NOW)
        (first,) = claimed(work)
        work.put_back(first.id, NOW + 5 * MINUTE, "come back later", unsure=False)

        assert work.next_moment() == NOW + 5 * MINUTE


def test_the_oldest_are_claimed_first(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue("c", Verb.DRAW, key="3", at=NOW)
        work.queue("b", Verb.DRAW, key="2", at=NOW - MINUTE)
        work.queue("a", Verb.DRAW, key="1", at=NOW - 2 * MINUTE)
        cards = [parcel.card for parcel in claimed(work, limit=2)]

    assert cards == ["a", "b"]


def test_a_crash_between_claim_and_sending_leaves_no_doubt_and_was_no_try(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        claimed(work)
        claimed(work, LEASE)
        (third,) = claimed(work, 2 * LEASE)
        ours = work.begin(third.id, NOW + 3 * LEASE)
        work.put_back(third.id, NOW, "no reply", unsure=True, attempts=1)
        claimed(work, 3 * LEASE)
        (last,) = claimed(work, 4 * LEASE)

    assert (third.attempts, third.unsure, ours) == (0, False, True)
    assert (last.attempts, last.unsure) == (1, True)


def test_whoever_stood_still_until_another_claimed_a_parcel_may_not_begin_to_send_it(
    store: SqlStore,
) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (slow,) = claimed(work)
        (quick,) = claimed(work, LEASE)

        assert not work.begin(slow.id, NOW + LEASE)
        assert work.begin(quick.id, NOW + 2 * LEASE)
        assert not work.begin(quick.id, NOW + 2 * LEASE)


def test_a_crash_between_sending_and_outcome_comes_back_unsure(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (first,) = claimed(work)
        work.begin(first.id, NOW + LEASE)

    with store.writing() as work:
        assert claimed(work, LEASE - timedelta(microseconds=1)) == []
        (again,) = claimed(work, LEASE)
        work.begin(again.id, NOW + 2 * LEASE)
        (third,) = claimed(work, 2 * LEASE)

    assert (again.id, again.attempts, again.unsure) == (first.id, 1, True)
    assert (third.attempts, third.unsure) == (2, True)


@pytest.mark.parametrize("unsure", [True, False])
def test_what_was_put_back_says_whether_it_may_have_been_posted(store: SqlStore, unsure: bool) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (first,) = claimed(work)
        work.put_back(first.id, NOW, "no reply", unsure=unsure)
        (again,) = claimed(work)

    assert again.unsure is unsure


def test_a_try_that_was_none_is_not_counted(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (first,) = claimed(work)
        work.put_back(first.id, NOW, "no reply", unsure=True)
        (second,) = claimed(work)
        work.put_back(second.id, NOW + MINUTE, "paced", unsure=True, attempts=second.attempts)
        early = claimed(work)
        (third,) = claimed(work, MINUTE)

    assert (second.attempts, early, third.attempts, third.unsure) == (1, [], 1, True)


def test_tries_before_the_one_that_ended_in_a_crash_surely_did_not_arrive_and_no_longer_count(
    store: SqlStore,
) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        for _ in range(3):
            (parcel,) = claimed(work)
            work.put_back(parcel.id, NOW, "away", unsure=False)
        (tried,) = claimed(work)
        work.begin(tried.id, NOW + LEASE)
        (crashed,) = claimed(work, LEASE)

    assert (tried.attempts, tried.unsure) == (3, False)
    assert (crashed.attempts, crashed.unsure) == (1, True)


def test_what_was_sent_notes_where_its_card_stands(store: SqlStore) -> None:
    with store.writing() as work:
        work.post(posting(PREP))
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (parcel,) = claimed(work)
        work.sent(parcel.id, ref("m1"), NOW)

        assert work.posting(PREP) == posting(PREP, ref=ref("m1"))
        assert work.posting_at(ref("m1")) == posting(PREP, ref=ref("m1"))


def test_a_nudge_that_was_sent_leaves_its_card_where_it_stands(store: SqlStore) -> None:
    with store.writing() as work:
        work.post(posting(PREP, ref=ref("m1")))
        work.queue(PREP, Verb.NUDGE, key="remind", at=NOW)
        (parcel,) = claimed(work)
        work.sent(parcel.id, None, NOW)

        assert work.posting(PREP) == posting(PREP, ref=ref("m1"))


def test_what_was_given_up_never_comes_back_and_lets_the_next_one_go(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        work.queue(PREP, Verb.NUDGE, key="remind", at=NOW)
        (first,) = claimed(work)
        work.gave_up(first.id, "the channel is gone", NOW)
        (second,) = claimed(work)
        work.gave_up(second.id, "the channel is gone", NOW)

        assert second.verb is Verb.NUDGE
        assert claimed(work, timedelta(days=1)) == []
        assert work.next_moment() is None


@pytest.mark.parametrize("said", ["put back", "gave up"])
def test_what_arrived_has_arrived_whatever_a_slower_try_says(store: SqlStore, said: str) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        (parcel,) = claimed(work)
        work.sent(parcel.id, None, NOW)
        if said == "put back":
            work.put_back(parcel.id, NOW, "no reply", unsure=True)
        else:
            work.gave_up(parcel.id, "tired", NOW)

        assert claimed(work, timedelta(days=1)) == []
        assert outcome(work, parcel) == "sent"


def outcome(work: SqlTransaction, parcel: Parcel) -> str | None:
    return work._connection.scalar(select(parcels.c.state).where(parcels.c.id == parcel.id))


def test_what_was_queued_in_work_that_failed_was_never_queued(store: SqlStore) -> None:
    with pytest.raises(RuntimeError), store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        raise RuntimeError

    with store.writing() as work:
        assert claimed(work) == []
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
        assert len(claimed(work)) == 1


def test_a_claim_that_failed_is_no_try(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue(PREP, Verb.DRAW, key="ask", at=NOW)
    with pytest.raises(RuntimeError), store.writing() as work:
        claimed(work)
        raise RuntimeError

    with store.writing() as work:
        (parcel,) = claimed(work)

    assert (parcel.attempts, parcel.unsure) == (0, False)
