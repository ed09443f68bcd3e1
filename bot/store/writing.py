"""A unit of work: guarded changes with their history, cards, the outbox and the inbox."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from bot.core.case import Answer, Case, Override, Task
from bot.core.identity import Identity
from bot.core.outgoing import Arrangement, Change, Entry, Parcel, Posting, Verb
from bot.core.replies import Address, MessageRef
from bot.core.signing import Signature
from bot.store import (
    arrangements,
    chain,
    destinations,
    forgetting,
    guarded,
    identities,
    outbox,
    questions,
    queueing,
    rows,
    signatures,
)
from bot.store.identities import Vault
from bot.store.known import Known
from bot.store.put_back import Doubt
from bot.store.read import End, Read
from bot.store.reading import SqlReading
from bot.store.tables import (
    answers,
    inbox,
    kept_playbooks,
    leases,
    overrides,
    posting_lines,
    postings,
)
from bot.store.upserts import first_asked, insert_new, take_lease, upsert_posting, wrote

_lease = select(leases.c.name).where(leases.c.name == bindparam("lease"))
#: Nothing while another transaction has it in hand: to wait for one that stands still is to stand still.
_lease_at_hand = _lease.with_for_update(skip_locked=True)


class SqlTransaction(SqlReading):
    """`bot.ports.Transaction` on one connection; history is chained with the clinic's key."""

    _sees_only_committed = False

    def __init__(
        self,
        connection: Connection,
        known: Known,
        vault: Vault,
        history_key: bytes,
        doubt: Doubt | None = None,
    ) -> None:
        super().__init__(connection, known, vault)
        self._history_key = history_key
        self._doubt = doubt
        self._dialect = connection.dialect.name
        self._tasks: dict[str, Task] = {}
        self._ends: dict[str, End] = {}
        self._written: set[str] = set()
        #: whether something may be due now that was not before
        self.rings = False

    def _noted(self, found: Iterable[RowMapping]) -> tuple[Task, ...]:
        read = super()._noted(found)
        self._tasks.update((task.key, task) for task in read)
        return read

    def _revisions(self, codes: Sequence[str]) -> Sequence[RowMapping]:
        # what is looked at here is about to be changed, and its history to go on
        found = self._all(questions.ENDS_OF_HISTORY, codes=codes)
        self._ends |= End.of(found)
        return found

    def tasks_of(self, codes: Iterable[str]) -> Mapping[str, tuple[Task, ...]]:
        """Return the tasks of several cases at once."""
        found = super().tasks_of(codes)
        self._tasks.update((task.key, task) for its in found.values() for task in its)
        return found

    def done(self) -> None:
        """Let it be known what this unit of work wrote: nothing can undo it any more but its commit."""
        self._known.keep(self._looked[code] for code in self._written)

    def add_case(self, case: Case, tasks: Sequence[Task], entry: Entry) -> None:
        """Add a case with its tasks and the first line of its history; raise Conflict if it is there."""
        guarded.add_case(self._connection, self._history_key, case, tasks, entry)
        self.rings = True

    def change(self, case: Case, tasks: Sequence[Task], entry: Entry) -> None:
        """Write a changed case and its new or changed tasks, guarded, together with their line of history."""
        self.change_all([Change(case=case, tasks=tasks, entry=entry)])

    def change_all(self, changes: Sequence[Change]) -> None:
        """Write changes of several cases in the same way, each case at most once."""
        cases = {code: kept.case for code, kept in self._looked.items()}
        read = Read(cases=cases, tasks=self._tasks, ends=self._ends)
        self._ends |= guarded.change_all(self._connection, self._history_key, changes, read)
        self.rings = True
        for each in changes:
            before = self._looked.get(each.case.code)
            if before is None:
                continue
            after = before.after(each)
            self._looked[each.case.code] = after
            self._written.add(each.case.code)
            self._tasks.update((task.key, task) for task in after.tasks or ())

    def answered(self, task: str, answer: Answer) -> None:
        """Append an answer to those the task ever got."""
        self._connection.execute(insert(answers), [rows.answer_columns(task, answer)])

    def override(self, code: str, override: Override) -> None:
        """Append an override."""
        self._connection.execute(insert(overrides), [rows.override_columns(code, override)])

    def post(self, posting: Posting) -> None:
        """Add a posting, or change where it stands and whether it is closed.

        A posting without a reference leaves the one that is stored: it was read before the card was sent.
        """
        self._connection.execute(upsert_posting(self._dialect), [rows.posting_columns(posting)])
        self._postings.pop(posting.key, None)

    def move(self, card: str, to: Address) -> None:
        """Let a card be posted anew at a place: where it stood is forgotten."""
        there = {**questions.place(to), **rows.ref_columns(None)}
        self._connection.execute(update(postings).where(postings.c.key == card).values(there))
        self._postings.pop(card, None)

    def put_on(self, card: str, tasks: Iterable[str]) -> None:
        """Put tasks on a card; those on it already stay where they are."""
        lines = [{"card": card, "task": task} for task in tasks]
        if lines:
            self._connection.execute(insert_new(self._dialect, posting_lines), lines)

    def asked(self, card: str, tasks: Sequence[Task], at: datetime) -> frozenset[str]:
        """Record that these tasks are asked for on a card, each at its asking and rung; return the keys of
        those for which that had not gone out before.
        """
        words = [
            {"task": task.key, "asking": task.asking, "rung": task.rung, "card": card, "at": at}
            for task in tasks
        ]
        return frozenset(self._connection.scalars(first_asked(self._dialect), words) if words else ())

    def queue(self, card: str, verb: Verb, *, key: str, at: datetime, text: str = "") -> None:
        """Put a parcel in unless its key was there ever, or the same drawing waits already."""
        queueing.queue(self._connection, self._new(card, key), verb, at=at, text=text, since=self._since(at))
        self.rings = True

    def draw(self, cards: Mapping[str, str], at: datetime) -> None:
        """Queue a drawing of each of these cards under its key, as `queue` does of one."""
        news = [self._new(card, key) for card, key in sorted(cards.items())]
        queueing.draw(self._connection, news, at=at, since=self._since(at))
        self.rings = self.rings or bool(news)

    def _new(self, card: str, key: str) -> queueing.New:
        return queueing.New(card=card, key=key, name=chain.parcel_name(self._history_key, key))

    def _since(self, at: datetime) -> datetime | None:
        return self._doubt.since_of(at) if self._doubt else None

    def claim(self, now: datetime, lease: timedelta, limit: int, *, holder: str = "") -> tuple[Parcel, ...]:
        """Lease parcels whose time has come, oldest first, one per card; an expired lease is free. A `holder`
        also leases where they go, and gets nothing that goes where somebody else sends.
        """
        return outbox.claim(self._connection, now, lease, limit, holder)

    def leave(self, to: Address, holder: str, held: datetime, until: datetime) -> None:
        """Keep a destination that was leased until `held` only until another moment; one that was leased anew
        stays as it is.
        """
        destinations.leave(self._connection, to, holder, held, until)

    def begin(self, parcel: str, until: datetime) -> bool:
        """Record that a parcel is being sent; False where its lease until a moment is ours no more."""
        return outbox.begin(self._connection, parcel, until)

    def sent(self, parcel: str, ref: MessageRef | None, at: datetime) -> None:
        """Record that a parcel arrived, and where its card stands now."""
        outbox.sent(self._connection, parcel, ref, at)
        self._postings.clear()

    def put_back(
        self, parcel: str, not_before: datetime, why: str, *, unsure: bool, attempts: int | None = None
    ) -> None:
        """Let a parcel wait; `unsure` when it may have been posted. Its try counts, unless it is said how
        many `attempts` count from now on.
        """
        outbox.put_back(self._connection, parcel, not_before, why, unsure=unsure, attempts=attempts)
        self.rings = True

    def gave_up(self, parcel: str, why: str, at: datetime) -> None:
        """Record that a parcel will never arrive."""
        outbox.gave_up(self._connection, parcel, why, at)

    def remember(self, once: str, said: str, at: datetime) -> None:
        """Record what was answered to a delivery; raise Conflict if it is known already."""
        self._connection.execute(insert(inbox), [{"once": once, "said": said, "at": at}])

    def keep_playbook(self, digest: str, playbook: str, texts: Mapping[str, str]) -> None:
        """Keep a playbook version by its digest; a known one stays as it is."""
        row = {"digest": digest, "playbook": playbook, "texts": texts}
        self._connection.execute(insert_new(self._dialect, kept_playbooks), [row])

    def arrange(self, made: Arrangement) -> None:
        """Add an arrangement of revision 0, or change one under the revision it was read with."""
        arrangements.arrange(self._connection, made)
        self._arranged.pop((made.clinic, made.kind), None)

    def identify(self, code: str, who: Identity, at: datetime) -> None:
        """Write down who a case is of, or correct it; raise StoreTrouble where names cannot be kept."""
        self.case(code)
        identities.identify(self._connection, self._vault, code, who, at)

    def named(self, clinic: str, before: datetime) -> tuple[str, ...]:
        """Return the clinic's cases that closed before a moment and of which the name is known."""
        return forgetting.named(self._connection, clinic, before)

    def told(self, clinic: str, before: datetime) -> tuple[str, ...]:
        """Return the clinic's cases that closed before a moment and of which anything said is kept."""
        return forgetting.told(self._connection, clinic, before)

    def forget_name(self, code: str) -> bool:
        """Forget who a case is of; say whether that was known."""
        return forgetting.name_of(self._connection, code)

    def forget_said(self, code: str) -> None:
        """Erase what was said in a case from its history and its answers, and what repeats it."""
        forgetting.said_of(self._connection, code)

    def forget_messages(self, clinic: str, before: datetime) -> int:
        """Forget messages that are over since a moment; return how many rows those are."""
        return forgetting.messages(self._connection, clinic, before)

    def sign(self, signature: Signature) -> None:
        """Add a signature under a kept playbook; raise Conflict if its number was given in the meantime."""
        signatures.add(self._connection, self._history_key, signature)

    def lease(self, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
        """Take or prolong a lease; return False while somebody else holds it, or has it in hand."""
        row = {"name": name, "holder": holder, "until": now + lasts, "now": now}
        known, at_hand = (self._connection.scalar(each, {"lease": name}) for each in (_lease, _lease_at_hand))
        if known and not at_hand:
            return False
        return wrote(self._connection, take_lease(self._dialect), row)
