"""Looking at the store: what is found, in which order, and what is said when there is nothing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.case import Session, TaskStatus
from bot.core.errors import NotFound
from bot.core.kinds import Catch
from bot.core.outgoing import Verb
from bot.store.store import SqlStore
from tests.store.made import MINUTE, NOW, add, answer, case, entry, press, task

SKIN = "K7Q2:skin_exam:1:1"


def sessions(days: int) -> tuple[Session, ...]:
    return (Session(number=1, start=NOW + timedelta(days=days), minutes=60),)


def test_an_unknown_case_names_the_nearest_open_ones(store: SqlStore) -> None:
    add(store, code="K7Q2")
    add(store, code="K7Q3", closed=NOW)

    with pytest.raises(NotFound) as told, store.reading() as look:
        look.case("K7Q4")

    assert str(told.value) == "There is no case 'K7Q4'. Did you mean 'K7Q2'?"


def test_an_unknown_task_names_the_nearest_of_its_case(store: SqlStore) -> None:
    add(store, task())

    with pytest.raises(NotFound, match=f"Did you mean '{SKIN}'"), store.reading() as look:
        look.task("K7Q2:skin_exm:1:1")


def test_nonsense_is_no_task(store: SqlStore) -> None:
    with pytest.raises(NotFound, match="There is no task 'nonsense'"), store.reading() as look:
        look.task("nonsense")


def test_tasks_are_sorted_by_due_time_then_step(store: SqlStore) -> None:
    add(store, task("zeta"), task("alpha"), task("early", due=NOW - MINUTE))

    with store.reading() as look:
        steps = [found.step for found in look.tasks("K7Q2")]

    assert steps == ["early", "alpha", "zeta"]


def test_the_tasks_of_a_case_that_is_not_there_are_none(store: SqlStore) -> None:
    with store.reading() as look:
        assert look.tasks("K7Q2") == ()
        assert look.tasks_of(["K7Q2"]) == {"K7Q2": ()}
        assert look.tasks_of([]) == {}


def test_the_tasks_of_many_cases_come_at_once(store: SqlStore) -> None:
    add(store, task("b", due=NOW + MINUTE), task("a"))
    add(store, task(code="M4XD"), code="M4XD")
    others = [f"C{number:04}" for number in range(1100)]

    with store.reading() as look:
        found = look.tasks_of(["M4XD", *others, "K7Q2"])

    assert [each.step for each in found["K7Q2"]] == ["a", "b"]
    assert found["M4XD"] == (task(code="M4XD"),)
    assert len(found) == 1102


def test_open_cases_are_those_of_the_clinic_by_their_start(store: SqlStore) -> None:
    add(store, code="AAAA", sessions=sessions(2))
    add(store, code="BBBB", sessions=sessions(1))
    add(store, code="CCCC", sessions=sessions(1), closed=NOW)
    add(store, code="DDDD", sessions=sessions(1), clinic="hill")

    with store.reading() as look:
        codes = [found.code for found in look.open_cases("riverside")]

    assert codes == ["BBBB", "AAAA"]


def test_a_moved_case_takes_its_new_place_and_a_closed_one_none(store: SqlStore) -> None:
    add(store, code="AAAA", sessions=sessions(1))
    add(store, code="BBBB", sessions=sessions(2))
    add(store, code="CCCC", sessions=sessions(3))

    with store.writing() as work:
        work.change(case("AAAA", sessions=sessions(4)), [], entry("moved"))
        work.change(case("BBBB", sessions=sessions(2), closed=NOW), [], entry("cancelled"))

    with store.reading() as look:
        assert [found.code for found in look.open_cases("riverside")] == ["CCCC", "AAAA"]
        assert look.codes() == {"AAAA", "BBBB", "CCCC"}
        assert look.used(["AAAA", "BBBB", "DDDD"]) == {"AAAA", "BBBB"}


def test_due_are_the_tasks_whose_moment_has_come_the_longest_waiting_first(store: SqlStore) -> None:
    add(
        store,
        task("now"),
        task("waiting", next_prompt_at=NOW - MINUTE),
        task("soon", next_prompt_at=NOW + timedelta(microseconds=1)),
        task("never", next_prompt_at=None),
    )
    add(store, task("elsewhere", "M4XD"), code="M4XD", clinic="hill")

    with store.reading() as look:
        steps = [found.step for found in look.due("riverside", NOW, 10)]
        first = [found.step for found in look.due("riverside", NOW, 1)]

    assert steps == ["waiting", "now"]
    assert first == ["waiting"]


def test_the_next_moment_is_the_first_of_tasks_and_parcels(store: SqlStore) -> None:
    with store.reading() as look:
        assert look.next_moment() is None

    add(store, task(next_prompt_at=NOW + 2 * MINUTE), task("never", next_prompt_at=None))
    with store.reading() as look:
        assert look.next_moment() == NOW + 2 * MINUTE

    with store.writing() as work:
        work.queue("card", Verb.DRAW, key="ask", at=NOW + MINUTE)
        assert work.next_moment() == NOW + MINUTE
        (parcel,) = work.claim(NOW + MINUTE, 10 * MINUTE, 1)
        assert work.next_moment() == NOW + 2 * MINUTE
        work.sent(parcel.id, None, NOW)

    press(store, SKIN)
    with store.reading() as look:
        assert look.next_moment() is None


def test_a_lease_that_ends_is_a_moment_too(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue("card", Verb.DRAW, key="ask", at=NOW)
        work.claim(NOW, MINUTE, 1)

    with store.reading() as look:
        assert look.next_moment() == NOW + MINUTE


def test_history_is_told_whole_or_since_a_moment_of_several_cases(store: SqlStore) -> None:
    add(store, task())
    press(store, SKIN, NOW + MINUTE)
    both = ("NONE", "K7Q2")

    with store.reading() as look:
        assert [line.kind for line in look.history("K7Q2")] == ["opened", "answered"]
        assert [*look.history_since(both, NOW)] == [*both]
        assert look.history_since(both, NOW)["K7Q2"] == look.history("K7Q2")
        assert [line.kind for line in look.history_since(both, NOW + MINUTE)["K7Q2"]] == ["answered"]
        assert look.history_since(both, NOW + 2 * MINUTE) == {"NONE": (), "K7Q2": ()}


def test_a_parcel_behind_another_one_of_its_card_has_no_moment_of_its_own(store: SqlStore) -> None:
    with store.writing() as work:
        work.queue("card", Verb.DRAW, key="ask", at=NOW)
        work.queue("card", Verb.NUDGE, key="remind", at=NOW)
        (first,) = work.claim(NOW, MINUTE, 1)
        work.put_back(first.id, NOW + 5 * MINUTE, "come back later", unsure=False)

        assert work.next_moment() == NOW + 5 * MINUTE


def test_instants_keep_their_microseconds_whatever_zone_they_came_in(store: SqlStore) -> None:
    exact = datetime(2027, 3, 28, 3, 15, 7, 123456, tzinfo=ZoneInfo("Europe/Berlin"))
    add(store, task(due=exact))

    with store.reading() as look:
        found = look.task(SKIN).due

    assert found == datetime(2027, 3, 28, 1, 15, 7, 123456, tzinfo=UTC)
    assert found.utcoffset() == timedelta(0)


def test_every_answer_is_kept_though_one_stands(store: SqlStore) -> None:
    add(store, task())
    first, second = answer(), answer(by="ali", note="looked again", at=NOW + MINUTE)

    with store.writing() as work:
        work.answered(SKIN, first)
        work.answered(SKIN, second)

    with store.reading() as look:
        assert look.answers(SKIN) == (first, second)
        assert look.answers("K7Q2:consent:1:1") == ()


def test_what_was_answered_since_is_told_of_everybody_or_of_one(store: SqlStore) -> None:
    add(store, task())
    add(store, task(code="M4XD"), code="M4XD", clinic="hillside")
    before = answer(at=NOW - MINUTE)
    first = answer(at=NOW, caught=Catch.DEVICE)
    second = answer(at=NOW + MINUTE, by="sam", amends=NOW)
    with store.writing() as work:
        for each in (before, first, second):
            work.answered(SKIN, each)
        work.answered("M4XD:skin_exam:1:1", answer())

    with store.reading() as look:
        assert look.answers_since("riverside", NOW) == ((SKIN, first), (SKIN, second))
        assert look.answers_since("riverside", NOW + 2 * MINUTE) == ()
        assert look.answered_by("riverside", "sam", NOW) == ((SKIN, NOW + MINUTE),)
        assert look.answered_by("riverside", first.by, NOW) == ((SKIN, NOW),)
        assert look.answered_by("hillside", "sam", NOW) == ()


def test_a_case_that_asks_about_a_real_moment_wakes_and_is_found(store: SqlStore) -> None:
    add(store, task(next_prompt_at=NOW + 3 * MINUTE), asks_at=NOW + 2 * MINUTE)
    add(store, task(code="M4XD", next_prompt_at=None), code="M4XD", asks_at=NOW + MINUTE)

    with store.reading() as look:
        assert look.next_prompt() == look.next_moment() == NOW + MINUTE
        assert look.asking("riverside", NOW, 10) == ()
        assert [each.code for each in look.asking("riverside", NOW + 2 * MINUTE, 10)] == ["M4XD", "K7Q2"]
        assert [each.code for each in look.asking("riverside", NOW + 2 * MINUTE, 1)] == ["M4XD"]
        assert look.asking("hillside", NOW + 2 * MINUTE, 10) == ()


def test_a_look_sees_one_state_though_others_write(durable: SqlStore) -> None:
    add(durable, task())

    with durable.reading() as look:
        before = look.case("K7Q2")
        press(durable, SKIN)
        during = look.task(SKIN)

    with durable.reading() as later:
        assert later.task(SKIN).status is TaskStatus.DONE
    assert (before.revision, during.status) == (0, TaskStatus.OPEN)


def test_nobody_waits_for_a_writer_to_look(durable: SqlStore) -> None:
    add(durable, task())

    with durable.writing() as work:
        work.change(case(), [task(late=True)], entry())
        with durable.reading() as look:
            seen = look.task(SKIN)

    assert seen == task()
