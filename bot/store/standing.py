"""Where cards stand: postings by their keys, by the tasks on them, and at a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from bot.core.outgoing import Posting
from bot.core.replies import Address, MessageRef
from bot.store import questions, rows
from bot.store.batches import batches


def postings(connection: Connection, cards: Sequence[str]) -> dict[str, Posting]:
    """Return the postings of cards by key, those that exist."""
    found: dict[str, Posting] = {}
    for some in batches(cards):
        for row in connection.execute(questions.POSTINGS, {"cards": some}).mappings():
            found[row["key"]] = rows.posting_of_row(row)
    return found


def of_tasks(
    connection: Connection, tasks: Sequence[str], also: Sequence[str]
) -> tuple[dict[str, tuple[Posting, ...]], dict[str, Posting]]:
    """Return every posting each of these tasks is on, in the order it was put there, and the postings of some
    cards by key, in one question if there are not too many.
    """
    found: dict[str, list[Posting]] = {task: [] for task in tasks}
    of_cards = postings(connection, also) if also and not tasks else {}
    for start, keys in enumerate(batches(tasks)):
        cards = [] if start else also
        question = questions.POSTINGS_OF_BOTH if cards else questions.POSTINGS_OF
        of_both = {"keys": keys, "cards": cards} if cards else {"keys": keys}
        for row in connection.execute(question, of_both).mappings():
            posting = rows.posting_of_row(row)
            if row["task"] is None:
                of_cards[posting.key] = posting
            else:
                found[row["task"]].append(posting)
    return {task: tuple(its) for task, its in found.items()}, of_cards


def asked_on(connection: Connection, tasks: Iterable[str]) -> dict[str, Posting]:
    """Return the card on which each of these tasks was asked last, of those that were ever asked."""
    found: dict[str, Posting] = {}
    for keys in batches([*tasks]):
        for row in connection.execute(questions.ASKED_ON, {"keys": keys}).mappings():
            found[row["task"]] = rows.posting_of_row(row)
    return found


def going_to(connection: Connection, clinic: str, to: Address) -> tuple[Posting, ...]:
    """Return a clinic's postings that are not closed and go to a place; looks at all there ever were."""
    place = {"clinic": clinic, **questions.place(to)}
    return tuple(map(rows.posting_of_row, connection.execute(questions.POSTINGS_IN, place).mappings()))


def at(connection: Connection, ref: MessageRef) -> Posting | None:
    """Return the posting that stands at a message, if it is ours."""
    row = connection.execute(questions.POSTING_AT, rows.ref_columns(ref)).mappings().first()
    return rows.posting_of_row(row) if row is not None else None
