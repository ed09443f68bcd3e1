"""What every way of answering ends with: the answers are taken, and what was understood is said back."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.actions import Action, Button
from bot.core.case import Task
from bot.core.errors import Refused
from bot.core.messages import Notice
from bot.core.people import Clinic, Person
from bot.core.usual import is_single
from bot.ports import Reading, Transaction
from bot.service.answer import Given, Taken, give, taken_words
from bot.service.hinting import with_hint
from bot.service.practice import Practice


def title_of(practice: Practice, reading: Reading, task: Task) -> str:
    """Return the title of a task's step."""
    return practice.course(reading, task.case).step(task).title


def give_all(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, givens: Sequence[Given]
) -> Notice:
    """Take answers, and echo what was understood; raise Refused for what is answered on its own."""
    if len(givens) > 1:
        _none_single(practice, tx, givens)
    taken = [give(practice, tx, clinic, person, given) for given in givens]
    return with_hint(practice, tx, clinic, person, taken, _echo(taken))


def _none_single(practice: Practice, reading: Reading, givens: Sequence[Given]) -> None:
    for task in (reading.task(given.task) for given in givens):
        step = practice.course(reading, task.case).step(task)
        if is_single(step):
            raise Refused(f"{step.title} is always answered on its own. Nothing was recorded.")


def _echo(taken: Sequence[Taken]) -> Notice:
    lines = taken_words(taken)
    stops = any(each.verdict.stops for each in taken)
    back = tuple(
        Button(action=Action.UNDO, label="Undo", tasks=(each.task.key,), revision=each.task.asking)
        for each in taken[:1]
        if len(taken) == 1 and (each.task.answer or each.task.first)
    )
    tone = "bad" if stops or any(each.doubt for each in taken) else "good"
    return Notice(text="\n".join(lines), tone=tone, buttons=back)


def needs_form(practice: Practice, tx: Transaction, tasks: Sequence[Task]) -> Notice:
    """Say which items need their form, with a button that opens it."""
    titles = ", ".join(title_of(practice, tx, task) for task in tasks[:4])
    verb = "needs its form" if len(tasks) == 1 else "need their forms"
    keys = tuple(task.key for task in tasks if task.case == tasks[0].case)
    button = Button(action=Action.FORM, label="Open the form", tasks=keys)
    return Notice(text=f"{titles} {verb}. Nothing was recorded yet.", buttons=(button,))
