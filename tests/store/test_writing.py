"""Cards, deliveries, playbooks, overrides and leases: each is written once, and once is enough."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import Override
from bot.core.errors import Conflict, NotFound
from bot.core.outgoing import Verb
from bot.core.replies import Address, MessageRef
from bot.store.store import SqlStore
from tests.store.made import MINUTE, NOW, add, case, entry, posting, ref, task
from tests.store.statements import statements

PREP = "prep:K7Q2:1:jo"


def test_a_posting_comes_back_with_all_that_it_is(store: SqlStore) -> None:
    to = Address(platform="slack", account="U0JO", channel="D0JO")
    whole = posting(PREP, to=to, session=2, day=date(2027, 1, 4), ref=ref(), closed=True)

    with store.writing() as work:
        work.post(whole)
        work.post(posting("worklist:jo", case=""))

        assert work.posting(PREP) == whole
        assert work.posting("worklist:jo") == posting("worklist:jo", case="")
        assert work.posting("nothing") is None


def test_posting_again_changes_where_it_stands_and_whether_it_is_closed_and_nothing_else(
    store: SqlStore,
) -> None:
    with store.writing() as work:
        work.post(posting(PREP, ref=ref("m1")))
        work.post(posting(PREP, person="max", ref=ref("m2"), closed=True))

        assert work.posting(PREP) == posting(PREP, ref=ref("m2"), closed=True)
        assert work.posting_at(ref("m1")) is None


def test_a_posting_that_was_read_before_it_was_sent_forgets_no_reference(store: SqlStore) -> None:
    with store.writing() as work:
        work.post(posting(PREP, ref=ref("m1")))
        work.post(posting(PREP, closed=True))

        assert work.posting(PREP) == posting(PREP, ref=ref("m1"), closed=True)


def test_lines_stay_in_the_order_they_were_put_on(store: SqlStore) -> None:
    with store.writing() as work:
        work.put_on(PREP, ["b", "a"])
        work.put_on(PREP, ["a", "c", "b"])
        work.put_on("another card", ["c"])
        work.put_on("an empty card", [])

        assert work.lines(PREP) == ("b", "a", "c")
        assert work.lines("an empty card") == ()


def test_a_task_knows_every_card_it_is_on(store: SqlStore) -> None:
    with store.writing() as work:
        for card in ("one", "two", "three"):
            work.post(posting(card))
        work.put_on("two", ["a"])
        work.put_on("one", ["b", "a"])
        work.put_on("a card that was never posted", ["a"])

        found = work.postings_of(["a", "c"])

    assert found == {"a": (posting("two"), posting("one")), "c": ()}


def test_cards_are_looked_at_on_the_way_to_those_of_tasks(store: SqlStore) -> None:
    with store.writing() as work:
        for card in ("one", "two", "three"):
            work.post(posting(card))
        work.put_on("two", ["a"])
        work.put_on("one", ["b", "a"])

    with store.reading() as look, statements() as asked:
        found = look.postings_of(["a", "c"], also=["three", "two", "none"])
        also = look.postings(["two", "three", "none"])
        none = look.postings_of([], also=["one"]), look.posting("one")

    assert found == {"a": (posting("two"), posting("one")), "c": ()}
    assert also == {"three": posting("three"), "two": posting("two")}
    assert none == ({}, posting("one"))
    assert len(asked) == 2


def test_a_task_was_asked_last_where_its_newest_word_went_out(store: SqlStore) -> None:
    with store.writing() as work:
        for card in ("one", "two", "three"):
            work.post(posting(card))
        work.asked("two", [task(rung=1), task("consent")], NOW)
        work.asked("three", [task(asking=2)], NOW)
        work.asked("one", [task(asking=2, rung=1)], NOW)

        found = work.asked_on([task().key, task("consent").key, "a"])

    assert found == {task().key: posting("one"), task("consent").key: posting("two")}


def test_a_card_that_is_moved_is_posted_anew_and_its_message_forgotten(store: SqlStore) -> None:
    there = Address(platform="slack", channel="C0THERE")
    with store.writing() as work:
        work.post(replace(posting("one"), ref=MessageRef(platform="slack", channel="D0JO", message="1")))
        before = work.postings_in("riverside", posting("one").to)
        work.move("one", there)
        after = work.posting("one")

    assert [each.key for each in before] == ["one"]
    assert after == replace(posting("one"), to=there)


def test_what_goes_to_a_place_is_found_there_until_it_is_closed(store: SqlStore) -> None:
    with store.writing() as work:
        work.post(posting("one"))
        work.post(replace(posting("two"), closed=True))
        work.post(replace(posting("three"), to=Address(platform="slack", channel="C0THERE")))
        work.post(replace(posting("four"), clinic="hillside"))

        found = work.postings_in("riverside", posting("one").to)

    assert [each.key for each in found] == ["one"]


def test_a_rung_goes_out_once(store: SqlStore) -> None:
    with store.writing() as work:
        first = work.asked(PREP, [task()], NOW)
        again = work.asked("another card", [task(), task("consent")], NOW)
        others = [work.asked(PREP, [each], NOW) for each in (task(rung=1), task(asking=2))]

    assert (first, again, others) == ({task().key}, {task("consent").key}, [{task().key}] * 2)


def test_a_delivery_is_remembered_with_what_was_said(store: SqlStore) -> None:
    with store.writing() as work:
        new = work.seen("click:1")
        work.remember("click:1", '{"text": "Thanks, Jo"}', NOW)

    with store.reading() as look:
        assert (new, look.seen("click:1")) == (None, '{"text": "Thanks, Jo"}')
        assert look.seen("click:2") is None


def test_a_unit_of_work_sees_the_card_that_it_posts_and_where_it_stands(store: SqlStore) -> None:
    card = posting()
    with store.writing() as work:
        before = work.posting(card.key)
        work.post(card)
        posted = work.posting(card.key)
        work.queue(card.key, Verb.DRAW, key="ask", at=NOW)
        (parcel,) = work.claim(NOW, MINUTE, 1)
        work.sent(parcel.id, ref(), NOW)

        assert (before, posted) == (None, card)
        assert work.posting(card.key) == replace(card, ref=ref())


def test_a_delivery_that_is_known_is_a_conflict_that_undoes_the_work(store: SqlStore) -> None:
    with store.writing() as work:
        work.remember("click:1", "Thanks", NOW)

    with pytest.raises(Conflict), store.writing() as work:
        work.put_on(PREP, ["a"])
        work.remember("click:1", "Thanks again", NOW)

    with store.reading() as look:
        assert look.seen("click:1") == "Thanks"
        assert look.lines(PREP) == ()


def test_a_playbook_version_is_kept_as_it_was_first(store: SqlStore) -> None:
    texts = {"abl.yaml": "playbook: abl\ntitle: CO₂\n", "facts.yaml": "smoker: {}"}

    with store.writing() as work:
        work.keep_playbook("0f", "abl", texts)
        work.keep_playbook("0f", "naf", {})

        assert work.kept_playbook("0f") == ("abl", texts)
        assert work.kept_playbook("f0") is None


def test_overrides_stay_with_their_case_in_the_order_they_were_given(store: SqlStore) -> None:
    add(store)
    add(store, code="M4XD")
    first, second = (
        Override(session=1, gate=gate, by="ali", at=NOW, reason="second look")
        for gate in ("huddle", "arrival")
    )

    with store.writing() as work:
        work.override("K7Q2", first)
        work.override("K7Q2", second)

        assert work.overrides(["K7Q2", "M4XD"]) == {"K7Q2": (first, second), "M4XD": ()}


def test_a_lease_is_held_by_one_until_it_ends(store: SqlStore) -> None:
    with store.writing() as work:
        assert work.lease("sweep:riverside", "one", NOW, MINUTE)
        assert not work.lease("sweep:riverside", "two", NOW, MINUTE)
        assert work.lease("sweep:hill", "two", NOW, MINUTE)
        assert work.lease("sweep:riverside", "one", NOW + MINUTE / 2, MINUTE)
        assert not work.lease("sweep:riverside", "two", NOW + MINUTE, MINUTE)
        assert work.lease("sweep:riverside", "two", NOW + 1.5 * MINUTE, MINUTE)


def test_a_lease_is_given_back_with_no_time_left(store: SqlStore) -> None:
    with store.writing() as work:
        work.lease("sweep:riverside", "one", NOW, MINUTE)
        work.lease("sweep:riverside", "one", NOW, 0 * MINUTE)

        assert work.lease("sweep:riverside", "two", NOW, MINUTE)


ODD = ["a\0b", "half a pair \ud83d", "CO₂ 😀 ‏", "x" * 2000, "'; DROP TABLE cases; --", "100 %s :x"]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_people_write_is_kept_or_shown_as_a_question_mark(store: SqlStore, odd: str) -> None:
    with store.writing() as work:
        work.remember("click:1", odd, NOW)

    with store.reading() as look:
        assert look.seen("click:1") == odd.replace("\0", "?").replace("\ud83d", "?")


@pytest.mark.parametrize("odd", ODD)
def test_whatever_people_ask_for_is_found_or_not_there(store: SqlStore, odd: str) -> None:
    add(store)

    with store.writing() as work:
        with pytest.raises(NotFound, match="There is no case"):
            work.case(odd)
        with pytest.raises(NotFound, match="There is no task"):
            work.task(odd)
        assert work.tasks_of([odd]) == {odd: ()}
        assert work.seen(odd) is None
        assert work.posting_at(ref(odd)) is None
        assert work.asked(odd, [task(odd)], NOW)


@pytest.mark.parametrize("odd", ODD)
def test_the_chain_holds_whoever_it_names(store: SqlStore, odd: str) -> None:
    with store.writing() as work:
        work.add_case(case(), [], replace(entry("opened", note=odd), by=odd))

    assert store.verify() == []
