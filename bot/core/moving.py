"""What a move did, in plain lines: what moved along, what is asked again, what stops or no longer does."""

from __future__ import annotations

from bot.core import wording
from bot.core.case import TaskStatus
from bot.core.course import Course


def moved_words(before: Course, after: Course, number: int) -> tuple[str, ...]:
    """Say in plain lines what a move did."""
    start = after.case.session(number).start
    old = before.by_key
    same = [(old[task.key], task) for task in after.tasks if task.key in old]
    again = [after.step(new).title for was, new in same if new.reopened and not was.reopened]
    shifted = sum(
        was.due != new.due and new.status is TaskStatus.OPEN and not new.reopened for was, new in same
    )
    stopped = [
        after.step(new).title for was, new in same if new.status is TaskStatus.BLOCKED is not was.status
    ]
    freed = [
        after.step(new).title
        for was, new in same
        if was.status is TaskStatus.BLOCKED and new.status is TaskStatus.DONE
    ]
    on_call = [after.step(new).title for was, new in same if new.on_call and not was.on_call]
    lines = [
        f"Moved to {wording.moment(start, after.calendar)}; {wording.count(shifted, 'item')} moved along."
    ]
    lines += [f"Asked again, too old for the new date: {', '.join(again)}."] if again else []
    lines += [f"Stops now: {', '.join(stopped)}."] if stopped else []
    lines += [f"No longer stops: {', '.join(freed)}."] if freed else []
    lines += [f"Falls on a closed day, the person on call is asked: {', '.join(on_call)}."] if on_call else []
    return tuple(lines)
