"""Planning: a playbook and a booking become a case with its tasks, each dated by the rules of time.

1. A day offset takes the clinic-local date of its anchor, adds days, sets the wall time; never 24-hour steps.
2. A minute offset is exact elapsed time and never moves.
3. On a closed day the wall time walks back, walks forward, or stays for the person on call, as the step says.
4. What would be due before the case was opened (or moved, or the step added) is due at that moment and marked
   late; a late task is never on call, because it is asked now.
5. Steps of a course are planned for its first session only.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.core.case import Booking, Case, Session, Task
from bot.core.circumstances import Circumstances, circumstances
from bot.core.facts import COUNTED, DERIVED, nothing_found
from bot.core.kinds import Anchor, Phase, Scope
from bot.core.people import Role
from bot.core.playbook import Due, Playbook, Step
from bot.core.said import BOOKING, Said, is_known
from bot.core.times import Calendar, Closed, aware

#: Phases whose steps are asked when something happens, and count from that moment.
HAPPENING = (Phase.EVENT, Phase.CANCEL, Phase.MOVE)
#: When a course item that has no offset from the start comes back before a later session (rule 1.7).
COMES_BACK = Due(anchor=Anchor.START, days=-7, at=time(10), closed=Closed.PREVIOUS)


def plan_case(
    playbook: Playbook, booking: Booking, *, code: str, clinic: str
) -> tuple[Case, tuple[Task, ...]]:
    """Return the case of a booking and all its tasks, sorted by due time, then id."""
    case = open_case(playbook, booking, code=code, clinic=clinic)
    calendar, arrives = booking.calendar, playbook.arrives
    tasks = [
        plan_task(step, found, floor=case.opened)
        for found in (circumstances(case, session, calendar, arrives) for session in case.sessions)
        for step in playbook.steps
        if planned_for(step, case, found.session) and found.asks(step)
    ]
    return case, tuple(sorted(tasks, key=lambda task: (task.due, task.step, task.session)))


def open_case(playbook: Playbook, booking: Booking, *, code: str, clinic: str) -> Case:
    """Return the case of a booking without its tasks; facts not given are "asked, nothing found"."""
    facts = {**nothing_found(playbook.facts.values(), playbook.narrowed), **booking.facts}
    if len(booking.starts) > 1:
        facts = {name: value for name, value in facts.items() if name not in COUNTED}
    minutes = booking.minutes or playbook.minutes
    return Case(
        code=code,
        clinic=clinic,
        playbook=playbook.id,
        digest=playbook.digest,
        opened=aware(booking.opened),
        booked=aware(booking.booked or booking.opened),
        consult=aware(booking.consult or booking.booked or booking.opened),
        sessions=tuple(
            Session(
                number=number, start=aware(start), minutes=minutes, room=booking.room, device=booking.device
            )
            for number, start in enumerate(booking.starts, start=1)
        ),
        facts={**facts, "playbook": playbook.id},
        said={
            name: (Said(value=value, by="", at=aware(booking.opened), where=BOOKING),)
            for name, value in booking.facts.items()
            if booking.told and name not in DERIVED and is_known(value) and not playbook.facts[name].changes
        },
        assigned={} if booking.operator is None else {Role.OPERATOR: booking.operator},
    )


def planned_for(step: Step, case: Case, session: Session) -> bool:
    """Say whether a step is planned from the start for a session: those of a course for its first only."""
    return step.phase not in HAPPENING and (
        step.scope is Scope.SESSION or session.number == case.sessions[0].number
    )


def plan_task(
    step: Step,
    found: Circumstances,
    *,
    floor: datetime,
    anchored: datetime | None = None,
    occurrence: int = 1,
) -> Task:
    """Return the open task of a step; `floor` is the moment of rule 4, `anchored` that of an event."""
    due, late, on_call = due_of(step, found, floor=floor, anchored=anchored)
    return Task(
        case=found.case.code,
        step=step.id,
        session=found.session.number,
        occurrence=occurrence,
        due=due,
        floor=floor,
        late=late,
        on_call=on_call,
        anchored=anchored,
        next_prompt_at=due,
    )


def due_of(
    step: Step, found: Circumstances, *, floor: datetime, anchored: datetime | None = None
) -> tuple[datetime, bool, bool]:
    """Return when a step is due in a session, whether that is late, and whether on call."""
    rule = due_rule(step, found.case, found.session)
    due, on_call = due_at(rule, anchored or anchor_moment(rule.anchor, found), found.calendar)
    return (floor, True, False) if due < floor else (due, False, on_call)


def due_rule(step: Step, case: Case, session: Session) -> Due:
    """Return when a step says it is due; a consultation's that comes back counts from its later session."""
    later = step.scope is Scope.COURSE and session.number != case.sessions[0].number
    return COMES_BACK if later and step.due.anchor in (Anchor.CONSULT, Anchor.BOOKED) else step.due


def due_at(due: Due, anchor: datetime, calendar: Calendar) -> tuple[datetime, bool]:
    """Return the moment an offset names, and whether it fell on a closed day and stayed there."""
    if due.days is None or due.at is None:
        return anchor + timedelta(minutes=due.minutes), False
    wished = calendar.day(anchor) + timedelta(days=due.days)
    day = calendar.open_day(wished, due.closed)
    return calendar.instant(day, due.at), not calendar.is_open(day)


def anchor_moment(anchor: Anchor, found: Circumstances) -> datetime:
    """Return the moment an anchor of a case or session means; events, cancels and moves carry their own."""
    match anchor:
        case Anchor.START:
            return found.session.start
        case Anchor.END:
            return found.session.end
        case Anchor.ARRIVE:
            return found.arrival
        case Anchor.CONSULT:
            return found.case.consult
        case Anchor.BOOKED:
            return found.session.booked or found.case.booked
        case _:
            raise ValueError(f"{anchor.value} has no moment of its own in {found.case.code}")
