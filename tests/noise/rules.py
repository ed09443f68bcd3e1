"""The rules that hold at every step of a month, worked out again from what is stored and was heard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.core.boards import RowState
from bot.core.case import Task, TaskStatus
from bot.core.course import Course
from bot.core.due import CLAIM
from bot.core.kinds import BEFORE, Level, Phase, Scope
from bot.core.noise import Heard
from bot.core.people import Clinic, Role
from bot.core.postponing import waits_for_date
from bot.core.standing import row
from bot.core.watched import Late
from bot.ports import Reading
from bot.service.practice import Practice
from bot.service.watchdog import watched
from bot.store.reading import SqlReading
from bot.store.store import SqlStore
from bot.store.tables import answers, asked

#: What a board may say of a patient who can come or start.
READY = (RowState.READY, RowState.ON_TRACK, RowState.OVERRIDE)
#: Lines of history that keep an answer.
KEPT = ("answered", "amended")


class Rules:
    """Looks at a clinic after each step, and says what is wrong."""

    def __init__(self, practice: Practice, store: SqlStore, clinic: Clinic) -> None:
        self.practice = practice
        self.store = store
        self.clinic = clinic
        self.steps = 0
        self._seen: dict[str, int] = {}
        self._heard_until: datetime | None = None
        self._cards: Counter[str] = Counter()

    def broken(self) -> list[str]:
        """Return every rule that is broken now, of the cases that changed since the last look."""
        now = self.practice.clock.now()
        self.steps += 1
        with self.store.reading() as reading:
            found = [f"{task.key} waits for a tick" for task in reading.due(self.clinic.id, now, 5)]
            for case in reading.open_cases(self.clinic.id):
                if self._seen.get(case.code) != case.revision:
                    self._seen[case.code] = case.revision
                    course = self.practice.course(reading, case.code)
                    found += [*self._asked(reading, course, now), *self._ready(reading, course, now)]
                    found += [*self.stopped(course), *self._kept(reading, course)]
            found += [f"{each.task} is late" for each in self._late(reading, now)]
            since = self._heard_until or now - timedelta(days=1)
            self._heard_until = now + timedelta(microseconds=1)
            found += self.called(reading, reading.heard(self.clinic.id, since, self._heard_until))
        return found

    def _late(self, reading: Reading, now: datetime) -> tuple[Late, ...]:
        """Where everything is asked and sent at once, the watchdog finds nothing late."""
        return watched(self.practice, reading, self.clinic, now).late

    def _asked(self, reading: Reading, course: Course, now: datetime) -> Iterator[str]:
        """Every open task due in working time has an owner and a next moment."""
        due = [task for task in course.tasks if task.waits and task.due <= now and not task.postponed]
        last = reading.asked_on([task.key for task in due if task.rung])
        for task in due:
            if waits_for_date(course, task):
                continue
            if task.next_prompt_at is None:
                yield f"{task.key} is {task.status} and nobody will be asked again"
            on = last.get(task.key)
            if task.rung and (on is None or not (on.person or on.kind == CLAIM)):
                yield f"{task.key} was asked of nobody: {on}"

    def _ready(self, reading: Reading, course: Course, now: datetime) -> Iterator[str]:
        """A patient who is not ready never shows ready."""
        session = course.case.next_session(now)
        if session.started or session.cancelled or course.case.cancelled:
            return
        shown = row(course, reading.overrides([course.case.code])[course.case.code], self.clinic, now).state
        blocked = [t for t in self._of(course, session.number) if t.status is TaskStatus.BLOCKED]
        if blocked and shown in READY:
            yield f"{course.case.code} shows {shown} and {blocked[0].key} is blocked"
        late = [t for t in self._of(course, session.number) if t.status is TaskStatus.OPEN and t.due <= now]
        stopping = [t for t in late if course.step(t).stops.level is not Level.NONE]
        if stopping and shown is RowState.READY:
            yield f"{course.case.code} shows {shown} and {stopping[0].key} is open"

    def stopped(self, course: Course) -> Iterator[str]:
        """A hard stop is never passed."""
        for session in course.case.sessions:
            if session.started is None:
                continue
            for task in self._of(course, session.number):
                hard = task.status is TaskStatus.BLOCKED and course.verdict(task).level is Level.HARD
                if hard and task.answer is not None and task.answer.at <= session.started:
                    yield f"{course.case.code} began although {task.key} was a hard stop"

    def _of(self, course: Course, number: int) -> Iterator[Task]:
        for task in course.tasks:
            step = course.step(task)
            if step.phase in BEFORE and (task.session == number or step.scope is Scope.COURSE):
                yield task

    def _kept(self, reading: Reading, course: Course) -> Iterator[str]:
        """Each answer stands exactly once in the history."""
        said = Counter(str(e.detail["task"]) for e in reading.history(course.case.code) if e.kind in KEPT)
        question = select(answers.c.task, func.count()).where(answers.c.task.like(f"{course.case.code}:%"))
        assert isinstance(reading, SqlReading)
        given: Counter[str] = Counter()
        for task, count in reading._connection.execute(question.group_by(answers.c.task)):
            given[task] = count
        if said != given:
            yield f"{course.case.code}: {given - said} not in the history, {said - given} too often"

    def called(self, reading: Reading, heard: Iterable[Heard]) -> Iterator[str]:
        """Nobody is prompted off duty except by rule, and no card twice at one moment."""
        for each in heard:
            self._cards[f"{each.card} {each.at} {each.repeat}"] += 1
            if each.person and self._cards[f"{each.card} {each.at} {each.repeat}"] > 1:
                yield f"{each.card} was heard twice at {each.at}"
            if each.person and not self._works(each.person, each.at) and not self._by_rule(reading, each):
                yield f"{each.person} heard {each.card} off duty at {self.clinic.calendar.local(each.at)}"

    def _works(self, person: str, moment: datetime) -> bool:
        return any(person in self.clinic.on_duty(role, moment) for role in Role)

    def _by_rule(self, reading: Reading, heard: Heard) -> bool:
        """On call, urgent, of a complication, or of a patient who is in the house."""
        for key in reading.lines(heard.card):
            task = reading.task(key)
            step = self.practice.playbook_of(reading.case(task.case)).step(task.step)
            visit = step.phase in (Phase.DAY, Phase.POST, Phase.EVENT)
            if task.on_call or step.ladder == "urgent" or visit or task.holder == heard.person:
                return True
        return False


def asked_twice(store: SqlStore) -> list[str]:
    """Return the tasks that were asked more than once at one rung of one round."""
    question = select(asked.c.task, asked.c.asking, asked.c.rung).group_by(
        asked.c.task, asked.c.asking, asked.c.rung
    )
    with store._engines.reading() as connection:
        return [str(found) for found in connection.execute(question.having(func.count() > 1))]
