"""A case and its tasks change only as they were read, together with the history that says so."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.case import TaskStatus
from bot.core.errors import Conflict
from bot.store.store import SqlStore
from tests.store.made import NOW, add, case, entry, press, task

SKIN = "K7Q2:skin_exam:1:1"


def test_a_case_comes_back_as_it_was_added(store: SqlStore) -> None:
    added = add(store, task())

    with store.reading() as look:
        found, tasks = look.case("K7Q2"), look.tasks("K7Q2")

    assert found == added
    assert tasks == (task(),)


def test_a_change_raises_the_revisions_and_keeps_everything_else(store: SqlStore) -> None:
    add(store, task())
    moved = replace(task(), due=NOW + timedelta(days=1), reopened=True)

    with store.writing() as work:
        work.change(replace(case(), facts={"smoker": "yes"}), [moved], entry("moved"))

    with store.reading() as look:
        assert look.case("K7Q2") == replace(case(), facts={"smoker": "yes"}, revision=1)
        assert look.task(SKIN) == replace(moved, revision=1)


def test_a_change_leaves_the_other_tasks_and_cases_alone(store: SqlStore) -> None:
    add(store, task(), task("consent"))
    add(store, task(code="M4XD"), code="M4XD")

    press(store, SKIN)

    with store.reading() as look:
        assert look.task("K7Q2:consent:1:1") == task("consent")
        assert look.task("M4XD:skin_exam:1:1") == task(code="M4XD")
        assert look.case("M4XD") == case("M4XD")


def test_a_task_that_is_not_stored_is_added(store: SqlStore) -> None:
    add(store, task())

    with store.writing() as work:
        work.change(case(), [task("smoker_advice")], entry("fact"))

    with store.reading() as look:
        assert look.task("K7Q2:smoker_advice:1:1") == task("smoker_advice")


def test_a_task_that_somebody_else_changed_is_a_conflict_and_nothing_happens(store: SqlStore) -> None:
    add(store, task(), task("consent"))
    press(store, SKIN)
    now_open = replace(case(), revision=1)

    with pytest.raises(Conflict, match="look again"), store.writing() as work:
        work.change(now_open, [task("consent", late=True), task(late=True)], entry())

    with store.reading() as look:
        assert look.task("K7Q2:consent:1:1") == task("consent")
        assert look.case("K7Q2").revision == 1
        assert [line.kind for line in look.history("K7Q2")] == ["opened", "answered"]


def test_a_case_that_somebody_else_changed_is_a_conflict_and_nothing_happens(store: SqlStore) -> None:
    add(store, task(), task("consent"))
    press(store, SKIN)

    with pytest.raises(Conflict, match="look again"), store.writing() as work:
        work.change(case(), [task("consent", late=True)], entry())

    with store.reading() as look:
        assert look.task("K7Q2:consent:1:1") == task("consent")


def test_a_case_that_was_never_added_cannot_be_changed(store: SqlStore) -> None:
    with pytest.raises(Conflict), store.writing() as work:
        work.change(case(), [task()], entry())


def test_a_case_code_is_taken_once_and_for_ever(store: SqlStore) -> None:
    add(store, closed=NOW)

    with pytest.raises(Conflict), store.writing() as work:
        work.add_case(case(), [], entry("opened"))

    with store.reading() as look:
        assert look.codes() == {"K7Q2"}


def test_a_task_of_another_case_is_refused(store: SqlStore) -> None:
    add(store)
    add(store, code="M4XD")

    with pytest.raises(ValueError, match="M4XD"), store.writing() as work:
        work.change(case(), [task(code="M4XD")], entry())


def test_two_changes_in_one_piece_of_work_follow_each_other(store: SqlStore) -> None:
    add(store, task())

    with store.writing() as work:
        work.change(work.case("K7Q2"), [replace(work.task(SKIN), rung=1)], entry("asked"))
        work.change(work.case("K7Q2"), [replace(work.task(SKIN), rung=2)], entry("reminded"))

    with store.reading() as look:
        assert (look.task(SKIN).rung, look.task(SKIN).revision) == (2, 2)
        assert [line.kind for line in look.history("K7Q2")] == ["opened", "asked", "reminded"]


def test_many_tasks_change_at_once(store: SqlStore) -> None:
    steps = [f"step_{number:04}" for number in range(1200)]
    add(store, *(task(step) for step in steps))

    with store.writing() as work:
        work.change(case(), [task(step, status=TaskStatus.VOID) for step in steps], entry("cancelled"))

    with store.reading() as look:
        assert {found.status for found in look.tasks("K7Q2")} == {TaskStatus.VOID}


def test_the_line_of_history_says_which_states_changed(store: SqlStore) -> None:
    add(store, task(), task("consent"))
    done = task(status=TaskStatus.DONE)

    with store.writing() as work:
        work.change(case(), [done, task("consent", late=True), task("new_one")], entry("fact", fact="smoker"))

    with store.reading() as look:
        opened, changed = look.history("K7Q2")
    assert opened == entry("opened")
    assert changed.detail == {
        "fact": "smoker",
        "changed": {SKIN: "open>done", "K7Q2:new_one:1:1": "new>open"},
    }


def test_an_exception_undoes_everything(store: SqlStore) -> None:
    add(store, task())

    with pytest.raises(RuntimeError, match="the power went"), store.writing() as work:
        work.add_case(case("M4XD"), [task(code="M4XD")], entry("opened"))
        work.change(case(), [task(late=True)], entry())
        raise RuntimeError("the power went")

    with store.reading() as look:
        assert look.codes() == {"K7Q2"}
        assert look.task(SKIN) == task()
        assert len(look.history("K7Q2")) == 1
    assert store.verify() == []


@pytest.mark.parametrize("name", ["due", "floor", "next_prompt_at"])
def test_a_naive_time_is_refused(store: SqlStore, name: str) -> None:
    naive = task(**{name: datetime(2027, 1, 4, 9, 30)})

    with pytest.raises(ValueError, match="naive datetime"), store.writing() as work:
        work.add_case(case(), [naive], entry("opened"))

    with store.reading() as look:
        assert look.codes() == frozenset()


def test_a_value_that_only_looks_the_same_is_written(store: SqlStore) -> None:
    add(store, task(), facts={"dose": 1})

    with store.writing() as work:
        read = work.case("K7Q2")
        work.change(replace(read, facts={"dose": True}), [replace(work.task(SKIN), late=True)], entry("fact"))

    with store.reading() as look:
        assert look.case("K7Q2").facts["dose"] is True
        assert look.task(SKIN) == task(late=True, revision=1)


def test_several_changes_in_one_unit_of_work_each_start_from_the_one_before(store: SqlStore) -> None:
    add(store, task())
    days = [NOW + timedelta(days=day) for day in (1, 2)]

    with store.writing() as work:
        for day in days:
            its = [replace(each, due=day) for each in work.tasks("K7Q2")]
            work.change(replace(work.case("K7Q2"), booked=day), its, entry("moved"))

    with store.reading() as look:
        assert look.case("K7Q2") == case(booked=days[1], revision=2)
        assert look.tasks("K7Q2") == (task(due=days[1], revision=2),)


def test_what_was_read_at_an_older_revision_is_a_conflict(store: SqlStore) -> None:
    add(store, task())
    with store.reading() as look:
        old = look.task(SKIN)
    press(store, SKIN)

    with pytest.raises(Conflict), store.writing() as work:
        now = work.case("K7Q2")
        work.task(SKIN)
        work.change(now, [replace(old, late=True)], entry("moved"))
