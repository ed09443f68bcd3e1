"""What the watchdog asks: by due times, cards and parcels, whatever a sweep thinks that it has done.

Both questions look at what waits, never at what is stored: the indexes of waiting items, of prompts and of
free parcels lead to their rows.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Connection,
    RowMapping,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    union,
)

from bot.core.watched import MOST, Owed, Plan, Queue
from bot.store.tables import WAITING, asked, cases, parcels, posting_lines, postings, tasks

_now: BindParameter[datetime] = bindparam("now")
_its_lines = posting_lines.c.task == tasks.c.key
_its_cards = and_(_its_lines, postings.c.key == posting_lines.c.card)
_shown = exists().where(_its_cards, postings.c.ref_message.is_not(None), postings.c.closed.is_(False))
_platform = (
    select(postings.c.to_platform)
    .where(_its_cards)
    .order_by(posting_lines.c.position.desc())
    .limit(1)
    .scalar_subquery()
)
_queued = (
    select(func.min(parcels.c.at))
    .where(_its_lines, parcels.c.card == posting_lines.c.card, parcels.c.free_at.is_not(None))
    .scalar_subquery()
)
_asked = (
    select(func.max(asked.c.at))
    .where(asked.c.task == tasks.c.key, asked.c.asking == tasks.c.asking)
    .scalar_subquery()
)
#: What is planned and never asked for, and what is over, owes nobody anything.
_planned = (
    select(tasks.c.key)
    .join(cases, cases.c.code == tasks.c.code)
    .where(tasks.c.clinic == bindparam("clinic"), cases.c.closed_at.is_(None), cases.c.shadow.is_(False))
)
_due = _planned.where(WAITING, tasks.c.due <= _now)
_waits_by_rule = and_(tasks.c.rung == 0, tasks.c.next_prompt_at > _now)
_unshown = _due.where(not_(_shown), or_(tasks.c.next_prompt_at.is_(None), not_(_waits_by_rule)))
_unsaid = _planned.where(tasks.c.next_prompt_at <= bindparam("late"))
_either = union(_unshown, _unsaid).subquery()

_COUNTED = select(func.count(), func.count().filter(_shown)).select_from(tasks).where(tasks.c.key.in_(_due))
_OWED = (
    select(
        tasks.c.key,
        tasks.c.due,
        tasks.c.next_prompt_at,
        tasks.c.rung,
        _shown.label("shown"),
        _platform.label("platform"),
        _queued.label("queued"),
        _asked.label("asked"),
    )
    .join(_either, _either.c.key == tasks.c.key)
    .order_by(tasks.c.due, tasks.c.key)
    .limit(MOST)
)
_QUEUES = (
    select(postings.c.clinic, postings.c.to_platform, func.count().label("waiting"), func.min(parcels.c.at))
    .join(postings, postings.c.key == parcels.c.card)
    .where(parcels.c.free_at.is_not(None), parcels.c.at <= _now)
    .group_by(postings.c.clinic, postings.c.to_platform)
    .order_by(postings.c.clinic, postings.c.to_platform)
)


def plan(connection: Connection, clinic: str, now: datetime, late: datetime) -> Plan:
    """Return how a clinic stands by its plan; what waits for a word is owed if that was due by `late`."""
    told = {"clinic": clinic, "now": now}
    due, shown = connection.execute(_COUNTED, told).one()
    found = connection.execute(_OWED, {**told, "late": late}).mappings()
    return Plan(due=due, shown=shown, owed=tuple(map(_owed, found)))


def queues(connection: Connection, now: datetime) -> tuple[Queue, ...]:
    """Return what waits for each platform, by clinic."""
    found = connection.execute(_QUEUES, {"now": now})
    return tuple(
        Queue(clinic=clinic, platform=platform, waiting=waiting, oldest=oldest)
        for clinic, platform, waiting, oldest in found
    )


def _owed(row: RowMapping) -> Owed:
    return Owed(
        task=row["key"],
        due=row["due"],
        prompt=row["next_prompt_at"],
        said=row["rung"] > 0,
        shown=bool(row["shown"]),
        platform=row["platform"] or "",
        queued=row["queued"],
        asked=row["asked"],
    )
