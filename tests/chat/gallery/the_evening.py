"""What people are told when something did not go out, and in the evening of the next day's paper sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.service.draw import draw
from bot.service.outages import OUTAGE, watch
from bot.service.printing import announce, due_sheet
from tests.chat.gallery.a_day import Named
from tests.service.clinic import KIT, RIVERSIDE, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.serving import MINUTE, turn, turns
from tests.service.workspace import PLATFORM

STEPS = ("g.skin_exam", "g.medicines", "g.change_check", "g.timeout")
CHANNELS = {PLATFORM: {"board": "#procedures", "escalations": "#help"}}


def not_gone_out() -> Iterator[Named]:
    """For half an hour nobody is asked, and then there is a report."""
    clinic = Riverside(*STEPS, clinic=replace(RIVERSIDE, channels=CHANNELS))
    clinic.book("2027-01-12 16:20").book("2027-02-18 11:00", code="M3PX")
    clinic.clock.advance(london("2027-01-12 14:40"))
    turn(clinic)
    clinic.clock.advance(london("2027-01-12 15:02"))
    for _ in range(5):
        clinic.clock.advance(clinic.clock.now() + 4 * MINUTE)
        watch(clinic.practice)
    with clinic.store.reading() as reading:
        (outage,) = reading.arrangements("riverside", OUTAGE)
        warning = reading.posting(f"{OUTAGE}:{outage.key}:{KIT}")
    assert warning is not None
    drawn = draw(clinic.practice, warning)
    assert drawn is not None
    yield "outage", drawn
    turns(clinic, "2027-01-12 15:25")
    yield "outage-over", clinic.workspace.of(KIT)[-1].card


def on_paper() -> Iterator[Named]:
    """The sheet of tomorrow can be printed, and whoever presses gets a link."""
    clinic = Riverside("g.timeout", clinic=WITH_BOARD, public_url="https://bookend.our-clinic.example")
    clinic.book().book("2027-02-18 11:00", code="M3PX")
    clinic.clock.advance(london("2027-02-17 18:00"))
    day = due_sheet(clinic.practice, clinic.clinic)
    assert day is not None
    announce(clinic.practice, clinic.clinic, day)
    clinic.speak()
    notice = next(m.card for m in clinic.workspace.of(KIT) if m.card.heading.startswith("Paper sheet"))
    yield "sheet", notice
    answer = clinic.press_on(KIT, notice)
    link = "https://bookend.our-clinic.example/sheet/a1b2c3d4"
    yield "sheet-link", replace(answer, link=("Open the sheet", link))
