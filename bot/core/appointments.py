"""A new appointment: its five fields, what is wrong with them, and what the desk should look at again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from bot.core import wording
from bot.core.case import Booking, Case, Session
from bot.core.changes import FURTHEST
from bot.core.conditions import Values
from bot.core.course import Course
from bot.core.errors import WrongValues, did_you_mean
from bot.core.fleet import typed_name
from bot.core.guard import looks_like, unnamed
from bot.core.kinds import FieldKind
from bot.core.messages import FormField
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Playbook
from bot.core.written import read_date, read_start, read_time

#: The fields of the form, in the order in which they are typed behind `new`.
PROCEDURE, DAY, AT, ROOM, OPERATOR, SESSION = "procedure", "day", "at", "room", "operator", "session"
FIELDS = (PROCEDURE, DAY, AT, ROOM, OPERATOR, SESSION)
#: Asked besides where a room has several.
DEVICE = "device"
#: Offered besides: what is asked at the consultation waits for it.
CONSULT = "consult"
#: How it is typed.
EXAMPLE = "`new abl 2027-03-02 09:30 room-2 max`, and `2/4` for the second session of four"
#: Which session of how many.
_SESSION = re.compile(r"(\d{1,2})\s*(?:of|/|von)\s*(\d{1,2})", re.IGNORECASE)
_Read = TypeVar("_Read")


@dataclass(frozen=True, kw_only=True, slots=True)
class Appointment:
    """What the desk knows when it books: no word about the patient."""

    playbook: Playbook
    start: datetime
    room: str
    operator: str
    number: int
    of: int
    device: str = ""
    consult: datetime | None = None

    @property
    def facts(self) -> Values:
        """Return what follows from it."""
        return {
            "session_no": float(self.number),
            "last_session": "yes" if self.number == self.of else "no",
        }

    def booking(self, clinic: Clinic, facts: Values, now: datetime) -> Booking:
        """Return the booking of it; what is `usual` here is nobody's word."""
        return Booking(
            playbook=self.playbook.id,
            calendar=clinic.calendar,
            opened=now,
            starts=(self.start,),
            consult=self.consult,
            facts={**facts, **self.facts},
            room=self.room,
            device=self.device,
            operator=self.operator,
            told=False,
        )


def inputs(clinic: Clinic, books: Mapping[str, Playbook], typed: Mapping[str, str]) -> tuple[FormField, ...]:
    """Return the fields of the form, filled with what was typed already and can be read."""
    rooms = tuple((room, wording.room_name(room)) for room in clinic.rooms)
    procedures = tuple((id, book.title) for id, book in books.items())
    operators = tuple((person.id, person.name) for person in _operators(clinic))
    known = {name: words for name, words in typed.items() if _readable(name, words) and not looks_like(words)}
    kinds = {
        PROCEDURE: ("Procedure", FieldKind.CHOICE, procedures),
        DAY: ("Date", FieldKind.DATE, ()),
        AT: ("Start", FieldKind.TIME, ()),
        ROOM: ("Room", FieldKind.CHOICE if rooms else FieldKind.TEXT, rooms),
        OPERATOR: ("Operator", FieldKind.CHOICE, operators),
        SESSION: ("Session", FieldKind.TEXT, ()),
    }
    asked = tuple(
        FormField(
            name=name,
            label=label,
            kind=kind,
            options=options,
            value=_value(name, known.get(name, "1 of 1" if name == SESSION else "")),
            help="Which of how many, such as 2 of 4." if name == SESSION else "",
        )
        for name, (label, kind, options) in kinds.items()
    )
    return (*asked, *_device_input(clinic), _consult_input())


def _consult_input() -> FormField:
    return FormField(
        name=CONSULT,
        label="Consultation",
        kind=FieldKind.TEXT,
        required=False,
        help="Where it is still to come, such as 2027-02-20 10:00. Empty: the patient is here now.",
    )


def _consult(words: str, start: datetime, clinic: Clinic) -> datetime | None:
    if not words:
        return None
    try:
        moment = clinic.calendar.instant(*read_start(words.split()))
    except ValueError:
        raise ValueError("Write the day and the time of the consultation like 2027-02-20 10:00.") from None
    if moment > start:
        raise ValueError("The consultation comes before the procedure. Please look at the dates again.")
    return moment


def _device_input(clinic: Clinic) -> Iterator[FormField]:
    several = [device for devices in clinic.rooms.values() if len(devices) > 1 for device in devices]
    if several:
        yield FormField(
            name=DEVICE,
            label="Device",
            kind=FieldKind.CHOICE,
            options=tuple((device, device) for device in dict.fromkeys(several)),
            required=False,
            help="Where the room has several.",
        )


def _device(words: str, room: str, clinic: Clinic) -> str:
    there = clinic.rooms.get(room, ())
    found = next((d for d in there if typed_name(d).lower() == typed_name(words).lower()), "")
    if words and there and not found:
        raise ValueError(f"{wording.room_name(room)} has {' and '.join(there)}, no {words}.")
    return found or words


def _value(name: str, words: str) -> str | date | time | None:
    match name:
        case "day":
            return read_date(words) if words else None
        case "at":
            return read_time(words) if words else None
        case _:
            return words or None


def _readable(name: str, words: str) -> bool:
    try:
        _value(name, words)
    except ValueError:
        return False
    return True


def typed_fields(words: Iterable[str]) -> dict[str, str]:
    """Return what was typed behind `new` by field; "2 of 4" may be three words."""
    first, rest = list(words)[:5], list(words)[5:]
    return {**dict(zip(FIELDS, first, strict=False)), **({SESSION: " ".join(rest)} if rest else {})}


def read_appointment(
    raw: Mapping[str, str], clinic: Clinic, books: Mapping[str, Playbook], now: datetime
) -> Appointment:
    """Return the appointment; raise WrongValues with every field that needs another look."""
    problems: dict[str, str] = {}

    def read(name: str, how: Callable[[str], _Read], otherwise: _Read) -> _Read:
        try:
            return how(raw.get(name, "").strip())
        except ValueError as wrong:
            problems[name] = str(wrong)
            return otherwise

    playbook = read(PROCEDURE, lambda words: books[_known(words.lower(), books, "procedure")], None)
    day = read(DAY, lambda words: read_date(_said(words, "the date")), date.max)
    at = read(AT, lambda words: read_time(_said(words, "the start")), time(0))
    room = read(ROOM, lambda words: _room(words, clinic), "")
    device = read(DEVICE, lambda words: _device(words, room, clinic), "")
    operator = read(OPERATOR, lambda words: _operator(words, clinic), "")
    number, of = read(SESSION, read_session, (1, 1))
    start, consult = now, None
    if DAY not in problems and AT not in problems:
        start = clinic.calendar.instant(day, at)
        read(DAY, lambda words: _ahead(start, now), "")
        consult = read(CONSULT, lambda words: _consult(words, start, clinic), None)
    if problems or playbook is None:
        raise WrongValues(problems)
    return Appointment(
        playbook=playbook,
        start=start,
        consult=consult,
        room=room,
        operator=operator,
        number=number,
        of=of,
        device=device,
    )


def _said(words: str, what: str) -> str:
    if not words:
        raise ValueError(f"Please fill in {what}.")
    return words


def _known(word: str, known: Iterable[str], what: str) -> str:
    _said(word, f"the {what}")
    if word not in known:
        near = did_you_mean(word, known) or f" There are {', '.join(sorted(known))}."
        raise ValueError(f"There is no {what} {word!r} here.{near}")
    return word


def _room(words: str, clinic: Clinic) -> str:
    return _known(words.lower(), clinic.rooms, "room") if clinic.rooms else unnamed(_said(words, "the room"))


def _operators(clinic: Clinic) -> Iterator[Person]:
    return (person for person in clinic.people.values() if person.may(Role.OPERATOR))


def _operator(words: str, clinic: Clinic) -> str:
    return _known(words.lower().lstrip("@"), [person.id for person in _operators(clinic)], "operator")


def read_session(words: str) -> tuple[int, int]:
    """Read "2 of 4" or "2/4"; nothing is the only one. Raise ValueError."""
    if not words:
        return 1, 1
    found = _SESSION.fullmatch(words)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        raise ValueError(f"{words!r} is no session. Write which of how many, such as 2 of 4.")
    return number, of


def _ahead(start: datetime, now: datetime) -> str:
    if start <= now:
        raise ValueError("That moment has passed already. Give a start in the future.")
    if start - now > FURTHEST:
        raise ValueError("That is more than ten years ahead. Is the year right?")
    return ""


def warnings(case: Case, session: Session, clinic: Clinic, others: Iterable[Course]) -> tuple[str, ...]:
    """Return what the desk should look at again: nothing of it is forbidden."""
    operator = case.assigned.get(Role.OPERATOR, "")
    off_duty = _off_duty(session, clinic, operator) if operator else ()
    return (*_closed(session, clinic), *off_duty, *_crossing(session, operator, others))


def _closed(session: Session, clinic: Clinic) -> Iterator[str]:
    calendar = clinic.calendar
    day = calendar.day(session.start)
    if not calendar.is_open(day):
        yield f"{clinic.title} is closed on {wording.day_words(day)}."
    elif calendar.working_moment(session.start) != session.start:
        opens, closes = calendar.opening(day)
        yield f"That is outside the opening hours ({opens:%H:%M} to {closes:%H:%M})."


def _off_duty(session: Session, clinic: Clinic, operator: str) -> Iterator[str]:
    if operator not in clinic.on_duty(Role.OPERATOR, session.start):
        at = wording.moment(session.start, clinic.calendar)
        yield f"{wording.person_name(clinic, operator)} is not on duty {at}: who is will be asked."


def _crossing(session: Session, operator: str, others: Iterable[Course]) -> Iterator[str]:
    for other in others:
        for each in _meeting(session, other):
            label = wording.label(other.case, each, other.playbook, other.calendar)
            if each.room and each.room == session.room:
                yield f"{wording.room_name(each.room)} is taken then: {label}."
            elif operator and other.case.assigned.get(Role.OPERATOR) == operator:
                yield f"The operator is booked then: {label}."


def _meeting(session: Session, other: Course) -> Iterator[Session]:
    for each in other.case.sessions:
        if not (each.cancelled or each.finished) and each.start < session.end and session.start < each.end:
            yield each
