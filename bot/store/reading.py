"""A look at the store: cases, tasks, history, what is due, and where cards stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, Select, select

from bot.core.case import Answer, Case, Override, Task, case_of
from bot.core.errors import NotFound
from bot.core.replies import MessageRef
from bot.ports import Entry, Posting
from bot.store import outbox, rows
from bot.store.batches import batches
from bot.store.tables import (
    answers,
    cases,
    history,
    inbox,
    kept_playbooks,
    overrides,
    posting_lines,
    postings,
    tasks,
)


class SqlReading:
    """`bot.ports.Reading` on one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def case(self, code: str) -> Case:
        """Return a case; raise NotFound with the nearest codes of open cases."""
        row = self._first(select(cases).where(cases.c.code == code))
        if row is None:
            still_open = select(cases.c.code).where(cases.c.closed_at.is_(None))
            raise NotFound("case", code, self._connection.scalars(still_open))
        return rows.case_of_row(row)

    def tasks(self, code: str) -> tuple[Task, ...]:
        """Return all tasks of a case, sorted by due time, then step."""
        found = self._all(select(tasks).where(tasks.c.code == code))
        return tuple(sorted(map(rows.task_of_row, found), key=_by_due))

    def task(self, key: str) -> Task:
        """Return one task; raise NotFound."""
        row = self._first(select(tasks).where(tasks.c.key == key))
        if row is None:
            near = select(tasks.c.key).where(tasks.c.code == case_of(key))
            raise NotFound("task", key, self._connection.scalars(near))
        return rows.task_of_row(row)

    def open_cases(self, clinic: str) -> tuple[Case, ...]:
        """Return the cases of a clinic that are not closed, by the start of their first session."""
        of_clinic = select(cases).where(cases.c.clinic == clinic, cases.c.closed_at.is_(None))
        return tuple(map(rows.case_of_row, self._all(of_clinic.order_by(cases.c.starts, cases.c.code))))

    def tasks_of(self, codes: Iterable[str]) -> Mapping[str, tuple[Task, ...]]:
        """Return the tasks of several cases at once."""
        found: dict[str, list[Task]] = {code: [] for code in codes}
        for batch in batches(tuple(found)):
            for row in self._all(select(tasks).where(tasks.c.code.in_(batch))):
                found[row["code"]].append(rows.task_of_row(row))
        return {code: tuple(sorted(its, key=_by_due)) for code, its in found.items()}

    def codes(self) -> frozenset[str]:
        """Return every case code ever used: none is used twice."""
        return frozenset(self._connection.scalars(select(cases.c.code)))

    def overrides(self, codes: Iterable[str]) -> Mapping[str, tuple[Override, ...]]:
        """Return the overrides of several cases, each in the order they were given."""
        found: dict[str, tuple[Override, ...]] = dict.fromkeys(codes, ())
        for batch in batches(tuple(found)):
            given = select(overrides).where(overrides.c.code.in_(batch)).order_by(overrides.c.number)
            for row in self._all(given):
                found[row["code"]] += (rows.override_of_row(row),)
        return found

    def due(self, clinic: str, now: datetime, limit: int) -> tuple[Task, ...]:
        """Return tasks whose `next_prompt_at` has come, the longest waiting first."""
        come = select(tasks).where(tasks.c.next_prompt_at <= now, tasks.c.clinic == clinic)
        longest = come.order_by(tasks.c.next_prompt_at, tasks.c.key).limit(limit)
        return tuple(map(rows.task_of_row, self._all(longest)))

    def next_moment(self) -> datetime | None:
        """Return when the next task or parcel wants attention, `None` when nothing does."""
        firsts = (self.next_prompt(), outbox.next_moment(self._connection))
        return min((first for first in firsts if first is not None), default=None)

    def next_prompt(self) -> datetime | None:
        """Return when the next task wants a word, whatever waits in the outbox."""
        when = tasks.c.next_prompt_at
        first = select(when).where(when.is_not(None)).order_by(when).limit(1)
        moment: datetime | None = self._connection.scalar(first)
        return moment

    def posting(self, card: str) -> Posting | None:
        """Return the posting of a card's key, if there is one."""
        row = self._first(select(postings).where(postings.c.key == card))
        return rows.posting_of_row(row) if row is not None else None

    def posting_at(self, ref: MessageRef) -> Posting | None:
        """Return the posting that stands at a message, if it is ours."""
        there = [postings.c[name] == value for name, value in rows.ref_columns(ref).items()]
        row = self._first(select(postings).where(*there))
        return rows.posting_of_row(row) if row is not None else None

    def postings_of(self, task: str) -> tuple[Posting, ...]:
        """Return every posting a task is on, in the order it was put there."""
        lines = posting_lines.c
        on = select(postings).join(posting_lines, lines.card == postings.c.key).where(lines.task == task)
        return tuple(map(rows.posting_of_row, self._all(on.order_by(lines.position))))

    def lines(self, card: str) -> tuple[str, ...]:
        """Return the task keys on a card, in the order they were put there."""
        on = select(posting_lines.c.task).where(posting_lines.c.card == card)
        return tuple(self._connection.scalars(on.order_by(posting_lines.c.position)))

    def history(self, code: str) -> tuple[Entry, ...]:
        """Return the history of a case, oldest first; erased details are empty."""
        found = self._all(select(history).where(history.c.code == code).order_by(history.c.seq))
        return tuple(map(rows.entry_of_row, found))

    def answers(self, task: str) -> tuple[Answer, ...]:
        """Return every answer a task ever got, oldest first."""
        given = select(answers).where(answers.c.task == task).order_by(answers.c.number)
        return tuple(map(rows.answer_of_row, self._all(given)))

    def seen(self, once: str) -> str | None:
        """Return what was answered to this delivery when it came before, `None` for a new one."""
        return self._connection.scalar(select(inbox.c.said).where(inbox.c.once == once))

    def kept_playbook(self, digest: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the id and the texts (file name -> text) of a playbook version that a case was planned
        with.
        """
        row = self._first(select(kept_playbooks).where(kept_playbooks.c.digest == digest))
        return (row["playbook"], row["texts"]) if row is not None else None

    def _first(self, question: Select[*tuple[object, ...]]) -> RowMapping | None:
        return self._connection.execute(question).mappings().first()

    def _all(self, question: Select[*tuple[object, ...]]) -> Sequence[RowMapping]:
        return self._connection.execute(question).mappings().all()


def _by_due(task: Task) -> tuple[datetime, str, int, int]:
    return task.due, task.step, task.session, task.occurrence
