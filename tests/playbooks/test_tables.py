"""The shipped playbooks against the clinical tables, id by id and column by column."""

from collections.abc import Iterator
from datetime import date, time
from itertools import product

import pytest

from bot.core.conditions import Value, holds, leaves, names
from bot.core.facts import Fact, FactKind
from bot.core.playbook import Anchor, Due, Phase
from bot.core.times import Closed
from tests.playbooks.tables import DUE, EVERY, Row, clauses, is_true, playbook_of, rows, shipped, tables

ANY_DAY = date(2027, 2, 18)
each_row = pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])


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


@each_row
def test_a_step_has_the_phase_role_scope_and_validity_of_its_row(row: Row) -> None:
    step = playbook_of(row).step(row["id"])

    assert (step.phase, step.role, step.scope) == (row["phase"], row["role"], row["scope"])
    assert step.valid_days == row["valid"]


@each_row
def test_a_step_is_due_when_its_row_says(row: Row) -> None:
    assert playbook_of(row).step(row["id"]).due == due_of(row["due"])


@each_row
def test_a_step_stops_at_the_level_of_its_row(row: Row) -> None:
    assert playbook_of(row).step(row["id"]).stops.level == row["stop"]


@each_row
def test_a_step_names_the_sources_and_the_grade_of_its_row(row: Row) -> None:
    step = playbook_of(row).step(row["id"])

    assert (list(step.sources), step.grade) == (row["sources"], row["ev"])


@each_row
def test_a_step_applies_to_exactly_the_patients_of_its_row(row: Row) -> None:
    condition = playbook_of(row).step(row["id"]).when

    differ = [
        facts
        for facts in combinations(row)
        if holds(condition, facts, ANY_DAY) != is_true(row["when"], facts)
    ]

    assert differ == []


@each_row
def test_a_step_asks_something_and_says_why_in_a_few_words(row: Row) -> None:
    step = playbook_of(row).step(row["id"])

    assert step.ask
    assert 20 <= len(step.why) <= 150
    assert len(step.title) <= 40


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
