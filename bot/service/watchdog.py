"""The watchdog: once a minute it counts what is due against what was sent, by a question of its own.

It shares nothing with the sweep that asks but the database. What it saw is kept, so that a board can say when
somebody looked last, and another program how it stands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.case import case_of
from bot.core.outgoing import Arrangement
from bot.core.people import Clinic
from bot.core.postponing import is_over, must_wait
from bot.core.watched import LATE, Check, Owed, Watched, late
from bot.ports import Reading, Transaction
from bot.service.practice import Practice

#: The kind of the arrangement that keeps when a clinic was looked at last, and how it stood.
CHECK = "check"


def watched(practice: Practice, reading: Reading, clinic: Clinic, now: datetime) -> Watched:
    """Return how a clinic stands now; nothing is written."""
    plan, last = reading.plan(clinic.id, now, now - LATE), last_check(reading, clinic)
    return Watched(
        clinic=clinic.id,
        at=now,
        due=plan.due,
        sent=plan.shown,
        late=late([each for each in plan.owed if not _may_be_silent(practice, reading, each)], now),
        queues=tuple(each for each in reading.queues(now) if each.clinic == clinic.id),
        checked=last.at if last else None,
    )


def last_check(reading: Reading, clinic: Clinic) -> Check | None:
    """Return what the last look at a clinic left behind, `None` where nobody ever looked."""
    kept = reading.arrangement(CHECK, clinic.id)
    if kept is None:
        return None
    told, oldest = kept.detail, kept.detail["oldest"]
    since = datetime.fromisoformat(oldest) if oldest else None
    return Check(at=datetime.fromisoformat(told["at"]), late=told["late"], slow=told["slow"], oldest=since)


def keep_check(tx: Transaction, clinic: Clinic, check: Check) -> None:
    """Keep what a look saw; raise Conflict if another program looks as well."""
    kept = tx.arrangement(CHECK, clinic.id)
    made = kept or Arrangement(kind=CHECK, key=clinic.id, clinic=clinic.id, by="bookend", at=check.at)
    detail = {
        "at": check.at.isoformat(),
        "late": check.late,
        "slow": dict(check.slow),
        "oldest": check.oldest.isoformat() if check.oldest else None,
    }
    tx.arrange(replace(made, detail=detail))


def _may_be_silent(practice: Practice, reading: Reading, owed: Owed) -> bool:
    """Say whether nobody is to be asked for an item that has no next word: what waits for a new date or a
    device, or was decided, or is over.
    """
    if owed.prompt is not None:
        return False
    course = practice.course(reading, case_of(owed.task))
    task = next(each for each in course.tasks if each.key == owed.task)
    return task.postponed or must_wait(course, task) or is_over(course, task)
