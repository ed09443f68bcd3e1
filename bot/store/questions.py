"""The questions that are asked all day, each phrased once: to phrase one takes as long as to ask it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, exists, literal, null, select, tuple_, union_all

from bot.core.case import TaskStatus
from bot.core.replies import Address
from bot.store.rows import REF
from bot.store.tables import (
    WAITING,
    answers,
    arrangements,
    asked,
    cases,
    history,
    inbox,
    kept_playbooks,
    overrides,
    posting_lines,
    postings,
    tasks,
)

#: The kind of the arrangement for a code that a database gave out which a backup took the place of.
SPENT = "spent"
TO = ("to_platform", "to_account", "to_channel")
_keys: BindParameter[str] = bindparam("keys", expanding=True)
_cards: BindParameter[str] = bindparam("cards", expanding=True)
_codes: BindParameter[str] = bindparam("codes", expanding=True)

REVISIONS = select(cases.c.code, cases.c.revision).where(cases.c.code.in_(_codes))
CASES = select(cases).where(cases.c.code.in_(_codes))
CODES = select(cases.c.code)
_given = CODES.union_all(select(arrangements.c.key).where(arrangements.c.kind == SPENT)).subquery()
EVERY_CODE = select(_given.c.code)
USED = EVERY_CODE.where(_given.c.code.in_(_codes))
CODES_OF_OPEN = CODES.where(cases.c.closed_at.is_(None))
REVISIONS_OF_OPEN = (
    select(cases.c.code, cases.c.revision)
    .where(cases.c.clinic == bindparam("clinic"), cases.c.closed_at.is_(None))
    .order_by(cases.c.starts, cases.c.code)
)
_waiting = select(tasks.c.code).where(
    tasks.c.clinic == bindparam("clinic"),
    WAITING,
    tasks.c.due <= bindparam("until"),
    (tasks.c.due <= bindparam("soon")) | (tasks.c.session > 1),
)
REVISIONS_NEAR = REVISIONS_OF_OPEN.where(
    cases.c.starts.between(bindparam("since"), bindparam("until")) | cases.c.code.in_(_waiting)
)

TASK = select(tasks).where(tasks.c.key == bindparam("key"))
TASK_KEYS = select(tasks.c.key).where(tasks.c.code == bindparam("code"))
TASKS_OF = select(tasks).where(tasks.c.code.in_(_codes))
UNASKED = TASKS_OF.where(
    tasks.c.status == TaskStatus.OPEN.value, tasks.c.rung == 0, tasks.c.due < bindparam("before")
)
STATUSES = select(tasks.c.key, tasks.c.status).where(tasks.c.key.in_(_keys))
DUE = (
    select(tasks)
    .where(tasks.c.next_prompt_at <= bindparam("now"), tasks.c.clinic == bindparam("clinic"))
    .order_by(tasks.c.next_prompt_at, tasks.c.key)
    .limit(bindparam("most"))
)
ASKING = (
    select(cases.c.code, cases.c.revision)
    .where(cases.c.asks_at <= bindparam("now"), cases.c.clinic == bindparam("clinic"))
    .order_by(cases.c.asks_at, cases.c.code)
    .limit(bindparam("most"))
)
_after: BindParameter[datetime] = bindparam("after")
_NEXT_ASKING = select(cases.c.asks_at).where(cases.c.asks_at > _after).order_by(cases.c.asks_at).limit(1)
_NEXT_PROMPT = (
    select(tasks.c.next_prompt_at)
    .where(tasks.c.next_prompt_at > _after)
    .order_by(tasks.c.next_prompt_at)
    .limit(1)
)
NEXT_WORDS = select(_NEXT_PROMPT.scalar_subquery(), _NEXT_ASKING.scalar_subquery())

OVERRIDES = select(overrides).where(overrides.c.code.in_(_codes)).order_by(overrides.c.number)
OVERRIDDEN = (
    select(overrides)
    .join(cases, cases.c.code == overrides.c.code)
    .where(
        overrides.c.at >= bindparam("since"),
        overrides.c.at < bindparam("until"),
        cases.c.clinic == bindparam("clinic"),
    )
    .order_by(overrides.c.number)
)
CODES_DUE = (
    select(tasks.c.code)
    .join(cases, cases.c.code == tasks.c.code)
    .where(
        tasks.c.clinic == bindparam("clinic"),
        cases.c.shadow.is_(False),
        tasks.c.due >= bindparam("since"),
        tasks.c.due < bindparam("until"),
    )
    .distinct()
    .order_by(tasks.c.code)
)
ENDS_OF_HISTORY = (
    select(cases.c.code, cases.c.revision, cases.c.history_count, cases.c.history_head, history.c.link)
    .outerjoin(history, (history.c.code == cases.c.code) & (history.c.seq == cases.c.history_count))
    .where(cases.c.code.in_(_codes))
)
HISTORY = select(history).where(history.c.code == bindparam("code")).order_by(history.c.seq)
HISTORY_SINCE = (
    select(history)
    .where(history.c.code.in_(_codes), history.c.at >= bindparam("since"))
    .order_by(history.c.code, history.c.seq)
)
_kinds: BindParameter[str] = bindparam("kinds", expanding=True)
LINES_OF = (
    select(history)
    .join(cases, cases.c.code == history.c.code)
    .where(
        cases.c.clinic == bindparam("clinic"),
        history.c.kind.in_(_kinds),
        history.c.at >= bindparam("since"),
        history.c.at < bindparam("until"),
    )
    .order_by(history.c.at, history.c.code, history.c.seq)
)
ANSWERS = select(answers).where(answers.c.task == bindparam("task")).order_by(answers.c.number)
ANSWERS_SINCE = (
    select(answers)
    .join(tasks, tasks.c.key == answers.c.task)
    .where(answers.c.at >= bindparam("since"), tasks.c.clinic == bindparam("clinic"))
    # by its number alone, SQLite would go through all answers there ever were
    .order_by(answers.c.at, answers.c.number)
)
ANSWERED_BY = ANSWERS_SINCE.with_only_columns(answers.c.task, answers.c.at).where(
    answers.c.by_person == bindparam("person")
)

POSTINGS = select(postings).where(postings.c.key.in_(_cards))
POSTING_AT = select(postings).where(*(postings.c[name] == bindparam(name) for name in REF))
POSTINGS_IN = (
    select(postings)
    .where(
        postings.c.clinic == bindparam("clinic"),
        *(postings.c[name] == bindparam(name) for name in TO),
        postings.c.closed.is_(False),
    )
    .order_by(postings.c.key)
)
_of_tasks = (
    select(posting_lines.c.task, posting_lines.c.position, postings)
    .join(posting_lines, posting_lines.c.card == postings.c.key)
    .where(posting_lines.c.task.in_(_keys))
)
POSTINGS_OF = _of_tasks.order_by(posting_lines.c.position)
#: Of tasks, and of cards without a task.
POSTINGS_OF_BOTH = union_all(
    select(null().label("task"), literal(0).label("position"), postings).where(postings.c.key.in_(_cards)),
    _of_tasks,
).order_by("position")
_later = asked.alias()
_was_asked_again = exists().where(
    _later.c.task == asked.c.task,
    tuple_(_later.c.asking, _later.c.rung) > tuple_(asked.c.asking, asked.c.rung),
)
ASKED_ON = (
    select(asked.c.task, postings)
    .join(asked, asked.c.card == postings.c.key)
    .where(asked.c.task.in_(_keys), ~_was_asked_again)
)
LINES = (
    select(posting_lines.c.task)
    .where(posting_lines.c.card == bindparam("card"))
    .order_by(posting_lines.c.position)
)

SEEN = select(inbox.c.said).where(inbox.c.once == bindparam("once"))
KEPT_PLAYBOOK = select(kept_playbooks).where(kept_playbooks.c.digest == bindparam("digest"))


def place(to: Address) -> Mapping[str, str]:
    """Return where a posting goes, as columns."""
    return dict(zip(TO, (to.platform, to.account, to.channel), strict=True))
