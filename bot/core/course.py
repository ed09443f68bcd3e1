"""A case as it stands: its tasks, the playbook version it keeps, and the calendar of its clinic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.case import Case, Session, Task
from bot.core.conditions import Values
from bot.core.plan import applies, arrival, known_facts, plan_task, readings
from bot.core.playbook import Playbook, Step
from bot.core.second import mismatch
from bot.core.stops import Verdict, judge, worst
from bot.core.times import Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A case as it stands: its tasks, the playbook version it keeps, and the clinic's calendar."""

    case: Case
    tasks: tuple[Task, ...]
    playbook: Playbook
    calendar: Calendar

    def with_tasks(self, changed: Iterable[Task]) -> Course:
        """Return the course with these tasks in the place of those of the same key, new ones added."""
        new = {task.key: task for task in changed}
        if not new:
            return self
        return replace(self, tasks=tuple(({task.key: task for task in self.tasks} | new).values()))

    def step(self, task: Task) -> Step:
        """Return the step a task asks for."""
        return self.playbook.step(task.step)

    def task(self, step: str, session: int, occurrence: int = 1) -> Task | None:
        """Return the task of a step, if there is one."""
        wanted = (step, session, occurrence)
        return next((t for t in self.tasks if (t.step, t.session, t.occurrence) == wanted), None)

    def facts(self, session: Session) -> Values:
        """Return what conditions read: the case's facts and the session's place in its course."""
        return known_facts(self.case, session, self.calendar)

    def applies(self, step: Step, session: Session) -> bool:
        """Say whether a step is asked in a session, with the facts as they are or may be."""
        return applies(step, self.case, session, self.calendar)

    def arrival(self, session: Session) -> datetime:
        """Return when the patient is planned to arrive."""
        return arrival(self.playbook.arrives, self.case, session, self.calendar)

    def planned(
        self,
        step: Step,
        session: Session,
        *,
        floor: datetime,
        anchored: datetime | None = None,
        occurrence: int = 1,
    ) -> Task:
        """Return the open task of a step, as `plan_task` does."""
        return plan_task(
            step,
            self.case,
            session,
            self.calendar,
            arrives=self.playbook.arrives,
            floor=floor,
            anchored=anchored,
            occurrence=occurrence,
        )

    def verdict(self, task: Task) -> Verdict:
        """Judge a task's standing answer on today's facts and date."""
        session = self.case.session(task.session)
        if task.answer is None:
            return Verdict()
        start, step = self.calendar.day(session.start), self.step(task)
        if differ := mismatch(step, task):
            return differ
        found = readings(self.case, session, self.calendar, step)
        return worst(judge(step, task.answer, facts, start, task.decision) for facts in found)

    def too_old(self, task: Task, session: Session) -> bool:
        """Say whether a task's answer is older at a session's start than its step allows (rule 1.7)."""
        valid = self.step(task).valid_days
        if valid is None or task.answer is None:
            return False
        age = self.calendar.day(session.start) - self.calendar.day(task.answer.at)
        return age > timedelta(days=valid)

    def changed_since(self, before: Course) -> tuple[Task, ...]:
        """Return the tasks that are new or differ from before."""
        old = {task.key: task for task in before.tasks}
        return tuple(task for task in self.tasks if old.get(task.key) != task)
