"""Appointments, booked, moved and cancelled: by the service, through the page and in Slack alike."""

from dataclasses import replace

import pytest

from bot.core.errors import WrongValues
from bot.core.messages import Form, Notice, Response
from bot.service import cases
from tests.service.clinic import FRAN, JO, MAX, RIVERSIDE, london
from tests.service.riverside import Riverside
from tests.stories.test_stories import nothing_was_said_twice, told

ROOMS = replace(RIVERSIDE, rooms={"room-1": (), "room-2": ("CO₂ laser",)})
FIELDS = {
    "procedure": "abl",
    "day": "2027-02-18",
    "at": "09:30",
    "room": "room-2",
    "operator": MAX,
    "session": "2 of 4",
}


def form(clinic: Riverside, said: Response) -> Form:
    """Write into the story what a form asks, and what one can choose from in it."""
    assert isinstance(said, Form)
    for field in said.parts[0].fields:
        clinic.lines.append(f"           {field.label}{': ' if field.options else ''}{_words(field.options)}")
    return said


def _words(options: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(words for _, words in options)


def lines(clinic: Riverside, notice: Response) -> Notice:
    """Write into the story what stood below an answer."""
    assert isinstance(notice, Notice)
    clinic.lines += [f"           {line}" for line in notice.lines]
    clinic.lines += [f"           [{button.label}]" for button in notice.buttons]
    return notice


def test_fran_books_moves_and_cancels(opened: type[Riverside], monkeypatch: pytest.MonkeyPatch) -> None:
    codes = iter(("M4XD", "K7Q2"))
    monkeypatch.setattr(cases, "new_code", lambda used: next(codes))
    clinic = opened(
        "g.same_day_check", "x.new_date", "c.notify", clinic=ROOMS, now=london("2027-02-16 10:00")
    )

    asks = form(clinic, clinic.command(FRAN, "new"))
    with pytest.raises(WrongValues):
        clinic.send(FRAN, asks, **{**FIELDS, "day": "2027-02-15", "session": "5 of 4"})
    clinic.send(FRAN, asks, **{**FIELDS, "at": "14:00"})
    booked = lines(clinic, clinic.send(FRAN, asks, **FIELDS))
    clinic.press_on(FRAN, booked)

    clinic.until("2027-02-16 11:00")
    moves = form(clinic, clinic.command(FRAN, "move"))
    clinic.send(FRAN, moves, which="K7Q2/1", day="2027-02-17", at="11:30")
    clinic.until("2027-02-16 11:05").answer(FRAN, "New date told")
    clinic.until("2027-02-17 10:45").mark("arrived")
    clinic.until("2027-02-17 10:56")
    clinic.answer(JO, "Same-day check")
    cancels = form(clinic, clinic.command(FRAN, "cancel 2027-02-18"))
    clinic.send(FRAN, cancels, which="M4XD/1", reason="patient is ill")
    clinic.until("2027-02-17 11:00").answer(FRAN, "Cancellation told", reason="patient")

    assert clinic.story == told("fran_books_moves_and_cancels")
    assert nothing_was_said_twice(clinic)
    assert clinic.course().case.sessions[0].start == london("2027-02-17 11:30")
    assert clinic.course("M4XD").case.cancelled == london("2027-02-17 10:56")
