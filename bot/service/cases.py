"""Cases: opened, moved, cancelled, an event reported, a real moment pressed."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import changes, wording
from bot.core.added import with_added
from bot.core.beginning import not_on_paper
from bot.core.case import Booking, Moment, Override, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import Refused, Settled
from bot.core.facts import URGENCY, accept_all
from bot.core.kinds import CardKind, Gate
from bot.core.moments import comes_today, next_asking, released, resumed
from bot.core.moving import moved_words
from bot.core.outgoing import Entry
from bot.core.plan import plan_case
from bot.core.postponing import waiting
from bot.core.readiness import Ready, readiness
from bot.core.sessions import spacing
from bot.ports import Transaction
from bot.service import rooms
from bot.service.asked_all import asked_of_new
from bot.service.export import opening
from bot.service.held import as_held, held_words
from bot.service.practice import Practice, keep, redraw
from bot.service.signing import in_force

#: No session's number has more digits.
LONGEST_NUMBER = 3
#: Letters and digits that cannot be taken for each other, in any font or handwriting.
ALPHABET = "23456789ABCDEFGHJKLMNPQRTUVWXYZ"


def open_case(
    practice: Practice,
    tx: Transaction,
    booking: Booking,
    *,
    clinic: str,
    by: str,
    code: str | None = None,
    paced: Callable[[Course], Course] = lambda course: course,
) -> Course:
    """Plan a booking and keep it, its first words `paced`; return the course it became."""
    not_on_paper(practice.clinics[clinic], booking)
    playbook, shadow = in_force(practice, tx, clinic, booking.playbook)
    chosen, of = code or new_code(tx.used), practice.clinics[clinic]
    extra = asked_of_new(tx, of, booking.playbook, practice.clock.now())
    planned, tasks = plan_case(with_added(playbook, extra), booking, code=chosen, clinic=clinic)
    course = practice.course_of(replace(planned, shadow=shadow, extra=extra), tasks)
    course = paced(released(on_hold(practice, tx, course), booking.opened))
    case = replace(course.case, asks_at=next_asking(course, booking.opened))
    entry = Entry(kind="opened", at=booking.opened, by=by, detail=opening(booking))
    tx.keep_playbook(playbook.digest, playbook.id, practice.shelf.texts(playbook.digest))
    tx.add_case(case, course.tasks, entry)
    # the first change is written under the revision that it reads, which is this one's, too
    redraw(practice, tx, replace(case, revision=-1), (), at=booking.opened)
    return replace(course, case=case)


def new_code(
    used: Callable[[Iterable[str]], Collection[str]], draw: Callable[[str], str] = secrets.choice
) -> str:
    """Return a random code that differs in two characters from every one that `used` knows.

    It has four characters; more when the short ones are so used up that twenty in turn will not do.
    """
    tries = 0
    while True:
        code = "".join(draw(ALPHABET) for _ in range(4 + tries // 20))
        near = {code[:at] + other + code[at + 1 :] for at in range(len(code)) for other in ALPHABET}
        if not used(near):
            return code
        tries += 1


def change_case(
    practice: Practice, tx: Transaction, code: str, entry: Entry, change: Callable[[Course], Course]
) -> tuple[Course, Course]:
    """Load a case, change it by a pure function and keep it; return it as it was and as it is."""
    before = practice.course(tx, code)
    after = change(before)
    keep(practice, tx, before, after, entry, also=before.tasks)
    return before, after


def may_still_change(
    practice: Practice,
    tx: Transaction,
    code: str,
    *,
    start: datetime | None = None,
    session: int | None = None,
) -> None:
    """Let people move or cancel only what has not begun, and move it only to what is still to come."""
    now = practice.clock.now()
    case = tx.case(code)
    calendar = practice.clinic_of(case).calendar
    found = case.next_session(now) if session is None else case.session(session)
    if start is not None and start <= now:
        raise Refused("That moment has passed already. Give a start in the future.")
    ahead = any(not each.started and not each.cancelled for each in case.sessions)
    rest_can_go = start is None and session is None and ahead
    if found.started is not None and not rest_can_go:
        # aftercare and follow-ups are still before it: neither a move nor a cancel may end them
        at = wording.moment(found.started, calendar)
        raise Settled(f"{code} has begun {at}; nothing was changed. Report what went wrong with `event`.")


def move(
    practice: Practice,
    tx: Transaction,
    code: str,
    start: datetime,
    *,
    by: str,
    session: int | None = None,
) -> tuple[str, ...]:
    """Move a session (the next one unless named); say what moved and what is asked again."""
    now = practice.clock.now()
    changes.not_too_far(start, now)
    number = _session_number(practice.course(tx, code), session, now)
    detail = {"session": number, "start": start.isoformat()}
    entry = Entry(kind="moved", at=now, by=by, detail=detail)
    before, after = change_case(
        practice, tx, code, entry, lambda c: on_hold(practice, tx, changes.moved(c, number, start, now=now))
    )
    return (*moved_words(before, after, number), *held_words(after.case), *spacing(after))


def on_hold(practice: Practice, tx: Transaction, course: Course) -> Course:
    """Return a course whose sessions say what holds them on the dates that they have now."""
    course = replace(course, case=as_held(tx, practice.clinic_of(course.case), course.case))
    return course.with_tasks(waiting(course, now=practice.clock.now()))


def _session_number(course: Course, session: int | None, now: datetime) -> int:
    if course.case.cancelled:
        at = wording.moment(course.case.cancelled, course.calendar)
        raise Settled(f"{course.case.code} was cancelled {at}; nothing was changed.")
    return session if session is not None else course.case.next_session(now).number


def cancel(
    practice: Practice, tx: Transaction, code: str, *, by: str, reason: str, session: int | None = None
) -> Course:
    """Cancel a session, or the whole case; a no-show is a cancel with that reason."""
    now = practice.clock.now()
    entry = Entry(kind="cancelled", at=now, by=by, detail={"session": session, "reason": reason})
    _, after = change_case(practice, tx, code, entry, lambda c: changes.cancelled(c, session, now=now))
    return after


def report_event(
    practice: Practice,
    tx: Transaction,
    code: str,
    urgency: str,
    *,
    by: str,
    session: int | None = None,
    signs: Sequence[str] = (),
) -> Course:
    """Report a complication: who must act within minutes or hours is asked at once, due by then.

    `signs` are what was seen; the first call asks for them again.
    """
    now = practice.clock.now()

    def change(course: Course) -> Course:
        accept_all(course.playbook.facts, {URGENCY: urgency})
        after = changes.event(course, session or last_started(course, now), urgency, now=now)
        new = (task for task in after.tasks if task.anchored == now and task.status is TaskStatus.OPEN)
        return after.with_tasks(_asked_now(task, now) for task in new if after.step(task).is_deadline)

    seen = {"signs": list(signs)} if signs else {}
    entry = Entry(kind="event", at=now, by=by, detail={"urgency": urgency, "session": session, **seen})
    _, after = change_case(practice, tx, code, entry, change)
    return after


def urgencies(course: Course) -> tuple[str, ...]:
    """Return how urgent a complication can be, the mildest first; the first word of the fact is for none."""
    return course.playbook.facts[URGENCY].words[1:]


def last_started(course: Course, now: datetime) -> int:
    """Return the number of the session that a complication is of, where nobody says."""
    begun = [session.number for session in course.case.sessions if session.start <= now]
    return max(begun, default=course.case.sessions[0].number)


def mark(
    practice: Practice,
    tx: Transaction,
    code: str,
    session: int,
    pressed: Moment,
    *,
    by: str,
    gates: bool = True,
    at: datetime | None = None,
) -> Course:
    """Take a real moment: Arrived releases Prep, Finish records the end and releases the after-items.

    It was `at` a moment, by default now.
    """
    now = practice.clock.now()
    entry = Entry(kind="marked", at=now, by=by, detail={"session": session, "moment": pressed.value})
    if gates and pressed is Moment.ARRIVED:
        comes_today(practice.course(tx, code), session, now)
    if gates and pressed is Moment.STARTED:
        _may_start(practice.course(tx, code), session, tx.overrides([code])[code])
    _, after = change_case(practice, tx, code, entry, lambda c: _marked(c, session, pressed, at or now))
    rooms.follow(practice, tx, after.case, session, pressed, by=by, now=now)
    return after


def _marked(course: Course, number: int, pressed: Moment, now: datetime) -> Course:
    session = course.case.session(number)
    known = {
        Moment.ARRIVED: session.arrived,
        Moment.STARTED: session.started,
        Moment.FINISHED: session.finished,
    }
    if (at_once := known[pressed]) is not None:
        at = wording.clock(at_once, course.calendar)
        raise Settled(f"{course.case.code}: {pressed.value} at {at} already; nothing was changed.")
    if course.case.cancelled or session.cancelled:
        raise Settled(f"{course.case.code} is cancelled; nothing was changed.")
    if pressed is Moment.FINISHED and session.started is None:
        raise Refused("Press Started first: this procedure has not begun.")
    after = changes.marked(course, _at(session, pressed, now), now=now)
    released = {Moment.ARRIVED: (CardKind.PREP,), Moment.FINISHED: (CardKind.RECORD, CardKind.AFTER)}
    kinds = released.get(pressed, ())
    after = resumed(after, number, now) if pressed is Moment.ARRIVED else after
    return after.with_tasks(_asked_now(t, now) for t in after.tasks if _waits(after, t, number, kinds))


def _at(session: Session, pressed: Moment, now: datetime) -> Session:
    match pressed:
        case Moment.ARRIVED:
            return replace(session, arrived=now)
        case Moment.STARTED:
            return replace(session, arrived=session.arrived or now, started=now)
        case Moment.FINISHED:
            return replace(session, finished=now)


def _may_start(course: Course, number: int, overrides: Sequence[Override]) -> None:
    session = course.case.session(number)
    found = readiness(Gate.START, course, session, overrides)
    if session.started or session.cancelled:
        return
    if found.held:
        raise Refused(f"Not yet: held, {found.held}. Nothing was recorded.")
    if found.state is Ready.NOT_READY:
        raise Refused(f"Not yet: {wording.few(b.title for b in found.blockers)} first. Nothing was recorded.")


def _waits(course: Course, task: Task, number: int, kinds: tuple[CardKind, ...]) -> bool:
    asked_later = task.next_prompt_at is not None and task.rung == 0
    unasked = task.status is TaskStatus.OPEN and asked_later and task.session == number
    return unasked and course.step(task).card in kinds


def _asked_now(task: Task, now: datetime) -> Task:
    return replace(task, next_prompt_at=min(task.next_prompt_at or now, now))
