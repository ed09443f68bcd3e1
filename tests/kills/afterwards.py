"""What must be so when everything runs again and everybody has answered: read from the tables and from what
stands in the workspace, by nothing that Bookend itself works by.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.chat.slack.chat import EVENT
from bot.clock import WallClock
from bot.store.engines import Engines
from bot.store.store import open_store
from bot.store.tables import answers, cases, history, parcels, posting_lines, postings, tasks
from tests.chat.slack.fake import FakeSlack, Json
from tests.kills.clinic import KEY
from tests.kills.staff import Taken

Row = dict[str, Any]


@dataclass(kw_only=True)
class Kept:
    """All that a database holds of the clinic."""

    cases: dict[str, Row]
    tasks: dict[str, Row]
    answers: list[Row]
    history: list[Row]
    postings: dict[str, Row]
    parcels: dict[str, Row]
    #: Which item stands on which card.
    lines: list[Row]
    broken: Sequence[str] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many parcels are still to go."""
        return sum(row["free_at"] is not None for row in self.parcels.values())

    @property
    def in_hand(self) -> int:
        """How many somebody is sending, as far as is known."""
        return sum(row["state"] == "claimed" for row in self.parcels.values())


def kept(address: str) -> Kept:
    """Read a database, and check its chain."""
    store = open_store(address, history_key=KEY.encode(), migrate=False)
    try:
        broken = store.verify()
    finally:
        store.close()
    engines = Engines(address)
    try:
        with engines.reading() as connection:
            return Kept(
                cases={row["code"]: row for row in _rows(connection, cases)},
                tasks={row["key"]: row for row in _rows(connection, tasks)},
                answers=_rows(connection, answers),
                history=_rows(connection, history),
                postings={row["key"]: row for row in _rows(connection, postings)},
                parcels={row["id"]: row for row in _rows(connection, parcels)},
                lines=_rows(connection, posting_lines),
                broken=broken,
            )
    finally:
        engines.close()


def _rows(connection: Connection, table: Table) -> list[Row]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def wrong(found: Kept, slack: FakeSlack, taken: Collection[Taken]) -> list[str]:
    """Return a line for whatever was lost, or is there twice, or does not fit."""
    now = WallClock().now()
    return [
        *found.broken,
        *_unasked(found, slack, now),
        *_unsent(found, slack),
        *_forgotten(found, taken),
        *_answered_twice(found),
        *_marked_twice(found),
        *_of_nobody(found, slack),
    ]


def _unasked(found: Kept, slack: FakeSlack, now: datetime) -> Iterator[str]:
    standing = _standing(slack)
    cards = {key for key, card in found.postings.items() if _place(card) in standing}
    asked = {line["task"] for line in found.lines if line["card"] in cards}
    for key, task in found.tasks.items():
        then = task["next_prompt_at"]
        # what nobody was asked yet may wait, such as for a patient who is to come
        waits = task["rung"] == 0 and then is not None and then > now
        due = task["status"] in ("open", "blocked") and task["due"] <= now
        if due and not waits and key not in asked:
            yield f"{key} was due at {task['due']:%H:%M:%S} and stands nowhere: rung {task['rung']}"


def _place(card: Row) -> tuple[str, str]:
    return card["ref_channel"], card["ref_message"]


def _standing(slack: FakeSlack) -> set[tuple[str, str]]:
    return {(place, each["ts"]) for place, sent in slack.messages.items() for each in sent}


def _unsent(found: Kept, slack: FakeSlack) -> Iterator[str]:
    for parcel in found.parcels.values():
        if parcel["state"] != "sent":
            yield f"a parcel of {parcel['card']} is {parcel['state']}: {parcel['why']}"
    standing = _standing(slack)
    for key, card in found.postings.items():
        if card["ref_message"] is not None and _place(card) not in standing:
            yield f"{key} is said to stand at {_place(card)}, and nothing is there"


def _forgotten(found: Kept, taken: Collection[Taken]) -> Iterator[str]:
    answered = {row["task"] for row in found.answers}
    marked = set(_marks(found))
    for each in taken:
        there = {"answered": each.key in answered, "booked": each.key in found.cases}
        if not there.get(each.what, (each.what, each.key) in marked):
            yield f"{each.by} was told that {each.key} is {each.what}, and it is not there"


def _answered_twice(found: Kept) -> Iterator[str]:
    for key, many in Counter(row["task"] for row in found.answers).items():
        if many > 1:
            yield f"{key} was answered {many} times"


def _marked_twice(found: Kept) -> Iterator[str]:
    for (moment, code), many in Counter(_marks(found)).items():
        if many > 1:
            yield f"{code} {moment} {many} times"


def _marks(found: Kept) -> Iterator[tuple[str, str]]:
    """Every real moment that history knows, with its case."""
    for row in found.history:
        if row["kind"] == "marked":
            yield json.loads(row["detail"])["moment"], row["code"]


def _of_nobody(found: Kept, slack: FakeSlack) -> Iterator[str]:
    for once, _ in _sent(slack):
        if once not in found.parcels:
            yield f"a message of the parcel {once} stands there, which nobody remembers"


def _sent(slack: FakeSlack) -> Iterator[tuple[str, Json]]:
    """Every message of the outbox that stands in the workspace, with the parcel that it came in."""
    for sent in slack.messages.values():
        for each in sent:
            about = each.get("metadata") or {}
            if about.get("event_type") == EVENT:
                yield about["event_payload"]["outbox"], each


def repeats(found: Kept, slack: FakeSlack) -> list[str]:
    """Return a line for each message that says what another one says already: the same parcel, or the same
    card in another.
    """
    parcels_of = Counter(once for once, _ in _sent(slack))
    again = [f"parcel {once} {many} times" for once, many in parcels_of.items() if many > 1]
    firsts = {once for once, each in _sent(slack) if "thread_ts" not in each and once in found.parcels}
    cards = Counter(found.parcels[once]["card"] for once in firsts)
    return again + [f"card {card} in {many} messages" for card, many in cards.items() if many > 1]


def lateness(found: Kept) -> list[float]:
    """Return how long each message waited that a telephone buzzed for, in seconds, the shortest first."""
    heard = (row for row in found.parcels.values() if row["heard_at"] and row["ended_at"])
    return sorted((row["ended_at"] - row["at"]).total_seconds() for row in heard)
