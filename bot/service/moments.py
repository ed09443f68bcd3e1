"""Real moments that nobody pressed: the desk is asked about them, each question once.

Each question is a card of its own, named by its session, its start and its moment: the outbox takes it only
once. It stands on the case's first line of that session, so that whatever changes the session redraws it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.case import Moment, Session
from bot.core.course import Course
from bot.core.messages import Notice
from bot.core.moments import Asking, Question, due_askings, expected, next_asking, released
from bot.core.outgoing import Entry, Posting, Verb
from bot.core.people import Clinic, Role
from bot.ports import Reading, Transaction
from bot.service.practice import Practice
from bot.service.rooms import rooms_today

#: The kind of a question about a real moment that nobody pressed.
MOMENT = "moment"
#: What a card says that tells of a delay and asks nothing.
_LATE = "late"
_TOLD_OF_DELAY = (Role.OPERATOR, Role.NURSE)
_INSTANT = "%Y%m%dT%H%M"


def ask_moments(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime, limit: int) -> int:
    """Ask what is due about the real moments of a clinic's cases; return how many cases that was."""
    due = tx.asking(clinic.id, now, limit)
    for case in due:
        before = practice.course(tx, case.code)
        asked = {
            each.question.value: _ask(practice, tx, clinic, before, each) for each in due_askings(before, now)
        }
        after = released(before, now)
        coming = next_asking(before, now + timedelta.resolution)
        after = replace(after, case=replace(after.case, asks_at=coming))
        entry = Entry(kind="asked", at=now, by="bookend", detail={"moments": asked})
        tx.change(after.case, after.changed_since(before), entry)
    return len(due)


def _ask(practice: Practice, tx: Transaction, clinic: Clinic, course: Course, asking: Asking) -> str:
    session = course.case.session(asking.session)
    person = _there(tx, course, session, asking.role, clinic, practice.clock.now())
    key = (asking.question.value, *_named(course, session), f"{asking.at:{_INSTANT}}", asking.role.value)
    _post(practice, tx, clinic, course, session, ":".join((MOMENT, *key)), person, asking.role)
    return person


def _named(course: Course, session: Session) -> tuple[str, str, str]:
    return course.case.code, str(session.number), f"{session.start:{_INSTANT}}"


def _there(
    tx: Transaction, course: Course, session: Session, role: Role, clinic: Clinic, now: datetime
) -> str:
    """Return who is asked in a role: of the case, of its room today, else whoever is on duty."""
    there = clinic.on_duty(role, now) or clinic.rostered(role, clinic.calendar.day(now))
    rooms = rooms_today(tx, clinic, [(role, course.case, session)], now)
    first = (course.case.assigned.get(role), rooms.person(role, course.case, session, clinic))
    return next((person for person in (*first, *there) if person in there), "")


def _post(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    course: Course,
    session: Session,
    key: str,
    person: str,
    role: Role,
) -> None:
    to = practice.reached(clinic, person, role)
    if to is None:
        return
    code = course.case.code
    tx.post(
        Posting(
            key=key, clinic=clinic.id, kind=MOMENT, to=to, person=person, case=code, session=session.number
        )
    )
    first = min((t for t in course.tasks if t.session == session.number), key=lambda t: t.key, default=None)
    tx.put_on(key, [first.key] if first else [])
    tx.queue(key, Verb.DRAW, key=key, at=practice.clock.now())


def tell_the_room(
    practice: Practice, tx: Transaction, clinic: Clinic, course: Course, by: str, number: int
) -> None:
    """Tell who waits for a patient that they come later, but for whoever said so."""
    session = course.case.session(number)
    for role in _TOLD_OF_DELAY:
        person = _there(tx, course, session, role, clinic, practice.clock.now())
        if person and person != by:
            key = ":".join((MOMENT, _LATE, *_named(course, session), str(session.delay), person))
            _post(practice, tx, clinic, course, session, key, person, role)


def draw_moment(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw a question about a real moment: what is asked, or what became of it."""
    what, role = posting.key.split(":")[1], posting.key.split(":")[-1]
    course = practice.course(reading, posting.case)
    session = course.case.session(posting.session)
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    over = settled(session, posting, clinic)
    if what == _LATE:
        words = over or _late_words(session, clinic)
        return Notice(heading="Comes later", text=f"{label}: {words}")
    question = Question(what)
    words = over or _words(question, course, session)
    buttons = () if over else tuple(_buttons(question, session, course.case.code, Role(role)))
    return Notice(heading=_HEADINGS[question], text=f"{label}: {words}", buttons=buttons)


def _late_words(session: Session, clinic: Clinic) -> str:
    at = wording.clock(expected(session, session.start), clinic.calendar)
    late = f"about {session.delay} minutes late" if session.delay else "in time after all"
    return f"{late}, the start is expected about {at}."


_HEADINGS = {Question.ARRIVAL: "Is the patient here?", Question.START: "Has it begun?"}


def _words(question: Question, course: Course, session: Session) -> str:
    if question is Question.START:
        at = wording.clock(expected(session, session.start), course.calendar)
        return f"expected to begin at {at}, and nobody pressed Started. What comes after it waits."
    at = wording.clock(expected(session, course.arrival(session)), course.calendar)
    return f"expected at {at}, and nobody pressed Arrived."


def settled(session: Session, posting: Posting, clinic: Clinic) -> str:
    """Return why a message about a moment asks nothing any more, "" while it does."""
    _, what, _, _, start, *_ = posting.key.split(":")
    if session.cancelled is not None:
        return "cancelled."
    if f"{session.start:{_INSTANT}}" != start:
        return "it has a new date."
    pressed = {"started": session.started, "arrived": None if what == Question.START else session.arrived}
    return next((f"{word} {wording.clock(at, clinic.calendar)}." for word, at in pressed.items() if at), "")


def _buttons(question: Question, session: Session, code: str, role: Role) -> Iterator[Button]:
    of = (f"{code}:{session.number}",)
    pressed = Moment.ARRIVED if question is Question.ARRIVAL else Moment.STARTED
    here = "Here" if question is Question.ARRIVAL else "Started"
    yield Button(action=Action.MARK, label=here, tasks=of, value=pressed.value, style="primary")
    yield Button(action=Action.LATE, label="Later", tasks=of, value=question.value)
    # a nurse says that nobody is there; whoever plans the dates cancels
    if session.arrived is None and role is Role.FRONT_DESK:
        yield Button(action=Action.NO_SHOW, label="No-show", tasks=of, style="danger")
