"""The local platform, as we speak to it: messages in one SQLite file, so that a kill loses nothing."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from pydantic import TypeAdapter

from bot.core.boards import Board
from bot.core.errors import Never, StoreTrouble, TryLater, Undeliverable
from bot.core.messages import Card, DecisionCard, Notice, TaskCard
from bot.core.replies import Address, MessageRef
from bot.core.times import Calendar
from bot.ports import Clock

PLATFORM = "local"

#: The form of the file; a higher one was written by a newer Bookend.
VERSION = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY,
    once TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,
    thread INTEGER REFERENCES message (id),
    shape TEXT NOT NULL,
    body TEXT NOT NULL,
    over TEXT NOT NULL DEFAULT '',
    day TEXT NOT NULL,
    posted TEXT NOT NULL,
    edited TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS message_by_place ON message (place, id);
CREATE INDEX IF NOT EXISTS message_by_day ON message (day, place);
"""

SHAPES: Mapping[str, TypeAdapter[Card]] = {
    shape.__name__: TypeAdapter(shape) for shape in (TaskCard, DecisionCard, Board, Notice)
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as it stands: a card, or a line in the thread of an earlier one.

    `place` is "@jo" for a person and "#procedures" for a channel; `over` says why a card was retired.
    """

    id: int
    place: str
    posted: datetime
    card: Card | None = None
    thread: int | None = None
    text: str = ""
    over: str = ""
    edited: datetime | None = None

    @property
    def ref(self) -> MessageRef:
        """Return where it stands."""
        return MessageRef(platform=PLATFORM, channel=self.place, message=str(self.id))


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """What was said in a conversation on one day: `messages` are cards, whose edits do not count."""

    messages: int = 0
    nudges: int = 0


class LocalChat:
    """Keeps the Chat contract for the page. Kept in memory when no file is named.

    Listeners are told of every change; they belong to the event loop on which the async methods run.
    """

    platform = PLATFORM

    def __init__(self, file: Path | None, *, clock: Clock, calendar: Calendar) -> None:
        self._clock = clock
        self._calendar = calendar
        self._one_at_a_time = Lock()
        self._listeners: set[asyncio.Event] = set()
        self.leaving = False
        self._db = _open(file)

    async def send(self, card: Card, to: Address, *, once: str) -> MessageRef:
        """Post a card; one that was sent with `once` before stays as it is."""
        place = place_of(to)
        self._post(once, place, None, type(card).__name__, _text(card))
        found = await self.find(to, once=once, since=self._clock.now())
        if found is None:
            raise Undeliverable(f"{once} was sent to somebody else before.")
        return found

    async def find(
        self, to: Address, *, once: str, since: datetime, under: MessageRef | None = None
    ) -> MessageRef | None:
        """Return where a card or a line that was sent with `once` stands, whenever that was."""
        place = place_of(to)
        rows = self._do("SELECT id FROM message WHERE once = ? AND place = ?", once, place)
        return MessageRef(platform=PLATFORM, channel=place, message=str(rows[0][0])) if rows else None

    async def update(self, ref: MessageRef, card: Card) -> None:
        """Draw a card anew where it stands."""
        self._edit(ref, "shape = ?, body = ?, over = ''", type(card).__name__, _text(card))

    async def nudge(self, ref: MessageRef, text: str, *, once: str, mention: str = "") -> None:
        """Add one line to a card's thread."""
        rows = self._do("SELECT place FROM message WHERE id = ? AND thread IS NULL", _number(ref))
        if not rows:
            raise _unknown(ref)
        words = f"@{mention} {text}" if mention else text
        self._post(once, rows[0][0], _number(ref), "", words)

    async def retire(self, ref: MessageRef, why: str) -> None:
        """Rewrite a card to one line that says why it is over."""
        self._edit(ref, "over = ?", why)

    def latest(self, place: str, most: int = 80) -> tuple[Message, ...]:
        """Return the newest messages of a conversation, the newest last."""
        rows = self._run("SELECT * FROM message WHERE place = ? ORDER BY id DESC LIMIT ?", (place, most))
        return tuple(_message(row) for row in reversed(rows))

    def newest(self) -> Mapping[str, int]:
        """Return the number of the newest message of every conversation."""
        return dict(self._run("SELECT place, max(id) FROM message GROUP BY place"))

    def counts(self, day: date) -> Mapping[str, Count]:
        """Return what was said on a clinic-local day, by conversation."""
        rows = self._run(
            "SELECT place, count(*) - count(thread), count(thread) FROM message WHERE day = ? GROUP BY place",
            (day.isoformat(),),
        )
        return {place: Count(messages=cards, nudges=nudges) for place, cards, nudges in rows}

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever something changed; the listener clears it."""
        heard = asyncio.Event()
        self._listeners.add(heard)
        try:
            yield heard
        finally:
            self._listeners.discard(heard)

    def touch(self) -> None:
        """Tell every listener that something they show has changed: a message, the time, a caption."""
        for heard in self._listeners:
            heard.set()

    def leave(self) -> None:
        """End every live answer: the server is about to stop."""
        self.leaving = True
        self.touch()

    def close(self) -> None:
        """Close the file; whatever was said is on disk already."""
        with self._one_at_a_time:
            self._db.close()

    def _post(self, once: str, place: str, thread: int | None, shape: str, body: str) -> None:
        now = self._clock.now()
        self._do(
            "INSERT INTO message (once, place, thread, shape, body, day, posted) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (once) DO NOTHING",
            *(once, place, thread, shape, body, self._calendar.day(now).isoformat(), now.isoformat()),
        )
        self.touch()

    def _edit(self, ref: MessageRef, changes: str, *values: str) -> None:
        sql = f"UPDATE message SET {changes}, edited = ? WHERE id = ? AND thread IS NULL RETURNING id"
        if not self._do(sql, *values, self._clock.now().isoformat(), _number(ref)):
            raise _unknown(ref)
        self.touch()

    def _do(self, sql: str, *values: object) -> list[Any]:
        # in the loop itself: it waits for no disk, and handing a row to a thread takes longer than writing it
        try:
            return self._run(sql, values)
        except sqlite3.Error as trouble:
            why = f"The page's messages cannot be written now: {trouble}."
            raise TryLater(why, after=timedelta(seconds=5)) from trouble

    def _run(self, sql: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self._one_at_a_time:
            return self._db.execute(sql, values).fetchall()


def place_of(to: Address) -> str:
    """Return the conversation an address means; raise Undeliverable when it means none here."""
    if to.platform != PLATFORM or bool(to.account) == bool(to.channel):
        raise Undeliverable(f"{to} is no person and no channel of this page.")
    return f"@{to.account}" if to.account else f"#{to.channel}"


def _open(file: Path | None) -> sqlite3.Connection:
    try:
        # every use goes through one lock, so the thread may change
        db = sqlite3.connect(file or ":memory:", isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        # ending the program loses nothing; a power cut may, and everybody here is invented
        db.execute("PRAGMA synchronous = OFF")
        found = db.execute("PRAGMA user_version").fetchone()[0]
        if found <= VERSION:
            db.executescript(SCHEMA)
            db.execute(f"PRAGMA user_version = {VERSION}")
            return db
    except sqlite3.Error as trouble:
        raise StoreTrouble(
            f"The page's messages cannot be kept in {file}: {trouble}. Choose a folder that can be written."
        ) from trouble
    db.close()
    raise StoreTrouble(f"{file} was written by a newer Bookend. Upgrade, or choose another folder.")


def _text(card: Card) -> str:
    return SHAPES[type(card).__name__].dump_json(card).decode()


def _message(row: tuple[Any, ...]) -> Message:
    number, _, place, thread, shape, body, over, _, posted, edited = row
    return Message(
        id=number,
        place=place,
        thread=thread,
        card=SHAPES[shape].validate_json(body) if shape else None,
        text="" if shape else body,
        over=over,
        posted=datetime.fromisoformat(posted),
        edited=datetime.fromisoformat(edited) if edited else None,
    )


def _number(ref: MessageRef) -> int:
    if ref.platform != PLATFORM or not ref.message.isdecimal():
        raise _unknown(ref)
    return int(ref.message)


def _unknown(ref: MessageRef) -> Undeliverable:
    why = f"No message {ref.message!r} stands in {ref.channel!r} of this page."
    return Undeliverable(why, Never.MESSAGE_GONE)
