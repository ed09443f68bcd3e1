"""A case and its tasks change only as they were read, in one piece with the line of history that says so.

The case's row guards all its tasks: every change raises its revision, so that of two changes of one
case that were read in the same moment only one happens, whichever of its tasks they touch.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, update

from bot.core.case import Case, Task
from bot.core.errors import Conflict
from bot.ports import Change, Entry
from bot.store import chain, questions, rows
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
_insert_case, _insert_task, _insert_line = insert(cases), insert(tasks), insert(history)


def add_case(connection: Connection, key: bytes, case: Case, its_tasks: Sequence[Task], entry: Entry) -> None:
    """Add a case with its tasks and the first line of its history."""
    _refuse_strangers(case, its_tasks)
    line = _line(key, case.code, 1, chain.NOTHING, entry, entry.detail)
    begun = {
        "history_count": 1,
        "history_head": chain.head(key, chain.NOTHING, line["link"]),
        "sealed_count": 0,
    }
    connection.execute(_insert_case, [rows.case_columns(case) | begun])
    _add_tasks(connection, [rows.task_columns(task, case.clinic) for task in its_tasks])
    connection.execute(_insert_line, [line])


def change_all(connection: Connection, key: bytes, changes: Sequence[Change]) -> None:
    """Write changed cases, their new or changed tasks and their lines of history; raise Conflict."""
    # Always in one order: two instances that change the same cases must not wait for each other.
    changes = sorted(changes, key=lambda each: each.case.code)
    ends = _ends(connection, changes)
    before = _statuses(connection, changes)
    lines = [_next_line(key, each, ends[each.case.code], before) for each in changes]
    if lines:
        _update_cases(connection, key, changes, lines, ends)
        _write_tasks(connection, changes, before)
        connection.execute(_insert_line, lines)


def _ends(connection: Connection, changes: Sequence[Change]) -> dict[str, RowMapping]:
    """Return where the histories of these cases end, which must be as they were read."""
    ends: dict[str, RowMapping] = {}
    for codes in batches([each.case.code for each in changes]):
        found = connection.execute(questions.ENDS_OF_HISTORY, {"codes": codes}).mappings()
        ends.update((row["code"], row) for row in found)
    for case in (each.case for each in changes):
        if case.code not in ends or ends[case.code]["revision"] != case.revision:
            raise _conflict(case)
    return ends


def _next_line(key: bytes, made: Change, end: RowMapping, before: Mapping[str, str]) -> dict[str, Any]:
    _refuse_strangers(made.case, made.tasks)
    detail = _with_changes(made.entry.detail, made.tasks, before)
    return _line(key, made.case.code, end["history_count"] + 1, end["link"], made.entry, detail)


def _refuse_strangers(case: Case, its_tasks: Sequence[Task]) -> None:
    strangers = [task.key for task in its_tasks if task.case != case.code]
    if strangers:
        raise ValueError(f"{strangers} are no tasks of {case.code}, which would not guard them")


def _statuses(connection: Connection, changes: Sequence[Change]) -> dict[str, str]:
    """Return the status of each of these tasks that is stored."""
    found: dict[str, str] = {}
    for keys in batches([task.key for each in changes for task in each.tasks]):
        stored = connection.execute(questions.STATUSES, {"keys": keys})
        found.update((row.key, row.status) for row in stored)
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


def _update_cases(
    connection: Connection,
    key: bytes,
    changes: Sequence[Change],
    lines: Sequence[Mapping[str, Any]],
    ends: Mapping[str, RowMapping],
) -> None:
    written = []
    for each, line in zip(changes, lines, strict=True):
        head = chain.head(key, ends[each.case.code]["history_head"], line["link"])
        written.append(_case_change(each.case) | {"history_count": line["seq"], "history_head": head})
    _expect(len(changes), connection.execute(_change_case, written).rowcount, changes)


def _case_change(case: Case) -> dict[str, Any]:
    guard = {"read_code": case.code, "read_revision": case.revision}
    columns = {name: value for name, value in rows.case_columns(case).items() if name not in _KEPT}
    return columns | guard | {"revision": case.revision + 1}


def _write_tasks(connection: Connection, changes: Sequence[Change], before: Mapping[str, str]) -> None:
    its = [(each.case.clinic, task) for each in changes for task in each.tasks]
    known = [_task_change(task, clinic, before[task.key]) for clinic, task in its if task.key in before]
    if known:
        _expect(len(known), connection.execute(_change_task, known).rowcount, changes)
    _add_tasks(connection, [rows.task_columns(task, of) for of, task in its if task.key not in before])


def _task_change(task: Task, clinic: str, status: str) -> dict[str, Any]:
    guard = {"read_key": task.key, "read_revision": task.revision, "read_status": status}
    columns = {name: value for name, value in rows.task_columns(task, clinic).items() if name not in _KEPT}
    return columns | guard | {"revision": task.revision + 1}


def _add_tasks(connection: Connection, new: Sequence[dict[str, Any]]) -> None:
    if new:
        connection.execute(_insert_task, new)


def _expect(wanted: int, written: int, changes: Sequence[Change]) -> None:
    if written != wanted:
        raise _conflict(*(each.case for each in changes))


def _conflict(*cases_read: Case) -> Conflict:
    codes = ", ".join(case.code for case in cases_read)
    named = f"Case {codes} was" if len(cases_read) == 1 else f"One of the cases {codes} was"
    return Conflict(f"{named} changed in the same moment: look again and retry.")
