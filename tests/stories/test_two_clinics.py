"""Two clinics in one installation, an ocean apart: by the service, through the page and in Slack alike."""

from dataclasses import replace

import pytest

from bot.core.errors import NotFound
from bot.service import cases
from tests.service.clinic import MAX, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.test_several_clinics import hillside
from tests.stories.test_stories import nothing_was_said_twice, told

ROOMS = {"room-2": ("Laser B",)}


def test_two_clinics_side_by_side(opened: type[Riverside], monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(("K7Q2", "H8LA"))
    monkeypatch.setattr(cases, "new_code", lambda used: next(codes))
    ours, theirs = (replace(each, rooms=ROOMS) for each in (WITH_BOARD, hillside()))
    clinic = opened("g.site_marked", clinic=ours, twins=(theirs,), now=london("2027-02-17 15:00"))

    clinic.command("fran", "new abl 2027-02-18 09:30 room-2 max")
    clinic.command("hill-fran", "new abl 2027-02-18 09:30 room-2 max")
    clinic.press_on("hill-kit", clinic.command("hill-kit", "hold laser B fault reported"))
    clinic.until("2027-02-18 08:45").mark("arrived")
    with pytest.raises(NotFound):
        clinic.command("hill-kit", "case K7Q2")
    clinic.until("2027-02-18 09:16").answer(MAX, "Site marked")
    clinic.until("2027-02-18 09:30").mark("started", MAX)
    clinic.until("2027-02-18 10:20").mark("finished", MAX)
    clinic.until("2027-02-18 13:50")

    assert clinic.story == told("two_clinics_side_by_side")
    assert nothing_was_said_twice(clinic)
