"""A reply that names no card, where a platform has no threads: the one card that asks something is meant.

Where several do, none is guessed: a case's code, or how the card is called, in front of the reply chooses it
("K7Q2 done", "prep all ok"). On a list of several cases a code leaves the lines of the others alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from bot.core import wording
from bot.core.case import Case, Task, TaskStatus
from bot.core.due import DECISION
from bot.core.errors import Settled, Unclear, did_you_mean
from bot.core.kinds import CardKind
from bot.core.moments import Question
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Person
from bot.core.replies import COMMANDS
from bot.ports import Reading
from bot.service.answer import UNDO
from bot.service.moments import MOMENT, settled
from bot.service.practice import Practice
from bot.service.shifts import BUNDLE

#: How far around now a session is whose real moments may be asked about.
DAY = timedelta(days=1)
#: How many cards are named where one must be chosen, and how much of what was typed is said again with it.
CHOICES, AGAIN = 6, 30
#: How cards are called that are no list of lines; by the first word of it each can be named.
_CALLED = {DECISION: "Decision", BUNDLE: "Handed over", MOMENT: "Arrivals"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A card that asks somebody something now, and of which cases."""

    posting: Posting
    codes: frozenset[str]

    @property
    def called(self) -> str:
        """Return how it is called: "Prep", "Your list"."""
        kind = self.posting.kind
        return wording.CARDS[CardKind(kind)] if kind in [*CardKind] else _CALLED.get(kind, kind.capitalize())

    @property
    def name(self) -> str:
        """Return its name with its case: "Prep, K7Q2"."""
        return ", ".join(filter(None, (self.called, self.posting.case)))

    def is_named(self, word: str) -> bool:
        """Say whether a word is one of its cases, or how it is called."""
        return word.upper() in self.codes or word.lower() in (self._word, self.posting.kind)

    @property
    def _word(self) -> str:
        return self.called.lower().removeprefix("your ").split()[0]

    def named_among(self, others: Sequence[Asking]) -> str:
        """Return the fewest words that name it and no other."""
        code = self.posting.case
        if code and sum(each.is_named(code) for each in others) == 1:
            return code
        alone = sum(each.is_named(self._word) for each in others) == 1
        return self._word if alone or not code else f"{self._word} {code}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Meant:
    """The card that a reply means, the words that are left of it, and the case where it names one."""

    card: Asking
    text: str
    code: str = ""


def card_meant(practice: Practice, reading: Reading, clinic: Clinic, person: Person, text: str) -> Meant:
    """Return which card a reply means that names no message; raise Unclear with the choices."""
    named = asking(reading, clinic, person, practice.clock.now())
    rest, code = text.strip(), ""
    while rest:
        word, _, left = rest.partition(" ")
        fewer = [card for card in named if card.is_named(word)]
        if not fewer:
            break
        code = word.upper() if any(word.upper() in card.codes for card in fewer) else code
        named, rest = fewer, left.strip()
    if len(named) != 1:
        raise _unclear(named, rest)
    return Meant(card=named[0], text=rest, code=code)


def last_answered_by(reading: Reading, clinic: Clinic, person: Person, now: datetime) -> str:
    """Return the item that a person answered last and may still take back; raise Settled where none is."""
    given = reading.answered_by(clinic.id, person.id, now - UNDO)
    if not given:
        raise Settled("You gave no answer in the last ten minutes. Nothing was changed.")
    return given[-1][0]


def asking(reading: Reading, clinic: Clinic, person: Person, now: datetime) -> Sequence[Asking]:
    """Return the cards that ask a person something now, on whichever platform they stand."""
    cases = reading.cases_near(clinic.id, now - DAY, now + DAY, now)
    tasks = [task for its in reading.tasks_of([case.code for case in cases]).values() for task in its]
    waiting = {task.key: task.case for task in tasks if waits(task, now)}
    found: dict[str, Posting] = {}
    codes: dict[str, set[str]] = {}
    for key, posting in reading.asked_on(waiting).items():
        found[posting.key] = posting
        codes.setdefault(posting.key, set()).add(waiting[key])
    for posting in _of_moments(reading, clinic, cases, tasks):
        found[posting.key] = posting
        codes[posting.key] = {posting.case}
    return [
        Asking(posting=posting, codes=frozenset(codes[key]))
        for key, posting in found.items()
        if posting.person == person.id and posting.to.account and not posting.closed
    ]


def _of_moments(
    reading: Reading, clinic: Clinic, cases: Sequence[Case], tasks: Sequence[Task]
) -> Iterable[Posting]:
    """Return the questions about real moments that are still open, of each the one that was asked last."""
    by_code = {case.code: case for case in cases}
    newest: dict[tuple[str, int, str, str], Posting] = {}
    for posting in chain.from_iterable(reading.postings_of(task.key for task in tasks).values()):
        what = posting.key.split(":")[1] if posting.kind == MOMENT else ""
        if what in [*Question] and not settled(
            by_code[posting.case].session(posting.session), posting, clinic
        ):
            newest[posting.case, posting.session, what, posting.person] = posting
    return newest.values()


def waits(task: Task, now: datetime) -> bool:
    """Say whether a card asks for a task now: for its answer, or for a decision."""
    return task.status is TaskStatus.BLOCKED or asks(task, now)


def asks(task: Task, now: datetime) -> bool:
    """Say whether an answer to a task is asked for now."""
    # a line that is asked again on another date is not what this card asked
    return task.status is TaskStatus.OPEN and (task.rung > 0 or task.due <= now)


def _unclear(cards: Sequence[Asking], said: str) -> Unclear:
    word = said.lower().partition(" ")[0]
    if not cards:
        near = did_you_mean(word, COMMANDS) if word else ""
        return Unclear(
            f"No card asks you anything now. `mine` shows what is yours, `help` what I know.{near}"
        )
    again = said if 0 < len(said) <= AGAIN else "done"
    shown = [f"`{each.named_among(cards)} {again}` for {each.name}" for each in cards[:CHOICES]]
    more = f"; {len(cards) - CHOICES} more wait, see `mine`" if len(cards) > CHOICES else ""
    return Unclear(
        f"{len(cards)} cards ask you something, and nothing was recorded. Which one? "
        f"Write {'; '.join(shown)}{more}.{did_you_mean(word, COMMANDS, alike=0.75)}"
    )
