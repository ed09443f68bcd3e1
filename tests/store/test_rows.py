"""Every value of the core survives a row: whatever the fields hold, what is read is what was written."""

from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.case import Answer, Case, Choice, Decision, Outcome, Override, Session, Task, TaskStatus
from bot.core.conditions import Values
from bot.core.outgoing import Posting
from bot.core.people import Role
from bot.core.replies import Address, MessageRef
from bot.store.identities import Vault
from bot.store.known import Known
from bot.store.reading import SqlReading
from bot.store.store import SqlStore
from tests.examples import some
from tests.store.made import case, entry, task

# What a column of text can hold on both databases; free words are another matter (test_writing).
IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
WORDS = IDS
MOMENTS = st.datetimes(timezones=st.just(UTC))
MAYBE = st.none() | MOMENTS
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TUPLES = st.lists(st.text(max_size=5), max_size=3).map(tuple)
VALUES = st.dictionaries(
    st.text(max_size=5),
    st.none() | st.text(max_size=5) | FLOATS | st.dates() | st.times() | TUPLES,
    max_size=4,
)
SMALL = st.integers(0, 1_000_000)
ROLES = st.sampled_from(Role)

SESSIONS = st.lists(
    st.builds(
        Session,
        number=SMALL,
        start=MOMENTS,
        minutes=SMALL,
        room=WORDS,
        arrived=MAYBE,
        started=MAYBE,
        finished=MAYBE,
        cancelled=MAYBE,
    ),
    max_size=3,
).map(tuple)
ANSWERS = st.builds(
    Answer,
    by=IDS,
    role=ROLES,
    at=MOMENTS,
    outcome=st.sampled_from(Outcome),
    values=VALUES,
    note=WORDS,
    together=st.booleans(),
)
DECISIONS = st.builds(
    Decision, by=IDS, at=MOMENTS, choice=st.sampled_from(Choice), reason=st.text(max_size=9), covers=TUPLES
)
CASES = st.builds(
    Case,
    code=st.just("K7Q2"),
    clinic=IDS,
    playbook=IDS,
    digest=IDS,
    opened=MOMENTS,
    booked=MOMENTS,
    consult=MOMENTS,
    sessions=SESSIONS,
    facts=VALUES,
    assigned=st.dictionaries(ROLES, IDS, max_size=3),
    cancelled=MAYBE,
    closed=MAYBE,
    revision=SMALL,
)
TASKS = st.builds(
    Task,
    case=st.just("K7Q2"),
    step=IDS,
    session=SMALL,
    due=MOMENTS,
    floor=MOMENTS,
    occurrence=SMALL,
    status=st.sampled_from(TaskStatus),
    late=st.booleans(),
    on_call=st.booleans(),
    anchored=MAYBE,
    answer=st.none() | ANSWERS,
    decision=st.none() | DECISIONS,
    reopened=st.booleans(),
    asking=SMALL,
    rung=SMALL,
    next_prompt_at=MAYBE,
    revision=SMALL,
    holder=st.just("") | IDS,
    acknowledged=MAYBE,
    ladder=st.just(()) | st.tuples(SMALL, SMALL, SMALL),
    snoozed=st.booleans(),
    held=MAYBE,
    first=st.none() | ANSWERS,
    tried=st.integers(0, 10),
)
POSTINGS = st.builds(
    Posting,
    key=st.just("card"),
    clinic=IDS,
    kind=IDS,
    to=st.builds(Address, platform=IDS, account=IDS, channel=IDS),
    person=IDS,
    case=IDS,
    session=SMALL,
    day=st.none() | st.dates(),
    ref=st.none() | st.builds(MessageRef, platform=IDS, channel=IDS, message=IDS),
    closed=st.booleans(),
)
OVERRIDES = st.builds(Override, session=SMALL, gate=IDS, by=IDS, at=MOMENTS, reason=WORDS)

a_few = settings(max_examples=some(40), suppress_health_check=[HealthCheck.function_scoped_fixture])


class Undone(Exception):
    """Ends a piece of work so that nothing of it is left for the next example."""


@a_few
@given(case=CASES, task=TASKS)
def test_cases_and_tasks_survive_a_row_and_a_change(store: SqlStore, case: Case, task: Task) -> None:
    with pytest.raises(Undone), store.writing() as work:
        work.add_case(case, [task], entry("opened"))
        added = work.case("K7Q2"), *work.tasks("K7Q2")
        work.change(case, [task], entry())
        remembered = work.case("K7Q2"), *work.tasks("K7Q2")
        anew = SqlReading(work._connection, Known(), Vault([]))
        changed = anew.case("K7Q2"), anew.task(task.key)
        raise Undone

    assert added == (case, task)
    assert changed == (replace(case, revision=case.revision + 1), replace(task, revision=task.revision + 1))
    # equal is not enough: 1 is True
    assert repr(remembered) == repr(changed)


@a_few
@given(posting=POSTINGS)
def test_postings_survive_a_row(store: SqlStore, posting: Posting) -> None:
    with pytest.raises(Undone), store.writing() as work:
        work.post(posting)
        found = work.posting("card")
        there = work.posting_at(posting.ref) if posting.ref else posting
        raise Undone

    assert found == there == posting


@a_few
@given(answer=ANSWERS, override=OVERRIDES, detail=VALUES)
def test_answers_overrides_and_history_survive_a_row(
    store: SqlStore, answer: Answer, override: Override, detail: Values
) -> None:
    with pytest.raises(Undone), store.writing() as work:
        work.add_case(case(), [task()], entry("opened", **detail))
        work.answered(task().key, answer)
        work.override("K7Q2", override)
        found = work.answers(task().key), work.overrides(["K7Q2"]), work.history("K7Q2")
        raise Undone

    assert found == ((answer,), {"K7Q2": (override,)}, (entry("opened", **detail),))
