"""The form behind "Hand off": to whom, which lines, and a few words for whoever takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core import wording
from bot.core.actions import Action
from bot.core.asking import asked_role
from bot.core.case import Task
from bot.core.errors import Refused, Settled, WrongValues
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.people import Clinic, Person
from bot.core.permissions import who_is_there
from bot.core.replies import Filled, Pressed
from bot.ports import Reading, Transaction
from bot.service.handing import asked_of, hand_to, takers
from bot.service.practice import Practice


def hand_form(practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed) -> Form:
    """Return the form for what is asked of a person on a card; raise Refused where nobody else is there."""
    own = _own(reading, clinic, person, pressed.value)
    courses = {task.case: practice.course(reading, task.case) for task in own}
    roles = tuple(dict.fromkeys(asked_role(task, courses[task.case].step(task)) for task in own))
    now = practice.clock.now()
    there = [each for role in roles for each in takers(role, person.id, clinic, now)]
    if not there:
        said = who_is_there(roles, clinic, now)
        raise Refused(f"Nobody else is on duty who could take this: {said}. It stays with you.")
    lines = {task.key: f"{courses[task.case].step(task).title} · {task.case}" for task in own}
    fields = _fields({each.id: each.name for each in there}, lines)
    part = FormPart(task=own[0].key, revision=0, title="Hand off", fields=fields)
    return Form(
        heading="Hand off",
        label=f"{wording.count(len(own), 'item')} · yours until somebody accepts",
        parts=(part,),
        action=Action.HAND_OFF,
        submit="Ask them",
        value=pressed.value,
    )


def _fields(people: Mapping[str, str], lines: Mapping[str, str]) -> tuple[FormField, ...]:
    return (
        FormField(name="to", label="To whom", kind=FieldKind.CHOICE, options=tuple(people.items())),
        FormField(
            name="lines",
            label="What",
            kind=FieldKind.SEVERAL,
            options=tuple(lines.items()),
            value=tuple(lines),
        ),
        FormField(
            name="note",
            label="A few words",
            kind=FieldKind.TEXT,
            required=False,
            help="No names, birth dates or numbers of a patient.",
        ),
    )


def _own(reading: Reading, clinic: Clinic, person: Person, card: str) -> list[Task]:
    posting = reading.posting(card)
    if posting is None or posting.clinic != clinic.id:
        raise Refused("This card asks nobody any more. Please look at the newest one.")
    own = asked_of(reading, person, [reading.task(key) for key in reading.lines(posting.key)])
    if not own:
        raise Settled("Nothing on this card is asked of you now; nothing was handed over.")
    return own


def take_hand_form(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take the form."""
    raw = next(iter(filled.entries.values()))
    own = {task.key: task for task in _own(tx, clinic, person, filled.value)}
    to, note = str(raw.get("to", "")), str(raw.get("note", ""))
    chosen = _chosen(raw.get("lines", ()), own)
    missing = {
        **({} if to else {"to": "To whom?"}),
        **({} if chosen else {"lines": "What? Choose at least one line."}),
    }
    if missing:
        raise WrongValues(missing)
    return hand_to(practice, tx, clinic, person, chosen, to, note)


def _chosen(said: str | Sequence[str], own: dict[str, Task]) -> list[Task]:
    keys = (said,) if isinstance(said, str) else said
    return [own[key] for key in keys if key in own]
