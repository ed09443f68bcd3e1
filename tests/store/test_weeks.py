"""What a week was about: cases that had something due in it, closed or not, and the overrides given in it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.case import Override, Session, TaskStatus
from bot.core.errors import StoreTrouble
from bot.store.questions import REVISIONS_NEAR
from bot.store.reading import SqlReading
from bot.store.store import SqlStore
from bot.store.tables import SCHEMA
from tests.store.made import NOW, case, entry, task
from tests.store.memory import memory_store
from tests.store.tampering import tamper

WEEK = timedelta(days=7)


def test_cases_with_something_due_are_found_closed_ones_too_none_in_shadow_and_no_other_clinics(
    store: SqlStore,
) -> None:
    with store.writing() as work:
        work.add_case(case("AAAA"), [task(code="AAAA", due=NOW)], entry())
        work.add_case(
            replace(case("BBBB"), closed=NOW), [task(code="BBBB", due=NOW + timedelta(days=6))], entry()
        )
        work.add_case(case("CCCC"), [task(code="CCCC", due=NOW + WEEK)], entry())
        work.add_case(replace(case("DDDD"), clinic="hillside"), [task(code="DDDD", due=NOW)], entry())
        work.add_case(replace(case("EEEE"), shadow=True), [task(code="EEEE", due=NOW)], entry())

        assert work.codes_due("riverside", NOW, NOW + WEEK) == ("AAAA", "BBBB")


def test_overrides_of_a_span_are_found_in_the_clinic_that_gave_them(store: SqlStore) -> None:
    given = Override(session=1, gate="arrival", by="kit", at=NOW, reason="agreed")
    with store.writing() as work:
        work.add_case(case("AAAA"), [task(code="AAAA")], entry())
        work.add_case(replace(case("BBBB"), clinic="hillside"), [task(code="BBBB")], entry())
        work.override("AAAA", given)
        work.override("AAAA", replace(given, at=NOW + WEEK))
        work.override("BBBB", given)

        assert work.overridden("riverside", NOW, NOW + WEEK) == (given,)


def test_lines_of_some_kinds_are_found_in_their_span_and_clinic_oldest_first(store: SqlStore) -> None:
    def looked(code: str, at: datetime, kind: str = "looked") -> None:
        work.change(work.case(code), (), replace(entry(), kind=kind, at=at))

    with store.writing() as work:
        work.add_case(case("AAAA"), [task(code="AAAA")], entry())
        work.add_case(replace(case("BBBB"), clinic="hillside"), [task(code="BBBB")], entry())
        looked("AAAA", NOW)
        looked("AAAA", NOW + timedelta(hours=1), kind="identified")
        looked("AAAA", NOW + timedelta(hours=2), kind="moved")
        looked("AAAA", NOW + WEEK)
        looked("BBBB", NOW)

        found = work.lines_of("riverside", ["looked", "identified"], NOW, NOW + WEEK)

    assert [(code, line.kind) for code, line in found] == [("AAAA", "looked"), ("AAAA", "identified")]


def test_a_database_of_our_version_is_well_and_of_another_is_not(durable: SqlStore, durable_url: str) -> None:
    durable.look()
    tamper(durable_url, "UPDATE alembic_version SET version_num = '0001'")

    with pytest.raises(StoreTrouble, match="has schema 0001"):
        durable.look()

    tamper(durable_url, f"UPDATE alembic_version SET version_num = '{SCHEMA}'")


DAY = timedelta(days=1)
FAR = 60 * DAY


def near(work: SqlReading) -> list[str]:
    return sorted(
        each.code for each in work.cases_near("riverside", NOW - 14 * DAY, NOW + 14 * DAY, NOW + DAY)
    )


@pytest.mark.parametrize("days", [-15, -14, 14, 15])
def test_a_board_looks_at_cases_that_start_within_two_weeks(store: SqlStore, days: int) -> None:
    with store.writing() as work:
        session = Session(number=1, start=NOW + days * DAY, minutes=60)
        work.add_case(case("AAAA", sessions=(session,)), [task(code="AAAA", due=NOW + FAR)], entry())

        assert near(work) == (["AAAA"] if abs(days) == 14 else [])


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"due": NOW - FAR}, True),
        ({"due": NOW + DAY, "status": TaskStatus.BLOCKED}, True),
        ({"due": NOW + 2 * DAY}, False),
        ({"due": NOW + 2 * DAY, "session": 2}, True),
        ({"due": NOW + 15 * DAY, "session": 2}, False),
        ({"due": NOW - FAR, "status": TaskStatus.DONE}, False),
        ({"due": NOW - FAR, "status": TaskStatus.VOID}, False),
    ],
)
def test_a_board_looks_at_what_waits_and_at_later_sessions_of_old_cases(
    store: SqlStore, changes: dict[str, Any], found: bool
) -> None:
    with store.writing() as work:
        old = (Session(number=1, start=NOW - FAR, minutes=60), Session(number=2, start=NOW + FAR, minutes=60))
        work.add_case(case("AAAA", sessions=old), [task(code="AAAA", **changes)], entry())

        assert near(work) == (["AAAA"] if found else [])


def test_a_board_looks_at_no_closed_case_and_no_other_clinics(store: SqlStore) -> None:
    with store.writing() as work:
        work.add_case(case("AAAA", closed=NOW), [task(code="AAAA", due=NOW)], entry())
        work.add_case(case("BBBB", clinic="hillside"), [task(code="BBBB", due=NOW)], entry())

        assert near(work) == []


def test_what_a_board_looks_for_is_found_by_an_index() -> None:
    span = {"clinic": "a", "since": 1, "until": 1, "soon": 1, "session_1": 1}
    store = memory_store()

    with store.reading() as look:
        plan = look._connection.execute(text(f"EXPLAIN QUERY PLAN {REVISIONS_NEAR}"), span).all()
    store.close()

    assert "ix_tasks_waiting" in str(plan)
