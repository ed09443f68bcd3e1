"""The same rows by hand: what a sweep writes, with sqlite3 alone and nothing thought about.

Who is asked on which card, and when again, is simply said here: what Bookend works out for that, and guards
while it writes, comes on top. The rows are as many and as long, their history chained in the same way.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.store import chain

#: As many at a time as a sweep takes.
BATCH = 500
#: Who is asked, by turns, each on a list of their own.
PEOPLE = ("jo", "max", "robin")
AGAIN = timedelta(hours=2)

_DUE = (
    "SELECT key, code, asking, rung, revision FROM tasks WHERE next_prompt_at <= ? AND clinic = ? "
    "ORDER BY next_prompt_at, key LIMIT ?"
)
_ENDS = (
    "SELECT cases.code, cases.revision, history_count, history_head, link FROM cases JOIN history "
    "ON history.code = cases.code AND history.seq = cases.history_count WHERE cases.code IN ({})"
)
_MARK = (
    "UPDATE tasks SET rung = rung + 1, next_prompt_at = ?, revision = revision + 1, ladder = '[120, 240]' "
    "WHERE key IN ({})"
)
_CASE = (
    "UPDATE cases SET revision = revision + 1, history_count = ?, history_head = ? "
    "WHERE code = ? AND revision = ?"
)
_POSTING = (
    "INSERT INTO postings VALUES (?, ?, 'worklist', 'bench', ?, '', ?, '', 0, ?, NULL, NULL, NULL, 0) "
    "ON CONFLICT DO NOTHING"
)
_PARCEL = (
    "INSERT INTO parcels (id, key, card, verb, at, text, state, free_at, attempts, unsure, why, heard_at) "
    "VALUES (?, ?, ?, 'draw', ?, '', 'waiting', ?, 0, 0, '', ?) ON CONFLICT DO NOTHING"
)

Row = tuple[object, ...]


@contextmanager
def by_hand(path: Path, key: bytes, now: datetime) -> Iterator[ByHand]:
    """Open the file of a store; each commit goes to the disk as Bookend's do."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        yield ByHand(connection, key, now)


class ByHand:
    """The file of a store, written to by hand."""

    def __init__(self, connection: sqlite3.Connection, key: bytes, now: datetime) -> None:
        self._connection = connection
        self._key = key
        self._now = now

    def sweep(self, clinic: str) -> int:
        """Claim and mark all that is due in a clinic, with history and parcels; return how much it was."""
        done = 0
        while due := self._swept(clinic):
            done += due
        return done

    def _swept(self, clinic: str) -> int:
        self._connection.execute("BEGIN IMMEDIATE")
        due = self._connection.execute(_DUE, (_text(self._now), clinic, BATCH)).fetchall()
        if due:
            self._mark(due)
            self._chain(due)
            self._queue(clinic, due)
        self._connection.execute("COMMIT")
        return len(due)

    def _mark(self, due: Sequence[Row]) -> None:
        keys = [key for key, *_ in due]
        self._connection.execute(_MARK.format(_marks(keys)), (_text(self._now + AGAIN), *keys))

    def _chain(self, due: Sequence[Row]) -> None:
        asked: dict[object, dict[object, str]] = defaultdict(dict)
        for key, code, *_ in due:
            asked[code][key] = _person(key)
        ends = self._connection.execute(_ENDS.format(_marks(asked)), (*asked,)).fetchall()
        lines = [self._line(end, asked[end[0]]) for end in ends]
        heads = [chain.head(self._key, end[3], str(line[-1])) for end, line in zip(ends, lines, strict=True)]
        guards = ((line[1], head, *end[:2]) for line, head, end in zip(lines, heads, ends, strict=True))
        self._connection.executemany(_CASE, guards)
        self._connection.executemany(
            "INSERT INTO history VALUES (?, ?, ?, 'asked', 'bookend', ?, ?, ?, ?)", lines
        )

    def _line(self, end: Row, asked: Mapping[object, str]) -> Row:
        code, _, count, _, before = end
        detail, salt, seq = json.dumps({"asked": asked}), secrets.token_hex(16), int(str(count)) + 1
        digest = chain.content_digest(salt, detail)
        line = chain.Line(
            code=str(code), seq=seq, at=self._now, kind="asked", by="bookend", content_digest=digest
        )
        link = chain.link(self._key, str(before), line)
        return (code, seq, _text(self._now), detail, salt, digest, link)

    def _queue(self, clinic: str, due: Sequence[Row]) -> None:
        now, day = _text(self._now), self._now.date().isoformat()
        on = [(f"worklist:{clinic}:{day}:1:{_person(task[0])}", task) for task in due]
        asked = ((key, asking, rung, card, now) for card, (key, _, asking, rung, _) in on)
        self._connection.executemany("INSERT INTO asked VALUES (?, ?, ?, ?, ?)", asked)
        lines = ((card, task[0]) for card, task in on)
        self._connection.executemany("INSERT INTO posting_lines (card, task) VALUES (?, ?)", lines)
        cards = {card: str(task[0]) for card, task in on}
        people = ((card, clinic, _person(key), _person(key), day) for card, key in cards.items())
        self._connection.executemany(_POSTING, people)
        self._connection.executemany(_PARCEL, self._parcels(cards, now))

    def _parcels(self, cards: Mapping[str, str], now: str) -> Iterator[Row]:
        for card, key in cards.items():
            once = f"ask:{key}:1:0"
            yield (chain.parcel_name(self._key, once), once, card, now, now, now)


def _person(key: object) -> str:
    return PEOPLE[len(str(key)) % len(PEOPLE)]


def _marks(names: Mapping[object, object] | Sequence[object]) -> str:
    return ", ".join("?" * len(names))


def _text(at: datetime) -> str:
    return at.isoformat(" ", "microseconds").removesuffix("+00:00")
