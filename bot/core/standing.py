"""Where one case stands: its state, what blocks it or is overdue, who owns that, and what is said next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.asking import asked_person, asked_role, duty_manager, told_of
from bot.core.boards import BoardPart, BoardRow, RowState
from bot.core.case import Override, Session, Task, TaskStatus
from bot.core.conditions import shown
from bot.core.course import Course
from bot.core.due import Word, ladder_of, next_word_at, word_due
from bot.core.instants import own
from bot.core.kinds import Gate, Level, Phase
from bot.core.moments import expected, reminded_from
from bot.core.people import Clinic, Role
from bot.core.postponing import must_wait, put_off
from bot.core.readiness import Blocker, Readiness, Ready, gate_moment, next_gate, readiness
from bot.core.rooms import NO_ROOMS, RoomDuties
from bot.core.second import awaits_second
from bot.core.sessions import spoken_of

#: How far ahead the board looks, and how far back.
AHEAD = timedelta(days=14)
#: From when on an unanswered item is overdue rather than due.
LATE = timedelta(hours=1)
#: How long an item may be open after the last gate, when it was due just then.
GRACE = timedelta(minutes=10)
#: How many lines a case has on the board.
MOST = 4


def on_board(course: Course, now: datetime) -> bool:
    """Say whether a case is shown: it starts within two weeks, or something of it is open already."""
    session = spoken_of(course, now, AHEAD)
    waiting = any(
        _needs_somebody(course, task, now) or _is_complication(course, task, now) for task in course.tasks
    )
    return waiting or now <= session.start <= now + AHEAD or session.start <= now <= session.start + AHEAD


def row(
    course: Course,
    overrides: Sequence[Override],
    clinic: Clinic,
    now: datetime,
    rooms: RoomDuties = NO_ROOMS,
) -> BoardRow:
    """Return where one case stands; `rooms` says whose room it is today."""
    session = spoken_of(course, now, AHEAD)
    if _over(course, session, now) or any(_is_complication(course, task, now) for task in course.tasks):
        return _after(course, session, clinic, now, rooms)
    return _before(course, session, overrides, clinic, now, rooms)


def label(course: Course, session: Session, now: datetime) -> str:
    """Return how the board names a case, the time first: "09:30 · K7Q2 · Room 2 · CO₂"."""
    several = len(course.case.sessions) > 1
    parts = [
        wording.when(session.start, now, course.calendar),
        course.case.code,
        wording.room_name(session.room),
        course.playbook.called,
        f"session {session.number} of {len(course.case.sessions)}" if several else "",
    ]
    return " · ".join(part for part in parts if part)


def _over(course: Course, session: Session, now: datetime) -> bool:
    # a date that was put off and is past is no aftercare: the procedure never was
    past = session.end < now and session.number not in put_off(course)
    return bool(course.case.cancelled or session.started or past)


def _before(
    course: Course,
    session: Session,
    overrides: Sequence[Override],
    clinic: Clinic,
    now: datetime,
    rooms: RoomDuties,
) -> BoardRow:
    ready = readiness(next_gate(course, session, now), course, session, overrides)
    state = _state(ready, now)
    shown = [b for b in ready.blockers if b.stops] or [b for b in ready.blockers if b.task.due <= now]
    blocks = tuple(block_words(b, now, clinic) for b in (shown or ready.blockers)[:MOST])
    overdue = list(_overdue_reminders(course, clinic, now))
    calm = state is RowState.READY or (state is RowState.ON_TRACK and bool(overdue))
    asked = overdue if calm else [each.task for each in (shown or ready.blockers)]
    owner, whose, ahead = _lifts(clinic, now) if ready.held else _owned(course, clinic, asked, now, rooms)
    return BoardRow(
        code=course.case.code,
        label=label(course, session, now),
        state=state,
        summary=_summary(state, ready, course, session, now),
        blocks=(
            *(() if calm else blocks),
            *(_after_line(course, each, now) for each in overdue[:2]),
        ),
        blocking="" if calm else next((each.title for each in (shown or ready.blockers)), ""),
        since=wording.when(_since(first), now, clinic.calendar) if (first := _first(shown, overdue)) else "",
        part=BoardPart.TODAY if _today(course, session, now) else BoardPart.COMING,
        session=session.number,
        near=now >= gate_moment(Gate.COME, course, session),
        held=bool(ready.held),
        overdue=bool(overdue),
        owner=owner,
        whose=whose,
        ahead=ahead,
    )


def _first(shown: Sequence[Blocker], overdue: Sequence[Task]) -> Task | None:
    return next((task for task in (*(each.task for each in shown), *overdue)), None)


def _today(course: Course, session: Session, now: datetime) -> bool:
    return course.calendar.day(session.start) == course.calendar.day(now)


def _owned(
    course: Course, clinic: Clinic, tasks: Sequence[Task], now: datetime, rooms: RoomDuties
) -> tuple[str, str, str]:
    """Return who owns the first of these tasks, by name and by id, and what happens next."""
    for task in tasks:
        person = asked_person(task, course.step(task), course.case, clinic, now, course.tasks, rooms)
        role = wording.ROLES[asked_role(task, course.step(task))]
        owner = wording.person_name(clinic, person) if person else f"{role}, nobody is there"
        return owner, person or "", _ahead(course, task, person or "", clinic, now)
    return "", "", ""


def _lifts(clinic: Clinic, now: datetime) -> tuple[str, str, str]:
    # what is wrong with a device is for the manager to see to, whatever else is open
    manager = duty_manager(clinic, now)
    return wording.person_name(clinic, manager), manager or "", ""


def _ahead(course: Course, task: Task, person: str, clinic: Clinic, now: datetime) -> str:
    """Say what happens next if nobody answers, such as "reminded 10:00, manager told 10:30"."""
    if task.next_prompt_at is None:
        return ""
    step, at = course.step(task), max(task.next_prompt_at, now)
    at = reminded_from(course, task, at) or at
    ladder = ladder_of(task, step, clinic)
    word = word_due(task, ladder)
    if word is Word.ASK:
        return f"asked{' again' if task.rung else ''} {wording.when(at, now, clinic.calendar)}"
    hears = told_of(task, step, person, clinic, now)
    lead = hears in clinic.people and not clinic.people[hears or ""].may(Role.MANAGER)
    reminded = f"reminded {wording.when(at, now, clinic.calendar)}, " if word is Word.REMIND else ""
    while word_due(task, ladder) is Word.REMIND:
        at = next_word_at(task, step, clinic, at)
        task = replace(task, rung=task.rung + 1)
    return f"{reminded}{'lead' if lead else 'manager'} told {wording.when(at, now, clinic.calendar)}"


def _since(task: Task) -> datetime:
    # a stop stands since it was answered, which may be long before its time
    answered = task.status is TaskStatus.BLOCKED and task.answer is not None
    return task.answer.at if answered and task.answer else task.due


def _overdue_reminders(course: Course, clinic: Clinic, now: datetime) -> Iterator[Task]:
    # a reminder blocks nothing; once its ladder is climbed, somebody must see that nobody answers it
    for task in course.tasks:
        if task.status is TaskStatus.OPEN and now - task.due >= LATE:
            step = course.step(task)
            climbed = timedelta(minutes=ladder_of(task, step, clinic)[-1])
            reminder = step.stops.level is Level.NONE and not must_wait(course, task)
            if reminder and now - task.due >= climbed:
                yield task


def _state(ready: Readiness, now: datetime) -> RowState:
    if ready.held:
        return RowState.STOP
    if ready.state is Ready.READY:
        return RowState.READY
    if any(b.stops and b.verdict.level is Level.HARD for b in ready.blockers):
        return RowState.STOP
    if ready.state is Ready.OVERRIDE:
        return RowState.OVERRIDE
    # the time-out is due at its gate: while it is being said, nobody is to be called
    patience = LATE if now < ready.at else GRACE
    late = any(b.stops or now - b.task.due >= patience for b in ready.blockers)
    return RowState.NOT_READY if late else RowState.ON_TRACK


def _summary(state: RowState, ready: Readiness, course: Course, session: Session, now: datetime) -> str:
    gate = wording.READY_FOR[ready.gate]
    left = wording.count(len(ready.blockers), "item")
    before = wording.when(gate_moment(ready.gate, course, session), now, course.calendar)
    if session.number in put_off(course):
        return "put off, waits for a new date"
    if ready.held:
        return f"held: {ready.held}"
    if session.delay and session.arrived is None:
        return f"late, expected {wording.clock(expected(session, session.start), course.calendar)}"
    match state:
        case RowState.READY:
            return f"ready for {gate}"
        case RowState.OVERRIDE:
            return f"ready with override: {own(ready.override.reason) if ready.override else ''}"
        case RowState.ON_TRACK:
            return f"on track, {left} left before {before}" if now < ready.at else f"on track, {left} left"
        case RowState.STOP:
            return "hard stop"
        case _:
            return f"not ready for {gate}, {left} open{'' if now < ready.at else ', due'} before {before}"


def block_words(blocker: Blocker, now: datetime, clinic: Clinic) -> str:
    """Say what blocks: an answer that stops, or that is missing."""
    if not blocker.stops:
        # nobody owes an answer to what nobody was asked yet
        asked = blocker.task.due <= now
        missing = "waits for a second check" if awaits_second(blocker.task) else "no answer yet"
        words = missing if asked else wording.due_words(blocker.task, now, clinic.calendar)
        return wording.of(blocker.title, words)
    words = wording.stop_words(blocker.title, blocker.verdict.reasons)
    if blocker.task.postponed:
        words = f"{words}; postponed, needs a new date"
    first = blocker.verdict.first_allowed
    return f"{words}; first date allowed {shown(first)}" if first else words


def _over_state(course: Course) -> RowState:
    never_was = course.case.cancelled and not any(session.started for session in course.case.sessions)
    return RowState.CANCELLED if never_was else RowState.AFTER


def _after(course: Course, session: Session, clinic: Clinic, now: datetime, rooms: RoomDuties) -> BoardRow:
    waiting = [t for t in course.tasks if _needs_somebody(course, t, now) or _is_complication(course, t, now)]
    waiting.sort(key=lambda task: (not _is_complication(course, task, now), task.due))
    harmed = any(_is_complication(course, task, now) for task in waiting)
    missed = bool(waiting) and _never_began(course, session, now)
    overdue = any(t.status is TaskStatus.BLOCKED or now - t.due >= LATE for t in waiting)
    late = bool(waiting) and _since(waiting[0]) <= now
    owner, whose, ahead = _owned(course, clinic, waiting, now, rooms)
    return BoardRow(
        code=course.case.code,
        label=label(course, session, now),
        state=RowState.COMPLICATION if harmed else RowState.NOT_READY if missed else _over_state(course),
        summary="complication reported" if harmed else _after_summary(course, session, waiting, now),
        blocks=tuple(_after_line(course, task, now) for task in waiting[:MOST]),
        # a deadline that is ahead is since nothing
        since=wording.when(_since(waiting[0]), now, clinic.calendar) if late else "",
        part=BoardPart.TODAY if _today(course, session, now) and (missed or not overdue) else BoardPart.AFTER,
        session=session.number,
        overdue=overdue,
        owner=owner,
        whose=whose,
        ahead=ahead,
    )


def _needs_somebody(course: Course, task: Task, now: datetime) -> bool:
    due = task.status is TaskStatus.OPEN and task.due <= now
    return task.status is TaskStatus.BLOCKED or (due and not must_wait(course, task))


def _is_complication(course: Course, task: Task, now: datetime) -> bool:
    # from the report on, not from its first deadline on; a report written up next week is no alarm
    soon = task.waits and task.due - now <= timedelta(days=1)
    return soon and course.step(task).phase is Phase.EVENT


def _after_summary(course: Course, session: Session, waiting: Sequence[Task], now: datetime) -> str:
    if course.case.cancelled:
        return f"cancelled, {wording.count(len(waiting), 'item')} left"
    if waiting and _never_began(course, session, now):
        return f"nobody pressed Started, {wording.count(len(waiting), 'item')} open"
    if any(task.status is TaskStatus.BLOCKED for task in waiting):
        return f"aftercare, the physician decides; {wording.count(len(waiting), 'item')} open"
    return f"aftercare, {wording.count(len(waiting), 'item')} due" if waiting else "aftercare on track"


def _never_began(course: Course, session: Session, now: datetime) -> bool:
    # where nobody presses Started, an answer to what comes after it says as much
    over = not (course.case.cancelled or session.cancelled) and session.end < now
    after = any(
        task.session == session.number
        and task.answer
        and course.step(task).phase in (Phase.POST, Phase.FOLLOW_UP)
        for task in course.tasks
    )
    return over and session.started is None and not after


def _after_line(course: Course, task: Task, now: datetime) -> str:
    step = course.step(task)
    if task.status is TaskStatus.BLOCKED:
        return wording.stop_words(step.title, course.verdict(task).reasons)
    due = wording.due_words(task, now, course.calendar, deadline=step.is_deadline)
    return wording.of(step.title, due)
