"""A look at the store: cases, tasks, history, what is due, and where cards stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select

from bot.core.case import Answer, Case, Override, Task, case_of
from bot.core.errors import NotFound
from bot.core.replies import MessageRef
from bot.ports import Entry, Posting
from bot.store import outbox, questions, rows
from bot.store.batches import batches


class SqlReading:
    """`bot.ports.Reading` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def case(self, code: str) -> Case:
        """Return a case; raise NotFound with the nearest codes of open cases."""
        row = self._first(questions.CASE, code=code)
        if row is None:
            raise NotFound("case", code, self._connection.scalars(questions.CODES_OF_OPEN))
        return rows.case_of_row(row)

    def tasks(self, code: str) -> tuple[Task, ...]:
        """Return all tasks of a case, sorted by due time, then step."""
        found = self._all(questions.TASKS, code=code)
        return tuple(sorted(map(rows.task_of_row, found), key=_by_due))

    def task(self, key: str) -> Task:
        """Return one task; raise NotFound."""
        row = self._first(questions.TASK, key=key)
        if row is None:
            near = self._connection.scalars(questions.TASK_KEYS, {"code": case_of(key)})
            raise NotFound("task", key, near)
        return rows.task_of_row(row)

    def open_cases(self, clinic: str) -> tuple[Case, ...]:
        """Return the cases of a clinic that are not closed, by the start of their first session."""
        return tuple(map(rows.case_of_row, self._all(questions.OPEN_CASES, clinic=clinic)))

    def tasks_of(self, codes: Iterable[str]) -> Mapping[str, tuple[Task, ...]]:
        """Return the tasks of several cases at once."""
        found: dict[str, list[Task]] = {code: [] for code in codes}
        for batch in batches(tuple(found)):
            for row in self._all(questions.TASKS_OF, codes=batch):
                found[row["code"]].append(rows.task_of_row(row))
        return {code: tuple(sorted(its, key=_by_due)) for code, its in found.items()}

    def codes(self) -> frozenset[str]:
        """Return every case code ever used: none is used twice."""
        return frozenset(self._connection.scalars(questions.CODES))

    def overrides(self, codes: Iterable[str]) -> Mapping[str, tuple[Override, ...]]:
        """Return the overrides of several cases, each in the order they were given."""
        found: dict[str, tuple[Override, ...]] = dict.fromkeys(codes, ())
        for batch in batches(tuple(found)):
            for row in self._all(questions.OVERRIDES, codes=batch):
                found[row["code"]] += (rows.override_of_row(row),)
        return found

    def due(self, clinic: str, now: datetime, limit: int) -> tuple[Task, ...]:
        """Return tasks whose `next_prompt_at` has come, the longest waiting first."""
        return tuple(map(rows.task_of_row, self._all(questions.DUE, clinic=clinic, now=now, most=limit)))

    def next_moment(self) -> datetime | None:
        """Return when the next task or parcel wants attention, `None` when nothing does."""
        firsts = (self.next_prompt(), outbox.next_moment(self._connection))
        return min((first for first in firsts if first is not None), default=None)

    def next_prompt(self) -> datetime | None:
        """Return when the next task wants a word, whatever waits in the outbox."""
        moment: datetime | None = self._connection.scalar(questions.NEXT_PROMPT)
        return moment

    def posting(self, card: str) -> Posting | None:
        """Return the posting of a card's key, if there is one."""
        row = self._first(questions.POSTING, card=card)
        return rows.posting_of_row(row) if row is not None else None

    def posting_at(self, ref: MessageRef) -> Posting | None:
        """Return the posting that stands at a message, if it is ours."""
        row = self._first(questions.POSTING_AT, **rows.ref_columns(ref))
        return rows.posting_of_row(row) if row is not None else None

    def postings_of(self, task: str) -> tuple[Posting, ...]:
        """Return every posting a task is on, in the order it was put there."""
        return tuple(map(rows.posting_of_row, self._all(questions.POSTINGS_OF, task=task)))

    def lines(self, card: str) -> tuple[str, ...]:
        """Return the task keys on a card, in the order they were put there."""
        return tuple(self._connection.scalars(questions.LINES, {"card": card}))

    def history(self, code: str) -> tuple[Entry, ...]:
        """Return the history of a case, oldest first; erased details are empty."""
        return tuple(map(rows.entry_of_row, self._all(questions.HISTORY, code=code)))

    def answers(self, task: str) -> tuple[Answer, ...]:
        """Return every answer a task ever got, oldest first."""
        return tuple(map(rows.answer_of_row, self._all(questions.ANSWERS, task=task)))

    def seen(self, once: str) -> str | None:
        """Return what was answered to this delivery when it came before, `None` for a new one."""
        said: str | None = self._connection.scalar(questions.SEEN, {"once": once})
        return said

    def kept_playbook(self, digest: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the id and the texts (file name -> text) of a playbook version that a case was planned
        with.
        """
        row = self._first(questions.KEPT_PLAYBOOK, digest=digest)
        return (row["playbook"], row["texts"]) if row is not None else None

    def _first(self, question: Select[*tuple[Any, ...]], **of: Any) -> RowMapping | None:
        return self._connection.execute(question, of).mappings().first()

    def _all(self, question: Select[*tuple[Any, ...]], **of: Any) -> Sequence[RowMapping]:
        return self._connection.execute(question, of).mappings().all()


def _by_due(task: Task) -> tuple[datetime, str, int, int]:
    return task.due, task.step, task.session, task.occurrence
