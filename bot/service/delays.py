"""Late, or not coming: what the desk says of a patient who is not here, in a form or in a few words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.case import Moment, Session
from bot.core.course import Course
from bot.core.errors import NotFound, Settled, Unclear, WrongValues
from bot.core.guard import noted
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.moments import Question, comes_today, delayed, expected
from bot.core.outgoing import Entry, Posting
from bot.core.people import Clinic, Person
from bot.core.permissions import Deed, require
from bot.core.replies import Filled, Pressed
from bot.ports import Reading, Transaction
from bot.service import cases
from bot.service.moments import settled, tell_the_room
from bot.service.practice import Practice

#: The field for the minutes of a delay, and how many it may be: later than that is another appointment.
MINUTES, LONGEST = "minutes", 240
_HOW_LATE = f"Whole minutes, 1 to {LONGEST}. Later than that: give it another time with `move`."
#: The field for what is to be added to a no-show.
NOTE = "note"
_MINUTE = timedelta(minutes=1)
_YES = ("yes", "done", "ok")
_LATER = re.compile(r"(?:later?|in)?\s*(\d{1,3})\s*(?:m|min|mins|minutes)?(?:\s+late)?")


def session_in(course: Course, key: str) -> Session:
    """Return the session that CODE:SESSION names; raise NotFound."""
    code, _, number = key.partition(":")
    if not number.isdecimal() or len(number) > cases.LONGEST_NUMBER:
        raise NotFound(f"session of {code}", number)
    return course.case.session(int(number))


def late_form(practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed) -> Form:
    """Ask in how many minutes the patient comes, or the procedure begins."""
    starts = pressed.value == Question.START
    field = FormField(
        name=MINUTES,
        label=f"In how many minutes will {'it begin' if starts else 'they be here'}?",
        kind=FieldKind.NUMBER,
        unit="min",
        help="The room is told. No due time moves.",
    )
    return _form(practice, reading, clinic, pressed, heading="Later", submit="Tell the room", fields=(field,))


def no_show_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> Form:
    """Ask to be sure before a session is cancelled as a no-show."""
    field = FormField(
        name=NOTE,
        label="Anything to add",
        kind=FieldKind.TEXT,
        required=False,
        help="The session is cancelled, and what was open for it is not asked any more.",
    )
    return _form(
        practice, reading, clinic, pressed, heading="No-show?", submit="Cancel as a no-show", fields=(field,)
    )


def _form(
    practice: Practice,
    reading: Reading,
    clinic: Clinic,
    pressed: Pressed,
    *,
    heading: str,
    submit: str,
    fields: tuple[FormField, ...],
) -> Form:
    course = practice.course(reading, pressed.tasks[0].partition(":")[0])
    session = session_in(course, pressed.tasks[0])
    _still_to_come(course, session, clinic)
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    part = FormPart(task=pressed.tasks[0], revision=0, title=heading, fields=fields)
    return Form(
        heading=heading, label=label, parts=(part,), action=pressed.action, submit=submit, value=pressed.value
    )


def _still_to_come(course: Course, session: Session, clinic: Clinic) -> None:
    code, calendar = course.case.code, clinic.calendar
    if session.cancelled or course.case.cancelled:
        raise Settled(f"{code} is cancelled; nothing was changed.")
    if session.started:
        raise Settled(f"{code} began at {wording.clock(session.started, calendar)}; nothing was changed.")


def take_late(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    """Take a delay, and tell whoever waits in the room."""
    key, raw = next(iter(filled.entries.items()))
    text = str(raw.get(MINUTES, "")).strip()
    minutes = int(text) if text.isdecimal() and len(text) < 4 else 0
    return later(practice, tx, clinic, person, key, minutes, starts=filled.value == Question.START)


def later(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: Person,
    key: str,
    minutes: int,
    *,
    starts: bool,
) -> Notice:
    """Say that a patient comes, or a procedure starts, so many minutes from now."""
    if not 1 <= minutes <= LONGEST:
        raise WrongValues({MINUTES: _HOW_LATE})
    code, now = key.partition(":")[0], practice.clock.now()
    course = practice.course(tx, code)
    session = session_in(course, key)
    _still_to_come(course, session, clinic)
    comes_today(course, session.number, now)
    planned = session.start if starts else course.arrival(session)
    wanted = now + _MINUTE * minutes
    delay = max(0, -(-(wanted - planned) // _MINUTE))
    words = f"About {delay} minutes later than planned." if delay else "In time after all."
    detail = {"session": session.number, "minutes": delay, "news": [words]}
    entry = Entry(kind="late", at=now, by=person.id, detail=detail)
    _, after = cases.change_case(practice, tx, code, entry, lambda c: delayed(c, session.number, delay))
    tell_the_room(practice, tx, clinic, after, person.id, session.number)
    start = wording.clock(expected(replace(session, delay=delay), session.start), clinic.calendar)
    return Notice(text=f"{code}: {words} The start is expected about {start}; the room is told.", tone="good")


def typed_of_moment(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, posting: Posting, text: str
) -> Notice:
    """Take a line under a question about a real moment: `here`, `later 20m` or `no-show`."""
    require(person, Deed.MARK, clinic, practice.clock.now())
    key, what = f"{posting.case}:{posting.session}", posting.key.split(":")[1]
    if what not in [*Question]:
        raise Unclear("This message asks nothing. Please reply under the card you mean, or write `help`.")
    if why := settled(tx.case(posting.case).session(posting.session), posting, clinic):
        raise Settled(f"{posting.case}: {why} Nothing was changed.")
    starts = what == Question.START
    said = text.strip().strip("`.!").lower()
    if said in (*_YES, "started") if starts else said in (*_YES, "here", "arrived"):
        pressed = Moment.STARTED if starts else Moment.ARRIVED
        cases.mark(practice, tx, posting.case, posting.session, pressed, by=person.id)
        return Notice(text=f"{pressed.value.capitalize()}: {posting.case}, noted.", tone="good")
    if found := _LATER.fullmatch(said):
        return later(practice, tx, clinic, person, key, int(found[1]), starts=starts)
    if said in ("no-show", "no show", "noshow") and not starts:
        button = Button(action=Action.NO_SHOW, label="No-show", tasks=(key,), style="danger")
        return Notice(text="No-show? Nothing was changed yet.", buttons=(button,))
    words = "`started` or `later 20m`" if starts else "`here`, `later 20m` or `no-show`"
    raise Unclear(f"I did not understand {text[:60]!r}, and nothing was changed. Write {words}.")


def take_no_show(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Cancel a session whose patient did not come."""
    key, raw = next(iter(filled.entries.items()))
    course = practice.course(tx, key.partition(":")[0])
    session = session_in(course, key)
    _still_to_come(course, session, clinic)
    if session.arrived:
        at = wording.clock(session.arrived, clinic.calendar)
        raise Settled(f"{course.case.code} arrived at {at}; nothing was changed.")
    reason = ": ".join(filter(None, ("no-show", noted(str(raw.get(NOTE, ""))))))
    cases.cancel(practice, tx, course.case.code, by=person.id, reason=reason, session=session.number)
    return Notice(text=f"{course.case.code}: no-show. What was open is not asked any more.", tone="good")
