"""Cost follows what is due, never what is stored: every question finds its rows by an index."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.core.outgoing import Verb
from bot.store import questions, seals
from bot.store.reading import SqlReading
from bot.store.store import SqlStore
from bot.store.writing import SqlTransaction
from tests.store.made import KEY, MINUTE, NOW, add, ref, task
from tests.store.memory import memory_store

QUESTIONS: dict[str, Callable[[SqlTransaction], object]] = {
    "due": lambda work: work.due("riverside", NOW, 100),
    "next moment": SqlReading.next_moment,
    "case": lambda work: work.case("K7Q2"),
    "several cases": lambda work: work.cases(["K7Q2", "M4XD"]),
    "unasked": lambda work: work.unasked(["K7Q2", "M4XD"], NOW),
    "used": lambda work: work.used(["K7Q2", "M4XD"]),
    "tasks": lambda work: work.tasks("K7Q2"),
    "tasks of several": lambda work: work.tasks_of(["K7Q2", "M4XD"]),
    "open cases": lambda work: work.open_cases("riverside"),
    "overrides": lambda work: work.overrides(["K7Q2"]),
    "posting": lambda work: work.posting("card"),
    "posting at": lambda work: work.posting_at(ref()),
    "postings of": lambda work: work.postings_of(["K7Q2:skin_exam:1:1"]),
    "postings of both": lambda work: work.postings_of(["K7Q2:skin_exam:1:1"], also=["card"]),
    "draw": lambda work: work.draw({"card": "ask:1", "another": "ask:2"}, NOW),
    "asked on": lambda work: work.asked_on(["K7Q2:skin_exam:1:1"]),
    "lines": lambda work: work.lines("card"),
    "history": lambda work: work.history("K7Q2"),
    "history since": lambda work: work.history_since(["K7Q2"], NOW),
    "answers": lambda work: work.answers("K7Q2:skin_exam:1:1"),
    "answers since": lambda work: work.answers_since("riverside", NOW),
    "answered by": lambda work: work.answered_by("riverside", "jo", NOW),
    "arrangement": lambda work: work.arrangement("hint", "riverside:jo:2027-02-18"),
    "seen": lambda work: work.seen("click:1"),
    "queue": lambda work: work.queue("card", Verb.DRAW, key="ask:1", at=NOW),
    "claim": lambda work: work.claim(NOW, MINUTE, 100),
    "sent": lambda work: work.sent("0f", ref(), NOW),
    "put back": lambda work: work.put_back("0f", NOW + timedelta(hours=1), "", unsure=False),
    "seal": lambda work: seals.seal(work._connection, KEY, NOW),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_answered_by_an_index(store: SqlStore, name: str) -> None:
    add(store, task())
    asked: list[tuple[str, Any]] = []

    with store.writing() as work:
        connection = work._connection
        if connection.dialect.name == "postgresql":
            # So few rows are read faster in one go; asked like this, it does so only where there is no index.
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        event.listen(connection, "before_cursor_execute", lambda *what: asked.append((what[2], what[3])))
        QUESTIONS[name](work)
        plans = [plan(connection, *question) for question in asked[:] if "INSERT" not in question[0]]

    assert plans
    assert [line for lines in plans for line in lines if is_scan(line)] == []


def plan(connection: Connection, statement: str, values: Any) -> list[str]:
    """Ask the database how it would answer a question."""
    how = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    first = values[0] if isinstance(values, list) else values
    return [str(row[-1]) for row in connection.exec_driver_sql(f"{how} {statement}", first)]


def is_scan(line: str) -> bool:
    """Say whether a line of a plan goes through a whole table."""
    if line == "SCAN seals":
        # Backwards by its own number, and no further than the newest one.
        return False
    return "Seq Scan" in line or (line.startswith("SCAN") and "INDEX" not in line and "CONSTANT" not in line)


def test_a_sweep_is_led_by_when_something_is_due_and_by_no_other_index() -> None:
    with memory_store().reading() as reading:
        connection = reading._connection
        asked = str(questions.DUE.compile(dialect=connection.dialect))
        explained = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (None,) * asked.count("?"))

        assert "ix_tasks_prompts" in explained.all()[0][-1]


def test_what_one_person_answered_is_found_though_others_answer_all_the_time() -> None:
    with memory_store().reading() as reading:
        connection = reading._connection
        asked = str(questions.ANSWERED_BY.compile(dialect=connection.dialect))
        explained = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", (None,) * asked.count("?"))

        assert "ix_answers_by_person" in explained.all()[0][-1]
