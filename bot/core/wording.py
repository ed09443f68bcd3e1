"""The words people read: short, kind, concrete, and never a patient's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from bot.core.case import Answer, Case, Choice, Decision, Outcome, Session, Task, TaskStatus
from bot.core.catches import CATCHES
from bot.core.instants import own, told
from bot.core.kinds import CardKind, Gate, Level
from bot.core.people import Clinic, Role
from bot.core.playbook import Playbook
from bot.core.times import Calendar

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CONFIRMED: "Confirmed",
    Outcome.CAUGHT: "Caught & fixed",
    Outcome.NOT_APPLICABLE: "Not applicable",
    Outcome.PROBLEM: "Problem",
    Outcome.UNREACHED: "Not reached",
}

CHOICES: Mapping[Choice, str] = {
    Choice.PROCEED: "Proceed",
    Choice.MODIFY: "Proceed with a changed plan",
    Choice.POSTPONE: "Postpone",
}

ROLES: Mapping[Role, str] = {
    Role.FRONT_DESK: "the front desk",
    Role.NURSE: "a nurse",
    Role.OPERATOR: "the operator",
    Role.PHYSICIAN: "the physician",
    Role.MANAGER: "the manager",
    Role.MEDICAL_DIRECTOR: "the medical director",
}

PLATFORMS: Mapping[str, str] = {"slack": "Slack", "teams": "Microsoft Teams", "local": "this page"}

GATES: Mapping[Gate, str] = {
    Gate.WEEK: "A week before",
    Gate.COME: "Cleared to come",
    Gate.HUDDLE: "Morning huddle",
    Gate.ARRIVAL: "Arrival",
    Gate.START: "Cleared to start",
}

#: What a patient is ready for at a gate: "ready for the morning huddle".
READY_FOR: Mapping[Gate, str] = {
    Gate.WEEK: "the week-before check",
    Gate.COME: "coming",
    Gate.HUDDLE: "the morning huddle",
    Gate.ARRIVAL: "arrival",
    Gate.START: "the start",
}

#: What a kind of history line is called; the others are called as they are.
HISTORY: Mapping[str, str] = {
    "fact": "changed what is known",
    "session_added": "added a session",
    "event": "reported a complication",
    "marked": "pressed",
    "late": "said that the patient is late",
    "override": "said go as a second person",
    "escalated": "told who can help",
    "shadowed": "planned, and asked nobody",
    "waits": "held a prompt back",
    "resumed": "asked what had waited",
    "acknowledged": "is on it",
    "snoozed": "asked for it later",
    "looked": "looked up who it is",
    "identified": "wrote down who it is",
    "erased": "erased what was said",
    "held": "put on hold",
    "hold_released": "let it go on",
    "handed": "handed over",
    "shift_ended": "went home, and handed on",
    "left": "could not reach somebody any more, and asked others",
    "assigned": "changed whose it is",
    "asked_too": "asked one thing more",
    "booking_changed": "changed the booking",
}

CARDS: Mapping[CardKind, str] = {
    CardKind.WORKLIST: "Your list",
    CardKind.DESK: "Front desk today",
    CardKind.CLEARANCE: "Cleared to come?",
    CardKind.CONSULT: "Consultation",
    CardKind.PREP: "Prep",
    CardKind.DOCTOR: "Doctor",
    CardKind.ROOM: "Room",
    CardKind.TIMEOUT: "Time-out",
    CardKind.RECORD: "Record",
    CardKind.AFTER: "After",
    CardKind.EVENT: "Complication reported",
}

LEVELS: Mapping[Level, str] = {
    Level.NONE: "reminder",
    Level.MD: "needs the physician",
    Level.HARD: "hard stop",
}


def label(case: Case, session: Session, playbook: Playbook, calendar: Calendar) -> str:
    """Return how a case is named everywhere: "CO₂ · Mon 16 Feb 09:30 · Room 2 · K7Q2", and which session of
    a course it is.
    """
    several = len(case.sessions) > 1
    parts = [
        playbook.called,
        f"session {session.number} of {len(case.sessions)}" if several else "",
        moment(session.start, calendar),
        room_name(session.room),
        case.code,
    ]
    return " · ".join(part for part in parts if part)


def platform(name: str) -> str:
    """Return what people call a platform."""
    return PLATFORMS.get(name, name.capitalize())


def room_name(room: str) -> str:
    """Return a room's id as people say it: "room-2" is "Room 2"."""
    words = room.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def day_words(day: date) -> str:
    """Return "Mon 16 Feb"."""
    return f"{day:%a} {day.day} {day:%b}"


def moment(at: datetime, calendar: Calendar) -> str:
    """Return "Mon 16 Feb 09:30" in clinic time."""
    return told(f"{day_words(calendar.day(at))} {calendar.local(at):%H:%M}", at)


def clock(at: datetime, calendar: Calendar) -> str:
    """Return "09:30" in clinic time."""
    return told(f"{calendar.local(at):%H:%M}", at, day_words(calendar.day(at)))


def hours(starts: datetime, ends: datetime, calendar: Calendar) -> str:
    """Return "14:00-17:00" in clinic time, or "14:00" of one moment."""
    first, last = (f"{calendar.local(at):%H:%M}" for at in (starts, ends))
    return first if first == last else f"{first}-{last}"


def when(at: datetime, now: datetime, calendar: Calendar) -> str:
    """Return "09:30" for today, "Mon 16 Feb 09:30" for another day."""
    return clock(at, calendar) if calendar.day(at) == calendar.day(now) else moment(at, calendar)


def moments(now: datetime, calendar: Calendar, **pressed: datetime | None) -> str:
    """Return real moments as a line shows them: "Arrived 08:45", "Started 09:32, finished 10:20"."""
    words = ", ".join(f"{word} {when(at, now, calendar)}" for word, at in pressed.items() if at)
    return words[:1].upper() + words[1:]


def due_words(task: Task, now: datetime, calendar: Calendar, *, deadline: bool = False) -> str:
    """Return what a line says about its time: "from 10:20", "due 10:20", "overdue since Mon 16 Feb 10:20",
    and "by 10:20" of a deadline that is still ahead.
    """
    if task.status is not TaskStatus.OPEN:
        return ""
    if task.due > now:
        return f"{'by' if deadline else 'from'} {when(task.due, now, calendar)}"
    overdue = now - task.due >= timedelta(hours=1)
    return f"{'overdue since' if overdue else 'due'} {when(task.due, now, calendar)}"


def outcome_words(answer: Answer) -> str:
    """Return "Confirmed", and of what was caught its kind, too: "Caught & fixed, device or room"."""
    kind = f", {CATCHES[answer.caught].lower()}" if answer.caught else ""
    return f"{OUTCOMES[answer.outcome]}{kind}"


def answered_words(answer: Answer, clinic: Clinic, now: datetime) -> str:
    """Return "Confirmed by Jo Park 10:04"."""
    by = person_name(clinic, answer.by)
    return f"{outcome_words(answer)} by {by} {when(answer.at, now, clinic.calendar)}"


def signed_words(answer: Answer, clinic: Clinic, now: datetime) -> str:
    """Return "Confirmed by Jo Park 10:04", and of what was amended when it was first answered."""
    text = answered_words(answer, clinic, now)
    first = when(answer.amends, now, clinic.calendar) if answer.amends else ""
    return f"{text}, amended (first answered {first})" if first else text


def answer_words(answer: Answer, clinic: Clinic, now: datetime) -> str:
    """Return "Confirmed by Jo Park 10:04", with the note of anything but a plain yes."""
    text = signed_words(answer, clinic, now)
    return f"{text}: {own(answer.note)}" if answer.note else text


def decision_words(decision: Decision, clinic: Clinic) -> str:
    """Return "Proceed, Dr Ali: on half the dose"."""
    return f"{CHOICES[decision.choice]}, {person_name(clinic, decision.by)}: {own(decision.reason)}"


def reason_words(reasons: tuple[str, ...]) -> str:
    """Return stop reasons as a person would say them: "isotretinoin last dose: 3 Aug 2026"."""
    return "; ".join(plain_reasons(reasons))


def plain_reasons(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stops in words, without what is true of every patient of the playbook."""
    of_the_patient = [reason for reason in reasons if not reason.startswith("playbook:")]
    return tuple(map(plain, of_the_patient or reasons))


def stop_words(title: str, reasons: tuple[str, ...]) -> str:
    """Return "Isotretinoin: last dose: 3 Aug 2026", and no name twice: "First antiviral dose taken: no"."""
    said = set(title.lower().split())
    kept = []
    for reason in plain_reasons(reasons):
        name, colon, value = reason.partition(": ")
        kept.append(value if colon and set(name.lower().split()) <= said else f"{name}{colon}{value}")
    return of(title, "; ".join(kept))


def of(title: str, words: str) -> str:
    """Return "Skin exam: no answer yet"; a question keeps its own mark: "Anything new? no answer yet"."""
    return f"{title} {words}" if title.endswith("?") else f"{title}: {words}"


def count(number: int, one: str, many: str = "") -> str:
    """Return "1 item" or "3 items"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def few(titles: Iterable[str]) -> str:
    """Return "Skin exam, Time-out" and, of many, how many more there are."""
    names = list(dict.fromkeys(titles))
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def person_name(clinic: Clinic, person_id: str | None) -> str:
    """Return a person's name, the id where nobody is known by it."""
    person = clinic.people.get(person_id or "")
    return person.name if person else person_id or "nobody"


def plain(name: str) -> str:
    """Return a name or a value as people write it."""
    return name.replace("_", " ")
