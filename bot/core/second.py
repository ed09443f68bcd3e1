"""The second check: two people answer, each without seeing the other, and only what agrees is taken.

The first answer is kept beside the task and sets nothing. An answer that would stop the procedure needs no
second: it stops at once. Two answers that differ block the task until a physician answers, or both anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.case import Answer, Task, TaskStatus
from bot.core.conditions import Value, shown
from bot.core.kinds import FieldKind, Level
from bot.core.lifecycle import Change, asked_anew, turned
from bot.core.playbook import Step
from bot.core.stops import Verdict


def awaits_second(task: Task) -> bool:
    """Say whether one person has answered, and another is asked without seeing it."""
    return task.status is TaskStatus.OPEN and task.first is not None


def gave_first(task: Task, person: str) -> bool:
    """Say whether somebody else must answer, because this person gave the first answer."""
    return awaits_second(task) and task.first is not None and task.first.by == person


def with_first(task: Task, answer: Answer, now: datetime) -> Task:
    """Return a task whose second answer is asked for at once, of whoever is there."""
    return replace(asked_anew(replace(task, first=answer, holder=""), now), reopened=False)


def without_first(task: Task, now: datetime) -> Task:
    """Return a task that asks both anew."""
    if task.status is TaskStatus.OPEN:
        return asked_anew(replace(task, first=None), max(now, task.due))
    opened = turned(replace(task, first=None, answer=None, decision=None), Change.UNDONE, now=now)
    return replace(opened, next_prompt_at=max(now, task.due))


def mismatch(step: Step, task: Task) -> Verdict | None:
    """Return what stops where two answers differ, `None` where there are not two or they agree."""
    if task.first is None or task.answer is None:
        return None
    reasons = tuple(_differences(step, task.first, task.answer))
    return Verdict(level=Level.HARD, reasons=reasons) if reasons else None


def _differences(step: Step, first: Answer, second: Answer) -> Iterator[str]:
    if first.outcome is not second.outcome:
        yield f"outcome: {shown(first.outcome.value)} or {shown(second.outcome.value)}"
        return
    # two people never write a sentence in the same words
    written = {field.name for field in step.ask if field.kind is FieldKind.TEXT}
    for name in dict.fromkeys([*first.values, *second.values]):
        one, other = first.values.get(name), second.values.get(name)
        if name not in written and _plain(one) != _plain(other):
            yield f"{name}: {shown(one)} or {shown(other)}"


def _plain(value: Value) -> object:
    return frozenset(value) if isinstance(value, tuple) else value
