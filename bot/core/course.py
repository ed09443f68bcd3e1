"""A case as it stands: its tasks, the playbook version it keeps, and the calendar of its clinic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core.case import Case, Session, Task
from bot.core.circumstances import Circumstances, circumstances
from bot.core.conditions import Values
from bot.core.plan import plan_task
from bot.core.playbook import Playbook, Step
from bot.core.second import mismatch
from bot.core.stops import Verdict, judge, worst
from bot.core.times import Calendar


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """A case as it stands: its tasks, the playbook version it keeps, and the clinic's calendar.

    What its playbook reads of each session is worked out once, and kept for as long as only tasks change.
    """

    case: Case
    tasks: tuple[Task, ...]
    playbook: Playbook
    calendar: Calendar
    _by_key: dict[str, Task] | None = field(default=None, init=False, repr=False, compare=False)
    _read: dict[int, Circumstances] = field(default_factory=dict, init=False, repr=False, compare=False)

    def with_case(self, case: Case) -> Course:
        """Return the course of the case as it is now."""
        if case is self.case:
            return self
        after = replace(self, case=case)
        object.__setattr__(after, "_by_key", self._by_key)
        return after

    def with_tasks(self, changed: Iterable[Task]) -> Course:
        """Return the course with these tasks in the place of those of the same key, new ones added."""
        new = {task.key: task for task in changed}
        if not new:
            return self
        its = {**self.by_key, **new}
        after = replace(self, tasks=tuple(its.values()))
        object.__setattr__(after, "_by_key", its)
        object.__setattr__(after, "_read", self._read)
        return after

    @property
    def by_key(self) -> Mapping[str, Task]:
        """Return the tasks by their keys."""
        known = self._by_key
        if known is None:
            known = {task.key: task for task in self.tasks}
            object.__setattr__(self, "_by_key", known)
        return known

    def step(self, task: Task) -> Step:
        """Return the step a task asks for."""
        return self.playbook.step(task.step)

    def task(self, step: str, session: int, occurrence: int = 1) -> Task | None:
        """Return the task of a step, if there is one."""
        wanted = (step, session, occurrence)
        return next((t for t in self.tasks if (t.step, t.session, t.occurrence) == wanted), None)

    def circumstances(self, session: Session) -> Circumstances:
        """Return what its playbook reads of a session."""
        known = self._read.get(session.number)
        # somebody may ask of a session as it would be, which is not the case's
        if known is None or known.session is not session:
            known = circumstances(self.case, session, self.calendar, self.playbook.arrives)
            self._read[session.number] = known
        return known

    def facts(self, session: Session) -> Values:
        """Return what conditions read: the case's facts and the session's place in its course."""
        return self.circumstances(session).facts

    def applies(self, step: Step, session: Session) -> bool:
        """Say whether a step is asked in a session, with the facts as they are or may be."""
        return self.circumstances(session).asks(step)

    def arrival(self, session: Session) -> datetime:
        """Return when the patient is planned to arrive."""
        return self.circumstances(session).arrival

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
        found = self.circumstances(session)
        return plan_task(step, found, floor=floor, anchored=anchored, occurrence=occurrence)

    def verdict(self, task: Task) -> Verdict:
        """Judge a task's standing answer on today's facts and date."""
        if task.answer is None:
            return Verdict()
        step = self.step(task)
        if differ := mismatch(step, task):
            return differ
        found = self.circumstances(self.case.session(task.session))
        return worst(
            judge(step, task.answer, facts, found.day, task.decision) for facts in found.readings(step)
        )

    def too_old(self, task: Task, session: Session) -> bool:
        """Say whether a task's answer is older at a session's start than its step allows (rule 1.7)."""
        valid = self.step(task).valid_days
        if valid is None or task.answer is None:
            return False
        age = self.calendar.day(session.start) - self.calendar.day(task.answer.at)
        return age > timedelta(days=valid)

    def changed_since(self, before: Course) -> tuple[Task, ...]:
        """Return the tasks that are new or differ from before."""
        old = before.by_key
        return tuple(
            task for key, task in self.by_key.items() if (was := old.get(key)) is not task and was != task
        )
