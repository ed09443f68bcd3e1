"""Destinations: where one program sends, no other does, until it has rested or its lease has run out."""

from datetime import datetime, timedelta
from itertools import count

from bot.core.outgoing import Verb
from bot.core.replies import Address
from bot.store.store import SqlStore
from tests.store.made import MINUTE, NOW, posting

JO, ALI = Address(platform="local", account="jo"), Address(platform="local", account="ali")
SECOND = timedelta(seconds=1)
NUMBERS = count()


def wait_for(store: SqlStore, *whose: Address) -> None:
    """Let a card of its own wait for each of these."""
    with store.writing() as work:
        for to in whose:
            card = f"{to.account}{next(NUMBERS)}"
            work.post(posting(card, to=to))
            work.queue(card, Verb.DRAW, key=card, at=NOW)


def claimed(store: SqlStore, holder: str, now: datetime = NOW, most: int = 10) -> list[str]:
    """Whose cards a program gets."""
    with store.writing() as work:
        found = work.claim(now, MINUTE, most, holder=holder)
        there = work.postings(each.card for each in found)
    return sorted(there[each.card].to.account for each in found)


def test_where_one_sends_no_other_does(store: SqlStore) -> None:
    wait_for(store, JO)
    first = claimed(store, "one")
    wait_for(store, JO, ALI)

    other, again = claimed(store, "two"), claimed(store, "one")

    assert (first, other, again) == (["jo"], ["ali"], ["jo"])


def test_what_waits_where_others_send_does_not_stand_before_the_rest(store: SqlStore) -> None:
    wait_for(store, JO)
    claimed(store, "one")
    wait_for(store, *[JO] * 3, ALI)

    assert claimed(store, "two", most=2) == ["ali"]


def test_whoever_died_holds_a_destination_no_longer_than_its_lease(store: SqlStore) -> None:
    wait_for(store, JO)
    claimed(store, "one")
    wait_for(store, JO)

    just_before, then = (claimed(store, "two", NOW + after) for after in (MINUTE - SECOND, MINUTE))

    # what the first one may have sent comes back along
    assert (just_before, then) == ([], ["jo", "jo"])


def test_a_destination_that_was_left_is_anybodys_after_its_rest(store: SqlStore) -> None:
    wait_for(store, JO)
    claimed(store, "one")
    with store.writing() as work:
        work.leave(JO, "one", NOW + MINUTE, NOW + 5 * SECOND)
    wait_for(store, JO)

    assert [claimed(store, "two", NOW + after * SECOND) for after in (4, 5)] == [[], ["jo"]]


def test_what_was_claimed_anew_is_not_left(store: SqlStore) -> None:
    wait_for(store, JO)
    claimed(store, "one")
    wait_for(store, JO)
    claimed(store, "one", NOW + SECOND)
    with store.writing() as work:
        work.leave(JO, "one", NOW + MINUTE, NOW + SECOND)
    wait_for(store, JO)

    assert claimed(store, "two", NOW + 2 * SECOND) == []


def test_nobody_leaves_what_is_anothers(store: SqlStore) -> None:
    wait_for(store, JO)
    claimed(store, "one")
    with store.writing() as work:
        work.leave(JO, "two", NOW + MINUTE, NOW)
    wait_for(store, JO)

    assert claimed(store, "two") == []


def test_whoever_is_alone_asks_for_no_destination(store: SqlStore) -> None:
    wait_for(store, JO)
    claimed(store, "one")
    wait_for(store, JO)

    assert claimed(store, "") == ["jo"]
