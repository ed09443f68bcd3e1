"""A case and its tasks change only as they were read, in one piece with the line of history that says so.

The case's row guards all its tasks: every change raises its revision, so that of two changes of one
case that were read in the same moment only one happens, whichever of its tasks they touch. Columns are
written if they differ from what this unit of work read; what it did not read is written whole.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Update, bindparam, insert, update

from bot.core.case import Case, Task
from bot.core.errors import Conflict
from bot.core.outgoing import Change, Entry
from bot.store import chain, questions, rows
from bot.store.batches import batches
from bot.store.columns import storable
from bot.store.plain import to_text
from bot.store.read import CASE, SAID, TASK, End, Read
from bot.store.tables import cases, history, tasks

#: Up to how many tasks are written a row each: to name more in one statement is quicker, fewer slower.
FEW = 8
#: The columns that changed; the status and revision that were read; the new values.
_Alike = tuple[tuple[str, ...], tuple[str, int], tuple[object, ...]]

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


def change_all(
    connection: Connection, key: bytes, changes: Sequence[Change], read: Read
) -> Mapping[str, End]:
    """Write changed cases, their new or changed tasks and their lines of history; return where these end now.
    Raise Conflict.
    """
    # Always in one order: two instances that change the same cases must not wait for each other.
    changes = sorted(changes, key=lambda each: each.case.code)
    ends = _ends(connection, changes, read)
    before = _statuses(connection, changes, read)
    lines = [_next_line(key, each, ends[each.case.code], before) for each in changes]
    if not lines:
        return {}
    heads = [chain.head(key, ends[line["code"]].head, line["link"]) for line in lines]
    _update_cases(connection, changes, read, lines, heads)
    _write_tasks(connection, changes, read, before)
    connection.execute(_insert_line, lines)
    return {
        line["code"]: End(revision=each.case.revision + 1, seq=line["seq"], link=line["link"], head=head)
        for each, line, head in zip(changes, lines, heads, strict=True)
    }


def _ends(connection: Connection, changes: Sequence[Change], read: Read) -> dict[str, End]:
    """Return where the histories of these cases end, which must be as they were read."""
    known = {each.case.code: read.end(each.case) for each in changes}
    ends = {code: end for code, end in known.items() if end is not None}
    for codes in batches([code for code in known if code not in ends]):
        found = connection.execute(questions.ENDS_OF_HISTORY, {"codes": codes}).mappings()
        ends |= End.of(found)
    for case in (each.case for each in changes):
        if case.code not in ends or ends[case.code].revision != case.revision:
            raise _conflict(case)
    return ends


def _next_line(key: bytes, made: Change, end: End, before: Mapping[str, str]) -> dict[str, Any]:
    _refuse_strangers(made.case, made.tasks)
    detail = _with_changes(made.entry.detail, made.tasks, before)
    return _line(key, made.case.code, end.seq + 1, end.link, made.entry, detail)


def _refuse_strangers(case: Case, its_tasks: Sequence[Task]) -> None:
    strangers = [task.key for task in its_tasks if task.case != case.code]
    if strangers:
        raise ValueError(f"{strangers} are no tasks of {case.code}, which would not guard them")


def _statuses(connection: Connection, changes: Sequence[Change], read: Read) -> dict[str, str]:
    """Return the status of each of these tasks that is stored."""
    its = {task.key: read.task(task) for each in changes for task in each.tasks}
    found = {key: task.status.value for key, task in its.items() if task is not None}
    for keys in batches([key for key in its if key not in found]):
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
    changes: Sequence[Change],
    read: Read,
    lines: Sequence[Mapping[str, Any]],
    heads: Sequence[str],
) -> None:
    columns = frozenset().union(*(CASE.changed(each.case, read.case(each.case)) for each in changes))
    written = [
        _case_change(each.case, columns) | {"history_count": line["seq"], "history_head": head}
        for each, line, head in zip(changes, lines, heads, strict=True)
    ]
    change = _change_case(columns | {"history_count", "history_head"})
    _expect(len(changes), connection.execute(change, written).rowcount, changes)


def _case_change(case: Case, names: Collection[str]) -> rows.Columns:
    columns = rows.case_columns(case)
    guard = {"read_code": case.code, "read_revision": case.revision}
    return {name: columns[name] for name in names} | guard | {"revision": case.revision + 1}


def _write_tasks(
    connection: Connection, changes: Sequence[Change], read: Read, before: Mapping[str, str]
) -> None:
    its = [(each.case.clinic, task) for each in changes for task in each.tasks]
    alike: dict[_Alike, list[Task]] = defaultdict(list)
    for task in (task for _, task in its if task.key in before):
        alike[_alike(task, read.task(task), before[task.key])].append(task)
    done = _change_many(connection, alike) + _change_few(connection, alike)
    _expect(sum(map(len, alike.values())), done, changes)
    _add_tasks(
        connection, [rows.task_columns(task, clinic) for clinic, task in its if task.key not in before]
    )


def _alike(task: Task, old: Task | None, status: str) -> _Alike:
    """Return what tasks have in common that one statement can write; what people said stands alone."""
    names = TASK.changed(task, old)
    alone = task.key if SAID.intersection(names) else ""
    return (
        names,
        (status, task.revision),
        (alone, *(getattr(task, name) for name in names if name not in SAID)),
    )


def _change_many(connection: Connection, alike: Mapping[_Alike, Sequence[Task]]) -> int:
    """Write what many tasks have in common, and return how many were as they were read."""
    return sum(
        connection.execute(_change_tasks(like[0]), {"keys": keys} | _written(like, its[0])).rowcount
        for like, its in alike.items()
        if len(its) > FEW
        for keys in batches([task.key for task in its])
    )


def _change_few(connection: Connection, alike: Mapping[_Alike, Sequence[Task]]) -> int:
    """Do the same for the others, a row for each: all those of which the same columns change at once."""
    few: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for like, its in alike.items():
        if len(its) <= FEW:
            few[like[0]] += [{"read_key": task.key} | _written(like, task) for task in its]
    return sum(connection.execute(_change_task(names), each).rowcount for names, each in few.items())


def _written(like: _Alike, task: Task) -> dict[str, Any]:
    names, (status, revision), _ = like
    columns = rows.task_columns(task, "")
    guard = {"read_revision": revision, "read_status": status}
    return {name: columns[name] for name in names} | {"revision": revision + 1} | guard


@cache
def _change_case(columns: frozenset[str]) -> Update:
    read = (cases.c[name] == bindparam(f"read_{name}") for name in ("code", "revision"))
    return update(cases).where(*read).values(_bound(columns))


@cache
def _change_task(columns: tuple[str, ...]) -> Update:
    return _change(columns).where(tasks.c.key == bindparam("read_key"))


@cache
def _change_tasks(columns: tuple[str, ...]) -> Update:
    keys: BindParameter[str] = bindparam("keys", expanding=True)
    return _change(columns).where(tasks.c.key.in_(keys))


def _change(columns: tuple[str, ...]) -> Update:
    read = (tasks.c[name] == bindparam(f"read_{name}") for name in ("revision", "status"))
    return update(tasks).where(*read).values(_bound(columns))


def _bound(columns: Iterable[str]) -> dict[str, BindParameter[Any]]:
    return {name: bindparam(name) for name in sorted({*columns, "revision"})}


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
