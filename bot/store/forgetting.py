"""What is let go of: names, what was said of a patient, and messages that are over.

A line of history keeps its place, its time and its digest, and loses its detail and the salt with which that
could be guessed: the chain is whole, and nobody can tell any more what it was about.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    Connection,
    Delete,
    Exists,
    Select,
    Text,
    bindparam,
    delete,
    exists,
    or_,
    select,
    type_coerce,
    update,
)

from bot.store.tables import (
    answers,
    arrangements,
    asked,
    cases,
    history,
    identities,
    inbox,
    overrides,
    parcels,
    posting_lines,
    postings,
    tasks,
)

#: Arrangements that are about one day, one look or one message; they are over with it.
PASSING = (
    *(
        "look",
        "sheet",
        "hold_preview",
        "ask_all_preview",
        "in_room",
        "rooms",
        "room_day",
        "shifts_ended",
        "hint",
    ),
    "outage",
)
#: What people have before them in a chat: it may repeat what they typed.
SHOWN = "shown"
#: What one asked another to take, with a note.
HANDED = "hand_off"

#: The line of history that says what was erased, when, by whom and why.
ERASED = "erased"

_before = bindparam("before", type_=cases.c.opened.type)
_code: BindParameter[str] = bindparam("of")


def name_of(connection: Connection, code: str) -> bool:
    """Forget who a case is of; say whether that was known."""
    return connection.execute(delete(identities).where(identities.c.code == _code), {"of": code}).rowcount > 0


def said_of(connection: Connection, code: str) -> None:
    """Erase what was said in a case, but for the lines that say so, and what repeats it."""
    for statement in _ERASE:
        connection.execute(statement, {"of": code})
    echoed = {"named": f"%{code}%"}
    connection.execute(delete(inbox).where(inbox.c.said.like(bindparam("named"))), echoed)
    connection.execute(_SILENCE, echoed)
    connection.execute(delete(arrangements).where(arrangements.c.kind == SHOWN))
    for row in connection.execute(_HANDED, {"its": f'%"{code}:%'}).all():
        silent = {"handed": row.key, "told": {**row.detail, "note": ""}}
        connection.execute(_HAND, silent)


#: Hand-offs: what one said to another about what they hand over, also if another case is in it.
_HANDED = select(arrangements.c.key, arrangements.c.detail).where(
    arrangements.c.kind == HANDED, type_coerce(arrangements.c.detail, Text).like(bindparam("its"))
)
_HAND = (
    update(arrangements)
    .where(arrangements.c.kind == HANDED, arrangements.c.key == bindparam("handed"))
    .values(detail=bindparam("told"), revision=arrangements.c.revision + 1)
)
_ITS_TASKS = select(tasks.c.key).where(tasks.c.code == _code)
_ERASE = (
    update(history).where(history.c.code == _code, history.c.kind != ERASED).values(detail=None, salt=None),
    update(answers).where(answers.c.task.in_(_ITS_TASKS)).values(given=None, note=None),
    update(overrides).where(overrides.c.code == _code).values(reason=None),
)
_SILENCE = (
    update(parcels)
    .where(parcels.c.text.like(bindparam("named")), parcels.c.free_at.is_(None))
    .values(text="", why="")
)


def named(connection: Connection, clinic: str, before: datetime) -> tuple[str, ...]:
    """Return the clinic's cases that closed before a moment and of which the name is known."""
    known = exists().where(identities.c.code == cases.c.code)
    return _closed(connection, known, clinic, before)


def told(connection: Connection, clinic: str, before: datetime) -> tuple[str, ...]:
    """Return the clinic's cases that closed before a moment and of which anything said is kept."""
    first = exists().where(history.c.code == cases.c.code, history.c.seq == 1, history.c.detail.is_not(None))
    return _closed(connection, first, clinic, before)


def _closed(connection: Connection, kept: Exists, clinic: str, before: datetime) -> tuple[str, ...]:
    wanted = select(cases.c.code).where(cases.c.clinic == clinic, cases.c.closed_at < before, kept)
    return tuple(connection.scalars(wanted.order_by(cases.c.code)))


def messages(connection: Connection, clinic: str, before: datetime) -> int:
    """Forget messages that are over since a moment, with what came in and what was arranged for a day;
    return how many rows those are.
    """
    found = {"before": before, "in_clinic": clinic, "day": before.date()}
    return sum(connection.execute(each, found).rowcount for each in _OVER)


def _alive() -> Exists:
    """Say of a card that it asks something of a case that is not over."""
    return exists(
        select(cases.c.code)
        .join(tasks, tasks.c.code == cases.c.code)
        .join(posting_lines, posting_lines.c.task == tasks.c.key)
        .where(posting_lines.c.card == postings.c.key)
        .where(or_(cases.c.closed_at.is_(None), cases.c.closed_at >= _before))
    )


def _lately() -> Exists:
    return exists().where(
        parcels.c.card == postings.c.key, or_(parcels.c.free_at.is_not(None), parcels.c.at >= _before)
    )


def _cards() -> Select[tuple[str]]:
    """Return the cards that nobody looks at any more."""
    over = or_(
        postings.c.closed,
        postings.c.day < bindparam("day"),
        postings.c.code.in_(select(cases.c.code).where(cases.c.closed_at < _before)),
    )
    mine = postings.c.clinic == bindparam("in_clinic")
    return select(postings.c.key).where(mine, over, ~_lately(), ~_alive())


_OF_CLOSED = select(tasks.c.key).join(cases, cases.c.code == tasks.c.code).where(cases.c.closed_at < _before)
#: In this order: what a statement looks up must not be gone yet.
_OVER: tuple[Delete, ...] = (
    delete(inbox).where(inbox.c.at < _before),
    delete(arrangements).where(
        arrangements.c.clinic == bindparam("in_clinic"),
        arrangements.c.kind.in_(PASSING),
        arrangements.c.at < _before,
    ),
    # of no clinic, and empty since they ended
    delete(arrangements).where(
        arrangements.c.kind == SHOWN, arrangements.c.ended_at.is_not(None), arrangements.c.at < _before
    ),
    delete(asked).where(asked.c.card.in_(_cards()), asked.c.task.in_(_OF_CLOSED)),
    delete(parcels).where(parcels.c.card.in_(_cards())),
    delete(posting_lines).where(posting_lines.c.card.in_(_cards()), posting_lines.c.task.in_(_OF_CLOSED)),
    delete(postings).where(postings.c.key.in_(_cards())),
)
