"""Contradictions: facts are said, taken back and settled; the physician's item that settles is asked once.

The newest value is the case's fact and follows at once; `bot.core.said` keeps the others beside it. The item
is asked unless an open step of the physician's own asks for the same fact: its form shows what was said
before, so that its answer settles. Facts that change with time (`changes: yes`) are never disputed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.case import Answer, Case, Task, TaskStatus
from bot.core.conditions import Value, Values, shown
from bot.core.course import Course
from bot.core.facts import DERIVED, Fact
from bot.core.lifecycle import Change, turned
from bot.core.people import Clinic, Role
from bot.core.playbook import settling
from bot.core.said import BOOKING, COMMAND, Said


def told(case: Case, facts: Values, word: Said, declared: Mapping[str, Fact]) -> Case:
    """Return the case with these facts, and with who said so; `word` is filled with each value."""
    if not facts:
        return case
    said = dict(case.said)
    for name, value in facts.items():
        if name in declared and not declared[name].changes and name not in DERIVED:
            said[name] = (*said.get(name, ()), replace(word, value=value))
    return replace(case, facts={**case.facts, **facts}, said=said)


def untold(case: Case, where: str, answer: Answer) -> Case:
    """Return the case as if that answer had not been given; a fact of which nobody else spoke stays."""
    said, facts = dict(case.said), dict(case.facts)
    for name, its in case.said.items():
        mine = [each for each in its if (each.where, each.by, each.at) == (where, answer.by, answer.at)]
        if mine:
            last = max(at for at, each in enumerate(its) if each == mine[-1])
            said[name] = left = its[:last] + its[last + 1 :]
            facts[name] = left[-1].value if left else facts[name]
    return replace(case, said=said, facts=facts)


def settled_anew(course: Course, *, now: datetime) -> Iterator[Task]:
    """Yield the items by which a physician settles a fact: new ones, and none for what is settled."""
    asked: set[str] = set()
    for task in course.tasks:
        fact = course.step(task).settles
        if not (fact and task.waits):
            continue
        if fact not in asked and _to_settle(course, fact):
            asked.add(fact)
        else:
            # nobody is asked any more, and the next contradiction is another item
            yield turned(task, Change.LEFT, now=now)
    for fact in course.case.disputed:
        its = [task for task in course.tasks if course.step(task).settles == fact]
        if _to_settle(course, fact) and not any(task.waits for task in its):
            step, session = settling(course.playbook.facts[fact]), course.case.next_session(now)
            yield course.planned(step, session, floor=now, anchored=now, occurrence=len(its) + 1)


def _to_settle(course: Course, fact: str) -> bool:
    open_case = course.case.cancelled is None and fact in course.case.disputed
    return open_case and not any(_asks(course, task, fact) for task in course.tasks)


def _asks(course: Course, task: Task, fact: str) -> bool:
    step, said = course.step(task), {each.value for each in course.case.disputed[fact]}
    # a form on which one of the answers cannot be given settles nothing
    asks = any(
        field.sets.get(fact) == {} and (not field.choices or said <= {*field.choices}) for field in step.ask
    )
    return asks and task.status is TaskStatus.OPEN and step.role is Role.PHYSICIAN and not step.own


def news(before: Course, after: Course) -> Iterator[str]:
    """Say which facts are disputed now and were not, and which are settled."""
    for fact, its in after.case.disputed.items():
        if before.case.disputed.get(fact, ()) != its:
            values = " and ".join(dict.fromkeys(shown(each.value) for each in its))
            yield (
                f"{_title(after, fact)}: {values} were both said. "
                "What either asks for stays, and the physician is asked to settle it."
            )
    for fact in before.case.disputed:
        if fact not in after.case.disputed:
            yield f"{_title(after, fact)}: settled, {shown(after.case.facts.get(fact))}."


def choices(course: Course, fact: str) -> Mapping[str, Value]:
    """Return the values between which a physician settles, each under a word that says nothing of a patient,
    and that is another one as soon as more was said.
    """
    values = dict.fromkeys(each.value for each in course.case.disputed.get(fact, ()))
    return {f"{len(course.case.said[fact])}.{number}": value for number, value in enumerate(values, start=1)}


def who_said_what(course: Course, fact: str, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Return what stands of a fact, as "yes: Jo Park, Medical history, Tue 12 Jan 15:02"."""
    return tuple(
        ", ".join(filter(None, (f"{shown(each.value)}: {_by(each, clinic)}", _where(course, each), at)))
        for each in course.case.disputed.get(fact, ())
        for at in [wording.when(each.at, now, course.calendar)]
    )


def contradictions(course: Course, clinic: Clinic, now: datetime) -> tuple[str, ...]:
    """Say of each disputed fact who said what, when and where."""
    return tuple(
        f"{_title(course, fact)} is not settled. {'; '.join(who_said_what(course, fact, clinic, now))}."
        for fact in course.case.disputed
    )


def _title(course: Course, fact: str) -> str:
    return course.playbook.facts[fact].title


def _by(said: Said, clinic: Clinic) -> str:
    return wording.person_name(clinic, said.by) if said.by else "when it was booked"


def _where(course: Course, said: Said) -> str:
    return "" if said.where in (BOOKING, COMMAND) else course.playbook.step(said.where).title
