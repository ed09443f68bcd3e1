"""People press at once, instances work side by side and processes die: real threads and real processes."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from bot.core.case import TaskStatus
from bot.core.errors import Conflict
from bot.core.outgoing import Verb
from bot.core.replies import Address
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, MINUTE, NOW, add, answer, case, entry, posting, task

ROOT = Path(__file__).parents[2]
ROUNDS = 20
SKIN, CONSENT = "K7Q2:skin_exam:1:1", "K7Q2:consent:1:1"

on_postgres = pytest.mark.parametrize(
    "url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def instances(url: str) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two stores of one database, as two processes have them; in memory they are one and the same."""
    first = open_store(url, history_key=KEY)
    second = first if url == "sqlite://" else open_store(url, history_key=KEY)
    yield first, second
    second.close()
    first.close()


def at_once(*things: Callable[[], Any]) -> list[Any]:
    """Do things in threads that start together; return what each of them gave, or the Conflict it met."""
    start = Barrier(len(things))

    def do(thing: Callable[[], Any]) -> Any:
        start.wait(30)
        try:
            return thing()
        except Conflict as lost:
            return lost

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(do, things))


def pressing(store: SqlStore, key: str, person: str) -> Callable[[], str]:
    """Look at a task as one does before pressing; what is returned presses."""
    with store.reading() as look:
        seen, its_case = look.task(key), look.case("K7Q2")
    given = answer(by=person)
    done = replace(seen, status=TaskStatus.DONE, answer=given)

    def press() -> str:
        with store.writing() as work:
            work.answered(key, given)
            work.change(its_case, [done], replace(entry(), by=person))
        return person

    return press


@pytest.mark.parametrize("other", [SKIN, CONSENT], ids=["same task", "another task of the case"])
def test_of_two_people_who_answer_at_once_one_wins_and_one_is_told(
    instances: tuple[SqlStore, SqlStore], other: str
) -> None:
    add(instances[0], task(), task("consent"))
    winners = []

    for _ in range(ROUNDS):
        said = at_once(pressing(instances[0], SKIN, "jo"), pressing(instances[1], other, "max"))
        winners += [each for each in said if not isinstance(each, Conflict)]

    assert len(winners) == ROUNDS
    with instances[0].reading() as look:
        assert look.case("K7Q2").revision == ROUNDS
        assert [line.by for line in look.history("K7Q2")][1:] == winners
        kept = [given.by for key in {SKIN, other} for given in look.answers(key)]
    assert sorted(kept) == sorted(winners)
    assert instances[0].verify() == []


@on_postgres
def test_of_two_instances_that_look_and_write_in_step_one_wins(instances: tuple[SqlStore, SqlStore]) -> None:
    add(instances[0], task())
    both_looked = Barrier(2)

    def look_and_press(store: SqlStore) -> bool:
        with store.writing() as work:
            seen, its_case = work.task(SKIN), work.case("K7Q2")
            both_looked.wait(30)
            work.change(its_case, [replace(seen, rung=seen.rung + 1)], entry("reminded"))
        return True

    for turn in range(ROUNDS):
        said = at_once(*(lambda store=store: look_and_press(store) for store in instances))
        assert said.count(True) == 1
        with instances[0].reading() as look:
            assert (look.task(SKIN).rung, look.case("K7Q2").revision) == (turn + 1, turn + 1)
    assert instances[0].verify() == []


def test_work_on_different_cases_does_not_conflict(instances: tuple[SqlStore, SqlStore]) -> None:
    codes = ["K7Q2", "M4XD", "P9WR", "T3HN"]
    for code in codes:
        add(instances[0], task(code=code), code=code)

    def work_on(code: str, store: SqlStore) -> str:
        for _ in range(10):
            with store.writing() as work:
                work.change(work.case(code), [work.task(f"{code}:skin_exam:1:1")], entry())
        return code

    said = at_once(*(lambda c=code, s=instances[n % 2]: work_on(c, s) for n, code in enumerate(codes)))

    assert said == codes
    assert instances[0].verify() == []


def test_a_parcel_is_claimed_by_one_and_cards_keep_their_order(instances: tuple[SqlStore, SqlStore]) -> None:
    cards = [f"card {number}" for number in range(10)]
    with instances[0].writing() as work:
        for number in range(50):
            work.queue(cards[number % 10], Verb.NUDGE, key=f"{number}", at=NOW, text=f"{number:02}")

    def deliver(store: SqlStore) -> list[tuple[str, str]]:
        mine: list[tuple[str, str]] = []
        while True:
            with store.writing() as work:
                parcels = work.claim(NOW, MINUTE, 3)
            if not parcels and store_is_empty(store):
                return mine
            for parcel in parcels:
                mine.append((parcel.card, parcel.text))
                with store.writing() as work:
                    work.sent(parcel.id, None, NOW)

    delivered = at_once(*(lambda store=store: deliver(store) for store in instances * 2))

    everything = [each for mine in delivered for each in mine]
    assert len(everything) == len(set(everything)) == 50
    for mine in delivered:
        for card in cards:
            heard = [text for of, text in mine if of == card]
            assert heard == sorted(heard)


def store_is_empty(store: SqlStore) -> bool:
    with store.reading() as look:
        return look.next_moment() is None


@pytest.mark.parametrize("turn", range(3))
def test_only_one_may_sweep_ask_or_take_a_delivery(instances: tuple[SqlStore, SqlStore], turn: int) -> None:
    def only_once(store: SqlStore, name: str) -> tuple[bool, bool]:
        with store.writing() as work:
            return work.lease("sweep", name, NOW, MINUTE), bool(work.asked("card", [task()], NOW))

    def remember(store: SqlStore) -> bool:
        with store.writing() as work:
            work.remember("click:1", "Thanks", NOW)
        return True

    names = "abcd"
    said = at_once(*(lambda s=instances[n % 2], n=n: only_once(s, names[n]) for n in range(4)))
    taken = at_once(*(lambda s=store: remember(s) for store in instances * 2))

    assert [sum(column) for column in zip(*said, strict=True)] == [1, 1]
    assert taken.count(True) == 1


@on_postgres
def test_a_drawing_that_stands_for_a_later_one_is_not_claimed_before_it(
    instances: tuple[SqlStore, SqlStore],
) -> None:
    with instances[0].writing() as work:
        work.queue("card", Verb.DRAW, key="ask:1", at=NOW)

    with ExitStack() as both:
        changing = both.enter_context(instances[0].writing())
        changing.queue("card", Verb.DRAW, key="ask:2", at=NOW)
        delivering = both.enter_context(instances[1].writing())
        too_early = delivering.claim(NOW, MINUTE, 10)

    with instances[1].writing() as work:
        assert too_early == ()
        assert len(work.claim(NOW, MINUTE, 10)) == 1


@on_postgres
def test_a_drawing_that_is_being_claimed_does_not_stand_for_a_later_one(
    instances: tuple[SqlStore, SqlStore],
) -> None:
    with instances[0].writing() as work:
        work.queue("card", Verb.DRAW, key="ask:1", at=NOW)

    def change() -> None:
        with instances[1].writing() as work:
            work.queue("card", Verb.DRAW, key="ask:2", at=NOW)

    changing = Thread(target=change)
    with instances[0].writing() as work:
        (first,) = work.claim(NOW, MINUTE, 10)
        changing.start()
        changing.join(0.3)
    changing.join()

    with instances[0].writing() as work:
        work.sent(first.id, None, NOW)
        assert len(work.claim(NOW, MINUTE, 10)) == 1


DYING = """
import os, sys
from bot.store.store import open_store
from tests.store.made import *
store = open_store(sys.argv[1], history_key=KEY)
add(store, code="M4XD")
with store.writing() as work:
    work.add_case(case(), [task()], entry("opened"))
    work.change(work.case("M4XD"), [], entry())
    os.kill(os.getpid(), 9)
"""


def test_a_process_that_is_killed_keeps_what_it_finished_and_nothing_else(
    durable: SqlStore, durable_url: str
) -> None:
    died = subprocess.run([sys.executable, "-c", DYING, durable_url], check=False, cwd=ROOT)

    assert died.returncode == -9
    with durable.reading() as look:
        assert look.codes() == {"M4XD"}
        assert look.case("M4XD") == case("M4XD")
    assert durable.verify() == []
    add(durable, task())


@on_postgres
def test_of_two_that_claim_at_once_each_destination_is_one_programs(
    instances: tuple[SqlStore, SqlStore],
) -> None:
    people = [Address(platform="local", account=f"someone{number}") for number in range(12)]
    with instances[0].writing() as work:
        for number in range(ROUNDS * len(people)):
            work.post(posting(f"card{number}", to=people[number % len(people)]))
            work.queue(f"card{number}", Verb.DRAW, key=f"card{number}", at=NOW)

    def claiming(store: SqlStore, holder: str) -> Callable[[], set[str]]:
        def claim() -> set[str]:
            whose: set[str] = set()
            for _ in range(ROUNDS):
                with store.writing() as work:
                    found = work.claim(NOW, MINUTE, 7, holder=holder)
                    cards = work.postings(each.card for each in found)
                whose |= {cards[each.card].to.account for each in found}
            return whose

        return claim

    one, two = at_once(claiming(instances[0], "one"), claiming(instances[1], "two"))

    assert one & two == set()
    assert one | two == {each.account for each in people}
