"""Whatever happens to the outbox, in whatever order, it does what a plain list would do."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.core.outgoing import Parcel, Verb
from tests.examples import some
from tests.store.made import MINUTE, NOW
from tests.store.memory import memory_store

LEASE = 2 * MINUTE
CARDS = st.sampled_from(["prep", "room", "board"])


@dataclass(kw_only=True, slots=True)
class Row:
    """A parcel that is not over, as a plain list knows it."""

    card: str
    verb: Verb
    text: str
    at: datetime
    free_at: datetime
    claimed: bool = False
    begun: bool = False
    tries: int = 0
    unsure: bool = False
    id: str = ""


@dataclass(kw_only=True, slots=True)
class PlainOutbox:
    """The outbox as a list: short enough to be seen to be right."""

    rows: list[Row] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def queue(self, row: Row, key: str) -> None:
        drawn_anyway = any(
            each.card == row.card and each.verb is Verb.DRAW and not each.claimed for each in self.rows
        )
        if key in self.keys or (row.verb is Verb.DRAW and drawn_anyway):
            return
        self.keys.add(key)
        self.rows.append(row)

    def firsts(self) -> list[Row]:
        return list({row.card: row for row in reversed(self.rows)}.values())

    def claim(self, now: datetime, limit: int) -> list[Row]:
        free = [row for row in self.rows if row in self.firsts() and row.free_at <= now]
        free = sorted(free, key=lambda row: row.at)[:limit]
        for row in free:
            if row.claimed and not row.begun:
                row.tries -= 1
            elif row.begun and not row.unsure:
                row.unsure, row.tries = True, 1
            row.claimed, row.begun, row.free_at = True, False, now + LEASE
        return free


class OutboxMachine(RuleBasedStateMachine):
    """Does the same to the store and to the list."""

    def __init__(self) -> None:
        super().__init__()
        self.store = memory_store()
        self.plain = PlainOutbox()
        self.now = NOW

    def teardown(self) -> None:
        self.store.close()

    @rule(card=CARDS, verb=st.sampled_from(Verb), key=st.integers(0, 12), ahead=st.integers(0, 2))
    def queue(self, card: str, verb: Verb, key: int, ahead: int) -> None:
        at = self.now + ahead * MINUTE
        with self.store.writing() as work:
            work.queue(card, verb, key=str(key), at=at, text=str(key))
        self.plain.queue(Row(card=card, verb=verb, text=str(key), at=at, free_at=at), str(key))

    @rule(minutes=st.integers(1, 3))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(limit=st.integers(1, 4))
    def claim(self, limit: int) -> None:
        with self.store.writing() as work:
            claimed = work.claim(self.now, LEASE, limit)
        expected = self.plain.claim(self.now, limit)

        assert [seen(parcel) for parcel in claimed] == [wanted(row) for row in expected]
        for parcel, row in zip(claimed, expected, strict=True):
            assert row.id in ("", parcel.id)
            row.id, row.tries = parcel.id, row.tries + 1

    @precondition(lambda self: any(row.claimed for row in self.plain.rows))
    @rule(which=st.integers(0, 9), late=st.booleans())
    def begin(self, which: int, late: bool) -> None:
        tried = [row for row in self.plain.rows if row.claimed]
        row = tried[which % len(tried)]
        until = row.free_at - MINUTE if late else row.free_at
        with self.store.writing() as work:
            ours = work.begin(row.id, until)

        assert ours is (not row.begun and not late)
        row.begun = row.begun or ours

    @precondition(lambda self: any(row.claimed for row in self.plain.rows))
    @rule(which=st.integers(0, 9), outcome=st.sampled_from(["sent", "gave up", "sure", "unsure", "paced"]))
    def outcome(self, which: int, outcome: str) -> None:
        tried = [row for row in self.plain.rows if row.claimed]
        row = tried[which % len(tried)]
        with self.store.writing() as work:
            if outcome == "sent":
                work.sent(row.id, None, self.now)
            elif outcome == "gave up":
                work.gave_up(row.id, "tired", self.now)
            else:
                row.tries -= outcome == "paced"
                doubt = {"unsure": outcome == "unsure", "attempts": row.tries if outcome == "paced" else None}
                work.put_back(row.id, self.now + MINUTE, "later", **doubt)
        if outcome in ("sent", "gave up"):
            self.plain.rows.remove(row)
        else:
            row.claimed, row.begun, row.unsure = False, False, outcome == "unsure"
            row.free_at = self.now + MINUTE

    @invariant()
    def the_next_moment_is_the_first_that_can_be_claimed(self) -> None:
        with self.store.reading() as look:
            assert look.next_moment() == min((row.free_at for row in self.plain.firsts()), default=None)


def seen(parcel: Parcel) -> tuple[Any, ...]:
    return parcel.card, parcel.verb, parcel.text, parcel.at, parcel.attempts, parcel.unsure


def wanted(row: Row) -> tuple[Any, ...]:
    return row.card, row.verb, row.text, row.at, row.tries, row.unsure


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(max_examples=some(40), stateful_step_count=25)
