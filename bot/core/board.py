"""The board: what a manager must see in ten seconds, exceptions first, and who owns each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.case import Override, Session, Task, TaskStatus
from bot.core.conditions import shown
from bot.core.course import Course
from bot.core.due import asked_person
from bot.core.kinds import Level, Phase
from bot.core.messages import Board, BoardRow, RowState
from bot.core.people import Clinic
from bot.core.postponing import put_off, waits_for_date
from bot.core.readiness import Blocker, Readiness, Ready, gate_moment, next_gate, readiness

#: How far ahead the board looks.
AHEAD = timedelta(days=14)

_WORST_FIRST = (
    RowState.COMPLICATION,
    RowState.STOP,
    RowState.NOT_READY,
    RowState.OVERRIDE,
    RowState.AFTER,
    RowState.ON_TRACK,
    RowState.READY,
)


def board(clinic: Clinic, courses: Sequence[tuple[Course, Sequence[Override]]], now: datetime) -> Board:
    """Draw the board of a clinic from its open cases."""
    rows = [row(course, overrides, clinic, now) for course, overrides in courses if on_board(course, now)]
    rows.sort(key=lambda each: (_WORST_FIRST.index(each.state), not each.blocks))
    today = sum(_today(course, clinic, now) for course, _ in courses)
    checked = wording.clock(now, clinic.calendar)
    counts = f"{today} today · {_counts(rows)} · checked {checked}"
    troubles = [f"{each.code} {each.summary}" for each in rows if each.state in _WORST_FIRST[:3]]
    text = f"{counts}. {'; '.join(troubles) or 'Nothing needs you.'}"
    heading = f"{clinic.title} · {wording.day_words(clinic.calendar.day(now))}"
    return Board(heading=heading, text=text, counts=counts, rows=tuple(rows), checked=checked)


def _today(course: Course, clinic: Clinic, now: datetime) -> int:
    day = clinic.calendar.day(now)
    return sum(clinic.calendar.day(s.start) == day for s in course.case.sessions if not s.cancelled)


def _counts(rows: Iterable[BoardRow]) -> str:
    named = {
        "cleared": (RowState.READY, RowState.OVERRIDE),
        "on track": (RowState.ON_TRACK,),
        "not ready": (RowState.NOT_READY,),
        "stop": (RowState.STOP,),
        "in aftercare": (RowState.AFTER,),
    }
    if any(each.state is RowState.COMPLICATION for each in rows):
        named = {"complication": (RowState.COMPLICATION,), **named}
    states = [each.state for each in rows]
    found = {name: sum(states.count(state) for state in group) for name, group in named.items()}
    return " · ".join(f"{number} {_many(name, number)}" for name, number in found.items())


def _many(name: str, number: int) -> str:
    return f"{name}s" if name in ("complication", "stop") and number != 1 else name


def on_board(course: Course, now: datetime) -> bool:
    """Say whether a case is shown: it starts within two weeks, or something of it is open already."""
    session = course.case.next_session(now)
    waiting = any(
        _needs_somebody(course, task, now) or _is_complication(course, task, now) for task in course.tasks
    )
    return waiting or now <= session.start <= now + AHEAD or session.start <= now <= session.start + AHEAD


def row(course: Course, overrides: Sequence[Override], clinic: Clinic, now: datetime) -> BoardRow:
    """Return where one case stands."""
    session = course.case.next_session(now)
    name = wording.label(course.case, session, course.playbook, clinic.calendar)
    # a date that was put off and is past is no aftercare: the procedure never was
    past = session.end < now and session.number not in put_off(course)
    over = course.case.cancelled or session.started or past
    if over or any(_is_complication(course, task, now) for task in course.tasks):
        return _after(course, name, clinic, now)
    gate = next_gate(course, session, now)
    ready = readiness(gate, course, session, overrides)
    state = _state(ready, now)
    shown = [b for b in ready.blockers if b.stops] or [b for b in ready.blockers if b.task.due <= now]
    blocks = tuple(_block(b, now, clinic) for b in (shown or ready.blockers)[:4])
    overdue = tuple(
        _after_line(course, task, now) for task in course.tasks if _only_overdue(course, task, now)
    )
    return BoardRow(
        code=course.case.code,
        label=name,
        state=state,
        summary=_summary(state, ready, course, session, now),
        blocks=(*(() if state is RowState.READY else blocks), *overdue[:2]),
        owner=_owner(course, clinic, (shown or list(ready.blockers))[:1], now),
        since=wording.when(shown[0].task.due, now, clinic.calendar) if shown else "",
    )


def _only_overdue(course: Course, task: Task, now: datetime) -> bool:
    # a reminder blocks nothing, and still somebody must see that nobody answers it
    reminder = course.step(task).stops.level is Level.NONE
    late = task.status is TaskStatus.OPEN and now - task.due >= timedelta(hours=1)
    return reminder and late and not waits_for_date(course, task)


def _state(ready: Readiness, now: datetime) -> RowState:
    if ready.state is Ready.READY:
        return RowState.READY
    if any(b.stops and b.verdict.level is Level.HARD for b in ready.blockers):
        return RowState.STOP
    if ready.state is Ready.OVERRIDE:
        return RowState.OVERRIDE
    late = any(b.stops or now - b.task.due >= timedelta(hours=1) for b in ready.blockers)
    return RowState.NOT_READY if late or now >= ready.at else RowState.ON_TRACK


def _summary(state: RowState, ready: Readiness, course: Course, session: Session, now: datetime) -> str:
    gate = wording.READY_FOR[ready.gate]
    left = wording.count(len(ready.blockers), "item")
    before = wording.when(gate_moment(ready.gate, course, session), now, course.calendar)
    if session.number in put_off(course):
        return "put off, waits for a new date"
    match state:
        case RowState.READY:
            return f"ready for {gate}"
        case RowState.OVERRIDE:
            return f"ready with override: {ready.override.reason if ready.override else ''}"
        case RowState.ON_TRACK:
            return f"on track, {left} left before {before}"
        case RowState.STOP:
            return "hard stop"
        case _:
            return f"not ready for {gate}, {left} open{'' if now < ready.at else ', due'} before {before}"


def _block(blocker: Blocker, now: datetime, clinic: Clinic) -> str:
    if not blocker.stops:
        # nobody owes an answer to what nobody was asked yet
        asked = blocker.task.due <= now
        words = "no answer yet" if asked else wording.due_words(blocker.task, now, clinic.calendar)
        return f"{blocker.title}: {words}"
    words = wording.stop_words(blocker.title, blocker.verdict.reasons)
    if blocker.task.postponed:
        words = f"{words}; postponed, needs a new date"
    first = blocker.verdict.first_allowed
    return f"{words}; first date allowed {shown(first)}" if first else words


def _owner(course: Course, clinic: Clinic, blockers: Sequence[Blocker], now: datetime) -> str:
    for each in blockers:
        person = asked_person(each.task, course.step(each.task), course.case, clinic, now)
        return wording.person_name(clinic, person)
    return ""


def _after(course: Course, name: str, clinic: Clinic, now: datetime) -> BoardRow:
    waiting = [t for t in course.tasks if _needs_somebody(course, t, now) or _is_complication(course, t, now)]
    waiting.sort(key=lambda task: (not _is_complication(course, task, now), task.due))
    first = waiting[0] if waiting else None
    harmed = any(_is_complication(course, task, now) for task in waiting)
    owner = asked_person(first, course.step(first), course.case, clinic, now) if first else None
    return BoardRow(
        code=course.case.code,
        label=name,
        state=RowState.COMPLICATION if harmed else RowState.AFTER,
        summary="complication reported" if harmed else _after_summary(course, waiting),
        blocks=tuple(_after_line(course, task, now) for task in waiting[:4]),
        owner=wording.person_name(clinic, owner) if first else "",
        since=wording.when(first.due, now, clinic.calendar) if first else "",
    )


def _needs_somebody(course: Course, task: Task, now: datetime) -> bool:
    due = task.status is TaskStatus.OPEN and task.due <= now
    return task.status is TaskStatus.BLOCKED or (due and not waits_for_date(course, task))


def _is_complication(course: Course, task: Task, now: datetime) -> bool:
    # from the report on, not from its first deadline on; a report written up next week is no alarm
    return course.step(task).phase is Phase.EVENT and task.waits and task.due <= now + timedelta(days=1)


def _after_summary(course: Course, waiting: Sequence[Task]) -> str:
    if course.case.cancelled:
        return f"cancelled, {wording.count(len(waiting), 'item')} left"
    if any(task.status is TaskStatus.BLOCKED for task in waiting):
        return f"aftercare, the physician decides; {wording.count(len(waiting), 'item')} open"
    return f"aftercare, {wording.count(len(waiting), 'item')} due" if waiting else "aftercare on track"


def _after_line(course: Course, task: Task, now: datetime) -> str:
    title = course.step(task).title
    if task.status is TaskStatus.BLOCKED:
        return wording.stop_words(title, course.verdict(task).reasons)
    return f"{title}: {wording.due_words(task, now, course.calendar)}"
