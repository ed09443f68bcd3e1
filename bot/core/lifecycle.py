"""How a task may change: one table. Anything that is not in it is refused, and nothing happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.core.case import Task, TaskStatus
from bot.core.errors import Settled


class Change(StrEnum):
    """What can happen to a task."""

    #: an answer that stands
    ANSWERED = "answered"
    #: an answer, a new fact or a new date that stops the procedure
    STOPPED = "stopped"
    #: the stop is lifted: a decision, a new fact or a new date
    CLEARED = "cleared"
    #: its answer is too old for the new date
    EXPIRED = "expired"
    #: taken back by the person who answered
    UNDONE = "undone"
    #: its condition no longer holds
    LEFT = "left"
    #: its condition holds again
    RETURNED = "returned"
    #: the session was cancelled
    CANCELLED = "cancelled"


TRANSITIONS: dict[tuple[TaskStatus, Change], TaskStatus] = {
    (TaskStatus.OPEN, Change.ANSWERED): TaskStatus.DONE,
    (TaskStatus.OPEN, Change.STOPPED): TaskStatus.BLOCKED,
    (TaskStatus.OPEN, Change.LEFT): TaskStatus.VOID,
    (TaskStatus.OPEN, Change.CANCELLED): TaskStatus.VOID,
    (TaskStatus.DONE, Change.STOPPED): TaskStatus.BLOCKED,
    (TaskStatus.DONE, Change.EXPIRED): TaskStatus.OPEN,
    (TaskStatus.DONE, Change.UNDONE): TaskStatus.OPEN,
    (TaskStatus.BLOCKED, Change.CLEARED): TaskStatus.DONE,
    (TaskStatus.BLOCKED, Change.STOPPED): TaskStatus.BLOCKED,
    (TaskStatus.BLOCKED, Change.EXPIRED): TaskStatus.OPEN,
    (TaskStatus.BLOCKED, Change.UNDONE): TaskStatus.OPEN,
    (TaskStatus.BLOCKED, Change.LEFT): TaskStatus.VOID,
    (TaskStatus.BLOCKED, Change.CANCELLED): TaskStatus.VOID,
    (TaskStatus.VOID, Change.RETURNED): TaskStatus.OPEN,
}


def next_status(status: TaskStatus, change: Change) -> TaskStatus:
    """Return the state that follows; raise Settled where the table has no line for it."""
    try:
        return TRANSITIONS[status, change]
    except KeyError:
        raise Settled(
            f"This item is {status.value} and cannot be {change.value}; nothing was changed."
        ) from None


def turned(task: Task, change: Change, *, now: datetime) -> Task:
    """Return a task in the state that follows, with a new round of asking; one that is blocked anew while
    somebody is being asked waits for the same word.
    """
    status = next_status(task.status, change)
    if status is task.status and task.next_prompt_at is not None:
        return task
    asked = {TaskStatus.OPEN: task.due, TaskStatus.BLOCKED: now}
    changed = asked_anew(replace(task, status=status), asked.get(status))
    if change in (Change.EXPIRED, Change.RETURNED):
        changed = replace(changed, tried=0)
    # what left the list is not asked again
    return replace(changed, reopened=task.reopened and status is TaskStatus.OPEN)


def asked_anew(task: Task, at: datetime | None) -> Task:
    """Return a task that begins a round of asking at a moment, `None` for never; who holds it stays."""
    return replace(
        task,
        asking=task.asking + 1,
        rung=0,
        next_prompt_at=at,
        acknowledged=None,
        ladder=(),
        snoozed=False,
        held=None,
    )
