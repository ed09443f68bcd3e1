"""What a unit of work has read, and so need not write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from operator import attrgetter

from sqlalchemy import RowMapping

from bot.core.case import Case, Task


class Columns:
    """Which columns say what stands in each field of a case or a task."""

    def __init__(self, of: Mapping[str, tuple[str, ...]]) -> None:
        self._names = tuple(of.values())
        # all of them in one go: a sweep compares a thousand tasks
        self._values = attrgetter(*of)

    def changed(self, new: Case | Task, read: Case | Task | None) -> tuple[str, ...]:
        """Return the columns of all fields that are not as they were read."""
        if read is None:
            return tuple(name for names in self._names for name in names)
        each = zip(self._names, self._values(new), self._values(read), strict=True)
        differing = [names for names, now, before in each if now is not before and not _same(now, before)]
        return tuple(name for names in differing for name in names)


CASE = Columns(
    {
        **{
            each.name: (each.name,)
            for each in fields(Case)
            if each.init and each.name not in ("code", "clinic", "revision")
        },
        # `starts` is worked out of both.
        "sessions": ("sessions", "starts"),
        "consult": ("consult", "starts"),
        "closed": ("closed_at",),
    }
)
TASK = Columns(
    {
        each.name: (each.name,)
        for each in fields(Task)
        if each.init and each.name not in ("case", "step", "revision")
    }
)

#: What people said; two such values are the same only if they are the same object.
SAID = frozenset({"answer", "decision", "first"})


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """Where the history of a case ends at a revision of it: its last line, and the head after that."""

    revision: int
    seq: int
    link: str
    head: str

    @classmethod
    def of(cls, found: Iterable[RowMapping]) -> dict[str, End]:
        """Return what rows say of it, by code; a history whose last line was taken away has none."""
        return {
            row["code"]: cls(
                revision=row["revision"], seq=row["history_count"], link=row["link"], head=row["history_head"]
            )
            for row in found
            if row["link"] is not None
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """The cases by code with the ends of their histories, and the tasks by key, that a unit of work has read,
    as they still are.
    """

    cases: Mapping[str, Case] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    ends: Mapping[str, End] = field(default_factory=dict)

    def case(self, changed: Case) -> Case | None:
        """Return a case as it was read at its revision, if it was."""
        found = self.cases.get(changed.code)
        return found if found is not None and found.revision == changed.revision else None

    def task(self, changed: Task) -> Task | None:
        """Return a task as it was read at its revision, if it was."""
        found = self.tasks.get(changed.key)
        return found if found is not None and found.revision == changed.revision else None

    def end(self, changed: Case) -> End | None:
        """Return where the history of a case ends at its revision, if that was read."""
        found = self.ends.get(changed.code)
        return found if found is not None and found.revision == changed.revision else None


def _same(one: object, other: object) -> bool:
    # what is equal may still be another answer inside: 1 == 1.0 == True
    return (isinstance(one, _PLAIN) or _are_numbers(one, other)) and one == other


def _are_numbers(*tuples: object) -> bool:
    return all(isinstance(each, tuple) and all(type(number) is int for number in each) for each in tuples)


_PLAIN = (str, int, datetime)
