"""Complications: reported with their urgency in one line, or by a form with the red flags of the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action
from bot.core.case import Answer, Outcome, Task
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.forms import form_part, read_values
from bot.core.kinds import Phase
from bot.core.messages import Form, Notice
from bot.core.people import Clinic, Person
from bot.core.playbook import Step
from bot.core.replies import Command, Filled
from bot.core.watch import day_number, says_urgency, second_thought
from bot.ports import Reading, Transaction
from bot.service import cases
from bot.service.looking import only_own, which
from bot.service.practice import Practice


def event_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form | None:
    """Return the form for a complication of which only the case is named; `None` where more was said."""
    return report_form(practice, reading, clinic, command.words[1]) if len(command.words) == 2 else None


def report_form(practice: Practice, reading: Reading, clinic: Clinic, named: str) -> Form | None:
    """Return the form for a complication of `K7Q2` or `K7Q2/2`; `None` where nothing would be asked then."""
    code, number = which(named)
    course = practice.course(reading, code)
    only_own(clinic, course.case)
    now = practice.clock.now()
    task = _first_call(course, number, now)
    if task is None:
        return None
    part = form_part(course, task, now=now)
    asked = {each.name for each in _asks(course.step(task)).ask}
    session = course.case.session(task.session)
    return Form(
        heading=_heading(course, task, now),
        label=wording.label(course.case, session, course.playbook, clinic.calendar),
        parts=(
            replace(
                part,
                task=f"{code}:{task.session}",
                revision=0,
                title="What is it?",
                fields=tuple(each for each in part.fields if each.name in asked),
            ),
        ),
        action=Action.REPORT,
        submit="Report it now",
    )


def take_report(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take the form of a complication: its urgency is a person's choice, the signs only speak for one."""
    key, raw = next(iter(filled.entries.items()))
    code, number = which(key.replace(":", "/"))
    course = practice.course(tx, code)
    now = practice.clock.now()
    task = _first_call(course, number, now)
    if task is None:
        raise Refused(f"Nothing is asked after a complication here. Write `event {code} urgent`.")
    step = _asks(course.step(task))
    values = read_values(step, raw, clinic=clinic, now=now)
    urgency = next(str(values[each.name]) for each in step.ask if says_urgency(each))
    signs = [sign for value in values.values() if isinstance(value, tuple) for sign in value]
    answer = Answer(by=person.id, role=step.role, at=now, outcome=Outcome.CONFIRMED, values=values)
    doubt = second_thought(course, replace(task, answer=answer), now)
    notice = report(practice, tx, person, code, urgency, session=number, signs=signs)
    return replace(notice, text=" ".join(filter(None, [notice.text, doubt])))


def report(
    practice: Practice,
    tx: Transaction,
    person: Person,
    code: str,
    urgency: str,
    *,
    session: int | None = None,
    signs: Sequence[str] = (),
) -> Notice:
    """Report a complication, and say on which day after the procedure it is."""
    course = cases.report_event(
        practice, tx, code, urgency, by=person.id, session=session, signs=tuple(signs)
    )
    now = practice.clock.now()
    new = next((task for task in course.tasks if task.anchored == now), None)
    day = day_number(course, new, now) if new else -1
    on_day = f" on day {day}" if day >= 0 else ""
    call = " Emergency: send the patient to hospital now, do not wait." if urgency == "emergency" else ""
    text = f"{code}: complication reported{on_day}, {urgency}. The team is asked now.{call}"
    return Notice(text=text, tone="bad")


def _first_call(course: Course, number: int | None, now: datetime) -> Task | None:
    """Return the item that would ask how urgent it is, had it been reported now."""
    session = course.case.session(number or cases.last_started(course, now))
    steps = (each for each in course.playbook.steps if each.phase is Phase.EVENT and _asks(each).ask)
    return next((course.planned(each, session, floor=now, anchored=now) for each in steps), None)


def _asks(step: Step) -> Step:
    """Return the step with what a report needs of it: the signs, and how urgent somebody says it is."""
    if not any(says_urgency(each) for each in step.ask):
        return replace(step, ask=())
    return replace(step, ask=tuple(each for each in step.ask if each.signs or says_urgency(each)))


def _heading(course: Course, task: Task, now: datetime) -> str:
    day = day_number(course, task, now)
    return f"Complication on day {day}" if day >= 0 else "Complication"
