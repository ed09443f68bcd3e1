"""One row of a clinic's book taken in: a case opened, moved, changed or cancelled, and remembered with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.core.beginning import cautious, usual_facts
from bot.core.book_rows import BookRow, Kind, Planned, now_known
from bot.core.case import Booking
from bot.core.catch_up import caught_up, is_late, next_turn
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Role
from bot.ports import Transaction
from bot.service import cases, imported
from bot.service.practice import Practice
from bot.service.sessions import add_session
from bot.service.signing import in_force

#: Who did it, in a case's history.
BY = "import"
#: The fact that says which session of a course a single appointment is.
SESSION = "session_no"
#: Said of a row that two imports took in at once.
MEANWHILE = "Another import took it in meanwhile, so nothing was done with it. Import the file once more."


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What became of a row: its case, what was said, on which day late items of a new case are asked, and the
    playbook that nobody signed, if it is only shown.
    """

    planned: Planned
    code: str = ""
    said: tuple[str, ...] = ()
    problem: str = ""
    session: int = 1
    turn: date | None = None
    shadow: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Rows that are written in one go; `taken` counts the cases on each day of the catch-up list, `courses`
    are those that this import opened, with their case. `presumed` is what nobody said of a plan, by the
    version of a playbook.
    """

    practice: Practice
    tx: Transaction
    clinic: Clinic
    now: datetime
    taken: Counter[date]
    courses: dict[str, str]
    presumed: dict[str, Mapping[str, Value]] = field(default_factory=dict)


def begun(
    practice: Practice, tx: Transaction, clinic: Clinic, courses: dict[str, str], before: Batch | None
) -> Batch:
    """Begin a batch; for the first, the turns that are over end and those that are left are counted once."""
    now = practice.clock.now()
    if before is None:
        today = clinic.calendar.day(now)
        imported.end_turns(tx, clinic, today, now)
        taken = imported.turns(tx, clinic, today)
    else:
        taken = Counter(before.taken)
    return Batch(practice=practice, tx=tx, clinic=clinic, now=now, taken=taken, courses=courses)


def take_row(batch: Batch, planned: Planned) -> Done:
    """Do what a row asks for, and remember it; one that is refused changes nothing."""
    if imported.known_now(batch.tx, planned.key) != planned.known:
        return Done(planned=planned, code=planned.code, problem=MEANWHILE)
    try:
        done = _DOES[planned.kind](batch, planned)
    except Refused as why:
        return Done(planned=planned, code=planned.code, problem=str(why))
    if (row := now_known(planned, done.code, done.session)) is not None:
        imported.learn(batch.tx, batch.clinic, row, by=BY, at=batch.now)
    return done


def _book(batch: Batch, planned: Planned) -> Done:
    day: date | None = None

    def paced(course: Course) -> Course:
        nonlocal day
        if course.case.shadow or not is_late(course):
            return course
        day = next_turn(batch.taken, batch.clinic.calendar, batch.now)
        return caught_up(course, day, batch.now)

    booking = _booking(batch, _row_of(planned))
    course = cases.open_case(batch.practice, batch.tx, booking, clinic=batch.clinic.id, by=BY, paced=paced)
    code = course.case.code
    if day is not None:
        batch.taken[day] += 1
        imported.take_turn(batch.tx, batch.clinic, code, day, by=BY, at=batch.now)
    if planned.course:
        batch.courses[planned.course] = code
    shadow = course.playbook.id if course.case.shadow else ""
    return Done(planned=planned, code=code, turn=day, shadow=shadow)


def _booking(batch: Batch, each: BookRow) -> Booking:
    playbook, _ = in_force(batch.practice, batch.tx, batch.clinic.id, each.playbook)
    facts = usual_facts(playbook, batch.clinic.defaults.get(playbook.id, {}))
    if each.session is not None and SESSION in playbook.facts:
        facts[SESSION] = each.session
    booking = Booking(
        playbook=each.playbook,
        calendar=batch.clinic.calendar,
        opened=batch.now,
        starts=(each.start,),
        minutes=each.minutes,
        facts=facts,
        room=each.room,
        operator=each.operator or None,
        # nobody said these facts of this patient: an answer takes their place
        told=False,
    )
    if playbook.digest not in batch.presumed:
        batch.presumed[playbook.digest] = cautious(playbook, booking)
    return replace(booking, facts={**booking.facts, **batch.presumed[playbook.digest]})


def _session(batch: Batch, planned: Planned) -> Done:
    code = planned.code or batch.courses.get(planned.course, "")
    if not code:
        raise Refused("The first session of this course could not be taken in, and so this one could not.")
    said = add_session(batch.practice, batch.tx, code, _row_of(planned).start, by=BY)
    number = batch.tx.case(code).sessions[-1].number
    _place(batch, replace(planned, code=code, session=number, known=None))
    return Done(planned=planned, code=code, session=number, said=said)


def _move(batch: Batch, planned: Planned) -> Done:
    start = _row_of(planned).start
    cases.may_still_change(batch.practice, batch.tx, planned.code, start=start, session=planned.session)
    said = cases.move(batch.practice, batch.tx, planned.code, start, by=BY, session=planned.session)
    _place(batch, planned)
    return _done(planned, said)


def _change(batch: Batch, planned: Planned) -> Done:
    return _done(planned, _place(batch, planned))


def _place(batch: Batch, planned: Planned) -> tuple[str, ...]:
    """Take over what the book changed of room and operator; what was changed with us stays."""
    each, known = _row_of(planned), planned.known
    before = (known.room, known.operator) if known else ("", "")
    room = each.room if each.room != before[0] else None
    operator = each.operator if each.operator != before[1] else None
    if room is None and operator is None:
        return ()
    entry = Entry(kind="booking_changed", at=batch.now, by=BY, detail={"room": room, "operator": operator})
    cases.change_case(
        batch.practice,
        batch.tx,
        planned.code,
        entry,
        lambda c: _placed(batch, c, planned.session, room, operator),
    )
    said = ([f"Room: {room or 'none'}."] if room is not None else []) + (
        [f"Operator: {operator or 'whoever is on duty'}."] if operator is not None else []
    )
    return tuple(said)


def _placed(batch: Batch, course: Course, number: int, room: str | None, operator: str | None) -> Course:
    case = course.case
    sessions = tuple(
        each if room is None or each.number != number else replace(each, room=room, device="")
        for each in case.sessions
    )
    assigned = dict(case.assigned)
    if operator is not None:
        assigned.pop(Role.OPERATOR, None)
        assigned |= {Role.OPERATOR: operator} if operator else {}
    placed = replace(course, case=replace(case, sessions=sessions, assigned=assigned))
    # another room may be one that is held, or the way out of one
    return cases.on_hold(batch.practice, batch.tx, placed)


def _cancel(batch: Batch, planned: Planned) -> Done:
    reason = planned.appointment.cancelled if planned.appointment else "no longer in the clinic's book"
    # sessions that were added by hand are no row of the book
    several = len(batch.tx.case(planned.code).sessions) > 1
    session = planned.session if several else None
    cases.may_still_change(batch.practice, batch.tx, planned.code, session=session)
    cases.cancel(batch.practice, batch.tx, planned.code, by=BY, reason=reason, session=session)
    return _done(planned)


def _same(batch: Batch, planned: Planned) -> Done:
    return _done(planned)


def _done(planned: Planned, said: tuple[str, ...] = ()) -> Done:
    return Done(planned=planned, code=planned.code, session=planned.session, said=said)


def _row_of(planned: Planned) -> BookRow:
    assert planned.appointment is not None
    return planned.appointment


_DOES: Mapping[Kind, Callable[[Batch, Planned], Done]] = {
    Kind.BOOK: _book,
    Kind.SESSION: _session,
    Kind.MOVE: _move,
    Kind.CHANGE: _change,
    Kind.CANCEL: _cancel,
    Kind.GONE: _cancel,
    Kind.SAME: _same,
}
