"""Sessions: one more is added to a case that is open, and what its course still lacks is said at once."""

from __future__ import annotations

from datetime import datetime

from bot.core import wording
from bot.core.changes import not_too_far
from bot.core.course import Course
from bot.core.kinds import Scope
from bot.core.outgoing import Entry
from bot.core.sessions import session_added, spacing
from bot.ports import Transaction
from bot.service.cases import on_hold
from bot.service.held import held_words
from bot.service.practice import Practice, keep


def add_session(
    practice: Practice, tx: Transaction, code: str, start: datetime, *, by: str
) -> tuple[str, ...]:
    """Add a session to a case; say what that plans, and where it lies too close to the one before."""
    now = practice.clock.now()
    not_too_far(start, now)
    before = practice.course(tx, code)
    after = on_hold(practice, tx, session_added(before, start, now=now))
    number = after.case.sessions[-1].number
    entry = Entry(kind="session_added", at=now, by=by, detail={"session": number, "start": start.isoformat()})
    keep(practice, tx, before, after, entry, also=before.tasks)
    return (*_said(before, after), *held_words(after.case), *spacing(after))


def _said(before: Course, after: Course) -> tuple[str, ...]:
    session = after.case.sessions[-1]
    known = {task.key for task in before.tasks}
    new = [task for task in after.tasks if task.key not in known and task.session == session.number]
    again = [after.step(task).title for task in new if after.step(task).scope is Scope.COURSE]
    at = wording.moment(session.start, after.calendar)
    lines = [f"Session {session.number} added, {at}; {wording.count(len(new), 'item')} planned."]
    lines += [f"Asked again, too old by then: {', '.join(again)}."] if again else []
    return tuple(lines)
