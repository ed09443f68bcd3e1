"""The shipped playbooks against the clinical tables, id by id and column by column."""

from collections.abc import Iterator
from datetime import date, time
from itertools import product

import pytest

from bot.core.conditions import Value, holds, leaves, names
from bot.core.facts import Fact, FactKind
from bot.core.kinds import Anchor, Phase
from bot.core.playbook import Due, Step
from bot.core.times import Closed
from tests.playbooks.tables import DUE, EVERY, Row, clauses, is_true, playbook_of, rows, shipped, tables

ANY_DAY = date(2027, 2, 18)
each_file = pytest.mark.parametrize("file", (EVERY, *shipped()))


def rows_of(file: str) -> list[Row]:
    return [row for row in rows() if row["file"] == file]


def steps_of(file: str) -> list[tuple[str, Step]]:
    """The steps that the rows of a file name, by their ids."""
    return [(row["id"], playbook_of(row).step(row["id"])) for row in rows_of(file)]


def due_of(text: str) -> Due:
    anchor, offset, at, closed = DUE.fullmatch(text).groups()  # type: ignore[union-attr]
    counts_from = Anchor.START if anchor == "T0" else Anchor(anchor.lower())
    if at is None:
        return Due(anchor=counts_from, minutes=int(offset))
    return Due(anchor=counts_from, days=int(offset), at=time.fromisoformat(at), closed=Closed(closed))


def possible(fact: Fact, limits: list[int]) -> list[Value]:
    """Every value that could make a difference; `None` is a fact that nobody asked for."""
    if fact.kind is FactKind.WORD:
        return [None, *fact.words]
    return [limit + step for limit in limits for step in (-1, 0, 1)]


def combinations(row: Row) -> Iterator[dict[str, Value]]:
    facts = playbook_of(row).facts
    condition = playbook_of(row).step(row["id"]).when
    written = {name for part in clauses(row["when"]) for name, _, _ in part}
    asked = sorted(names(condition) | written)
    limits = [
        int(against) for part in clauses(row["when"]) for _, sign, against in part if sign in ("<", ">")
    ]
    for values in product(*(possible(facts[name], limits) for name in asked)):
        yield dict(zip(asked, values, strict=True))


def test_every_fact_of_the_tables_is_declared_with_its_values_in_their_order() -> None:
    declared = shipped()["abl"].facts

    said = {name: list(fact.words) or fact.kind.value for name, fact in declared.items()}

    assert said == tables()["facts"]


def test_every_fact_has_a_question_to_ask() -> None:
    facts = shipped()["abl"].facts.values()

    assert [fact.name for fact in facts if "?" not in fact.question] == []


def test_no_step_is_missing_and_none_is_made_up() -> None:
    for name, playbook in shipped().items():
        wanted = {row["id"] for row in rows() if row["file"] in (EVERY, name)}

        assert {step.id for step in playbook.steps} == wanted


@each_file
def test_a_step_has_the_phase_role_scope_and_validity_of_its_row(file: str) -> None:
    found = {name: (step.phase, step.role, step.scope, step.valid_days) for name, step in steps_of(file)}

    assert found == {
        row["id"]: (row["phase"], row["role"], row["scope"], row["valid"]) for row in rows_of(file)
    }


@each_file
def test_a_step_is_due_when_its_row_says(file: str) -> None:
    assert {name: step.due for name, step in steps_of(file)} == {
        row["id"]: due_of(row["due"]) for row in rows_of(file)
    }


@each_file
def test_a_step_stops_at_the_level_of_its_row(file: str) -> None:
    assert {name: step.stops.level for name, step in steps_of(file)} == {
        row["id"]: row["stop"] for row in rows_of(file)
    }


@each_file
def test_a_step_names_the_sources_and_the_grade_of_its_row(file: str) -> None:
    assert {name: (list(step.sources), step.grade) for name, step in steps_of(file)} == {
        row["id"]: (row["sources"], row["ev"]) for row in rows_of(file)
    }


@each_file
def test_a_step_asks_in_the_words_of_its_row(file: str) -> None:
    """A word of the row such as "exam_done" is a field or an answer; "no/yes/unknown" are answers to one."""
    missing = []
    for row, (name, step) in zip(rows_of(file), steps_of(file), strict=True):
        answers = [{field.name} | set(field.choices) for field in step.ask]
        said = [set(words.split("/")) for words in row.get("words", ())]
        missing += [(name, words) for words in said if not any(words <= each for each in answers)]

    assert missing == []


@each_file
def test_a_step_applies_to_exactly_the_patients_of_its_row(file: str) -> None:
    conditions = {name: step.when for name, step in steps_of(file)}

    differ = [
        (row["id"], facts)
        for row in rows_of(file)
        for facts in combinations(row)
        if holds(conditions[row["id"]], facts, ANY_DAY) != is_true(row["when"], facts)
    ]

    assert differ == []


@each_file
def test_a_step_asks_something_and_says_why_in_a_few_words(file: str) -> None:
    odd = [
        name
        for name, step in steps_of(file)
        if not step.ask or not 20 <= len(step.why) <= 150 or len(step.title) > 40
    ]

    assert odd == []


def test_the_three_steps_a_newcomer_looks_for_are_named_in_those_words() -> None:
    playbook = shipped()["abl"]

    titles = [playbook.step(name).title for name in ("g.skin_exam", "g.medicines", "g.followups_booked")]

    assert titles == ["Skin exam", "Medication disclosure", "Follow-up bookings"]


def test_no_shipped_playbook_pretends_to_be_signed() -> None:
    assert [name for name, playbook in shipped().items() if playbook.review.medical_director] == []


def test_no_condition_of_a_plan_reads_what_only_an_answer_knows() -> None:
    for playbook in shipped().values():
        read = {leaf.name for step in playbook.steps for leaf in leaves(step.when)}

        assert read <= playbook.facts.keys()


def test_only_what_is_true_of_the_room_all_day_is_asked_once_for_all_its_cases() -> None:
    shared = {step.id for playbook in shipped().values() for step in playbook.steps if step.shared}

    assert shared == {"g.emergency_kit", "g.device_check", "g.laser_area"}


def test_names_birth_dates_and_telephone_numbers_are_marked_as_identity() -> None:
    telling = ("full_name", "dob", "phone", "escort_", "emergency_contact")

    open_fields = [
        f"{step.id} {field.name}"
        for playbook in shipped().values()
        for step in playbook.steps
        for field in step.ask
        if field.name.startswith(telling) and not field.identity and not field.choices
    ]

    assert open_fields == []


def test_the_time_out_is_answered_line_by_line() -> None:
    asked = shipped()["abl"].step("g.timeout").ask

    assert all(field.choices and field.normal is None for field in asked)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_all_room_checks_can_be_read_aloud_in_one_go(name: str) -> None:
    steps = [step for step in shipped()[name].steps if step.card == "room" and step.phase is Phase.DAY]

    without = [
        f"{step.id} {field.name}"
        for step in steps
        for field in step.ask
        if not field.optional and field.normal is None
    ]

    assert steps and without == []


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_case_without_complication_is_thirteen_kinds_of_card_for_all_roles_together(name: str) -> None:
    apart = {Phase.EVENT, Phase.CANCEL, Phase.MOVE}

    kinds = {(step.role, step.card) for step in shipped()[name].steps if step.phase not in apart}

    assert len(kinds) <= 13
