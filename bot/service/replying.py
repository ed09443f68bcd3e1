"""Typed replies under a card: understood for the lines that are open on it, or answered with the choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.case import WITHOUT_ANSWERS, Outcome, Task, TaskStatus
from bot.core.catches import catch_of
from bot.core.clearance import go_values, is_clean
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.due import DECISION
from bot.core.errors import Settled, Unclear, did_you_mean
from bot.core.guard import noted
from bot.core.messages import Notice
from bot.core.outgoing import Posting
from bot.core.people import Clinic, Person
from bot.core.replies import COMMANDS, OF_CHANNEL, Typed
from bot.core.typed import Understood, Wish, is_plain_undo, not_understood, understand
from bot.core.usual import as_read_aloud
from bot.ports import Transaction
from bot.service.answer import Given, last_answered, undo
from bot.service.claiming import say_later, say_on_it
from bot.service.delays import typed_of_moment
from bot.service.echoing import give_all, needs_form, title_of
from bot.service.handing import hand_to
from bot.service.moments import MOMENT
from bot.service.practice import Practice
from bot.service.unnamed import asks, card_meant, last_answered_by

#: Said of a word for a channel that stands as a reply, where it can only be a patient.
_NO_REPLY = (
    "As a reply, `here` says that a patient is, and this asks for none. For the board, write it as a message "
    "of its own in the channel."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Under:
    """What was understood of a reply, and the tasks on its card that it is about."""

    meant: Understood
    tasks: Sequence[Task]


#: What does as a reply wishes.
_Take = Callable[[Practice, Transaction, Clinic, Person, Under], Notice]


def take_typed(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, typed: Typed) -> Notice:
    """Take a reply that was typed under a card; raise Unclear with the choices where it could mean two."""
    try:
        return _take(practice, tx, clinic, person, typed)
    except Unclear as unclear:
        if typed.message and typed.text.strip().lower() in OF_CHANNEL:
            raise Unclear(_NO_REPLY) from unclear
        raise


def _take(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, typed: Typed) -> Notice:
    if typed.message is None and typed.alone:
        return _take_unnamed(practice, tx, clinic, person, typed.text)
    posting = tx.posting_at(typed.message) if typed.message else None
    if posting is None or posting.clinic != clinic.id:
        near = did_you_mean(typed.text.split(maxsplit=1)[0].lower(), COMMANDS) if typed.text.split() else ""
        raise Unclear(f"Please reply under the card you mean, or write `help`.{near}")
    return _take_under(practice, tx, clinic, person, posting, typed.text)


def _take_unnamed(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, text: str) -> Notice:
    """Take a reply that names no card, and say which card it was taken for."""
    if is_plain_undo(text):
        last = undo(practice, tx, person, last_answered_by(tx, clinic, person, practice.clock.now()))
        return Notice(text=f"{last.case}: {_taken_back(practice, tx, last)}")
    meant = card_meant(practice, tx, clinic, person, text)
    try:
        posting = meant.card.posting
        said = _take_under(practice, tx, clinic, person, posting, meant.text, case=meant.code)
    except Unclear as unclear:
        raise Unclear(f"{meant.card.name}: {unclear}") from unclear
    return replace(said, text=f"{meant.card.name}: {said.text}")


def _take_under(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: Person,
    posting: Posting,
    text: str,
    *,
    case: str = "",
) -> Notice:
    """Take a reply to a card, of a list only to the lines of one `case` where that is named."""
    if posting.kind == MOMENT:
        return typed_of_moment(practice, tx, clinic, person, posting, text)
    tasks = [tx.task(key) for key in tx.lines(posting.key)]
    theirs = [n for n, task in enumerate(tasks, start=1) if case in ("", task.case)]
    open_now = [n for n in theirs if asks(tasks[n - 1], practice.clock.now())]
    stops = posting.kind == DECISION and tasks[0].status is TaskStatus.BLOCKED
    meant = understand(text, [1] if stops else open_now)
    if stops and meant.wish is Wish.ANSWER:
        raise Unclear("A stop is decided with the buttons of its card. Nothing was recorded.")
    take = _WISHES.get(meant.wish)
    if take is None:
        raise not_understood(text)
    chosen = [tasks[number - 1] for number in meant.numbers if number <= len(tasks)]
    return take(practice, tx, clinic, person, Under(meant=meant, tasks=chosen or tasks))


def _undone(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, under: Under) -> Notice:
    last = last_answered(under.tasks, person.id)
    if last is None:
        raise Settled("There is no answer of yours on this card to take back.")
    return Notice(text=_taken_back(practice, tx, undo(practice, tx, person, last.key)))


def _taken_back(practice: Practice, tx: Transaction, task: Task) -> str:
    return f"Taken back: {title_of(practice, tx, task)}. It is open again."


def _answered(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, under: Under) -> Notice:
    note = noted(under.meant.note)
    givens, forms = _from_words(practice, tx, under.tasks, under.meant.outcome, note)
    if forms:
        return needs_form(practice, tx, forms)
    return give_all(practice, tx, clinic, person, givens)


def _from_words(
    practice: Practice, tx: Transaction, tasks: Sequence[Task], outcome: Outcome, note: str
) -> tuple[list[Given], list[Task]]:
    givens, forms = [], []
    for task in tasks:
        told = outcome in WITHOUT_ANSWERS
        course = practice.course(tx, task.case)
        usual = {} if told else _usual(course, task, practice.clock.now())
        if usual is None:
            forms.append(task)
        else:
            givens.append(
                Given(
                    task=task.key,
                    outcome=outcome,
                    values=usual,
                    note=note,
                    together=len(tasks) > 1,
                    caught=catch_of(note, course.step(task).title) if outcome is Outcome.CAUGHT else None,
                )
            )
    return givens, forms


def _usual(course: Course, task: Task, now: datetime) -> Mapping[str, Value] | None:
    # "ok" under the physician's list is a go for what is clean, and for nothing else
    if is_clean(course, task, now):
        return go_values(course.step(task))
    return as_read_aloud(course.step(task), course.case)


def _on_it(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, under: Under) -> Notice:
    return say_on_it(practice, tx, clinic, person, under.tasks)


def _later(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, under: Under) -> Notice:
    return say_later(practice, tx, clinic, person, under.tasks, under.meant.later)


def _handed(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, under: Under) -> Notice:
    return hand_to(practice, tx, clinic, person, under.tasks, under.meant.to)


#: A wish that has no line here is not understood.
_WISHES: Mapping[Wish, _Take] = {
    Wish.ANSWER: _answered,
    Wish.UNDO: _undone,
    Wish.HAND_TO: _handed,
    Wish.ON_IT: _on_it,
    Wish.LATER: _later,
}
