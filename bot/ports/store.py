"""What the service asks of the store: a look, a unit of work, and what opens them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core.case import Answer, Case, Override, Task
from bot.core.identity import Identity
from bot.core.noise import Heard
from bot.core.outgoing import Arrangement, Change, Entry, Parcel, Posting, Verb
from bot.core.replies import Address, MessageRef
from bot.core.signing import Signature
from bot.core.times import EVER
from bot.core.watched import Plan, Queue


class Reading(Protocol):
    """A consistent look at the store."""

    def case(self, code: str) -> Case:
        """Return a case; raise NotFound with the nearest codes of open cases."""

    def cases(self, codes: Iterable[str]) -> Mapping[str, Case]:
        """Return several cases at once, those that exist."""

    def tasks(self, code: str) -> tuple[Task, ...]:
        """Return all tasks of a case, sorted by due time, then step."""

    def task(self, key: str) -> Task:
        """Return one task; raise NotFound."""

    def open_cases(self, clinic: str) -> tuple[Case, ...]:
        """Return the cases of a clinic that are not closed, by the start of their first session."""

    def cases_near(self, clinic: str, since: datetime, until: datetime, due: datetime) -> tuple[Case, ...]:
        """Return the open cases of a clinic that a board must look at: the first session starts in a span, or
        something waits that is due by a moment, or by the span's end if it is of a later session.
        """

    def tasks_of(self, codes: Iterable[str]) -> Mapping[str, tuple[Task, ...]]:
        """Return the tasks of several cases at once."""

    def unasked(self, codes: Iterable[str], before: datetime) -> tuple[Task, ...]:
        """Return the open tasks of these cases that are due before a moment and nobody was asked for."""

    def codes(self) -> frozenset[str]:
        """Return every case code ever used: none is used twice."""

    def used(self, codes: Iterable[str]) -> frozenset[str]:
        """Return which of these case codes were ever used."""

    def overrides(self, codes: Iterable[str]) -> Mapping[str, tuple[Override, ...]]:
        """Return the overrides of several cases."""

    def due(self, clinic: str, now: datetime, limit: int) -> tuple[Task, ...]:
        """Return tasks whose `next_prompt_at` has come, the longest waiting first."""

    def asking(self, clinic: str, now: datetime, limit: int) -> tuple[Case, ...]:
        """Return cases whose `asks_at` has come, the longest waiting first."""

    def next_moment(self, after: datetime = EVER) -> datetime | None:
        """Return when the next task or parcel wants attention `after` a moment; `None` when nothing does."""

    def next_prompt(self, after: datetime = EVER) -> datetime | None:
        """Return when the next task or real moment wants a word, whatever waits in the outbox."""

    def posting(self, card: str) -> Posting | None:
        """Return the posting of a card's key, if there is one."""

    def postings(self, cards: Iterable[str]) -> Mapping[str, Posting]:
        """Return the postings of several cards by key, those that exist."""

    def heard(self, clinic: str, since: datetime, until: datetime) -> tuple[Heard, ...]:
        """Return what made a telephone buzz in a clinic between two moments, oldest first."""

    def posting_at(self, ref: MessageRef) -> Posting | None:
        """Return the posting that stands at a message, if it is ours."""

    def postings_of(
        self, tasks: Iterable[str], also: Iterable[str] = ()
    ) -> Mapping[str, tuple[Posting, ...]]:
        """Return every posting each of these tasks is on, in the order it was put there. The cards of `also`
        are looked up in the same question: `postings` knows them then.
        """

    def asked_on(self, tasks: Iterable[str]) -> Mapping[str, Posting]:
        """Return the card on which each of these tasks was asked last, of those that were ever asked."""

    def postings_in(self, clinic: str, to: Address) -> tuple[Posting, ...]:
        """Return a clinic's postings that are not closed and go to a place; looks at all there ever were."""

    def lines(self, card: str) -> tuple[str, ...]:
        """Return the task keys on a card, in the order they were put there."""

    def history(self, code: str) -> tuple[Entry, ...]:
        """Return a case's history, oldest first; erased details are empty."""

    def history_since(self, codes: Iterable[str], since: datetime) -> Mapping[str, tuple[Entry, ...]]:
        """Return what stands in the histories of several cases since a moment, each oldest first."""

    def lines_of(
        self, clinic: str, kinds: Sequence[str], since: datetime, until: datetime
    ) -> tuple[tuple[str, Entry], ...]:
        """Return the lines of some kinds in a clinic's histories in a span, oldest first: case code and line;
        looks at all there ever were.
        """

    def answers(self, task: str) -> tuple[Answer, ...]:
        """Return every answer a task ever got, oldest first."""

    def answers_since(self, clinic: str, since: datetime) -> tuple[tuple[str, Answer], ...]:
        """Return what was answered in a clinic since a moment, oldest first: task key and answer."""

    def answered_by(self, clinic: str, person: str, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return what one person answered in a clinic since a moment, oldest first: task key and when."""

    def codes_due(self, clinic: str, since: datetime, until: datetime) -> tuple[str, ...]:
        """Return the codes of cases that had something due in a span: closed ones too, none in shadow."""

    def overridden(self, clinic: str, since: datetime, until: datetime) -> tuple[Override, ...]:
        """Return the overrides that were given in a clinic in a span, oldest first."""

    def seen(self, once: str) -> str | None:
        """Return what was answered to this delivery when it came before, `None` for a new one."""

    def kept_playbook(self, digest: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the id and texts (file name -> text) of a version that was signed or planned with."""

    def arrangements(self, clinic: str, *kinds: str) -> tuple[Arrangement, ...]:
        """Return a clinic's arrangements of some kinds that have not ended, of each kind oldest first.

        A look or a unit of work asks for each kind once: whoever needs several asks for them together first.
        """

    def arrangement(self, kind: str, key: str) -> Arrangement | None:
        """Return an arrangement, ended or not, if there is one."""

    def identity(self, code: str) -> Identity | None:
        """Return who a case is of, if that was written down; raise StoreTrouble where it cannot be read."""

    def patients(self, clinic: str) -> tuple[Identity, ...]:
        """Return who a clinic's open cases are of, those that were written down and can be read."""

    def names(self, codes: Iterable[str]) -> Mapping[str, str]:
        """Return code -> the patient's name, of those that are written down and can be read."""

    def signatures(self, clinic: str) -> tuple[Signature, ...]:
        """Return a clinic's signatures, those of each playbook in the order they were given."""

    def plan(self, clinic: str, now: datetime, late: datetime) -> Plan:
        """Return how a clinic stands by its plan: what is due against what stands on a card that a platform
        took. A word that was due by `late` is owed, too.
        """

    def queues(self, now: datetime) -> tuple[Queue, ...]:
        """Return what waits in the outbox by now, by clinic and platform."""


class Transaction(Reading, Protocol):
    """A unit of work: all of it happens or nothing. Leaving it with an exception undoes everything."""

    def add_case(self, case: Case, tasks: Sequence[Task], entry: Entry) -> None:
        """Add a case with its tasks and the first line of its history."""

    def change(self, case: Case, tasks: Sequence[Task], entry: Entry) -> None:
        """Write a changed case and its new or changed tasks, guarded, together with their line of history.

        Case and tasks carry the revision they were read with and come out one higher; a task of a key that is
        not stored is added. Raise Conflict if any of them was changed by somebody else since.
        """

    def change_all(self, changes: Sequence[Change]) -> None:
        """Write changes of several cases in the same way, each case at most once."""

    def answered(self, task: str, answer: Answer) -> None:
        """Append an answer to those the task ever got."""

    def override(self, code: str, override: Override) -> None:
        """Append an override."""

    def post(self, posting: Posting) -> None:
        """Add a posting, or change where it stands and whether it is closed."""

    def move(self, card: str, to: Address) -> None:
        """Let a card be posted anew at a place: where it stood is forgotten."""

    def put_on(self, card: str, tasks: Iterable[str]) -> None:
        """Put tasks on a card; those on it already stay where they are."""

    def asked(self, card: str, tasks: Sequence[Task], at: datetime) -> frozenset[str]:
        """Record that these tasks are asked for on a card, each at its asking and rung; return the keys of
        those for which that had not gone out before.
        """

    def queue(self, card: str, verb: Verb, *, key: str, at: datetime, text: str = "") -> None:
        """Put a parcel in unless its key was there ever, or the same drawing waits already."""

    def draw(self, cards: Mapping[str, str], at: datetime) -> None:
        """Queue a drawing of each of these cards under its key, as `queue` does of one."""

    def claim(self, now: datetime, lease: timedelta, limit: int, *, holder: str = "") -> tuple[Parcel, ...]:
        """Lease parcels whose time has come, oldest first, one per card; an expired lease is free. A `holder`
        also leases where they go, and gets nothing that goes where somebody else sends.
        """

    def leave(self, to: Address, holder: str, held: datetime, until: datetime) -> None:
        """Keep a destination that was leased until `held` only until another moment; one that was leased anew
        stays as it is.
        """

    def begin(self, parcel: str, until: datetime) -> bool:
        """Record that a parcel is being sent, whose lease is ours `until` a moment: only from now on may it
        have arrived when that ends without word of it. Return False where it is ours no more.
        """

    def sent(self, parcel: str, ref: MessageRef | None, at: datetime) -> None:
        """Record that a parcel arrived, and where its card stands now."""

    def put_back(
        self, parcel: str, not_before: datetime, why: str, *, unsure: bool, attempts: int | None = None
    ) -> None:
        """Let a parcel wait; `unsure` when it may have been posted. Its try counts, unless it is said how
        many `attempts` count from now on.
        """

    def gave_up(self, parcel: str, why: str, at: datetime) -> None:
        """Record that a parcel will never arrive."""

    def remember(self, once: str, said: str, at: datetime) -> None:
        """Record what was answered to a delivery; raise Conflict if it is known already."""

    def keep_playbook(self, digest: str, playbook: str, texts: Mapping[str, str]) -> None:
        """Keep a playbook version by its digest; a known one stays as it is."""

    def arrange(self, made: Arrangement) -> None:
        """Add an arrangement of revision 0, or change one under the revision it was read with; raise Conflict
        if it is there already, or was changed by somebody else since.
        """

    def identify(self, code: str, who: Identity, at: datetime) -> None:
        """Write down who a case is of, or correct it; raise StoreTrouble where names cannot be kept."""

    def named(self, clinic: str, before: datetime) -> tuple[str, ...]:
        """Return the clinic's cases that closed before a moment and of which the name is known."""

    def told(self, clinic: str, before: datetime) -> tuple[str, ...]:
        """Return the clinic's cases that closed before a moment and of which anything said is kept."""

    def forget_name(self, code: str) -> bool:
        """Forget who a case is of; say whether that was known."""

    def forget_said(self, code: str) -> None:
        """Erase what was said in a case from its history and its answers, but for the lines that say so, and
        what repeats it: the chain still verifies.
        """

    def forget_messages(self, clinic: str, before: datetime) -> int:
        """Forget messages that are over since a moment, with what came in and what was arranged for a day;
        return how many rows those are.
        """

    def sign(self, signature: Signature) -> None:
        """Add a signature under a kept playbook; raise Conflict if its number was given in the meantime."""

    def lease(self, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
        """Take or prolong a lease, or give it back (no time left); False while somebody else's."""


class Store(Protocol):
    """Everything that must survive. Both contexts may be used from any thread."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Look without writing."""

    def writing(self, *, together: bool = False) -> AbstractContextManager[Transaction]:
        """Write; raise StoreTrouble with what to do when the database cannot be written. What is
        short may be committed `together` with others: all or none, and then a Conflict for each.
        """

    def proof(self, code: str) -> Mapping[str, Any]:
        """Return a case's history as it is chained, plain JSON: `lines`, its `head`, the `newest_seal`, and
        in `problems` what is not as it was written.
        """
