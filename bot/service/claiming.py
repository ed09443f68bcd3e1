"""Who takes it: the card in a role's channel with Claim, "I'm on it", and "later"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.asking import asked_role
from bot.core.case import Task
from bot.core.course import Course
from bot.core.due import CLAIM, kind_of
from bot.core.errors import NotAllowed, Refused, Settled
from bot.core.kinds import CardKind
from bot.core.lifecycle import asked_anew
from bot.core.messages import Notice, TaskCard
from bot.core.outgoing import Entry, Posting
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import who_is_there
from bot.core.promises import later, on_it
from bot.core.replies import Pressed
from bot.core.second import awaits_second
from bot.ports import Reading, Transaction
from bot.service.lines import label_of, line
from bot.service.practice import Practice, redraw
from bot.service.second import may_check

#: How many minutes the button puts off.
SOON = 20
#: What becomes of a task.
Become = Callable[[Course, Task], Task]


def draw_claim(
    reading: Reading,
    posting: Posting,
    courses: dict[str, Course],
    tasks: Sequence[Task],
    clinic: Clinic,
    now: datetime,
) -> TaskCard:
    """Draw what nobody is there for: titles and labels, nothing that was said of a patient."""
    first = courses[tasks[0].case]
    role = wording.ROLES[asked_role(tasks[0], first.step(tasks[0]))]
    mixed = not posting.case
    label = "" if mixed else label_of(first, tasks[0], clinic)
    free = _free(reading, posting, tasks)
    what = f"{wording.count(len(free or tasks), 'item')}{f', {label}' if label else ''}"
    lines = [line(courses[t.case], t, clinic, now, number=n, mixed=mixed) for n, t in enumerate(tasks, 1)]
    claim = Button(
        action=Action.CLAIM, label="Claim", tasks=(tasks[0].key,), value=posting.key, style="primary"
    )
    kind = kind_of(tasks[0], first.step(tasks[0]))
    return TaskCard(
        kind=CardKind(kind) if kind in set(CardKind) else CardKind.WORKLIST,
        heading=f"Who takes this, for {role}?",
        text=f"Nobody is on duty for {role}: {what}. Whoever presses Claim first has it.",
        label=label,
        lines=tuple(replace(each, said="", why="", buttons=()) for each in lines),
        buttons=(claim,) if free else (),
        closed=not free,
        over="" if free else f"For {role}, {what}: {_taken(reading, tasks, clinic)}",
    )


def _free(reading: Reading, posting: Posting, tasks: Sequence[Task]) -> list[Task]:
    last = {key: each.key for key, each in reading.asked_on(task.key for task in tasks).items()}
    return [task for task in tasks if task.waits and not task.holder and last.get(task.key) == posting.key]


def _taken(reading: Reading, tasks: Sequence[Task], clinic: Clinic) -> str:
    last = reading.asked_on(task.key for task in tasks)
    people = [t.holder or last[t.key].person for t in tasks if t.waits and (t.holder or t.key in last)]
    names = wording.few(wording.person_name(clinic, person) for person in people if person)
    if names:
        return f"{names} has it."
    waits = any(task.waits for task in tasks)
    return "asked again on a newer card." if waits else "nothing is asked any more."


def claim(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    """Give what nobody is there for to the first who presses; the second is told who has it."""
    posting = tx.posting(pressed.value)
    if posting is None or posting.kind != CLAIM or posting.clinic != clinic.id:
        raise Refused("This card asks nobody any more. Please look at the newest one.")
    now, tasks = practice.clock.now(), [tx.task(key) for key in tx.lines(posting.key)]
    free = _free(tx, posting, tasks)
    if not free:
        raise Settled(f"{_taken(tx, tasks, clinic)[:1].upper()}{_taken(tx, tasks, clinic)[1:]} Thank you.")
    for task in free:
        _holds(practice, tx, clinic, person, task, now)

    def become(course: Course, task: Task) -> Task:
        return asked_anew(replace(task, holder=person.id), now)

    each_becomes(practice, tx, person, free, "claimed", become)
    codes = ", ".join(dict.fromkeys(task.case for task in free))
    return Notice(text=f"You have it: {wording.count(len(free), 'item')} · {codes}. Thank you.", tone="good")


def _holds(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, task: Task, now: datetime
) -> None:
    step = practice.course(tx, task.case).step(task)
    role = asked_role(task, step)
    may_check(person, task, step, clinic, now)
    stands_in = awaits_second(task) and person.may(Role.PHYSICIAN)
    if not person.may(role) and not stands_in:
        there = who_is_there((role,), clinic, now)
        raise NotAllowed(f"{step.title} is for {wording.ROLES[role]} to take: {there}. Nothing was changed.")


def _held(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, tasks: Sequence[Task]
) -> list[Task]:
    """Return those of a card's tasks that are this person's; raise NotAllowed where none is.

    What waits for a physician stays on the card of the nurse who answered it.
    """
    now = practice.clock.now()
    held: list[Task] = []
    refused: list[Refused] = []
    for task in tasks:
        try:
            _holds(practice, tx, clinic, person, task, now)
            held.append(task)
        except Refused as refusal:
            refused.append(refusal)
    if not held:
        raise refused[0]
    return held


def each_becomes(
    practice: Practice,
    tx: Transaction,
    person: Person,
    tasks: Sequence[Task],
    kind: str,
    become: Become,
    **more: str,
) -> None:
    """Change tasks case by case, each with its line of history, and draw anew what shows them."""
    by_case: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        by_case[task.case].append(task)
    now = practice.clock.now()
    for code, its in by_case.items():
        course = practice.course(tx, code)
        changed = [become(course, task) for task in its]
        entry = Entry(kind=kind, at=now, by=person.id, detail={"tasks": [task.key for task in its], **more})
        tx.change(course.case, changed, entry)
        redraw(practice, tx, course.case, changed, at=now)


def press_on_it(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Take "I'm on it" for all that is open on a card."""
    return say_on_it(practice, tx, clinic, person, _on_card(tx, clinic, pressed))


def press_later(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Put off all that is open on a card by a few minutes."""
    return say_later(practice, tx, clinic, person, _on_card(tx, clinic, pressed), SOON)


def _on_card(tx: Transaction, clinic: Clinic, pressed: Pressed) -> list[Task]:
    posting = tx.posting(pressed.value)
    if posting is None or posting.clinic != clinic.id:
        raise Refused("This card asks nobody any more. Please look at the newest one.")
    return [tx.task(key) for key in tx.lines(posting.key)]


def say_on_it(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, tasks: Sequence[Task]
) -> Notice:
    """Stop the reminders of what was asked; the deadline stays."""
    now = practice.clock.now()
    asked = _held(practice, tx, clinic, person, _asked(tasks))
    new = [task for task in asked if task.acknowledged is None]
    if not new:
        by = wording.person_name(clinic, asked[0].holder)
        raise Settled(f"{'You are' if asked[0].holder == person.id else f'{by} is'} on it already.")

    def become(course: Course, task: Task) -> Task:
        return on_it(course, task, person.id, clinic, now)

    each_becomes(practice, tx, person, new, "acknowledged", become)
    until = min(filter(None, (tx.task(task.key).next_prompt_at for task in new)))
    at = wording.when(until, now, clinic.calendar)
    return Notice(text=f"Noted: you are on it. No reminders until {at}.", tone="good")


def say_later(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: Person,
    tasks: Sequence[Task],
    minutes: int,
) -> Notice:
    """Put off once what can be; say what cannot, and why."""
    now = practice.clock.now()
    put_off: list[Task] = []
    kept: list[Refused] = []
    for task in _held(practice, tx, clinic, person, _asked(tasks)):
        try:
            later(practice.course(tx, task.case), task, clinic, now, minutes)
            put_off.append(task)
        except Refused as refusal:
            kept.append(refusal)
    if not put_off:
        raise kept[0]
    each_becomes(
        practice,
        tx,
        person,
        put_off,
        "snoozed",
        lambda course, task: later(course, task, clinic, now, minutes),
    )
    at = wording.when(
        min(filter(None, (tx.task(t.key).next_prompt_at for t in put_off))), now, clinic.calendar
    )
    said = f"I will ask again at {at}: {wording.count(len(put_off), 'item')}."
    return Notice(text="\n".join((said, *dict.fromkeys(map(str, kept)))), tone="good")


def _asked(tasks: Sequence[Task]) -> list[Task]:
    asked = [task for task in tasks if task.waits and task.rung]
    if not asked:
        raise Settled("Nothing on this card is asked now; nothing was changed.")
    return asked
