"""Amendments: a later answer in the place of an earlier one, which stays where it was given and in history.

The item is judged anew at once. What the earlier answer made known is as if it had not been given, and what
the physician decided on it is asked again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core.case import Answer, Task, TaskStatus
from bot.core.changes import answered, renewed
from bot.core.conditions import Values
from bot.core.contradictions import untold
from bot.core.course import Course
from bot.core.errors import Settled
from bot.core.following import over
from bot.core.lifecycle import Change, turned
from bot.core.playbook import NEW_DATE
from bot.core.stops import facts_set


def may_be_amended(course: Course, task: Task) -> bool:
    """Say whether a task has a standing answer that can be corrected: a date is moved, not corrected."""
    given = task.answer is not None and task.status in (TaskStatus.DONE, TaskStatus.BLOCKED)
    gone = over(course, course.case.session(task.session), course.step(task), task.anchored)
    return given and not gone and task.step != NEW_DATE.id


def amended(course: Course, task: Task, answer: Answer, before: Values, *, now: datetime) -> Course:
    """Put an answer in the place of the one that stands; `before` are facts as they were without that one."""
    if not may_be_amended(course, task) or task.answer is None:
        raise Settled(f"{course.step(task).title} has no answer that can be corrected; nothing was changed.")
    case = untold(course.case, task.step, task.answer)
    told_again = facts_set(course.step(task), answer.values)
    restored = {fact: value for fact, value in before.items() if fact not in told_again}
    course = replace(course, case=replace(case, facts={**case.facts, **restored}))
    opened = turned(replace(task, answer=None, decision=None, first=None), Change.UNDONE, now=now)
    return renewed(answered(course.with_tasks([opened]), opened, answer, now=now), now=now)
