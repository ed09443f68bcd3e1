"""What a week was about: cases that had something due in it, closed or not, and the overrides given in it."""

from dataclasses import replace
from datetime import timedelta

from bot.core.case import Override
from bot.store.store import SqlStore
from tests.store.made import NOW, case, entry, task

WEEK = timedelta(days=7)


def test_cases_with_something_due_are_found_closed_ones_too_and_no_other_clinics(store: SqlStore) -> None:
    with store.writing() as work:
        work.add_case(case("AAAA"), [task(code="AAAA", due=NOW)], entry())
        work.add_case(
            replace(case("BBBB"), closed=NOW), [task(code="BBBB", due=NOW + timedelta(days=6))], entry()
        )
        work.add_case(case("CCCC"), [task(code="CCCC", due=NOW + WEEK)], entry())
        work.add_case(replace(case("DDDD"), clinic="hillside"), [task(code="DDDD", due=NOW)], entry())

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
