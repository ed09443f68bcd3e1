"""What was read lately: cases and their tasks by the case's revision, which every change of either raises.

Looks fill it, for what they see is committed. A unit of work may only use it until it is committed: a
revision that it raises itself is known to nobody before, but to those that are committed together with it,
and no other can raise it to that number meanwhile. Once it is committed, what it wrote is remembered under
the revision that it wrote, as a look would find it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from operator import attrgetter
from threading import Lock

from bot.core.case import Case, Task
from bot.core.outgoing import Change
from bot.store import columns, rows, tables

#: How many cases are remembered: about 30 KB each, and a clinic's board shows a hundred.
MOST = 400
_VALUES = {kind: attrgetter(*(each.name for each in fields(kind) if each.init)) for kind in (Case, Task)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """A case as it was at its revision, with its tasks if they were read."""

    case: Case
    tasks: tuple[Task, ...] | None = None

    def after(self, change: Change) -> Kept:
        """Return it as it stands once a change of it is written."""
        stored = replace(change.case, revision=change.case.revision + 1)
        if not _reads_the_same(stored, self.case):
            stored = rows.case_of_row(columns.as_stored(tables.cases, rows.case_columns(stored)))
        if self.tasks is None or self.case.revision != change.case.revision:
            return Kept(case=stored)
        its = {task.key: task for task in self.tasks}
        old = {task.key: its.get(task.key) for task in change.tasks}
        its |= {task.key: _written(task, old[task.key]) for task in change.tasks}
        moved = any(before is None or before.due != its[key].due for key, before in old.items())
        return Kept(case=stored, tasks=tuple(sorted(its.values(), key=by_due) if moved else its.values()))


def _written(task: Task, old: Task | None) -> Task:
    """Return a task that was written as a look will find it; a new one begins with its own revision."""
    if old is None:
        return _as_read(task)
    raised = replace(task, revision=task.revision + 1)
    return raised if _reads_the_same(raised, old) else _as_read(raised)


def _as_read(task: Task) -> Task:
    return rows.task_of_row(columns.as_stored(tables.tasks, rows.task_columns(task, "")))


def _reads_the_same(new: Case | Task, old: Case | Task) -> bool:
    """Say whether what differs from what was read comes back from the database as it is."""
    values = _VALUES[type(new)]
    each = zip(values(new), values(old), strict=True)
    return all(_plain(value, before) for value, before in each if value is not before)


def _plain(value: object, before: object) -> bool:
    if value is None or isinstance(value, int):
        return True
    if isinstance(value, str):
        return value == before
    if isinstance(value, datetime):
        return value.tzinfo is UTC and not value.fold
    return isinstance(value, tuple) and all(type(each) is int for each in value)


def by_due(task: Task) -> tuple[datetime, str, int, int]:
    """Sort the tasks of a case."""
    return task.due, task.step, task.session, task.occurrence


class Known:
    """The cases that were read lately, for all threads; with something `behind` it, those that only some may
    know before it is told.
    """

    def __init__(self, most: int = MOST, behind: Known | None = None) -> None:
        self._most = most
        self._behind = behind
        self._kept: dict[str, Kept] = {}
        self._one_at_a_time = Lock()

    def get(self, code: str, revision: int) -> Kept | None:
        """Return a case as it is at this revision, `None` if that is not known."""
        kept = self._kept.get(code)
        if kept is not None and kept.case.revision == revision:
            return kept
        return self._behind.get(code, revision) if self._behind else None

    def keep(self, found: Iterable[Kept]) -> None:
        """Remember what a look found, and forget what was remembered first when it gets too much."""
        with self._one_at_a_time:
            for each in found:
                self._kept.pop(each.case.code, None)
                self._kept[each.case.code] = each
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]

    def tell(self) -> None:
        """Let what stands behind remember what is remembered here."""
        if self._behind is not None:
            self._behind.keep(self._kept.values())
