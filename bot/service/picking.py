"""Picking: `move` and `cancel` without a code open a form with the next days' sessions, by day and time.

What is picked then goes the way of the command with its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bot.core import wording
from bot.core.actions import Action
from bot.core.case import Case, Session
from bot.core.errors import Refused, WrongValues
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.people import Clinic, Person
from bot.core.replies import Command, Filled
from bot.core.standing import label as by_time
from bot.core.written import read_date, read_time
from bot.ports import Reading, Transaction
from bot.service.commands import act
from bot.service.practice import Practice

#: How far ahead sessions can be picked where no day is named.
AHEAD = timedelta(days=14)
#: What the form is about, and its fields.
PICK, WHICH, DAY, AT, REASON = "pick", "which", "day", "at", "reason"


def move_picker(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form | None:
    """Return the form in which to pick a session and its new date, `None` where a code was named."""
    fields = (
        FormField(name=DAY, label="New date", kind=FieldKind.DATE),
        FormField(name=AT, label="New start", kind=FieldKind.TIME),
    )
    return _picker(practice, reading, clinic, command, "Move a session", Action.PICK_MOVE, fields)


def cancel_picker(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form | None:
    """Return the form in which to pick a session to be cancelled, `None` where a code was named."""
    help = "In a word or two, such as patient is ill; no-show is a reason."
    fields = (FormField(name=REASON, label="Why", kind=FieldKind.TEXT, help=help),)
    return _picker(practice, reading, clinic, command, "Cancel a session", Action.PICK_CANCEL, fields)


def _picker(
    practice: Practice,
    reading: Reading,
    clinic: Clinic,
    command: Command,
    heading: str,
    action: Action,
    fields: tuple[FormField, ...],
) -> Form | None:
    named = command.words[1:]
    day = _day(named[0]) if named else None
    if named and day is None:
        return None
    options = tuple(_sessions(practice, reading, clinic, day))
    if not options:
        when = wording.day_words(day) if day else f"the next {AHEAD.days} days"
        raise Refused(f"Nothing is booked for {when}. Name the day, such as `{command.words[0]} 2027-03-02`.")
    which = FormField(name=WHICH, label="Which session", kind=FieldKind.CHOICE, options=options)
    part = FormPart(task=PICK, revision=0, title=heading, fields=(which, *fields))
    when = wording.day_words(day) if day else f"The next {AHEAD.days} days"
    return Form(heading=heading, label=when, parts=(part,), action=action, submit=heading)


def _day(word: str) -> date | None:
    try:
        return read_date(word)
    except ValueError:
        return None


def _sessions(
    practice: Practice, reading: Reading, clinic: Clinic, day: date | None
) -> Iterator[tuple[str, str]]:
    now, calendar = practice.clock.now(), clinic.calendar
    found: list[tuple[Case, Session]] = [
        (case, session)
        for case in reading.open_cases(clinic.id)
        for session in case.sessions
        if not (session.cancelled or session.started or session.finished) and session.end >= now
        if (calendar.day(session.start) == day if day else session.start <= now + AHEAD)
    ]
    for case, session in sorted(found, key=lambda each: (each[1].start, each[0].code)):
        # as on the board: whoever telephones knows the day and the time
        yield f"{case.code}/{session.number}", by_time(practice.course_of(case, ()), session, now)


def picked(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    """Take what was picked, as if its code had been typed."""
    raw = {name: str(words).strip() for name, words in next(iter(filled.entries.values())).items()}
    if not raw.get(WHICH):
        raise WrongValues({WHICH: "Please pick a session."})
    moves = filled.action is Action.PICK_MOVE
    said = (
        ("move", raw[WHICH], *_start(raw)) if moves else ("cancel", raw[WHICH], *raw.get(REASON, "").split())
    )
    if len(said) == 2:
        raise WrongValues({REASON: "Please say why in a word or two."})
    command = Command(platform=filled.platform, account=filled.account, once=filled.once, words=said)
    return act(practice, tx, clinic, person, command)


def _start(raw: dict[str, str]) -> tuple[str, str]:
    problems: dict[str, str] = {}
    for name, read in ((DAY, read_date), (AT, read_time)):
        try:
            read(raw.get(name, ""))
        except ValueError:
            problems[name] = (
                "Please fill in the new date." if name == DAY else "Please fill in the new start."
            )
    if problems:
        raise WrongValues(problems)
    day, at = read_date(raw[DAY]), read_time(raw[AT])
    return day.isoformat(), f"{at:%H:%M}"
