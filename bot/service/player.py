"""The player: a case played by a script; it says when it wants to act, and acts when that has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.core import script as lines
from bot.core import wording
from bot.core.case import WITHOUT_ANSWERS, Choice, Moment, Task, TaskStatus
from bot.core.course import Course
from bot.core.errors import NotFound, Refused, Settled
from bot.core.kinds import Level
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import NEW_DATE
from bot.core.second import awaits_second, gave_first
from bot.core.usual import usual_values, usual_with
from bot.ports import Transaction
from bot.service import cases
from bot.service.amending import amend
from bot.service.answer import Given, decide, give, undo
from bot.service.facts import set_facts
from bot.service.practice import Practice
from bot.service.sessions import add_session

#: Where a player says what was done.
Note = Callable[[str], None]
#: What comes next in a rehearsal: when, the order within that moment, and the task or real moment.
Coming = tuple[datetime, tuple[int, str, int, int], Task | tuple[int, Moment]]


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
        try:
            with self._practice.store.writing() as tx:
                for said in self._done(tx, line):
                    self._note(said)
        except Settled as settled:
            # answered or closed before: a person would be told so and go on, and so does the rehearsal
            self._note(f"refused: {settled}")
        except Refused as refusal:
            at = wording.moment(lines.moment_of(line), self._clinic.calendar)
            raise Refused(f"The line at {at} cannot be played. {refusal}") from refusal

    def _done(self, tx: Transaction, line: lines.ScriptLine) -> Iterator[str]:
        practice, code = self._practice, self._code
        match line:
            case lines.Answer():
                yield self._answer(tx, line)
            case lines.Amend():
                yield self._amend(tx, line)
            case lines.Decide():
                task = self._named(practice.course(tx, code), line)
                decide(practice, tx, self.physician(), task.key, line.choice, line.reason, gates=False)
                yield f"{task.step}: {line.choice.value}"
            case lines.Undo():
                yield self._undo(tx, line)
            case lines.SetFact():
                yield f"fact {line.fact}: {line.value}"
                by = self._of_the_cast(line.by, Role.PHYSICIAN)
                yield from set_facts(practice, tx, code, {line.fact: line.value}, by=by)
            case lines.Move():
                desk = self._by(Role.FRONT_DESK)
                yield from cases.move(practice, tx, code, line.start, by=desk, session=line.session)
            case lines.AddSession():
                yield from add_session(practice, tx, code, line.start, by=self._by(Role.FRONT_DESK))
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
        task = self._named(course, line)
        said = usual_with(course, task, line.values)
        values = {name: value for name, value in said.items() if value is not None}
        given = Given(task=task.key, outcome=line.outcome, values=values, note=line.note)
        by = self._of_the_cast(line.by, course.step(task).role)
        task = give(self._practice, tx, self._clinic, by, given, gates=False).task
        if not line.by:
            self._checked(tx, task, given)
        return f"{task.step}: {line.outcome.value}"

    def _amend(self, tx: Transaction, line: lines.Amend) -> str:
        course = self._practice.course(tx, self._code)
        task = self._named(course, line)
        values = {name: v for name, v in usual_with(course, task, line.values).items() if v is not None}
        given = Given(task=task.key, outcome=line.outcome, values=values, note=line.note)
        by = self._of_the_cast(line.by, course.step(task).role)
        amend(self._practice, tx, self._clinic, by, given, line.note or "amended", gates=False)
        return f"{task.step}: amended, {line.outcome.value}"

    def _undo(self, tx: Transaction, line: lines.Undo) -> str:
        course = self._practice.course(tx, self._code)
        task = self._named(course, line)
        given = task.answer or task.first
        by = self._clinic.person(given.by) if given else self._person(course, task)
        undo(self._practice, tx, by, task.key)
        return f"{task.step}: taken back"

    def _mark(self, tx: Transaction, session: int, moment: Moment, at: datetime | None = None) -> None:
        by = self._by(Role.FRONT_DESK if moment is Moment.ARRIVED else Role.OPERATOR)
        cases.mark(self._practice, tx, self._code, session, moment, by=by, gates=False, at=at)

    def _named(self, course: Course, line: lines.Answer | lines.Amend | lines.Decide | lines.Undo) -> Task:
        course.playbook.step(line.task)
        numbers = [line.session] if line.session else [each.number for each in course.case.sessions]
        found = [course.task(line.task, number, line.occurrence) for number in numbers]
        known = [task for task in found if task is not None]
        fitting = TaskStatus.DONE if isinstance(line, lines.Undo | lines.Amend) else TaskStatus.OPEN
        likely = [task for task in known if task.status in (fitting, TaskStatus.BLOCKED)]
        for task in (*likely, *known):
            return task
        raise NotFound(f"task in {self._code} for", line.task, sorted({task.step for task in course.tasks}))

    def _answer_up_to(self, until: datetime) -> Iterator[datetime]:
        while True:
            course = self.course()
            coming = min([*_moments(course), *_waiting(course)], key=lambda each: each[:2], default=None)
            if coming is None or coming[0] > until:
                break
            at, _, what = coming
            yield at
            if isinstance(what, Task):
                self.answer_normally(what.key)
            else:
                self.press(*what, at=at)
        yield until

    def press(self, session: int, moment: Moment, at: datetime | None = None) -> None:
        """Press a real moment, whatever is still open; it was `at` its planned time, or now."""
        with self._practice.store.writing() as tx:
            self._mark(tx, session, moment, at)
        self._note(moment.value)

    def answer_normally(self, key: str, *, by: str = "") -> None:
        """Answer a task as the contract of rehearsals says, stops from facts included; `by` says who, if they
        may.
        """
        with self._practice.store.writing() as tx:
            task = tx.task(key)
            if task.status is TaskStatus.OPEN:
                course = self._practice.course(tx, task.case)
                given = Given(task=key, values=usual_values(course, task))
                asked = self._clinic.people.get(by)
                may = asked is not None and asked.may(course.step(task).role)
                person = asked if asked and may else self._person(course, task)
                task = give(self._practice, tx, self._clinic, person, given, gates=False).task
                task = self._checked(tx, task, given)
                self._note(f"{task.step}: confirmed by {person.name}")
            blocked = task.status is TaskStatus.BLOCKED
            if blocked and _stopped_by_facts(self._practice.course(tx, task.case), tx.task(key)):
                decide(self._practice, tx, self.physician(), key, Choice.PROCEED, "as usual", gates=False)
                self._note(f"{task.step}: proceed, by {self.physician().name}")

    def _checked(self, tx: Transaction, task: Task, given: Given) -> Task:
        """Let a second person give the same answer where two are asked."""
        if not awaits_second(task):
            return task
        role = self._practice.course(tx, task.case).step(task).role
        people = sorted(self._clinic.people.values(), key=lambda each: not each.may(role))
        able = (each for each in people if each.may(role, Role.PHYSICIAN) and not gave_first(task, each.id))
        second = next(able, None)
        if second is None:
            raise NotFound("second person with the role", role.value, [])
        return give(self._practice, tx, self._clinic, second, given, gates=False).task

    def _person(self, course: Course, task: Task) -> Person:
        return self._clinic.person(self._by(course.step(task).role))

    def _of_the_cast(self, named: str, role: Role) -> Person:
        # in a clinic of its own staff a name of the cast stands for whoever has that role
        known = self._clinic.people.get(named)
        return known or self._clinic.person(self._by(lines.CAST.get(named, role)))

    def physician(self) -> Person:
        """Return who decides on stops."""
        return self._clinic.person(self._by(Role.PHYSICIAN))

    def _by(self, role: Role) -> str:
        # a story has somebody for everything, whoever is on duty: people are asked by `bot.core.asking`
        clinic, now = self._clinic, self._practice.clock.now()
        there = (*clinic.rostered(role, clinic.calendar.day(now)), *clinic.on_call.get(role, ()))
        found = next(iter((*there, *(id for id, each in clinic.people.items() if role in each.roles))), None)
        if found is None:
            raise NotFound("person with the role", role.value, [])
        return found


def _waiting(course: Course) -> Iterator[Coming]:
    for task in course.tasks:
        if task.step == NEW_DATE.id:
            # nobody can know beforehand on which day two people will agree
            continue
        if task.status is TaskStatus.OPEN or _stopped_by_facts(course, task):
            yield task.due, (1, task.step, task.session, task.occurrence), task


def _moments(course: Course) -> Iterator[Coming]:
    for at, number, moment in coming_moments(course):
        yield at, (0, "", number, 0), (number, moment)


def coming_moments(course: Course) -> Iterator[tuple[datetime, int, Moment]]:
    """Yield each session's next moment to press: when it is planned, which session, which moment."""
    for session in course.case.sessions:
        if session.cancelled:
            continue
        if session.arrived is None:
            planned = course.arrival(session)
            yield planned, session.number, Moment.ARRIVED
        elif session.started is None:
            yield session.start, session.number, Moment.STARTED
        elif session.finished is None:
            yield session.end, session.number, Moment.FINISHED


def _stopped_by_facts(course: Course, task: Task) -> bool:
    if task.status is not TaskStatus.BLOCKED or task.answer is None:
        return False
    verdict = course.verdict(task)
    if verdict.level is not Level.MD:
        return False
    # what somebody reported, or said not to apply, is no fact of the patient: it waits for its own decision
    if task.postponed or task.answer.outcome in WITHOUT_ANSWERS:
        return False
    usual = replace(task.answer, values=usual_values(course, task))
    return course.verdict(replace(task, answer=usual)).reasons == verdict.reasons
