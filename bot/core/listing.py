"""Tasks as rows of plain data, as `bookend plan --json` and `bookend rehearse --json` promise them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.core.case import Session, Task
from bot.core.course import Course
from bot.core.readiness import Readiness
from bot.core.times import Calendar


def plan_rows(course: Course, tasks: Iterable[Task]) -> list[dict[str, Any]]:
    """Return a row per task, by due time, then id; `stop` is the table's column, never resolved by facts.

    A row that a clinic's own changes changed or added says so in `overlay`.
    """
    ordered = sorted(tasks, key=lambda task: (task.due, task.step, task.session, task.occurrence))
    return [_row(course, task) for task in ordered]


def played_rows(course: Course) -> list[dict[str, Any]]:
    """Return the rows of a case that was played: with its status, and whether the task was reopened."""
    tasks = [task for task in course.tasks if not course.step(task).own]
    ordered = sorted(tasks, key=lambda task: (task.due, task.step, task.session, task.occurrence))
    return [_row(course, task) | {"status": task.status.value, "reopened": task.reopened} for task in ordered]


def _row(course: Course, task: Task) -> dict[str, Any]:
    step = course.step(task)
    own = {"overlay": step.overlay} if step.overlay else {}
    return own | {
        "id": step.id,
        "session": task.session,
        "phase": step.phase.value,
        "role": step.role.value,
        "stop": step.stops.level.value,
        "due_local": f"{course.calendar.local(task.due):%Y-%m-%dT%H:%M}",
        "due_utc": utc(task.due),
        "on_call": task.on_call,
        "late": task.late,
    }


def utc(moment: datetime) -> str:
    """Return an instant as "2027-01-12T21:00Z"."""
    return f"{moment:%Y-%m-%dT%H:%M}Z"


def gate_row(session: Session, found: Readiness, calendar: Calendar) -> dict[str, Any]:
    """Return the readiness of a session for a gate, with what blocks it."""
    return {
        "session": session.number,
        "gate": found.gate.value,
        "at_local": f"{calendar.local(found.at):%Y-%m-%dT%H:%M}",
        "at_utc": utc(found.at),
        "state": found.state.value,
        "blocks": [
            {
                "id": each.task.step,
                "title": each.title,
                "level": each.level.value,
                "role": each.role.value,
                "why": "; ".join(each.verdict.reasons) or "no answer yet",
            }
            for each in found.blockers
        ],
        **({"held": found.held} if found.held else {}),
    }
