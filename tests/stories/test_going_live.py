"""The first days with Bookend: a full book is taken in, and nobody is asked for all of it at once."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.book_rows import BookRow
from bot.service import cases, importing
from tests.service.clinic import RIVERSIDE, london
from tests.service.riverside import Riverside
from tests.stories.test_stories import nothing_was_said_twice, told


def row(number: int, start: str) -> BookRow:
    return BookRow(row=number, playbook="abl", start=london(start), number=f"A{number}")


def test_a_clinic_goes_live(opened: type[Riverside], monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(f"K{each}Q2" for each in cases.ALPHABET)
    monkeypatch.setattr(cases, "new_code", lambda used: next(codes))
    live = replace(RIVERSIDE, go_live=date(2027, 1, 14))
    clinic = opened("g.contacts", "g.skin_exam", clinic=live)
    soon = [row(1, "2027-01-13 09:30"), row(2, "2027-01-14 10:00"), row(3, "2027-01-14 11:00")]
    later = [row(number, f"2027-02-{number:02d} 09:30") for number in range(4, 17)]

    planned = importing.plan_import(clinic.practice, live, [*later, *soon])
    importing.take(clinic.practice, live, planned)
    clinic.until("2027-01-13 09:00")

    assert clinic.story == told("a_clinic_goes_live")
    assert nothing_was_said_twice(clinic)
