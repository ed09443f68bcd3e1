"""A case and its tasks change only as they were read, in one piece with the line of history that says so.

The case's row guards all its tasks: every change raises its revision, so that of two changes of one
case that were read in the same moment only one happens, whichever of its tasks they touch.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.core.case import Case, Task
from bot.core.errors import Conflict
from bot.ports import Entry
from bot.store import chain, rows
from bot.store.batches import batches
from bot.store.columns import storable
from bot.store.plain import to_text
from bot.store.tables import cases, history, tasks

_KEPT = {"key", "code", "clinic", "sealed_count"}

_change_case = (
    update(cases)
    .where(cases.c.code == bindparam("read_code"), cases.c.revision == bindparam("read_revision"))
    .values({column.name: bindparam(column.name) for column in cases.c if column.name not in _KEPT})
)
_change_task = (
    update(tasks)
    .where(*(tasks.c[name] == bindparam(f"read_{name}") for name in ("key", "revision", "status")))
    .values({column.name: bindparam(column.name) for column in tasks.c if column.name not in _KEPT})
)
_end_of_history = (
    select(cases.c.revision, cases.c.history_count, cases.c.history_head, history.c.link)
    .join(history, (history.c.code == cases.c.code) & (history.c.seq == cases.c.history_count))
    .where(cases.c.code == bindparam("read_code"))
)


def add_case(connection: Connection, key: bytes, case: Case, its_tasks: Sequence[Task], entry: Entry) -> None:
    """Add a case with its tasks and the first line of its history."""
    _refuse_strangers(case, its_tasks)
    line = _line(key, case.code, 1, chain.NOTHING, entry, entry.detail)
    begun = {
        "history_count": 1,
        "history_head": chain.head(key, chain.NOTHING, line["link"]),
        "sealed_count": 0,
    }
    connection.execute(insert(cases), [rows.case_columns(case) | begun])
    _add_tasks(connection, case, its_tasks)
    connection.execute(insert(history), [line])


def change(connection: Connection, key: bytes, case: Case, its_tasks: Sequence[Task], entry: Entry) -> None:
    """Write a changed case, its new or changed tasks and their line of history; raise Conflict."""
    _refuse_strangers(case, its_tasks)
    end = connection.execute(_end_of_history, {"read_code": case.code}).mappings().first()
    if end is None or end["revision"] != case.revision:
        raise Conflict(f"Case {case.code} was changed in the same moment: look again and retry.")
    before = _statuses(connection, its_tasks)
    detail = _with_changes(entry.detail, its_tasks, before)
    line = _line(key, case.code, end["history_count"] + 1, end["link"], entry, detail)
    grown = {
        "history_count": line["seq"],
        "history_head": chain.head(key, end["history_head"], line["link"]),
    }
    _update_case(connection, case, grown)
    _update_tasks(connection, case, [task for task in its_tasks if task.key in before], before)
    _add_tasks(connection, case, [task for task in its_tasks if task.key not in before])
    connection.execute(insert(history), [line])


def _refuse_strangers(case: Case, its_tasks: Sequence[Task]) -> None:
    strangers = [task.key for task in its_tasks if task.case != case.code]
    if strangers:
        raise ValueError(f"{strangers} are no tasks of {case.code}, which would not guard them")


def _statuses(connection: Connection, its_tasks: Sequence[Task]) -> dict[str, str]:
    """Return the status of each of these tasks that is stored."""
    found: dict[str, str] = {}
    for keys in batches([task.key for task in its_tasks]):
        stored = select(tasks.c.key, tasks.c.status).where(tasks.c.key.in_(keys))
        found.update((row.key, row.status) for row in connection.execute(stored))
    return found


def _with_changes(
    detail: Mapping[str, Any], its_tasks: Sequence[Task], before: Mapping[str, str]
) -> Mapping[str, Any]:
    """Add how the states of tasks changed, e.g. {"changed": {"K7Q2:skin_exam:1:1": "open>done"}}."""
    pairs = ((task.key, before.get(task.key, "new"), task.status.value) for task in its_tasks)
    changed = {key: f"{was}>{now}" for key, was, now in pairs if was != now}
    return {**detail, "changed": changed} if changed else detail


def _line(
    key: bytes, code: str, seq: int, before: str, entry: Entry, detail: Mapping[str, Any]
) -> dict[str, Any]:
    text, salt = to_text(detail), secrets.token_hex(16)
    line = chain.Line(
        code=storable(code),
        seq=seq,
        at=entry.at,
        kind=storable(entry.kind),
        by=storable(entry.by),
        content_digest=chain.content_digest(salt, text),
        detail=text,
        salt=salt,
    )
    return rows.line_columns(line, chain.link(key, before, line))


def _update_case(connection: Connection, case: Case, grown: rows.Columns) -> None:
    guard = {"read_code": case.code, "read_revision": case.revision}
    written = rows.case_columns(case) | grown | guard | {"revision": case.revision + 1}
    written.pop("code")
    _expect(1, connection.execute(_change_case, written).rowcount, case)


def _update_tasks(
    connection: Connection, case: Case, known: Sequence[Task], before: Mapping[str, str]
) -> None:
    if known:
        written = [_task_change(task, case.clinic, before[task.key]) for task in known]
        _expect(len(known), connection.execute(_change_task, written).rowcount, case)


def _task_change(task: Task, clinic: str, status: str) -> dict[str, Any]:
    guard = {"read_key": task.key, "read_revision": task.revision, "read_status": status}
    columns = {name: value for name, value in rows.task_columns(task, clinic).items() if name not in _KEPT}
    return columns | guard | {"revision": task.revision + 1}


def _add_tasks(connection: Connection, case: Case, new: Sequence[Task]) -> None:
    if new:
        connection.execute(insert(tasks), [rows.task_columns(task, case.clinic) for task in new])


def _expect(wanted: int, written: int, case: Case) -> None:
    if written != wanted:
        raise Conflict(f"Case {case.code} was changed in the same moment: look again and retry.")
