"""Rehearse: a booking and a script played through the real service on a virtual clock, with every message
written down.

Rehearsal has invented staff, every role and a second physician, always on duty.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.core import script as lines
from bot.core.case import Choice, Moment, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import NotFound
from bot.core.people import Clinic, Person, Role
from bot.core.plan import arrival
from bot.core.playbook import Level
from bot.core.readiness import Gate, Readiness, readiness
from bot.core.times import Calendar
from bot.core.usual import usual_values
from bot.ports import Chat, Clock, Transaction
from bot.service import cases
from bot.service.answer import Given, decide, give
from bot.service.deliver import delivered
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.service.transcript import PLATFORM, Transcript

CLINIC = "rehearsal"
#: Where a player says what was done.
Note = Callable[[str], None]
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


class Player:
    """One case being played: it says when it wants to act next, and acts when its moment has come."""

    def __init__(self, practice: Practice, clinic: Clinic, note: Note, code: str | None = None) -> None:
        self._practice = practice
        self._clinic = clinic
        self._note = note
        self._code = code or ""

    @property
    def code(self) -> str:
        """Return the code of the case, once it is opened."""
        return self._code

    def moments(self, script: lines.Script) -> Iterator[datetime]:
        """Yield each moment at which something is to be done; asking for the next one does it."""
        yield script.booking.opened
        with self._practice.store.writing() as tx:
            opened = cases.open_case(
                self._practice, tx, script.booking, clinic=self._clinic.id, by="desk", code=self._code or None
            )
        self._code = opened.case.code
        for line in script.lines:
            if isinstance(line, lines.AnswerWhenDue):
                yield from self._answer_up_to(line.until)
            elif isinstance(line, lines.Nothing):
                yield line.until
            else:
                yield line.at
                self._act(line)

    def course(self) -> Course:
        """Return the case as it stands."""
        with self._practice.store.reading() as reading:
            return self._practice.course(reading, self._code)

    def _act(self, line: lines.ScriptLine) -> None:
        with self._practice.store.writing() as tx:
            for said in self._done(tx, line):
                self._note(said)

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
                yield from cases.set_facts(
                    practice, tx, code, {line.fact: line.value}, by=self._by(Role.NURSE)
                )
            case lines.Move():
                desk = self._by(Role.FRONT_DESK)
                yield from cases.move(practice, tx, code, line.start, by=desk, session=line.session)
            case lines.Cancel():
                reason = line.reason or "cancelled"
                desk = self._by(Role.FRONT_DESK)
                cases.cancel(practice, tx, code, by=desk, reason=reason, session=line.session)
                yield f"cancelled: {reason}"
            case lines.Event():
                nurse = self._by(Role.NURSE)
                cases.report_event(practice, tx, code, line.urgency, by=nurse, session=line.session)
                yield f"event: {line.urgency}"
            case lines.Mark():
                number = line.session or tx.case(code).next_session(practice.clock.now()).number
                self._mark(tx, number, line.moment)
                yield line.moment.value

    def _answer(self, tx: Transaction, line: lines.Answer) -> str:
        course = self._practice.course(tx, self._code)
        task = self._named(course, line.task, line.session, line.occurrence)
        said = usual_values(course, task) | dict(line.values)
        values = {name: value for name, value in said.items() if value is not None}
        given = Given(task=task.key, outcome=line.outcome, values=values, note=line.note)
        give(self._practice, tx, self._clinic, self._person(course, task), given, gates=False)
        return f"{task.step}: {line.outcome.value}"

    def _mark(self, tx: Transaction, session: int, moment: Moment) -> None:
        by = self._by(Role.FRONT_DESK if moment is Moment.ARRIVED else Role.OPERATOR)
        cases.mark(self._practice, tx, self._code, session, moment, by=by, gates=False)

    def _named(self, course: Course, step: str, session: int | None, occurrence: int) -> Task:
        course.playbook.step(step)
        numbers = [session] if session is not None else [s.number for s in course.case.sessions]
        found = [course.task(step, number, occurrence) for number in numbers]
        known = [task for task in found if task is not None]
        waiting = [t for t in known if t.status in (TaskStatus.OPEN, TaskStatus.BLOCKED)]
        for task in (*waiting, *known):
            return task
        raise NotFound(f"task in {self._code} for", step, sorted({task.step for task in course.tasks}))

    def _answer_up_to(self, until: datetime) -> Iterator[datetime]:
        while True:
            course = self.course()
            coming = min([*_moments(course), *_waiting(course)], key=lambda each: each[:2], default=None)
            if coming is None or coming[0] > until:
                break
            at, _, what = coming
            yield at
            if isinstance(what, Task):
                self._answer_normally(what.key)
            else:
                with self._practice.store.writing() as tx:
                    self._mark(tx, *what)
                self._note(what[1].value)
        yield until

    def _answer_normally(self, key: str) -> None:
        with self._practice.store.writing() as tx:
            task = tx.task(key)
            course = self._practice.course(tx, task.case)
            if task.status is TaskStatus.OPEN:
                given = Given(task=key, values=usual_values(course, task))
                person = self._person(course, task)
                give(self._practice, tx, self._clinic, person, given, gates=False)
                self._note(f"{task.step}: confirmed by {person.name}")
            course = self._practice.course(tx, task.case)
            if _stopped_by_facts(course, tx.task(key)):
                decide(self._practice, tx, self._physician(), key, Choice.PROCEED, "as usual")
                self._note(f"{task.step}: proceed, by {self._physician().name}")

    def _person(self, course: Course, task: Task) -> Person:
        return self._clinic.person(self._by(course.step(task).role))

    def _physician(self) -> Person:
        return self._clinic.person(self._by(Role.PHYSICIAN))

    def _by(self, role: Role) -> str:
        now = self._practice.clock.now()
        found = self._clinic.asked(role, self._clinic.calendar.day(now))
        if found is None:
            raise NotFound("person with the role", role.value, [])
        return found


def play(practice: Practice, clock: Advancing, scripts: Mapping[Player, lines.Script], chat: Chat) -> None:
    """Play several cases side by side on one clock; what falls due on the way is asked."""
    acting = {player: player.moments(script) for player, script in scripts.items()}
    coming = {player: moment for player, moments in acting.items() if (moment := next(moments, None))}
    while coming:
        player = min(coming, key=lambda each: coming[each])
        _pass(practice, clock, coming.pop(player), chat)
        moment = next(acting[player], None)
        if tick(practice):
            _deliver(practice, chat)
        if moment is not None:
            coming[player] = moment
    _deliver(practice, chat)


def rehearse(practice: Practice, clock: Advancing, script: lines.Script) -> Played:
    """Play one case and say what it came to."""
    clinic = practice.clinics[CLINIC]
    chat = Transcript(clock, clinic.calendar)
    player = Player(practice, clinic, chat.note)
    play(practice, clock, {player: script}, chat)
    course = player.course()
    gates = tuple(
        (session, readiness(gate, course, session)) for session in course.case.sessions for gate in Gate
    )
    return Played(course=course, transcript=tuple(chat.lines), gates=gates)


def _pass(practice: Practice, clock: Advancing, until: datetime, chat: Chat) -> None:
    while True:
        with practice.store.reading() as reading:
            moment = reading.next_prompt()
        if moment is None or moment > until:
            break
        clock.advance(moment)
        asked = tick(practice)
        _deliver(practice, chat)
        if not asked:
            break
    clock.advance(until)


def _deliver(practice: Practice, chat: Chat) -> None:
    # edits wait for the next message: only what somebody is told makes a transcript
    asyncio.run(delivered(practice, {chat.platform: chat}, _here))


async def _here(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


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
