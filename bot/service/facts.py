"""Facts: something else is known of a patient, and what that does to the list is said."""

from __future__ import annotations

from bot.core import changes, wording
from bot.core.case import TaskStatus
from bot.core.conditions import Values
from bot.core.contradictions import news
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.facts import DERIVED, accept_all
from bot.core.kinds import Level
from bot.core.outgoing import Entry
from bot.core.people import Person, Role
from bot.core.permissions import Deed, require
from bot.core.said import COMMAND, Said
from bot.ports import Transaction
from bot.service.practice import Practice, keep


def set_facts(
    practice: Practice, tx: Transaction, code: str, facts: Values, *, by: Person, reason: str = ""
) -> tuple[str, ...]:
    """Change facts; return the news: what was added, what left, and what others said that differs."""
    now = practice.clock.now()
    derived = [name for name in facts if name in DERIVED]
    if derived:
        raise Refused(f"{', '.join(derived)} follows from the booking and cannot be set.")
    before = practice.course(tx, code)
    today = before.calendar.day(now)
    for name, value in accept_all(before.playbook.facts, facts).items():
        if not before.playbook.facts[name].fits(value, today):
            raise Refused(f"{name} lies on the other side of today. Is the year right?")
    word = Said(value=None, by=by.id, at=now, where=COMMAND, settles=by.may(Role.PHYSICIAN))
    after = changes.fact_set(before, facts, now=now, word=word)
    if _lifted(before, after):
        require(by, Deed.CORRECT, practice.clinic_of(before.case), now)
    said = news_of(before, after)
    detail = {"facts": {name: str(value) for name, value in facts.items()}, "news": list(said)}
    settles = {**({"settles": True} if word.settles else {}), **({"reason": reason} if reason else {})}
    entry = Entry(kind="fact", at=now, by=by.id, detail={**detail, **settles})
    keep(practice, tx, before, after, entry, also=before.tasks)
    return said


def _lifted(before: Course, after: Course) -> bool:
    """Say whether a hard stop is one no longer."""
    return bool(_hard(before) - _hard(after))


def _hard(course: Course) -> set[str]:
    stopped = (task for task in course.tasks if task.status is TaskStatus.BLOCKED)
    return {task.key for task in stopped if course.verdict(task).level is Level.HARD}


def news_of(before: Course, after: Course) -> tuple[str, ...]:
    """Say what changed facts did to the list: "Smoker: yes. Two items added." """
    changed = [name for name, value in after.case.facts.items() if before.case.facts.get(name) != value]
    contradicting = tuple(news(before, after))
    if not changed:
        return contradicting
    old = {task.key: task.status for task in before.tasks}
    its = [task for task in after.tasks if not after.step(task).own]
    added = [t for t in its if t.status is TaskStatus.OPEN and old.get(t.key) in (None, TaskStatus.VOID)]
    left = [t for t in its if t.status is TaskStatus.VOID and old.get(t.key, t.status) is not t.status]
    titles = ", ".join(after.playbook.facts[name].title for name in changed if name in after.playbook.facts)
    parts = [f"{wording.count(len(added), 'item')} added"] if added else []
    parts += [f"{wording.count(len(left), 'item')} no longer needed"] if left else []
    return (*((f"{titles}: {', '.join(parts)}.",) if parts else ()), *contradicting)
