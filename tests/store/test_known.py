"""What is remembered of cases that were read: it is always what a look would find."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.core.case import Case, Task, TaskStatus
from bot.core.errors import Conflict
from bot.core.outgoing import Change
from bot.store.batches import CASES
from bot.store.known import Kept, Known
from bot.store.store import SqlStore, open_store
from tests.store.made import KEY, MINUTE, NOW, add, answer, case, entry, press, task
from tests.store.statements import statements

SKIN = "K7Q2:skin_exam:1:1"
LATER = NOW + timedelta(days=1)


def tasks_seen(store: SqlStore, code: str = "K7Q2") -> tuple[Task, ...]:
    with store.reading() as look:
        look.case(code)
        return look.tasks(code)


def case_seen(store: SqlStore) -> Case:
    with store.reading() as look:
        return look.case("K7Q2")


def test_a_change_is_seen_though_the_case_was_read_before(store: SqlStore) -> None:
    add(store, task())
    before = tasks_seen(store)

    press(store, SKIN)

    with store.reading() as look:
        now = look.case("K7Q2").revision, look.tasks("K7Q2")
    assert before == (task(),)
    assert now == (1, (look_at(store, SKIN),))


def look_at(store: SqlStore, key: str) -> Task:
    with store.reading() as look:
        return look.task(key)


def test_a_change_of_another_instance_is_seen(durable_url: str, durable: SqlStore) -> None:
    add(durable, task())
    other = open_store(durable_url, history_key=KEY)
    tasks_seen(durable), tasks_seen(other)

    press(other, SKIN)

    assert tasks_seen(durable) == tasks_seen(other) == (look_at(durable, SKIN),)
    other.close()


def test_a_unit_of_work_sees_what_it_changed_itself(store: SqlStore) -> None:
    add(store, task())
    tasks_seen(store)

    with store.writing() as work:
        read = work.case("K7Q2"), work.tasks("K7Q2")
        work.change(work.case("K7Q2"), [task(due=LATER)], entry("moved"))
        at_once = work.tasks("K7Q2")
        again = work.case("K7Q2"), work.tasks("K7Q2")

    assert read == (case(), (task(),))
    assert at_once == (task(due=LATER, revision=1),)
    assert again == (case(revision=1), at_once)


def test_what_was_undone_is_not_remembered_though_its_revision_comes_back(store: SqlStore) -> None:
    add(store, task())

    with pytest.raises(ZeroDivisionError), store.writing() as work:
        work.change(work.case("K7Q2"), [task(due=LATER)], entry("moved"))
        work.case("K7Q2"), work.tasks("K7Q2")
        raise ZeroDivisionError
    with store.writing() as work:
        work.change(work.case("K7Q2"), [task(due=NOW - MINUTE)], entry("moved"))

    assert tasks_seen(store) == (task(due=NOW - MINUTE, revision=1),)


def test_what_was_written_is_known_as_a_look_would_find_it(durable_url: str, durable: SqlStore) -> None:
    add(durable, task(), task("second", due=NOW + MINUTE)), tasks_seen(durable)
    paris = timezone(timedelta(hours=1))
    said = answer(at=NOW.astimezone(paris), note="\ud83d \0", values={"n": True, "days": (NOW.date(),)})
    change = {"due": LATER.astimezone(paris), "answer": said, "holder": "jo\0", "status": TaskStatus.DONE}

    with durable.writing() as work:
        work.tasks("K7Q2")
        work.change(
            replace(work.case("K7Q2"), facts={"smoker": True}, closed=LATER.astimezone(paris)),
            [task(**change), task("new", due=LATER)],
            entry(),
        )
    with statements() as asked:
        known, case = tasks_seen(durable), case_seen(durable)

    other = open_store(durable_url, history_key=KEY)
    assert repr(known) == repr(tasks_seen(other))
    assert repr(case) == repr(case_seen(other))
    assert [each.step for each in known] == ["second", "new", "skin_exam"]
    assert not [each for each in asked if "FROM tasks" in each or "cases.facts" in each]
    other.close()


def test_a_case_of_which_only_moments_changed_is_known_as_a_look_would_find_it(
    durable_url: str, durable: SqlStore
) -> None:
    add(durable, task()), tasks_seen(durable)
    paris = timezone(timedelta(hours=1))

    for closed in (LATER, NOW.astimezone(paris), None):
        with durable.writing() as work:
            work.change(replace(work.case("K7Q2"), closed=closed), (), entry())
        other = open_store(durable_url, history_key=KEY)
        assert repr(case_seen(durable)) == repr(case_seen(other))
        other.close()


def test_one_look_asks_for_a_case_once(store: SqlStore) -> None:
    add(store, task()), tasks_seen(store)

    with store.reading() as look, statements() as asked:
        look.case("K7Q2"), look.tasks("K7Q2"), look.task(SKIN), look.cases(["K7Q2"])

    assert len([each for each in asked if "FROM cases" in each or "FROM tasks" in each]) == 1


def test_what_was_undone_is_not_remembered_though_another_instance_wrote_its_revision(
    durable_url: str, durable: SqlStore
) -> None:
    add(durable, task())
    other = open_store(durable_url, history_key=KEY)

    with pytest.raises(ZeroDivisionError), durable.writing() as work:
        seen, _ = work.case("K7Q2"), work.tasks("K7Q2")
        work.change(seen, [task(due=LATER)], entry("moved"))
        raise ZeroDivisionError
    with other.writing() as work:
        work.change(work.case("K7Q2"), [task(due=NOW - MINUTE)], entry("moved"))

    assert tasks_seen(durable) == (task(due=NOW - MINUTE, revision=1),)
    other.close()


def test_open_cases_are_those_of_now_in_their_order(store: SqlStore) -> None:
    add(store, code="M4XD"), add(store, code="K7Q2")
    with store.reading() as look:
        before = look.open_cases("riverside")

    with store.writing() as work:
        work.change(replace(case("K7Q2"), closed=NOW), [], entry("closed"))

    with store.reading() as look:
        after = look.open_cases("riverside")
    assert [each.code for each in before] == ["K7Q2", "M4XD"]
    assert after == (case("M4XD"),)


def test_too_many_are_forgotten_in_the_order_they_were_remembered() -> None:
    known = Known(most=2)

    for code in ("AAAA", "BBBB", "AAAA", "CCCC"):
        known.keep([Kept(case=case(code))])

    assert [code for code in ("AAAA", "BBBB", "CCCC") if known.get(code, 0)] == ["AAAA", "CCCC"]


def test_words_and_moments_that_repeat_are_kept_once(durable_url: str, durable: SqlStore) -> None:
    add(durable, task(), task("photo"))
    press(durable, SKIN), press(durable, "K7Q2:photo:1:1")

    with durable.reading() as look:
        one, other = look.tasks("K7Q2")

    assert one.answer is not None and other.answer is not None
    assert one.case is other.case
    # the driver of PostgreSQL makes its own moments
    assert one.due is other.due is one.floor or durable_url.startswith("postgres")
    assert one.answer.by is other.answer.by
    ((name, value), *_), ((other_name, other_value), *_) = (
        one.answer.values.items(),
        other.answer.values.items(),
    )
    assert name is other_name and value is other_value


def test_of_many_cases_the_tasks_are_read_a_few_cases_at_a_time(durable_url: str, durable: SqlStore) -> None:
    codes = [f"K{number:03}" for number in range(2 * CASES + 1)]
    with durable.writing() as work:
        for code in codes:
            work.add_case(case(code), [task(code=code)], entry("opened"))
    anew = open_store(durable_url, history_key=KEY)

    with statements() as asked, anew.reading() as look:
        found = look.tasks_of(codes)

    anew.close()
    assert found == {code: (task(code=code),) for code in codes}
    assert len([each for each in asked if "FROM tasks" in each]) == 3


def test_another_revision_is_not_known() -> None:
    known = Known()

    known.keep([Kept(case=case(revision=3))])

    assert [known.get("K7Q2", revision) is not None for revision in (2, 3, 4)] == [False, True, False]


def test_several_cases_are_read_and_changed_at_once(store: SqlStore) -> None:
    add(store, task()), add(store, task(code="M4XD"), code="M4XD")

    with store.writing() as work:
        found = work.cases(["K7Q2", "M4XD", "none"])
        work.change_all([changed(code, due=LATER) for code in found])

    with store.reading() as look:
        assert look.cases(["K7Q2"]) == {"K7Q2": case(revision=1)}
        assert [look.tasks(code)[0].due for code in found] == [LATER, LATER]
        assert [[line.kind for line in look.history(code)] for code in found] == [["opened", "moved"]] * 2
    assert found == {"K7Q2": case(), "M4XD": case("M4XD")}
    assert store.verify() == []


def test_one_conflict_among_several_changes_undoes_them_all(store: SqlStore) -> None:
    add(store, task()), add(store, task(code="M4XD"), code="M4XD")
    press(store, "M4XD:skin_exam:1:1")

    with pytest.raises(Conflict, match="Case M4XD was changed"), store.writing() as work:
        work.change_all([changed("K7Q2"), changed("M4XD")])
    with pytest.raises(Conflict, match="One of the cases K7Q2, K7Q2 was"), store.writing() as work:
        work.change_all([changed("K7Q2"), changed("K7Q2")])

    assert tasks_seen(store) == (task(),)


def changed(code: str, **changes: object) -> Change:
    return Change(case=case(code), tasks=[task(code=code, **changes)], entry=entry("moved"))


def test_the_unasked_are_open_due_before_the_moment_and_of_these_cases(store: SqlStore) -> None:
    rest = [task("asked", rung=1), task("done", status=TaskStatus.DONE), task("then", due=LATER)]
    add(store, task(), task("early", due=NOW - MINUTE), *rest)
    add(store, task(code="M4XD"), code="M4XD")

    with store.reading() as look:
        found = look.unasked(["K7Q2", "none"], LATER)

    assert [each.step for each in found] == ["early", "skin_exam"]
