"""Why something is not asked any more, as its card and a late answer say it."""

from __future__ import annotations

from bot.core.case import Task
from bot.core.course import Course
from bot.ports import Reading

#: How people write that a patient did not come.
_NO_SHOW = ("no-show", "no show", "noshow")


def is_no_show(reason: str) -> bool:
    """Say whether a reason to cancel is that the patient did not come."""
    return reason.strip().lower().startswith(_NO_SHOW)


def why_gone(reading: Reading, course: Course, task: Task) -> str:
    """Return why a task that is void is not asked any more."""
    session = course.case.session(task.session)
    if session.cancelled is None:
        return "it is no longer needed"
    several = len(course.case.sessions) > 1 and course.case.cancelled is None
    what = f"session {session.number} was cancelled" if several else "the case was cancelled"
    reason = _reason(reading, course.case.code, session.number)
    if is_no_show(reason):
        return f"the patient did not come; {what}"
    return f"{what}: {reason}" if reason else what


def _reason(reading: Reading, code: str, session: int) -> str:
    found = [entry.detail for entry in reading.history(code) if entry.kind == "cancelled"]
    its = [each for each in found if each.get("session") in (None, session)]
    return str(its[-1].get("reason", "")).rstrip(".") if its else ""
