"""How much a database is asked: each statement takes a tenth of a millisecond, and on PostgreSQL a way there
and back besides.
"""

from dataclasses import replace

import pytest

from bot.core.actions import Action, Button
from bot.core.case import TaskStatus
from bot.core.errors import Conflict
from bot.store.guarded import FEW
from bot.store.store import SqlStore
from tests.service.clinic import JO, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.store.made import MINUTE, NOW, add, case, entry, press, task
from tests.store.statements import statements

#: What a press on a line may ask where nothing of its case is known yet, and the bell of PostgreSQL.
PRESS, BELL = 13, 1
STEPS = ("abl.home_kit", "g.followups_booked", "g.questionnaire_back")


def test_a_press_asks_no_more_than_it_must(store: SqlStore) -> None:
    now = london("2027-02-11 09:00")
    clinic = Riverside(*STEPS, store=store, clinic=WITH_BOARD, now=now).book().until("2027-02-11 12:00")
    line = clinic.task("abl.home_kit")
    button = Button(action=Action.CONFIRM, label="", tasks=(line.key,), revision=line.asking)
    with store.reading() as look:
        look.case(line.case), look.tasks(line.case)

    with statements() as asked:
        clinic.reply(clinic.pressed(JO, button))

    assert clinic.task("abl.home_kit").status is TaskStatus.DONE
    assert len(asked) <= PRESS + BELL * ("pg_notify" in asked[-1]), "\n".join(asked)


@pytest.mark.parametrize(("many", "updates"), [(1, 1), (FEW, 1), (FEW + 1, 2)])
def test_what_changes_in_few_tasks_is_written_with_one_statement(
    store: SqlStore, many: int, updates: int
) -> None:
    alike = [task(f"step_{number}") for number in range(many)]
    add(store, *alike, task("other"), task("another"))

    with store.writing() as work, statements() as asked:
        its = {each.step: each for each in work.tasks(work.case("K7Q2").code)}
        later = [replace(its[each.step], due=NOW + MINUTE) for each in alike]
        later += [replace(its[name], due=NOW + 2 * MINUTE) for name in ("other", "another")]
        work.change(work.case("K7Q2"), later, entry("moved"))

    with store.reading() as look:
        due = {each.step: (each.due, each.revision) for each in look.tasks("K7Q2")}
    assert due == {
        **{each.step: (NOW + MINUTE, 1) for each in alike},
        **dict.fromkeys(("other", "another"), (NOW + 2 * MINUTE, 1)),
    }
    assert len([each for each in asked if each.startswith("UPDATE tasks")]) == updates


def test_one_of_few_that_somebody_else_changed_is_a_conflict_and_nothing_happens(store: SqlStore) -> None:
    add(store, task(), task("consent"))
    press(store, task().key)

    with pytest.raises(Conflict), store.writing() as work:
        consent = work.task(task("consent").key)
        work.change(work.case("K7Q2"), [replace(consent, late=True), task(late=True)], entry())

    with store.reading() as look:
        assert not look.task(task("consent").key).late


def test_who_looked_at_a_case_knows_where_its_history_ends(store: SqlStore) -> None:
    add(store, task())

    with store.writing() as work, statements() as asked:
        for late in (True, False):
            seen = work.task(task().key)
            work.change(work.case("K7Q2"), [replace(seen, late=late)], entry("moved"))
    with store.writing() as work:
        work.change(case(revision=2), [], entry("closed"))

    assert len([each for each in asked if "JOIN history" in each]) == 1
    with store.reading() as look:
        assert [line.kind for line in look.history("K7Q2")] == ["opened", "moved", "moved", "closed"]
    assert store.verify() == []
