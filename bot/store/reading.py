"""A look at the store: cases, tasks, history, what is due, and where cards stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select

from bot.core.case import Answer, Case, Override, Task, case_of
from bot.core.errors import NotFound
from bot.core.identity import Identity
from bot.core.noise import Heard
from bot.core.outgoing import Arrangement, Entry, Posting
from bot.core.replies import Address, MessageRef
from bot.core.signing import Signature
from bot.core.times import EVER
from bot.core.watched import Plan, Queue
from bot.store import arrangements, heard, identities, outbox, questions, rows, signatures, standing, watching
from bot.store.batches import CASES, batches
from bot.store.identities import Vault
from bot.store.known import Kept, Known, by_due


class SqlReading:
    """`bot.ports.Reading` on one connection."""

    _sees_only_committed = True

    def __init__(self, connection: Connection, known: Known, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault
        self._known = known
        # The cases that were looked at here, and their tasks if they are known at that revision. They are
        # asked for once: nobody can change them meanwhile without a Conflict for whoever writes them here.
        self._looked: dict[str, Kept] = {}
        self._postings: dict[str, Posting | None] = {}
        self._arranged: dict[tuple[str, str], tuple[Arrangement, ...]] = {}

    def case(self, code: str) -> Case:
        """Return a case; raise NotFound with the nearest codes of open cases."""
        found = self.cases([code])
        if not found:
            raise NotFound("case", code, self._connection.scalars(questions.CODES_OF_OPEN))
        return found[code]

    def cases(self, codes: Iterable[str]) -> Mapping[str, Case]:
        """Return several cases at once, those that exist."""
        wanted = sorted({*codes})
        new = [code for code in wanted if code not in self._looked]
        self._cases(row for batch in batches(new) for row in self._revisions(batch))
        return {code: self._looked[code].case for code in wanted if code in self._looked}

    def _revisions(self, codes: Sequence[str]) -> Sequence[RowMapping]:
        return self._all(questions.REVISIONS, codes=codes)

    def _cases(self, revisions: Iterable[RowMapping]) -> dict[str, Case]:
        """Return cases by code, read anew unless they are known at these revisions."""
        found = {row["code"]: self._kept(row["code"], row["revision"]) for row in revisions}
        for batch in batches([code for code, kept in found.items() if kept is None]):
            cases = map(rows.case_of_row, self._all(questions.CASES, codes=batch))
            found |= {case.code: Kept(case=case) for case in cases}
        looked = {code: kept for code, kept in found.items() if kept is not None}
        self._looked |= looked
        return {code: kept.case for code, kept in looked.items()}

    def _kept(self, code: str, revision: int) -> Kept | None:
        looked = self._looked.get(code)
        if looked is not None and looked.case.revision == revision:
            return looked
        return self._known.get(code, revision)

    def tasks(self, code: str) -> tuple[Task, ...]:
        """Return all tasks of a case, sorted by due time, then step."""
        return self.tasks_of([code])[code]

    def task(self, key: str) -> Task:
        """Return one task; raise NotFound."""
        # whoever takes a task goes on to its case; that is asked for once
        self.cases([case_of(key)])
        looked = self._looked.get(case_of(key))
        for task in looked.tasks or () if looked else ():
            if task.key == key:
                return task
        row = self._first(questions.TASK, key=key)
        if row is None:
            near = self._connection.scalars(questions.TASK_KEYS, {"code": case_of(key)})
            raise NotFound("task", key, near)
        return self._noted([row])[0]

    def open_cases(self, clinic: str) -> tuple[Case, ...]:
        """Return the cases of a clinic that are not closed, by the start of their first session."""
        return tuple(self._cases(self._all(questions.REVISIONS_OF_OPEN, clinic=clinic)).values())

    def cases_near(self, clinic: str, since: datetime, until: datetime, due: datetime) -> tuple[Case, ...]:
        """Return the open cases of a clinic that a board must look at, by their first start."""
        found = self._all(questions.REVISIONS_NEAR, clinic=clinic, since=since, until=until, soon=due)
        return tuple(self._cases(found).values())

    def tasks_of(self, codes: Iterable[str]) -> Mapping[str, tuple[Task, ...]]:
        """Return the tasks of several cases at once."""
        found = {code: kept.tasks if (kept := self._looked.get(code)) else None for code in codes}
        read = self._read_tasks([code for code, tasks in found.items() if tasks is None])
        self._remember(read)
        return {code: read[code] if tasks is None else tasks for code, tasks in found.items()}

    def _read_tasks(self, codes: Sequence[str]) -> dict[str, tuple[Task, ...]]:
        found: dict[str, list[Task]] = {code: [] for code in codes}
        for batch in batches(codes, CASES):
            for task in self._noted(self._all(questions.TASKS_OF, codes=batch)):
                found[task.case].append(task)
        return {code: tuple(sorted(its, key=by_due)) for code, its in found.items()}

    def _remember(self, read: Mapping[str, tuple[Task, ...]]) -> None:
        known = [code for code in read if code in self._looked]
        looked = {code: replace(self._looked[code], tasks=read[code]) for code in known}
        self._looked |= looked
        if self._sees_only_committed:
            self._known.keep(looked.values())

    def unasked(self, codes: Iterable[str], before: datetime) -> tuple[Task, ...]:
        """Return the open tasks of these cases that are due before a moment and nobody was asked for."""
        return tuple(sorted(self._noted(self._each(questions.UNASKED, codes, before=before)), key=by_due))

    def codes(self) -> frozenset[str]:
        """Return every case code ever used: none is used twice."""
        return frozenset(self._connection.scalars(questions.EVERY_CODE))

    def used(self, codes: Iterable[str]) -> frozenset[str]:
        """Return which of these case codes were ever used."""
        return frozenset(row["code"] for row in self._each(questions.USED, codes))

    def overrides(self, codes: Iterable[str]) -> Mapping[str, tuple[Override, ...]]:
        """Return the overrides of several cases, each in the order they were given."""
        found: dict[str, tuple[Override, ...]] = dict.fromkeys(codes, ())
        for row in self._each(questions.OVERRIDES, found):
            found[row["code"]] += (rows.override_of_row(row),)
        return found

    def due(self, clinic: str, now: datetime, limit: int) -> tuple[Task, ...]:
        """Return tasks whose `next_prompt_at` has come, the longest waiting first."""
        return self._noted(self._all(questions.DUE, clinic=clinic, now=now, most=limit))

    def asking(self, clinic: str, now: datetime, limit: int) -> tuple[Case, ...]:
        """Return cases whose `asks_at` has come, the longest waiting first."""
        return tuple(self._cases(self._all(questions.ASKING, clinic=clinic, now=now, most=limit)).values())

    def _noted(self, found: Iterable[RowMapping]) -> tuple[Task, ...]:
        return tuple(map(rows.task_of_row, found))

    def next_moment(self, after: datetime = EVER) -> datetime | None:
        """Return when the next task or parcel wants attention `after` a moment; `None` when nothing does."""
        firsts = (self.next_prompt(after), outbox.next_moment(self._connection, after))
        return min((first for first in firsts if first is not None), default=None)

    def next_prompt(self, after: datetime = EVER) -> datetime | None:
        """Return when the next task or real moment wants a word, whatever waits in the outbox."""
        firsts = self._connection.execute(questions.NEXT_WORDS, {"after": after}).one()
        return min((first for first in firsts if first is not None), default=None)

    def posting(self, card: str) -> Posting | None:
        """Return the posting of a card's key, if there is one."""
        return self.postings([card]).get(card)

    def postings(self, cards: Iterable[str]) -> Mapping[str, Posting]:
        """Return the postings of several cards by key, those that exist."""
        wanted = sorted({*cards})
        new = [card for card in wanted if card not in self._postings]
        self._postings |= dict.fromkeys(new)
        self._postings |= standing.postings(self._connection, new)
        return {card: found for card in wanted if (found := self._postings[card]) is not None}

    def heard(self, clinic: str, since: datetime, until: datetime) -> tuple[Heard, ...]:
        """Return what made a telephone buzz in a clinic between two moments, oldest first."""
        return heard.heard(self._connection, clinic, since, until)

    def posting_at(self, ref: MessageRef) -> Posting | None:
        """Return the posting that stands at a message, if it is ours."""
        return standing.at(self._connection, ref)

    def postings_of(
        self, tasks: Iterable[str], also: Iterable[str] = ()
    ) -> Mapping[str, tuple[Posting, ...]]:
        """Return every posting each of these tasks is on, in the order it was put there. The cards of `also`
        are looked up in the same question: `postings` knows them then.
        """
        new = sorted({*also} - self._postings.keys())
        found, of_cards = standing.of_tasks(self._connection, [*dict.fromkeys(tasks)], new)
        self._postings |= {**dict.fromkeys(new), **of_cards}
        return found

    def asked_on(self, tasks: Iterable[str]) -> Mapping[str, Posting]:
        """Return the card on which each of these tasks was asked last, of those that were ever asked."""
        return standing.asked_on(self._connection, tasks)

    def postings_in(self, clinic: str, to: Address) -> tuple[Posting, ...]:
        """Return a clinic's postings that are not closed and go to a place; looks at all there ever were."""
        return standing.going_to(self._connection, clinic, to)

    def lines(self, card: str) -> tuple[str, ...]:
        """Return the task keys on a card, in the order they were put there."""
        return tuple(self._connection.scalars(questions.LINES, {"card": card}))

    def history(self, code: str) -> tuple[Entry, ...]:
        """Return a case's history, oldest first; erased details are empty."""
        return tuple(map(rows.entry_of_row, self._all(questions.HISTORY, code=code)))

    def history_since(self, codes: Iterable[str], since: datetime) -> Mapping[str, tuple[Entry, ...]]:
        """Return what stands in the histories of several cases since a moment, each oldest first."""
        found: dict[str, tuple[Entry, ...]] = dict.fromkeys(codes, ())
        for row in self._each(questions.HISTORY_SINCE, found, since=since):
            found[row["code"]] += (rows.entry_of_row(row),)
        return found

    def lines_of(
        self, clinic: str, kinds: Sequence[str], since: datetime, until: datetime
    ) -> tuple[tuple[str, Entry], ...]:
        """Return the lines of some kinds in a clinic's histories in a span: case code and line."""
        found = self._all(questions.LINES_OF, clinic=clinic, since=since, until=until, kinds=[*kinds])
        return tuple((row["code"], rows.entry_of_row(row)) for row in found)

    def answers(self, task: str) -> tuple[Answer, ...]:
        """Return every answer a task ever got, oldest first."""
        return tuple(map(rows.answer_of_row, self._all(questions.ANSWERS, task=task)))

    def answers_since(self, clinic: str, since: datetime) -> tuple[tuple[str, Answer], ...]:
        """Return what was answered since a moment: task key and answer."""
        found = self._all(questions.ANSWERS_SINCE, clinic=clinic, since=since)
        return tuple((row["task"], rows.answer_of_row(row)) for row in found)

    def answered_by(self, clinic: str, person: str, since: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return what one person answered since a moment: task key and when."""
        found = self._all(questions.ANSWERED_BY, clinic=clinic, person=person, since=since)
        return tuple((row["task"], row["at"]) for row in found)

    def codes_due(self, clinic: str, since: datetime, until: datetime) -> tuple[str, ...]:
        """Return the codes of cases that had something due in a span: closed ones too, none in shadow."""
        span = {"clinic": clinic, "since": since, "until": until}
        return tuple(self._connection.scalars(questions.CODES_DUE, span))

    def overridden(self, clinic: str, since: datetime, until: datetime) -> tuple[Override, ...]:
        """Return the overrides that were given in a clinic in a span, oldest first."""
        found = self._all(questions.OVERRIDDEN, clinic=clinic, since=since, until=until)
        return tuple(map(rows.override_of_row, found))

    def seen(self, once: str) -> str | None:
        """Return what was answered to this delivery when it came before, `None` for a new one."""
        said: str | None = self._connection.scalar(questions.SEEN, {"once": once})
        return said

    def kept_playbook(self, digest: str) -> tuple[str, Mapping[str, str]] | None:
        """Return the id and texts (file name -> text) of a version that a case was planned with."""
        row = self._first(questions.KEPT_PLAYBOOK, digest=digest)
        return (row["playbook"], row["texts"]) if row is not None else None

    def arrangements(self, clinic: str, *kinds: str) -> tuple[Arrangement, ...]:
        """Return a clinic's arrangements of some kinds that have not ended, of each kind oldest first."""
        new = [kind for kind in kinds if (clinic, kind) not in self._arranged]
        if new:
            self._arranged |= arrangements.standing(self._connection, clinic, new)
        return tuple(each for kind in kinds for each in self._arranged[clinic, kind])

    def arrangement(self, kind: str, key: str) -> Arrangement | None:
        """Return an arrangement, ended or not, if there is one."""
        return arrangements.one(self._connection, kind, key)

    def identity(self, code: str) -> Identity | None:
        """Return who a case is of, if that was written down; raise StoreTrouble where it cannot be read."""
        return identities.identity(self._connection, self._vault, code)

    def patients(self, clinic: str) -> tuple[Identity, ...]:
        """Return who a clinic's open cases are of, those that were written down and can be read."""
        return tuple(identities.of_open_cases(self._connection, self._vault, clinic))

    def names(self, codes: Iterable[str]) -> Mapping[str, str]:
        """Return code -> the patient's name, of those that are written down and can be read."""
        return identities.names(self._connection, self._vault, codes)

    def signatures(self, clinic: str) -> tuple[Signature, ...]:
        """Return a clinic's signatures, those of each playbook in the order they were given."""
        return signatures.of_clinic(self._connection, clinic)

    def plan(self, clinic: str, now: datetime, late: datetime) -> Plan:
        """Return how a clinic stands by its plan: what is due against what a platform took."""
        return watching.plan(self._connection, clinic, now, late)

    def queues(self, now: datetime) -> tuple[Queue, ...]:
        """Return what waits in the outbox by now, by clinic and platform."""
        return watching.queues(self._connection, now)

    def _first(self, question: Select[*tuple[Any, ...]], **of: Any) -> RowMapping | None:
        return self._connection.execute(question, of).mappings().first()

    def _each(self, ask: Select[*tuple[Any, ...]], codes: Iterable[str], **of: Any) -> Iterator[RowMapping]:
        return (row for batch in batches([*codes]) for row in self._all(ask, codes=batch, **of))

    def _all(self, question: Select[*tuple[Any, ...]], **of: Any) -> Sequence[RowMapping]:
        return self._connection.execute(question, of).mappings().all()
