"""Corrections of what was answered: a form with the earlier answer in it, a reason, and both are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.amending import amended, may_be_amended
from bot.core.case import Answer, Task, case_of
from bot.core.course import Course
from bot.core.errors import Settled
from bot.core.forms import form_part
from bot.core.guard import noted
from bot.core.kinds import CardKind, FieldKind
from bot.core.messages import Form, FormField, Notice, TaskCard
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import answering
from bot.core.replies import Command, Filled, Pressed
from bot.core.stops import facts_set
from bot.ports import Reading, Transaction
from bot.service import sharing
from bot.service.answer import Given, Taken, answer_detail, gate_open, known_before, taken_words
from bot.service.erasing import require_kept
from bot.service.facts import news_of
from bot.service.forms import outcomes_of
from bot.service.lines import label_of, line
from bot.service.looking import code_in, only_own
from bot.service.practice import Practice, keep
from bot.service.second import tell_of_second

#: The field for the reason, beside those of the item itself.
BECAUSE = "because"
#: What is said where it is left out.
WHY = "Please say why; it stays in the case's history."


def amend_asked(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> TaskCard:
    """Show the answers of a case that a person may correct: `amend K7Q2`."""
    return _answers(practice, reading, clinic, person, code_in(command.words[1:], "amend").upper())


def answers_to_amend(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> TaskCard:
    """Show the same for the button that stands on a case."""
    return _answers(practice, reading, clinic, person, case_of(pressed.tasks[0]))


def _answers(practice: Practice, reading: Reading, clinic: Clinic, person: Person, code: str) -> TaskCard:
    now, course = practice.clock.now(), practice.course(reading, code)
    only_own(clinic, course.case)
    mine = [t for t in course.tasks if may_be_amended(course, t) and _may(person, course, t)]
    mine.sort(key=lambda task: (task.answer.at if task.answer else now, task.step), reverse=True)
    lines = tuple(
        replace(line(course, task, clinic, now, number=n, mixed=False), buttons=(_correct(task),))
        for n, task in enumerate(mine, start=1)
    )
    heading = f"Correct an answer · {code}"
    words = wording.count(len(mine), "answer") if mine else "no answer that is yours to correct"
    return TaskCard(kind=CardKind.WORKLIST, heading=heading, text=f"{heading}: {words}.", lines=lines)


def _correct(task: Task) -> Button:
    return Button(action=Action.AMEND, label="Correct", tasks=(task.key,), revision=task.asking)


def _may(person: Person, course: Course, task: Task) -> bool:
    mine = task.answer is not None and task.answer.by == person.id
    return mine or person.may(course.step(task).role, Role.PHYSICIAN)


def amend_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> Form:
    """Return the form of an answered item with the earlier answer in it, and the question why."""
    task, now = reading.task(pressed.tasks[0]), practice.clock.now()
    require_kept(reading, task.case)
    course = practice.course(reading, task.case)
    _role(person, course, task, clinic, now)
    earlier = wording.answer_words(_standing(course, task, pressed.revision), clinic, now)
    because = FormField(
        name=BECAUSE,
        label="Why is it corrected?",
        kind=FieldKind.TEXT,
        help=f"So far: {earlier}. That stays in the case's history.",
    )
    part = form_part(course, task, now=now)
    return Form(
        heading=f"Correct: {part.title}",
        label=label_of(course, task, clinic),
        parts=(replace(part, fields=(*part.fields, because)),),
        action=Action.AMEND,
        outcomes=outcomes_of(course.step(task)),
        submit="Correct it",
    )


def _standing(course: Course, task: Task, asking: int) -> Answer:
    title = course.step(task).title
    if task.answer is None or not may_be_amended(course, task):
        raise Settled(f"{title} has no answer that can be corrected; nothing was changed.")
    if asking not in (0, task.asking):
        raise Settled(f"{title} has changed since you opened it; nothing was changed. Please look again.")
    return task.answer


def _role(person: Person, course: Course, task: Task, clinic: Clinic, now: datetime) -> Role:
    step = course.step(task)
    if task.answer is not None and task.answer.by == person.id and person.may(task.answer.role):
        return task.answer.role
    return answering(person, step.role, step.title, clinic, now)


def reason_of(filled: Filled) -> tuple[str, Filled]:
    """Return why an answer is corrected, "" where nobody says, and the form without it."""
    key, raw = next(iter(filled.entries.items()))
    reason = noted(str(raw.get(BECAUSE, ""))) or noted(filled.note)
    asked = {name: text for name, text in raw.items() if name != BECAUSE}
    return reason, replace(filled, entries={key: asked})


def amend(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: Person,
    given: Given,
    reason: str,
    *,
    gates: bool = True,
) -> Notice:
    """Take an answer in the place of the one that stands, judge the item anew, and keep both; `gates` as for
    an answer.
    """
    now, task = practice.clock.now(), tx.task(given.task)
    require_kept(tx, task.case)
    before = practice.course(tx, task.case)
    earlier = _standing(before, task, given.asking)
    role = _role(person, before, task, clinic, now)
    if gates:
        gate_open(tx, before, task, given)
    answer = Answer(
        by=person.id,
        role=role,
        at=now,
        outcome=given.outcome,
        values=dict(given.values or {}),
        note=given.note,
        caught=given.caught,
        amends=earlier.at,
    )
    known = known_before(tx.history(task.case), before, task)
    after = amended(before, task, answer, known, now=now)
    news = news_of(before, after)
    tx.answered(task.key, answer)
    detail = answer_detail(before, task, answer, news) | {"reason": reason, "first": earlier.at.isoformat()}
    told_again = facts_set(before.step(task), answer.values)
    detail |= {"was": {**detail.get("was", {}), **{f: v for f, v in known.items() if f in told_again}}}
    keep(practice, tx, before, after, Entry(kind="amended", at=now, by=person.id, detail=detail), also=[task])
    return _echo(practice, tx, clinic, after, task, answer, news)


def _echo(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    after: Course,
    task: Task,
    answer: Answer,
    news: tuple[str, ...],
) -> Notice:
    kept, step = after.task(task.step, task.session, task.occurrence) or task, after.step(task)
    if step.shared:
        # what was true of the room is so for everybody who is treated in it
        sharing.taken_back(practice, tx, clinic, task)
        sharing.pass_on(practice, tx, clinic, after, kept)
    news += tell_of_second(practice, tx, after, kept)
    verdict = after.verdict(kept)
    said = wording.outcome_words(answer)
    words = taken_words(
        [Taken(task=kept, course=after, title=step.title, verdict=verdict, news=news, said=said)]
    )
    text = "\n".join((*words, "Corrected. The first answer stays in the case's history."))
    return Notice(text=text, tone="bad" if verdict.stops else "good")
