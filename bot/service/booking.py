"""New appointments in chat: five fields in a form, or one typed line; the reply is the code to write down.

What the form does not ask is unknown and will be asked. What a playbook must know beforehand is as the
clinic's file says is usual, else whatever has most asked; the reply names it and offers a form for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.appointments import (
    EXAMPLE,
    OPERATOR,
    inputs,
    read_appointment,
    typed_fields,
    warnings,
)
from bot.core.beginning import cautious, to_be_told, usual_facts
from bot.core.case import Case, Session, TaskStatus, case_of
from bot.core.conditions import shown
from bot.core.course import Course
from bot.core.errors import Mistakes, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.facts import Fact, FactKind
from bot.core.kinds import FieldKind, Phase
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Person
from bot.core.playbook import Playbook
from bot.core.replies import Command, Filled, Pressed
from bot.core.wording import plain
from bot.core.written import read_number
from bot.ports import Reading, Transaction
from bot.service import cases
from bot.service.facts import set_facts
from bot.service.held import held_words
from bot.service.practice import Practice
from bot.service.requests import Asked
from bot.service.signing import in_force

#: What the form is about: there is no case yet.
NEW = "new"
#: How it stands in the history that somebody wrote the code down.
WRITTEN_DOWN = "code_written_down"


def new_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form | None:
    """Return the form for a new appointment, `None` where all of it was typed."""
    typed = typed_fields(command.words[1:])
    if OPERATOR in typed:
        return None
    books = _books(practice, clinic)
    part = FormPart(task=NEW, revision=0, title="New appointment", fields=inputs(clinic, books, typed))
    return Form(
        heading="New appointment",
        label="The patient’s name stays in your appointment book.",
        parts=(part,),
        action=Action.NEW,
        submit="Book",
    )


def _books(practice: Practice, clinic: Clinic) -> dict[str, Playbook]:
    found: dict[str, Playbook] = {}
    for name in practice.shelf.names(clinic.id):
        if not clinic.playbooks or name in clinic.playbooks:
            try:
                found[name] = practice.shelf.current(name, clinic.id)
            except Mistakes:
                # whoever writes it sees what is wrong with it; the desk books what can be read
                continue
    return found


def new_typed(asked: Asked) -> Notice:
    """Take an appointment that was typed in one line."""
    try:
        return _booked(asked.practice, asked.tx, asked.clinic, asked.person, typed_fields(asked.words))
    except WrongValues as wrong:
        said = " ".join(wrong.problems.values())
        raise Unclear(f"{said} Write it like {EXAMPLE}. Nothing was booked.") from None


def new_filled(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    """Take the form of a new appointment."""
    raw = next(iter(filled.entries.values()))
    words = {name: " ".join(each) if isinstance(each, tuple) else each for name, each in raw.items()}
    return _booked(practice, tx, clinic, person, words)


def _booked(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, raw: Mapping[str, str]
) -> Notice:
    now = practice.clock.now()
    wanted = read_appointment(raw, clinic, _books(practice, clinic), now)
    playbook, _ = in_force(practice, tx, clinic.id, wanted.playbook.id)
    usual = usual_facts(playbook, clinic.defaults.get(playbook.id, {}))
    booking = wanted.booking(clinic, usual, now)
    booking = replace(booking, facts={**booking.facts, **cautious(playbook, booking)})
    course = cases.open_case(practice, tx, booking, clinic=clinic.id, by=person.id)
    doubts = (*held_words(course.case), *_to_look_at(practice, tx, course.case, course.case.sessions[0]))
    return _code(course, clinic, person, (*doubts, *_assumed(course)))


def _to_look_at(practice: Practice, tx: Transaction, case: Case, session: Session) -> tuple[str, ...]:
    """Say what the desk should look at again on a session's date: closed, taken, nobody there."""
    clinic = practice.clinic_of(case)
    standing = (each for each in tx.open_cases(clinic.id) if not each.cancelled and each.code != case.code)
    return warnings(case, session, clinic, [practice.course_of(each, ()) for each in standing])


def on_its_date(practice: Practice, tx: Transaction, code: str, start: datetime) -> tuple[str, ...]:
    """Say what the desk should look at again of the session that was moved to this start."""
    case = tx.case(code)
    moved = (each for each in case.sessions if each.start == start and not each.cancelled)
    return tuple(line for session in moved for line in _to_look_at(practice, tx, case, session))


def _code(course: Course, clinic: Clinic, person: Person, lines: tuple[str, ...]) -> Notice:
    code, session = course.case.code, course.case.sessions[0]
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    task = (f"{code}:{session.number}",)
    shadow = ("Nobody is asked: its playbook was never signed.",) if course.case.shadow else ()
    planned = Button(action=Action.PLAN_FORM, label="Say what is planned", tasks=task)
    return Notice(
        text=f"{label}. Write {code} into your appointment book, beside the patient’s name.",
        tone="good",
        code=code,
        lines=(*lines, *shadow),
        buttons=(
            Button(action=Action.WRITTEN, label="I wrote the code down", tasks=task, style="primary"),
            *((planned,) if to_be_told(course.playbook) else ()),
            *_record(course, person),
        ),
    )


def _record(course: Course, person: Person) -> Iterator[Button]:
    # what belongs to a booking is answered while it is made, and need not be asked later
    its = [
        task.key
        for task in course.tasks
        if course.step(task).phase is Phase.BOOKING and task.session == course.case.sessions[0].number
        if task.status is TaskStatus.OPEN and person.may(course.step(task).role)
    ]
    if its and not course.case.shadow:
        yield Button(action=Action.FORM, label="Record the booking", tasks=tuple(its))


def _assumed(course: Course) -> tuple[str, ...]:
    facts = course.case.facts
    taken = [f"{_small(fact.title)}: {shown(facts.get(fact.name))}" for fact in to_be_told(course.playbook)]
    return (f"Until somebody says what is planned, this is taken: {'; '.join(taken)}.",) if taken else ()


def _small(title: str) -> str:
    return title[:1].lower() + title[1:]


def written_down(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Take the tick that a code stands in the appointment book."""
    code = case_of(pressed.tasks[0])
    if any(entry.kind == WRITTEN_DOWN for entry in tx.history(code)):
        raise Settled(f"{code} is in your book already. Thank you.")
    entry = Entry(kind=WRITTEN_DOWN, at=practice.clock.now(), by=person.id)
    tx.change(tx.case(code), (), entry)
    return Notice(text=f"Thank you: {code} is in your book.", tone="good")


def plan_form(practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed) -> Form:
    """Return the form for what a playbook must know beforehand."""
    code = case_of(pressed.tasks[0])
    course = practice.course(reading, code)
    fields = tuple(_field(fact, course) for fact in _untold(course).values())
    if not fields:
        raise Settled(f"All of it was said. Change it with `fact {code} …`.")
    part = FormPart(task=pressed.tasks[0], revision=0, title="What is planned", fields=fields)
    session = course.case.sessions[0]
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    return Form(heading="What is planned", label=label, parts=(part,), action=Action.PLAN)


def _untold(course: Course) -> dict[str, Fact]:
    # what somebody said of a patient is changed by who may, and not where it is booked
    return {fact.name: fact for fact in to_be_told(course.playbook) if fact.name not in course.case.said}


def _field(fact: Fact, course: Course) -> FormField:
    words = course.playbook.narrowed.get(fact.name, fact.words)
    return FormField(
        name=fact.name,
        label=fact.title,
        kind=FieldKind.CHOICE if fact.words else FieldKind.NUMBER,
        options=tuple((word, plain(word)) for word in words),
        required=False,
        help=f"{fact.question} So far: {shown(course.case.facts.get(fact.name))}.",
    )


def plan_filled(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take what is planned: facts as somebody says them when they book."""
    key, raw = next(iter(filled.entries.items()))
    code = case_of(key)
    course = practice.course(tx, code)
    told = _untold(course)
    values = {name: _read(told, name, str(words)) for name, words in raw.items() if words}
    if not values:
        raise Refused("Nothing was filled in; nothing was changed.")
    news = set_facts(practice, tx, code, values, by=person)
    said = ", ".join(f"{_small(told[name].title)} {shown(value)}" for name, value in values.items())
    return Notice(text="\n".join((f"{code}: {said}.", *news)), tone="good")


def _read(told: Mapping[str, Fact], name: str, words: str) -> str | float:
    if name not in told:
        raise NotFound("field", name, told)
    try:
        number = told[name].kind is FactKind.NUMBER
        value = read_number(words) if number else words
        told[name].accept(value)
    except ValueError as wrong:
        raise WrongValues({name: str(wrong)}) from None
    return value
