"""The console: what the command line asks of a practice; a `serve` on the same database acts on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.core.boards import Board
from bot.core.case import Booking
from bot.core.course import Course
from bot.core.errors import NotFound, Unclear
from bot.core.guard import noted
from bot.core.kinds import Gate
from bot.core.listing import gate_row, played_rows
from bot.core.messages import CaseView
from bot.core.people import Clinic
from bot.core.readiness import readiness
from bot.core.script import Script
from bot.core.written import read_start
from bot.ports import Transaction
from bot.service import cases
from bot.service.booking import on_its_date
from bot.service.export import script_of
from bot.service.huddle import draw_board
from bot.service.looking import case_view
from bot.service.minding import minding
from bot.service.practice import Practice
from bot.service.sessions import add_session

#: Who did it, in a case's history.
BY = "command line"


def new(practice: Practice, booking: Booking, clinic: Clinic) -> Course:
    """Open a case; its room and operator must be the clinic's own."""
    if booking.operator is not None:
        clinic.person(booking.operator)
    if booking.room and clinic.rooms and booking.room not in clinic.rooms:
        raise NotFound("room", booking.room, clinic.rooms)
    devices = [device for its in clinic.rooms.values() for device in its]
    if booking.device and devices and booking.device not in devices:
        raise NotFound("device", booking.device, devices)
    with practice.store.writing() as tx:
        return cases.open_case(practice, tx, booking, clinic=clinic.id, by=BY)


def move(practice: Practice, code: str, words: Sequence[str], session: int | None) -> tuple[str, ...]:
    """Move a session, the next one unless named; return what that did."""
    with practice.store.writing() as tx:
        start = _start(practice, tx, "move", code, words)
        cases.may_still_change(practice, tx, code, start=start, session=session)
        lines = cases.move(practice, tx, code, start, by=BY, session=session)
        return (*lines, *on_its_date(practice, tx, code, start))


def session(practice: Practice, code: str, words: Sequence[str]) -> tuple[str, ...]:
    """Add a session; return what that did."""
    with practice.store.writing() as tx:
        start = _start(practice, tx, "session", code, words)
        lines = add_session(practice, tx, code, start, by=BY)
        return (*lines, *on_its_date(practice, tx, code, start))


def _start(practice: Practice, tx: Transaction, command: str, code: str, words: Sequence[str]) -> datetime:
    calendar = practice.clinic_of(tx.case(code)).calendar
    try:
        return calendar.instant(*read_start(words))
    except ValueError:
        raise Unclear(f"To when? Write it like `bookend {command} {code} 2027-02-18 09:30`.") from None


def cancel(practice: Practice, code: str, reason: str, session: int | None) -> None:
    """Cancel a session, or the whole case."""
    with practice.store.writing() as tx:
        cases.may_still_change(practice, tx, code, session=session)
        with minding(tx, practice.clinic_of(tx.case(code))):
            why = noted(reason) or "cancelled"
        cases.cancel(practice, tx, code, by=BY, reason=why, session=session)


def event(practice: Practice, code: str, urgency: str, session: int | None) -> None:
    """Report a complication."""
    with practice.store.writing() as tx:
        known = cases.urgencies(practice.course(tx, code))
        if urgency not in known:
            raise Unclear(
                f"How urgent? Write `bookend event {code} {known[0]}`, or {' or '.join(known[1:])}."
            )
        cases.report_event(practice, tx, code, urgency, by=BY, session=session)


def boards(practice: Practice) -> list[Board]:
    """Return each clinic's board as it is now."""
    now = practice.clock.now()
    with practice.store.reading() as reading:
        return [draw_board(practice, reading, clinic, now) for clinic in practice.clinics.values()]


def case(practice: Practice, code: str) -> tuple[CaseView, dict[str, Any]]:
    """Return a case as people look at it, and as plain data."""
    with practice.store.reading() as reading:
        course = practice.course(reading, code)
        view = case_view(practice, reading, practice.clinic_of(course.case), code)
        overrides = reading.overrides([code])[code]
    gates = [
        gate_row(session, readiness(gate, course, session, overrides), course.calendar)
        for session in course.case.sessions
        for gate in Gate
    ]
    notes = list(view.notes)
    return view, {"case": code, "tasks": played_rows(course), "readiness": gates, "notes": notes}


def kept(practice: Practice, code: str) -> dict[str, Any]:
    """Return everything that is kept of a case."""
    with practice.store.reading() as reading:
        course = practice.course(reading, code)
        answers = {task.key: [asdict(each) for each in reading.answers(task.key)] for task in course.tasks}
        return {
            **{name: value for name, value in asdict(course.case).items() if not name.startswith("_")},
            "tasks": [asdict(task) for task in course.tasks],
            "answers": {key: given for key, given in answers.items() if given},
            "overrides": [asdict(each) for each in reading.overrides([code])[code]],
            "history": [asdict(entry) for entry in reading.history(code)],
        }


def script(practice: Practice, code: str) -> Script:
    """Return a case as a script that can be played."""
    with practice.store.reading() as reading:
        return script_of(practice, reading, code)
