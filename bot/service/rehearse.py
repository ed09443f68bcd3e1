"""Rehearse: a booking and a script played through the real service on a virtual clock, with every message
written down.

Rehearsal has invented staff, every role and a second physician, always on duty.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.core import script as lines
from bot.core.case import Choice, Moment, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import NotFound
from bot.core.forms import usual_values
from bot.core.people import Clinic, Person, Role
from bot.core.plan import arrival
from bot.core.playbook import Level
from bot.core.readiness import Gate, Readiness, readiness
from bot.core.times import Calendar
from bot.ports import Clock, Transaction
from bot.service import cases
from bot.service.answer import Given, decide, give
from bot.service.deliver import deliver
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.service.transcript import PLATFORM, Transcript

CLINIC = "rehearsal"
#: What comes next in a rehearsal: when, the order within that moment, and the task or real moment.
Coming = tuple[datetime, tuple[int, str, int, int], Task | tuple[int, Moment]]
_STAFF = (
    ("desk", "Fran Desk", (Role.FRONT_DESK,)),
    ("nurse", "Nia Nurse", (Role.NURSE,)),
    ("operator", "Ola Operator", (Role.OPERATOR,)),
    ("physician", "Dr Pim", (Role.PHYSICIAN, Role.MEDICAL_DIRECTOR)),
    ("physician2", "Dr Pia", (Role.PHYSICIAN,)),
    ("manager", "Mo Manager", (Role.MANAGER,)),
)


class Advancing(Clock, Protocol):
    """A clock that can be moved on."""

    def advance(self, to: datetime) -> None:
        """Move on to a moment; an earlier one changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What a rehearsal came to."""

    course: Course
    transcript: tuple[str, ...]
    gates: tuple[tuple[Session, Readiness], ...]


def rehearsal_clinic(calendar: Calendar) -> Clinic:
    """Return the invented clinic: every role and a second physician, always on duty."""
    people = {
        id: Person(id=id, name=name, roles=frozenset(roles), accounts={PLATFORM: id})
        for id, name, roles in _STAFF
    }
    duty = {role: tuple(id for id, _, roles in _STAFF if role in roles) for role in Role}
    return Clinic(
        id=CLINIC,
        title="Rehearsal",
        calendar=calendar,
        people=people,
        roster=dict.fromkeys(range(7), duty),
        on_call=duty,
    )


class Rehearsal:
    """A case being played: each line of the script moves the clock and does what it says."""

    def __init__(self, practice: Practice, clock: Advancing, chat: Transcript) -> None:
        self._practice = practice
        self._clock = clock
        self._chat = chat
        self._code = ""

    def play(self, script: lines.Script) -> Played:
        """Open the case, play every line and say what it came to."""
        with self._practice.store.writing() as tx:
            course = cases.open_case(self._practice, tx, script.booking, clinic=CLINIC, by="desk")
        self._code = course.case.code
        for line in script.lines:
            self._line(line)
        course = self._course()
        gates = tuple(
            (session, readiness(gate, course, session)) for session in course.case.sessions for gate in Gate
        )
        return Played(course=course, transcript=tuple(self._chat.lines), gates=gates)

    def _course(self) -> Course:
        with self._practice.store.reading() as reading:
            return self._practice.course(reading, self._code)

    def _line(self, line: lines.ScriptLine) -> None:
        match line:
            case lines.AnswerWhenDue():
                self._answer_up_to(line.until)
            case lines.Nothing():
                self._pass(line.until)
            case _:
                self._pass(line.at)
                self._act(line)
                self._speak()

    def _act(self, line: lines.ScriptLine) -> None:
        with self._practice.store.writing() as tx:
            for said in self._done(tx, line):
                self._chat.note(said)

    def _done(self, tx: Transaction, line: lines.ScriptLine) -> Iterator[str]:
        practice, code = self._practice, self._code
        match line:
            case lines.Answer():
                yield self._answer(tx, line)
            case lines.Decide():
                task = self._named(practice.course(tx, code), line.task, line.session, line.occurrence)
                decide(practice, tx, self._physician(), task.key, line.choice, line.reason)
                yield f"{task.step}: {line.choice.value}"
            case lines.SetFact():
                yield f"fact {line.fact}: {line.value}"
                yield from cases.set_facts(practice, tx, code, {line.fact: line.value}, by="nurse")
            case lines.Move():
                yield from cases.move(practice, tx, code, line.start, by="desk", session=line.session)
            case lines.Cancel():
                reason = line.reason or "cancelled"
                cases.cancel(practice, tx, code, by="desk", reason=reason, session=line.session)
                yield f"cancelled: {reason}"
            case lines.Event():
                cases.report_event(practice, tx, code, line.urgency, by="nurse", session=line.session)
                yield f"event: {line.urgency}"
            case lines.Mark():
                case = tx.case(code)
                number = line.session or case.next_session(self._clock.now()).number
                cases.mark(practice, tx, code, number, line.moment, by="operator", gates=False)
                yield line.moment.value

    def _answer(self, tx: Transaction, line: lines.Answer) -> str:
        course = self._practice.course(tx, self._code)
        task = self._named(course, line.task, line.session, line.occurrence)
        values = usual_values(course, task) | dict(line.values)
        given = Given(task=task.key, outcome=line.outcome, values=values, note=line.note)
        give(self._practice, tx, self._clinic(), self._person(course, task), given, gates=False)
        return f"{task.step}: {line.outcome.value}"

    def _named(self, course: Course, step: str, session: int | None, occurrence: int) -> Task:
        course.playbook.step(step)
        numbers = [session] if session is not None else [s.number for s in course.case.sessions]
        found = [course.task(step, number, occurrence) for number in numbers]
        known = [task for task in found if task is not None]
        waiting = [t for t in known if t.status in (TaskStatus.OPEN, TaskStatus.BLOCKED)]
        for task in (*waiting, *known):
            return task
        raise NotFound(f"task in {self._code} for", step, sorted({task.step for task in course.tasks}))

    def _answer_up_to(self, until: datetime) -> None:
        while True:
            course = self._course()
            coming = min([*_moments(course), *_waiting(course)], key=lambda each: each[:2], default=None)
            if coming is None or coming[0] > until:
                break
            at, _, press = coming
            self._pass(at)
            if isinstance(press, Task):
                self._answer_normally(press.key)
            else:
                self._press(*press)
        self._pass(until)

    def _press(self, session: int, moment: Moment) -> None:
        with self._practice.store.writing() as tx:
            cases.mark(self._practice, tx, self._code, session, moment, by="operator", gates=False)
        self._chat.note(moment.value)
        self._speak()

    def _answer_normally(self, key: str) -> None:
        with self._practice.store.writing() as tx:
            task = tx.task(key)
            course = self._practice.course(tx, task.case)
            if task.status is TaskStatus.OPEN:
                given = Given(task=key, values=usual_values(course, task))
                person = self._person(course, task)
                task = give(self._practice, tx, self._clinic(), person, given, gates=False).task
                self._chat.note(f"{task.step}: confirmed by {person.name}")
            course = self._practice.course(tx, task.case)
            if _stopped_by_facts(course, tx.task(key)):
                decide(self._practice, tx, self._physician(), key, Choice.PROCEED, "as usual")
                self._chat.note(f"{task.step}: proceed, by {self._physician().name}")
        self._speak()

    def _pass(self, until: datetime) -> None:
        while True:
            with self._practice.store.reading() as reading:
                moment = reading.next_moment()
            if moment is None or moment > until:
                break
            self._clock.advance(moment)
            if not self._speak():
                break
        self._clock.advance(until)

    def _speak(self) -> int:
        asked = tick(self._practice)
        return asked + asyncio.run(_delivered(self._practice, self._chat))

    def _clinic(self) -> Clinic:
        return self._practice.clinics[CLINIC]

    def _person(self, course: Course, task: Task) -> Person:
        role = course.step(task).role
        return next(p for p in self._clinic().people.values() if role in p.roles)

    def _physician(self) -> Person:
        return self._clinic().people["physician"]


def _waiting(course: Course) -> Iterator[Coming]:
    for task in course.tasks:
        if task.status is TaskStatus.OPEN or _stopped_by_facts(course, task):
            yield task.due, (1, task.step, task.session, task.occurrence), task


def _moments(course: Course) -> Iterator[Coming]:
    for session in course.case.sessions:
        if session.cancelled:
            continue
        if session.arrived is None:
            yield arrival(course.case, session), (0, "", session.number, 0), (session.number, Moment.ARRIVED)
        elif session.started is None:
            yield session.start, (0, "", session.number, 0), (session.number, Moment.STARTED)
        elif session.finished is None:
            yield session.end, (0, "", session.number, 0), (session.number, Moment.FINISHED)


def _stopped_by_facts(course: Course, task: Task) -> bool:
    verdict = course.verdict(task)
    if task.status is not TaskStatus.BLOCKED or task.answer is None or verdict.level is not Level.MD:
        return False
    if task.decision is not None and task.decision.choice is Choice.POSTPONE:
        return False
    usual = replace(task.answer, values=usual_values(course, task))
    return course.verdict(replace(task, answer=usual)).reasons == verdict.reasons


async def _delivered(practice: Practice, chat: Transcript) -> int:
    async def here(function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    total = 0
    while sent := await deliver(practice, {PLATFORM: chat}, here):
        total += sent
    return total
